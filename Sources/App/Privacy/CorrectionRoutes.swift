import HTTP
import SQLite

extension CorrectionRequest {
    package static let routes: [Route] = [
        .write(
            .post, "/api/v1/me/corrections", "requestCorrection", access: .volunteer, body: Draft.self
        ) { request, draft, db in
            let volunteer = try Volunteer.find(request.volunteer(), in: db)
            let wish = try CorrectionRules.wish(draft, of: volunteer, today: request.now.day)
            let made = try insert(draft, wish, of: volunteer.id, by: request.account(), in: db)
            return .json(made, status: .created).located(at: "/api/v1/me/corrections")
        },
        .read(
            .get, "/api/v1/me/corrections", "listMyCorrections", access: .account, query: Page.parameters
        ) { request, db in
            let page = try Page(request)
            return page.response(try list(.owner(request.account()), state: nil, page, in: db), for: request) {
                Cursor($0.id.rawValue)
            }
        },
        .write(.put, "/api/v1/me/corrections/{id}/withdrawal", "withdrawCorrection", access: .account) { request, db in
            let correction = try find(request.id(), in: db)
            guard try correction.accountId == request.account() else { throw Problem(.notFound) }
            if correction.state == .withdrawn { return .json(correction) }
            try correction.checkOpen()
            return .json(try correction.settle(.withdrawn, by: request.account(), in: db))
        },
        .read(
            .get, "/api/v1/corrections", "listCorrections", access: .staff(.decideCorrections),
            query: Page.parameters + ["state"]
        ) { request, db in
            let page = try Page(request)
            let scope = try request.signedIn().scope(of: .decideCorrections)
            let rows = try list(.scope(scope), state: request.choice("state", State.self) ?? .open, page, in: db)
                .map(\.masked)
            return page.response(rows, for: request) { Cursor($0.id.rawValue) }
        },
        .read(.get, "/api/v1/corrections/{id}", "getCorrection", access: .staff(.decideCorrections)) { request, db in
            .json(try decidable(request, in: db))
        },
        // A write, because seeing somebody's paper leaves an audit row.
        .write(
            .get, "/api/v1/corrections/{id}/evidence", "getCorrectionEvidence", access: .staff(.decideCorrections)
        ) { request, db in
            guard let upload = try decidable(request, in: db).uploadId else { throw Problem(.notFound) }
            return try Upload.proof(upload, request, in: db)
        },
        .write(
            .put, "/api/v1/corrections/{id}/acceptance", "acceptCorrection", access: .staff(.decideCorrections)
        ) { request, db in
            let correction = try decidable(request, in: db)
            if correction.state == .accepted { return .json(correction) }
            try correction.refuseOwn(request, in: db)
            try correction.checkOpen()
            let account = try request.account()
            let old = try correction.apply(request.services, by: account, today: request.now.day, in: db)
            return .json(try correction.settle(.accepted, old: old, by: account, in: db))
        },
        .write(
            .put, "/api/v1/corrections/{id}/refusal", "refuseCorrection", access: .staff(.decideCorrections),
            body: Refusal.self
        ) { request, body, db in
            let correction = try decidable(request, in: db)
            if correction.state == .refused { return .json(correction) }
            try correction.refuseOwn(request, in: db)
            try correction.checkOpen()
            return .json(try correction.settle(.refused, reason: body.reason, by: request.account(), in: db))
        },
    ]

    private func checkOpen() throws(Problem) {
        guard state == .open else { throw Problem(.conflict, state: state.rawValue) }
    }

    /// Whoever asked decides as little as whoever it is about: a request may be older than a merge of the two accounts.
    /// - Throws: 403.
    private func refuseOwn(_ request: APIRequest, in db: Database) throws {
        guard try Account.kept(accountId, in: db) != request.account() else { throw Problem(.ownCase) }
        try request.refuseOwn(volunteerId, in: db)
    }

    private static func decidable(_ request: APIRequest, in db: Database) throws -> CorrectionRequest {
        let correction = try find(request.id(), in: db)
        try request.require(.decideCorrections, at: Station.find(correction.stationId, in: db).treePath)
        return correction
    }
}
