import HTTP
import SQLite

extension Account.Grant {
    package static let routes: [Route] = [
        .write(
            .post, "/api/v1/staff/{id}/grants", "createGrant", access: .staff(.manageStaff), body: Draft.self
        ) { request, draft, db in
            let account = try Account.member(request.id(), in: db)
            guard try account.id != request.account() else { throw Problem(.ownCase, detail: GrantRules.ownRights) }
            try requireGrantable(draft, by: request, in: db)
            if let endsAt = draft.endsAt, endsAt <= request.now {
                throw Problem(
                    .invalid, faults: [.init("/endsAt", Wording(zh: "应晚于现在", en: "must lie in the future"))])
            }
            try requireSeparateDuties(draft.role, account, request, in: db)
            try insert(draft, to: account.id, by: request.account(), in: db)
            return .json(try Account.find(account.id, in: db), status: .created)
        }.changingAccess,
        .write(
            .delete, "/api/v1/staff/{id}/grants/{grantId}", "deleteGrant", access: .staff(.manageStaff)
        ) { request, db in
            let account = try Account.member(request.id(), in: db)
            let id: ID<Account.Grant> = try request.id("grantId")
            guard let grant = account.grants.first(where: { $0.id == id }) else { throw Problem(.notFound) }
            try requireGrantable(grant.draft, by: request, in: db)
            try delete(id, in: db)
            return .noContent
        }.changingAccess,
        .read(
            .get, "/api/v1/stations/{id}/grants", "listStationGrants", access: .staff(.manageStaff),
            query: Page.parameters
        ) { request, db in
            let station = try Station.find(request.id(), in: db)
            try request.require(.manageStaff, at: station.treePath)
            let page = try Page(request)
            return page.response(try list(at: station.id, page, in: db), for: request) { Cursor($0.grant.id.rawValue) }
        },
    ]

    var draft: Draft { Draft(role: role, stationId: stationId, teamId: teamId, endsAt: endsAt) }

    /// Nobody grants or takes away more than they may give: every permission of the role, in that part of the city. A team
    /// lies where its station does.
    /// - Throws: 403; 422 for a role, station or team that does not exist.
    static func requireGrantable(_ draft: Draft, by request: APIRequest, in db: Database) throws {
        guard let role = try Role.named(draft.role, in: db) else {
            throw Problem(.invalid, faults: [.init("/role", Wording(zh: "没有这个角色", en: "names no role"))])
        }
        var path = StationPath.root
        if let station = draft.stationId {
            path = try Station.path(of: station, pointer: "/stationId", in: db)
        } else if let team = draft.teamId {
            try Team.require(team, pointer: "/teamId", in: db)
            path = try Station.find(Team.find(team, in: db).stationId, in: db).treePath
        }
        let permissions = role.permissions.union(role.delegates)
        guard GrantRules.mayGrant(permissions, along: path, by: try request.signedIn()) else {
            throw Problem(.outsideScope)
        }
    }

    /// - Throws: 403 unless the caller may take away everything the account holds. One that holds nothing, or no more,
    ///   belongs to no part of the city, so it takes a right over the whole.
    static func requireManageable(_ account: Account, by request: APIRequest, in db: Database) throws {
        let grants = account.grants.filter { $0.isLiving(at: request.now) }
        if grants.isEmpty { try request.require(.manageStaff, at: .root) }
        for grant in grants { try requireGrantable(grant.draft, by: request, in: db) }
    }

    private static func requireSeparateDuties(
        _ name: RoleName, _ account: Account, _ request: APIRequest, in db: Database
    ) throws {
        guard request.services.configuration.separateDuties else { return }
        let held = account.grants.filter { $0.isLiving(at: request.now) }.map(\.role)
        let roles = try (held + [name]).compactMap { try Role.named($0, in: db) }
        guard GrantRules.areSeparate(roles) else { throw Problem(.dutiesSeparated) }
    }
}

extension Account {
    /// - Throws: 404 for an account that is no member of staff.
    static func member(_ id: ID<Account>, in db: Database) throws -> Account {
        let account = try find(id, in: db)
        guard account.staffName != nil else { throw Problem(.notFound) }
        return account
    }
}
