import HTTP
import SQLite

extension Team {
    package static let routes: [Route] = [
        .read(.get, "/api/v1/teams", "listTeams", access: .anyone, query: Page.parameters + ["stationId"]) {
            request, db in
            let page = try Page(request)
            return page.response(try list(station: request.reference("stationId"), page, in: db), for: request) {
                Cursor($0.id.rawValue)
            }
        },
        .read(.get, "/api/v1/teams/{id}", "getTeam", access: .anyone) { request, db in
            .json(try find(request.id(), in: db))
        },
        .write(.post, "/api/v1/teams", "createTeam", access: .staff(.manageTeams), body: Draft.self) {
            request, draft, db in
            try request.require(.manageTeams, at: Station.path(of: draft.stationId, pointer: "/stationId", in: db))
            try Volunteer.require(draft.leaderId, pointer: "/leaderId", in: db)
            let team = try insert(draft, in: db)
            return .json(team, status: .created).located(at: "/api/v1/teams/\(team.id.rawValue)")
        },
        .write(
            .put, "/api/v1/teams/{id}/members/{volunteerId}", "addTeamMember", access: .staff(.manageTeams)
        ) { request, db in
            let team = try managed(request, in: db)
            let volunteer = try Volunteer.find(request.id("volunteerId"), in: db)
            try add(volunteer.id, to: team.id, in: db)
            return .json(try find(team.id, in: db))
        },
        .write(
            .delete, "/api/v1/teams/{id}/members/{volunteerId}", "removeTeamMember", access: .staff(.manageTeams)
        ) { request, db in
            let team = try managed(request, in: db)
            let volunteer: ID<Volunteer> = try request.id("volunteerId")
            guard volunteer != team.leaderId else {
                throw Problem(.conflict, detail: Wording(zh: "队长不能移出队伍", en: "The leader cannot be removed"))
            }
            try remove(volunteer, from: team.id, in: db)
            return .noContent
        },
    ]

    private static func managed(_ request: APIRequest, in db: Database) throws -> Team {
        let team = try find(request.id(), in: db)
        try request.require(.manageTeams, at: Station.find(team.stationId, in: db).treePath)
        return team
    }
}
