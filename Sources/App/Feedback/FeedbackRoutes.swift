import HTTP
import SQLite

extension Feedback {
    package static let routes: [Route] = [
        .write(.post, "/api/v1/feedback", "createFeedback", access: .account, body: Draft.self) { request, draft, db in
            try request.requireKnownPublisher(in: db)
            guard let (station, office) = try route(draft.position, in: db) else {
                throw Problem(
                    .invalid,
                    faults: [.init("/position", Wording(zh: "附近没有文明实践阵地", en: "has no station anywhere near"))])
            }
            let feedback = try insert(draft, at: station, office: office, by: request.account(), in: db)
            return .json(feedback, version: feedback.version, status: .created)
                .located(at: "/api/v1/feedback/\(feedback.id.rawValue)")
        },
        .read(
            .get, "/api/v1/feedback", "listFeedback", access: .anyone,
            query: Page.parameters + ["category", "state", "officeId", "q"]
        ) { request, db in
            let page = try Page(request)
            let rows = try list(.everybody, Filter(request), page, in: db).map(\.publicView)
            return page.response(rows, for: request) { Cursor($0.id.rawValue) }
        },
        .read(
            .get, "/api/v1/me/feedback", "listMyFeedback", access: .account,
            query: Page.parameters + ["category", "state", "officeId", "q"]
        ) { request, db in
            let page = try Page(request)
            let rows = try list(.reporter(request.account()), Filter(request), page, in: db)
            return page.response(rows, for: request) { Cursor($0.id.rawValue) }
        },
        .read(
            .get, "/api/v1/feedback-tasks", "listFeedbackTasks", access: .staff(.answerFeedback),
            query: Page.parameters + ["category", "state", "officeId", "q"]
        ) { request, db in
            let page = try Page(request)
            let scope = try request.signedIn().scope(of: .answerFeedback)
            let rows = try list(.scope(scope), Filter(request), page, in: db)
            return page.response(rows, for: request) { Cursor($0.id.rawValue) }
        },
        .read(.get, "/api/v1/feedback/{id}", "getFeedback", access: .anyone) { request, db in
            let feedback = try find(request.id(), in: db)
            if let caller = request.caller, try feedback.isWhole(for: caller, in: db) {
                return .json(try feedback.withMoves(in: db), version: feedback.version)
            }
            guard feedback.isPublic else { throw Problem(.notFound) }
            return .json(feedback.publicView, version: feedback.version)
        },
        .write(.put, "/api/v1/feedback/{id}/acceptance", "acceptFeedback", access: .staff(.answerFeedback)) {
            request, db in
            let feedback = try managed(request, in: db)
            if feedback.state == .accepted {
                return .json(try feedback.withMoves(in: db), version: feedback.version)
            }
            return try feedback.moved(.accept, request, in: db)
        },
        .write(
            .put, "/api/v1/feedback/{id}/reply", "answerFeedback", access: .staff(.answerFeedback), body: Answer.self
        ) { request, body, db in
            try answer(.answer, body, request, in: db)
        },
        .write(
            .put, "/api/v1/feedback/{id}/refusal", "refuseFeedback", access: .staff(.answerFeedback), body: Answer.self
        ) { request, body, db in
            try answer(.refuse, body, request, in: db)
        },
        .write(
            .put, "/api/v1/feedback/{id}/transfer", "transferFeedback", access: .staff(.answerFeedback),
            body: Transfer.self
        ) { request, body, db in
            let feedback = try managed(request, in: db)
            _ = try Station.path(of: body.stationId, pointer: "/stationId", in: db)
            let station = try Station.find(body.stationId, in: db)
            let office = try office(of: station, in: db)
            return try feedback.moved(
                .transfer, request, reason: body.reason,
                setting: ["station_id = \(station.id)", "office_id = \(office)"], in: db)
        },
        .write(.put, "/api/v1/feedback/{id}/rating", "rateFeedback", access: .account, body: Rating.self) {
            request, body, db in
            let feedback = try find(request.id(), in: db)
            guard try feedback.reporterId == request.account() else { throw Problem(.notFound) }
            return try feedback.moved(
                .rate, request, setting: ["stars = \(body.stars)", "comment = \(body.comment)"], in: db)
        },
        .write(
            .put, "/api/v1/feedback/{id}/visibility", "setFeedbackVisibility", access: .staff(.answerFeedback),
            body: Visibility.self
        ) { request, body, db in
            let feedback = try managed(request, in: db)
            if feedback.isHidden == body.isHidden {
                return .json(try feedback.withMoves(in: db), version: feedback.version)
            }
            try request.honourVersion(feedback.version)
            let changed = try feedback.setHidden(
                body.isHidden, by: request.account(), reason: body.reason, in: db)
            return .json(changed, version: changed.version)
        },
    ]

    private static func answer(
        _ action: Action, _ body: Answer, _ request: APIRequest, in db: Transaction
    ) throws -> Response {
        let account = try request.account()
        let feedback = try managed(request, in: db)
        guard feedback.reporterId != account else { throw Problem(.ownCase) }
        return try feedback.moved(
            action, request,
            setting: ["reply = \(body.reply)", "replied_by = \(account)", "replied_at = \(db.now)"], in: db)
    }

    /// Moves the item, unless the caller saw another version of it, and answers with what it is now.
    private func moved(
        _ action: Action, _ request: APIRequest, reason: String? = nil, setting changes: [SQL] = [], in db: Transaction
    ) throws -> Response {
        try request.honourVersion(version)
        let feedback = try move(action, by: request.account(), reason: reason, setting: changes, in: db)
        return .json(feedback, version: feedback.version)
    }

    /// Whether the caller sees all of it: the reporter, and whoever answers there.
    func isWhole(for caller: Caller, in db: Database) throws -> Bool {
        if caller.account == reporterId { return true }
        guard caller.holds(.answerFeedback) else { return false }
        return caller.holds(.answerFeedback, along: try Station.find(stationId, in: db).treePath)
    }

    private static func managed(_ request: APIRequest, in db: Database) throws -> Feedback {
        let feedback = try find(request.id(), in: db)
        try request.require(.answerFeedback, at: Station.find(feedback.stationId, in: db).treePath)
        return feedback
    }
}

extension Feedback.Filter {
    init(_ request: APIRequest) throws(Problem) {
        self.init(
            category: try request.choice("category", Feedback.Category.self),
            state: try request.choice("state", Feedback.State.self), office: try request.reference("officeId"),
            words: try request.words())
    }
}
