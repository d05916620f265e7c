import HTTP
import SQLite

extension TeamMember {
    package static let routes: [Route] = [
        .read(
            .get, "/api/v1/teams/{id}/members", "listTeamMembers", access: .anyone, query: Page.parameters + ["role"]
        ) { request, db in
            let team = try Team.find(request.id(), in: db)
            let standing = try TeamStanding(of: request, in: team, db)
            let (page, role) = (try Page(request), try request.choice("role", Role.self))
            guard let caller = request.caller, standing.isInside else {
                return .json(ItemList(items: try officers(of: team.id, role: role, in: db), next: nil))
            }
            let viewer = Viewer(caller: caller, standing: standing, today: request.now.day)
            let rows = try list(of: team.id, role: role, for: viewer, page, in: db)
            return page.response(rows.map(Keyed.init), for: request) { Cursor($0.key.rawValue) }
        },
        .write(
            .put, "/api/v1/teams/{id}/members/{volunteerId}", "addTeamMember", access: .staff(.manageTeams)
        ) { request, db in
            let team = try staffed(request, in: db)
            let volunteer = try Volunteer.find(request.id("volunteerId"), in: db)
            if try role(of: volunteer.id, in: team.id, db) != nil { return .json(team, version: team.version) }
            guard try Volunteer.isLiving(volunteer.id, in: db) else { throw Problem(.notFound) }
            try request.honourVersion(team.version)
            let limits = request.services.configuration.teamLimits
            try join(volunteer.id, team, as: .added, by: request.account(), limits, in: db)
            let joined = try Team.find(team.id, in: db)
            return .json(joined, version: joined.version)
        },
        .write(
            .delete, "/api/v1/teams/{id}/members/{volunteerId}", "removeTeamMember", access: .staff(.manageTeams)
        ) { request, db in
            let team = try staffed(request, in: db)
            let isMember = try role(of: request.id("volunteerId"), in: team.id, db) != nil
            if isMember { try request.honourVersion(team.version) }
            return try remove(from: team, reason: nil, request, in: db)
        },
        .write(
            .put, "/api/v1/teams/{id}/members/{volunteerId}/removal", "expelTeamMember", access: .account,
            body: Removal.self
        ) { request, body, db in
            try remove(from: Team.managed(request, in: db), reason: body.reason, request, in: db)
        },
        .write(
            .put, "/api/v1/teams/{id}/members/{volunteerId}/role", "setTeamMemberRole", access: .account,
            body: RoleChange.self
        ) { request, body, db in
            let team = try Team.find(request.id(), in: db)
            let standing = try TeamStanding(of: request, in: team, db)
            guard standing.isStaff || standing.role == .leader else { throw Problem(.notTeamManager) }
            let volunteer: ID<Volunteer> = try request.id("volunteerId")
            guard let role = try role(of: volunteer, in: team.id, db) else { throw Problem(.notFound) }
            guard role != .leader else { throw Problem(.leaderMustHandOver) }
            guard role != body.target else { return .noContent }
            let limits = request.services.configuration.teamLimits
            if body.target == .deputy, try deputies(of: team.id, in: db) >= limits.deputies {
                throw Problem(.deputiesFull)
            }
            try set(body.target, volunteer, in: team.id, by: request.account(), db)
            return .noContent
        },
        .read(
            .get, "/api/v1/teams/{id}/member-events", "listTeamMemberEvents", access: .account, query: Page.parameters
        ) { request, db in
            let team = try Team.managed(request, in: db)
            let page = try Page(request)
            return page.response(try events(of: team.id, page, in: db), for: request) { Cursor($0.id.rawValue) }
        },
        .read(.get, "/api/v1/me/teams", "listMyTeams", access: .volunteer) { request, db in
            .json(ItemList(items: try own(request.volunteer(), in: db), next: nil))
        },
        .write(.delete, "/api/v1/me/teams/{id}", "leaveTeam", access: .volunteer) { request, db in
            try leave(request.volunteer(), request.id(), request, in: db)
        },
        .write(.put, "/api/v1/me/main-team", "chooseMainTeam", access: .volunteer, body: MainChoice.self) {
            request, body, db in
            let volunteer = try request.volunteer()
            guard try role(of: volunteer, in: body.teamId, db) != nil else {
                throw Problem(
                    .invalid, faults: [.init("/teamId", Wording(zh: "不是您加入的队伍", en: "is no team of yours"))])
            }
            try chooseMain(volunteer, body.teamId, in: db)
            return .json(ItemList(items: try own(volunteer, in: db), next: nil))
        },
    ]

    /// - Throws: 404 for a team that does not exist, 409 for its leader.
    static func leave(
        _ volunteer: ID<Volunteer>, _ id: ID<Team>, _ request: APIRequest, in db: Transaction
    ) throws -> Response {
        let team = try Team.find(id, in: db)
        guard try role(of: volunteer, in: team.id, db) != .leader else { throw Problem(.leaderMustHandOver) }
        try leave(volunteer, team.id, as: .left, by: request.account(), reason: nil, in: db)
        return .noContent
    }

    /// A member with the key of the page, which the member holds only as an optional.
    private struct Keyed: Encodable, Sendable {
        var key: ID<Volunteer>
        var member: TeamMember

        func encode(to encoder: any Encoder) throws { try member.encode(to: encoder) }
    }

    private static func staffed(_ request: APIRequest, in db: Database) throws -> Team {
        let team = try Team.find(request.id(), in: db)
        guard try TeamStanding(of: request, in: team, db).isStaff else { throw Problem(.outsideScope) }
        return team
    }

    private static func remove(
        from team: Team, reason: String?, _ request: APIRequest, in db: Transaction
    ) throws -> Response {
        let volunteer: ID<Volunteer> = try request.id("volunteerId")
        guard try role(of: volunteer, in: team.id, db) != .leader else { throw Problem(.leaderMustHandOver) }
        try leave(volunteer, team.id, as: .removed, by: request.account(), reason: reason, in: db)
        return .noContent
    }
}
