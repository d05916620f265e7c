import HTTP
import SQLite

extension Team {
    package static let routes: [Route] = [
        .read(
            .get, "/api/v1/teams", "listTeams", access: .anyone,
            query: Page.parameters + [
                "stationId", "includeSubtree", "parentId", "level", "kind", "theme", "state", "q",
            ]
        ) { request, db in
            let station: ID<Station>? = try request.reference("stationId")
            if station == nil { try request.refuse(["includeSubtree"], without: "stationId") }
            let filter = Filter(
                station: station, includesSubtree: try request.flag("includeSubtree"),
                parent: try request.reference("parentId"), level: try request.choice("level", Level.self),
                kind: try request.choice("kind", Kind.self), theme: try request.choice("theme", TeamTheme.self),
                state: try request.choice("state", State.self) ?? .active, words: try request.words())
            let page = try Page(request)
            return page.response(try list(filter, page, in: db).map(\.publicView), for: request) {
                Cursor($0.id.rawValue)
            }
        },
        .read(.get, "/api/v1/teams/{id}", "getTeam", access: .anyone) { request, db in
            let team = try find(request.id(), in: db)
            let isInside = try TeamStanding(of: request, in: team, db).isInside
            return .json(isInside ? team : team.publicView, version: team.version)
        },
        .write(.post, "/api/v1/teams", "createTeam", access: .staff(.manageTeams), body: Draft.self) {
            request, draft, db in
            let plan = try TeamChangePlan(founding: draft, in: db)
            guard try plan.mayPropose(request, in: db) else { throw Problem(.outsideScope) }
            guard try plan.mayDecide(request, in: db) else { throw Problem(.levelAboveDecides) }
            let limits = request.services.configuration.teamLimits
            let team = try TeamChange.apply(plan, by: request.account(), limits, in: db).team
            return .json(team, version: team.version, status: .created).located(at: "/api/v1/teams/\(team.id.rawValue)")
        },
        .write(.put, "/api/v1/teams/{id}", "updateTeam", access: .account, body: Edit.self) { request, edit, db in
            let team = try managed(request, in: db)
            try request.requireVersion(team.version)
            try team.requireActive()
            let changed = try team.update(edit, in: db)
            return .json(changed, version: changed.version)
        },
    ]
}
