import HTTP
import SQLite

extension Activity {
    package static let routes: [Route] = [
        .read(
            .get, "/api/v1/activities", "listActivities", access: .anyone,
            query: Page.parameters + ["stationId", "category", "q", "from", "until"]
        ) { request, db in
            let page = try Page(request)
            let filter = Filter(
                station: try request.reference("stationId"), category: try request.category(),
                words: try request.words(), from: try request.time("from"), until: try request.time("until"),
                today: request.now.startOfDay)
            let rows = try list(filter, page, in: db)
            var response = Response(
                .ok, fields: [(.contentType, "application/json; charset=utf-8")], body: .bytes(rows.body))
            if let next = rows.next { response.set(.link, page.link(request, next)) }
            return response
        },
        .read(.get, "/api/v1/activities/{id}", "getActivity", access: .anyone) { request, db in
            var activity = try find(request.id(), in: db)
            if let volunteer = request.caller?.volunteer {
                activity.viewer = try SignUp.viewer(of: activity, volunteer, now: request.now, in: db)
            }
            return .json(activity, version: activity.version)
        },
        .write(.post, "/api/v1/activities", "publishActivity", access: .staff(.publishActivities), body: NewDraft.self)
        {
            request, draft, db in
            try request.require(
                .publishActivities, at: Station.path(of: draft.stationId, pointer: "/stationId", in: db))
            try ActivityRules.checkNew(draft.activity, now: request.now)
            let activity = try insert(draft.activity, at: draft.stationId, by: request.account(), in: db)
            return .json(activity, version: activity.version, status: .created)
                .located(at: "/api/v1/activities/\(activity.id.rawValue)")
        },
        .write(.put, "/api/v1/activities/{id}", "updateActivity", access: .staff(.publishActivities), body: Draft.self)
        {
            request, draft, db in
            let activity = try managed(request, .publishActivities, in: db)
            try request.requireVersion(activity.version)
            try ActivityRules.checkEdit(draft, of: activity, now: request.now)
            let changed = try activity.update(draft, in: db)
            return .json(changed, version: changed.version)
        },
        .write(
            .put, "/api/v1/activities/{id}/cancellation", "cancelActivity", access: .staff(.publishActivities),
            body: Cancellation.self
        ) { request, body, db in
            let activity = try managed(request, .publishActivities, in: db)
            if activity.state == .cancelled { return .json(activity, version: activity.version) }
            try request.honourVersion(activity.version)
            guard activity.endsAt > request.now else { throw Problem(.activityEnded) }
            let cancelled = try activity.cancel(reason: body.reason, in: db)
            return .json(cancelled, version: cancelled.version)
        },
        .read(
            .get, "/api/v1/activities/{id}/check-in-code", "getCheckInCode", access: .staff(.confirmService)
        ) { request, db in
            let activity = try managed(request, .confirmService, in: db)
            let secret = try codeSecret(of: activity.id, in: db)
            let next = (request.now.seconds / ActivityRules.codeSeconds + 1) * ActivityRules.codeSeconds
            var response = Response.json(
                CheckInCode(
                    code: ActivityRules.code(secret: secret, at: request.now), changesAt: Timestamp(seconds: next)))
            response.set(.cacheControl, "no-store")
            return response
        },
    ]

    struct CheckInCode: Encodable, Sendable {
        var code: String
        /// When the next one shows; this one is taken for a minute more.
        var changesAt: Timestamp
    }

    /// The activity of the path, for a caller who looks after its station.
    static func managed(_ request: APIRequest, _ permission: Permission, in db: Database) throws -> Activity {
        let activity = try find(request.id(), in: db)
        try request.require(permission, at: Station.find(activity.stationId, in: db).treePath)
        return activity
    }
}
