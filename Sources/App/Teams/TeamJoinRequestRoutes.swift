import HTTP
import SQLite

extension TeamJoinRequest {
    package static let routes: [Route] = [
        .write(
            .post, "/api/v1/teams/{id}/join-requests", "requestToJoinTeam", access: .volunteer, body: Draft.self
        ) { request, draft, db in
            let wish = try make(draft, request.volunteer(), to: request.id(), request, in: db)
            return .json(wish, status: .created).located(at: "/api/v1/me/join-requests")
        },
        .read(
            .get, "/api/v1/teams/{id}/join-requests", "listTeamJoinRequests", access: .account,
            query: Page.parameters + ["state"]
        ) { request, db in
            let team = try Team.find(request.id(), in: db)
            guard let viewer = try manager(request, of: team, in: db) else { throw Problem(.notTeamManager) }
            return try page(.team(team.id, viewer), request, in: db)
        },
        .read(
            .get, "/api/v1/me/join-requests", "listMyJoinRequests", access: .volunteer,
            query: Page.parameters + ["state"]
        ) { request, db in
            try page(.volunteer(request.volunteer()), request, in: db)
        },
        .write(.put, "/api/v1/join-requests/{id}/approval", "approveJoinRequest", access: .account) { request, db in
            let (wish, team, viewer) = try managed(request, in: db)
            if wish.state != .approved { try wish.approve(into: team, request, in: db) }
            return .json(try find(wish.id, for: viewer, in: db))
        },
        .write(
            .put, "/api/v1/join-requests/{id}/refusal", "refuseJoinRequest", access: .account, body: Refusal.self
        ) { request, body, db in
            let (wish, _, viewer) = try managed(request, in: db)
            if wish.state != .refused {
                try wish.decide(.refused, by: request.account(), reason: body.reason, in: db)
            }
            return .json(try find(wish.id, for: viewer, in: db))
        },
        .write(.put, "/api/v1/join-requests/{id}/cancellation", "cancelJoinRequest", access: .volunteer) {
            request, db in
            .json(try cancel(request.id(), of: request.volunteer(), request, in: db))
        },
    ]

    /// - Throws: 404 for a team that does not exist, 409 for one that takes nobody or has the volunteer already, and for a
    ///   minor for whom nobody consents.
    static func make(
        _ draft: Draft, _ volunteer: ID<Volunteer>, to id: ID<Team>, _ request: APIRequest, in db: Transaction
    ) throws -> TeamJoinRequest {
        let team = try Team.find(id, in: db)
        try team.requireActive()
        guard try TeamMember.role(of: volunteer, in: team.id, db) == nil else { throw Problem(.alreadyMember) }
        if let old = draft.fromTeamId { try requireMember(volunteer, of: old, in: db) }
        try Guardianship.requireConsent(for: volunteer, in: db)
        return try insert(draft, volunteer, to: team.id, request.services.configuration.teamLimits, in: db)
    }

    /// - Throws: 404 for another's request, 409 for one that is decided.
    static func cancel(
        _ id: ID<TeamJoinRequest>, of volunteer: ID<Volunteer>, _ request: APIRequest, in db: Transaction
    ) throws -> TeamJoinRequest {
        let wish = try find(id, in: db)
        guard wish.volunteerId == volunteer else { throw Problem(.notFound) }
        if wish.state == .cancelled { return wish }
        try wish.decide(.cancelled, by: request.account(), reason: nil, in: db)
        return try find(id, in: db)
    }

    static func page(_ side: Side, _ request: APIRequest, in db: Database) throws -> Response {
        let page = try Page(request)
        let rows = try list(side, state: request.choice("state", State.self), page, in: db)
        return page.response(rows, for: request) { Cursor($0.id.rawValue) }
    }

    private func approve(into team: Team, _ request: APIRequest, in db: Transaction) throws {
        try decide(.approved, by: request.account(), reason: nil, in: db)
        let limits = request.services.configuration.teamLimits
        let volunteer = try Volunteer.kept(volunteerId, in: db)
        if let old = fromTeamId {
            try TeamMember.transfer(volunteer, from: old, to: team, by: request.account(), limits, in: db)
        } else {
            try TeamMember.join(volunteer, team, as: .joined, by: request.account(), limits, in: db)
        }
    }

    /// The request, its team and the caller who runs it and is shown it; for others as good as none.
    private static func managed(
        _ request: APIRequest, in db: Database
    ) throws -> (TeamJoinRequest, Team, TeamMember.Viewer) {
        let wish = try find(request.id(), in: db)
        let team = try Team.find(wish.teamId, in: db)
        guard let viewer = try manager(request, of: team, in: db) else { throw Problem(.notFound) }
        return (wish, team, viewer)
    }

    /// The caller, if they run the team.
    private static func manager(
        _ request: APIRequest, of team: Team, in db: Database
    ) throws -> TeamMember.Viewer? {
        let standing = try TeamStanding(of: request, in: team, db)
        guard standing.isManager else { return nil }
        return TeamMember.Viewer(caller: try request.signedIn(), standing: standing, today: request.now.day)
    }

    /// - Throws: 422 unless a member of the team to leave; 409 for its leader.
    private static func requireMember(_ volunteer: ID<Volunteer>, of team: ID<Team>, in db: Database) throws {
        switch try TeamMember.role(of: volunteer, in: team, db) {
        case nil:
            throw Problem(
                .invalid, faults: [.init("/fromTeamId", Wording(zh: "不是您加入的队伍", en: "is no team of yours"))])
        case .leader: throw Problem(.leaderMustHandOver)
        default: return
        }
    }
}
