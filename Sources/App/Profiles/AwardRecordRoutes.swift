import HTTP
import SQLite

extension AwardRecord {
    package static let routes: [Route] =
        ownRoutes + [
            .write(.post, "/api/v1/award-records", "recordAwards", access: .staff(.recordTraining), body: Draft.self) {
                request, draft, db in
                try request.require(
                    .recordTraining, at: Station.path(of: draft.stationId, pointer: "/stationId", in: db))
                try checkPast(draft.grantedOn, request)
                let station = try Station.find(draft.stationId, in: db)
                let outcomes = try insert(draft, of: station, request, in: db)
                return .json(ItemList(items: outcomes, next: nil))
            },
            .read(
                .get, "/api/v1/award-records", "listAwardRecords", access: .staff(.verifyQualifications),
                query: Page.parameters + ["state"]
            ) { request, db in
                let page = try Page(request)
                let rows = try list(
                    within: request.signedIn().scope(of: .verifyQualifications),
                    state: request.choice("state", State.self) ?? .submitted, page, in: db)
                return page.response(rows, for: request) { Cursor($0.award.id.rawValue) }
            },
            .write(
                .post, "/api/v1/award-records/{id}/proof-views", "viewAwardProof",
                access: .staff(.verifyQualifications)
            ) { request, db in
                let record = try managed(request, .verifyQualifications, in: db)
                let upload = try record.upload(in: db)
                try AuditEntry.insert(
                    request, operation: "viewAwardProof", subject: "award-records/\(record.id.rawValue)", in: db)
                return try Upload.proof(upload, request, in: db)
            }.auditingItself,
            .write(
                .put, "/api/v1/award-records/{id}/verification", "verifyAwardRecord",
                access: .staff(.verifyQualifications)
            ) { request, db in
                let record = try managed(request, .verifyQualifications, in: db)
                if record.state == .verified { return .json(record) }
                try request.refuseOwn(record.volunteerId, in: db)
                try record.require(.submitted)
                return .json(try record.set(.verified, by: request.account(), in: db))
            },
            .write(
                .put, "/api/v1/award-records/{id}/refusal", "refuseAwardRecord",
                access: .staff(.verifyQualifications), body: Refusal.self
            ) { request, body, db in
                let record = try managed(request, .verifyQualifications, in: db)
                if record.state == .refused { return .json(record) }
                try request.refuseOwn(record.volunteerId, in: db)
                try record.require(.submitted)
                try checkRefusal(of: record.level, on: body.ground)
                return .json(
                    try record.set(
                        .refused, ground: body.ground, reason: body.reason, by: request.account(), in: db))
            },
            .write(
                .put, "/api/v1/award-records/{id}/withdrawal", "withdrawAwardRecord",
                access: .staff(.recordTraining), body: DemandTicket.Reason.self
            ) { request, body, db in
                let record = try managed(request, .recordTraining, in: db)
                if record.state == .withdrawn { return .json(record) }
                try request.refuseOwn(record.volunteerId, in: db)
                try record.require(.verified)
                return .json(try record.set(.withdrawn, reason: body.reason, by: request.account(), in: db))
            },
        ]

    private static let ownRoutes: [Route] = [
        .write(
            .post, "/api/v1/me/award-records", "submitAwardRecord", access: .volunteer, body: Submission.self
        ) { request, submission, db in
            _ = try Station.path(of: submission.stationId, pointer: "/stationId", in: db)
            try checkPast(submission.grantedOn, request)
            let record = try insert(submission, of: request.volunteer(), by: request.account(), in: db)
            return .json(record, status: .created)
        },
        .read(
            .get, "/api/v1/me/award-records", "listMyAwardRecords", access: .volunteer, query: Page.parameters
        ) { request, db in
            let page = try Page(request)
            let rows = try list(
                of: request.volunteer(), before: page.after?.first ?? .max, limit: page.limit + 1, in: db)
            return page.response(rows, for: request) { Cursor($0.id.rawValue) }
        },
        .write(.delete, "/api/v1/me/award-records/{id}", "removeMyAwardRecord", access: .volunteer) { request, db in
            let record = try own(request, in: db)
            guard record.state == .submitted || record.state == .refused else {
                throw Problem(.conflict, state: record.state.rawValue)
            }
            try record.remove(in: db)
            return .noContent
        },
        .read(.get, "/api/v1/me/award-records/{id}/proof", "getMyAwardProof", access: .volunteer) { request, db in
            try Upload.proof(own(request, in: db).upload(in: db), request, in: db)
        },
    ]

    private static func checkPast(_ day: CivilDate, _ request: APIRequest) throws(Problem) {
        guard day > request.now.day else { return }
        throw Problem(.invalid, faults: [.init("/grantedOn", Wording(zh: "不能晚于今天", en: "must not be in the future"))])
    }

    private static func own(_ request: APIRequest, in db: Database) throws -> AwardRecord {
        let record = try find(request.id(), in: db)
        guard try Volunteer.kept(record.volunteerId, in: db) == request.volunteer() else { throw Problem(.notFound) }
        return record
    }

    private static func managed(
        _ request: APIRequest, _ permission: Permission, in db: Database
    ) throws -> AwardRecord {
        let record = try find(request.id(), in: db)
        try request.require(permission, at: Station.find(record.stationId, in: db).treePath)
        return record
    }
}
