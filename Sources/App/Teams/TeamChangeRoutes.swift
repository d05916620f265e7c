package import HTTP
import SQLite

extension TeamChange {
    package static let routes: [Route] = [
        .write(.post, "/api/v1/team-changes", "proposeTeamChange", access: .account, body: Proposal.self) {
            request, proposal, db in
            let plan = try TeamChangePlan(proposal, in: db)
            let account = try request.account()
            let change: TeamChange
            if try plan.mayDecide(request, in: db) {
                change = try apply(plan, by: account, request.services.configuration.teamLimits, in: db).change
            } else {
                guard try plan.mayPropose(request, in: db) else { throw Problem(.notTeamManager) }
                try plan.check(request.services.configuration.teamLimits, in: db)
                change = try propose(plan, by: account, in: db)
            }
            return .json(change, status: .created).located(at: "/api/v1/team-changes/\(change.id.rawValue)")
        }.changingAccess,
        .read(
            .get, "/api/v1/team-changes", "listTeamChanges", access: .account,
            query: Page.parameters + ["side", "state", "teamId"]
        ) { request, db in
            let page = try Page(request)
            let rows = try list(
                side(of: request), state: request.choice("state", State.self), team: request.reference("teamId"),
                page, in: db)
            return page.response(rows, for: request) { Cursor($0.id.rawValue) }
        },
        .read(.get, "/api/v1/team-changes/{id}", "getTeamChange", access: .account) { request, db in
            let change = try find(request.id(), in: db)
            guard try change.isVisible(to: request, in: db) else { throw Problem(.notFound) }
            return .json(change)
        },
        .write(.put, "/api/v1/team-changes/{id}/approval", "approveTeamChange", access: .account) { request, db in
            let (change, plan) = try decided(request, in: db)
            if change.state == .applied { return .json(change) }
            try change.requireWaiting()
            let account = try request.account()
            let team = try plan.apply(by: account, request.services.configuration.teamLimits, in: db)
            return .json(try change.decide(.applied, team: team.id, by: account, reason: nil, in: db))
        }.changingAccess,
        .write(
            .put, "/api/v1/team-changes/{id}/refusal", "refuseTeamChange", access: .account, body: Refusal.self
        ) { request, body, db in
            let (change, _) = try decided(request, in: db)
            if change.state == .refused { return .json(change) }
            return .json(
                try change.decide(
                    .refused, team: change.teamId, by: request.account(), reason: body.reason, in: db))
        },
        .write(.put, "/api/v1/team-changes/{id}/withdrawal", "withdrawTeamChange", access: .account) { request, db in
            let change = try find(request.id(), in: db)
            guard try change.proposedBy == request.account() else { throw Problem(.notFound) }
            if change.state == .withdrawn { return .json(change) }
            return .json(
                try change.decide(.withdrawn, team: change.teamId, by: request.account(), reason: nil, in: db))
        },
    ]

    package enum OwnSide: String, CaseIterable { case proposer, leader, staff }

    private static func side(of request: APIRequest) throws -> Side {
        switch try request.choice("side", OwnSide.self) ?? .proposer {
        case .proposer: return .proposer(try request.account())
        case .leader: return .leader(try request.volunteer())
        case .staff:
            let caller = try request.signedIn()
            guard caller.holds(.manageTeams) else { throw Problem(.forbidden) }
            let teams = caller.grants.filter { $0.permissions.contains(.manageTeams) }.compactMap(\.team)
            return .scope(caller.scope(of: .manageTeams), teams)
        }
    }

    private func isVisible(to request: APIRequest, in db: Database) throws -> Bool {
        if try proposedBy == request.account() { return true }
        let plan = try TeamChangePlan(self, in: db)
        if let team = plan.team, try TeamStanding(of: request, in: team, db).isManager { return true }
        for supervision in try plan.supervisions(in: db) where try supervision.isHeld(by: request, in: db) {
            return true
        }
        return false
    }

    /// The change, for whoever decides it.
    /// - Throws: 404 for those who may not even see it; 403 for the others.
    private static func decided(_ request: APIRequest, in db: Database) throws -> (TeamChange, TeamChangePlan) {
        let change = try find(request.id(), in: db)
        let plan = try TeamChangePlan(change, in: db)
        if try plan.mayDecide(request, in: db) { return (change, plan) }
        guard try change.isVisible(to: request, in: db) else { throw Problem(.notFound) }
        throw Problem(.levelAboveDecides)
    }
}

extension Problem.Kind {
    package static let levelAboveDecides = Self(
        "/problems/level-above-decides", status: .forbidden,
        title: Wording(zh: "须由上一级审核", en: "The level above decides this"))
}
