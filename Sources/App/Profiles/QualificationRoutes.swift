import HTTP
import SQLite

extension Qualification {
    package static let routes: [Route] = [
        .write(.post, "/api/v1/me/qualifications", "addQualification", access: .volunteer, body: Draft.self) {
            request, draft, db in
            let today = request.now.day
            try QualificationRules.check(draft, today: today)
            _ = try Station.path(of: draft.stationId, pointer: "/stationId", in: db)
            let made = try insert(draft, of: request.volunteer(), by: request.account(), today: today, in: db)
            return .json(made, status: .created)
        },
        .read(.get, "/api/v1/me/qualifications", "listMyQualifications", access: .volunteer) { request, db in
            let rows = try list(of: request.volunteer(), state: nil, today: request.now.day, in: db)
            return .json(ItemList(items: rows, next: nil))
        },
        .write(.delete, "/api/v1/me/qualifications/{id}", "removeMyQualification", access: .volunteer) {
            request, db in
            try own(request, in: db).remove(in: db)
            return .noContent
        },
        .read(.get, "/api/v1/me/qualifications/{id}/proof", "getMyQualificationProof", access: .volunteer) {
            request, db in
            try Upload.proof(own(request, in: db).upload(in: db), request, in: db)
        },
        .read(
            .get, "/api/v1/qualifications", "listQualifications", access: .staff(.verifyQualifications),
            query: Page.parameters + ["state"]
        ) { request, db in
            let page = try Page(request)
            let rows = try list(
                within: request.signedIn().scope(of: .verifyQualifications),
                state: request.choice("state", State.self) ?? .submitted, today: request.now.day, page, in: db)
            return page.response(rows, for: request) { Cursor($0.qualification.id.rawValue) }
        },
        .write(
            .post, "/api/v1/qualifications/{id}/views", "viewQualification", access: .staff(.verifyQualifications)
        ) { request, db in
            let qualification = try managed(request, in: db)
            try note(request, "viewQualification", qualification, in: db)
            return .json(qualification, status: .created)
        }.auditingItself,
        .write(
            .post, "/api/v1/qualifications/{id}/proof-views", "viewQualificationProof",
            access: .staff(.verifyQualifications)
        ) { request, db in
            let qualification = try managed(request, in: db)
            try note(request, "viewQualificationProof", qualification, in: db)
            return try Upload.proof(qualification.upload(in: db), request, in: db)
        }.auditingItself,
        .write(
            .put, "/api/v1/qualifications/{id}/verification", "verifyQualification",
            access: .staff(.verifyQualifications)
        ) { request, db in
            let qualification = try managed(request, in: db)
            if qualification.state == .verified { return .json(qualification.masked) }
            return .json(try decide(qualification, reason: nil, request, in: db))
        },
        .write(
            .put, "/api/v1/qualifications/{id}/refusal", "refuseQualification",
            access: .staff(.verifyQualifications), body: DemandTicket.Reason.self
        ) { request, body, db in
            let qualification = try managed(request, in: db)
            if qualification.state == .refused { return .json(qualification.masked) }
            return .json(try decide(qualification, reason: body.reason, request, in: db))
        },
    ]

    private static func decide(
        _ qualification: Qualification, reason: String?, _ request: APIRequest, in db: Transaction
    ) throws -> Qualification {
        try request.refuseOwn(qualification.volunteerId, in: db)
        try qualification.requireSubmitted()
        return try qualification.decide(reason: reason, by: request.account(), today: request.now.day, in: db).masked
    }

    private static func note(
        _ request: APIRequest, _ operation: String, _ qualification: Qualification, in db: Transaction
    ) throws {
        try AuditEntry.insert(
            request, operation: operation, subject: "qualifications/\(qualification.id.rawValue)", in: db)
    }

    private static func own(_ request: APIRequest, in db: Database) throws -> Qualification {
        let qualification = try find(request.id(), today: request.now.day, in: db)
        guard try Volunteer.kept(qualification.volunteerId, in: db) == request.volunteer() else {
            throw Problem(.notFound)
        }
        return qualification
    }

    private static func managed(_ request: APIRequest, in db: Database) throws -> Qualification {
        let qualification = try find(request.id(), today: request.now.day, in: db)
        try request.require(.verifyQualifications, at: Station.find(qualification.stationId, in: db).treePath)
        return qualification
    }
}
