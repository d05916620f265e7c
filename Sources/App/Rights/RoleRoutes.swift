import HTTP
import SQLite

extension Role {
    package static let routes: [Route] = [
        .read(.get, "/api/v1/roles", "listRoles", access: .staff(.manageStaff)) { _, db in
            .json(ItemList(items: try all(in: db), next: nil))
        },
        .write(.post, "/api/v1/roles", "createRole", access: .staff(.manageRoles), body: Naming.self) {
            request, draft, db in
            try requireMayGrant(Set(draft.permissions), request)
            let role = try insert(draft, in: db)
            return .json(role, version: role.version, status: .created)
                .located(at: "/api/v1/roles/\(role.name.rawValue)")
        },
        .read(.get, "/api/v1/roles/{name}", "getRole", access: .staff(.manageStaff)) { request, db in
            let role = try find(named(request), in: db)
            return .json(role, version: role.version)
        },
        .write(.put, "/api/v1/roles/{name}", "updateRole", access: .staff(.manageRoles), body: Draft.self) {
            request, draft, db in
            let role = try own(request, in: db)
            try request.requireVersion(role.version)
            try requireMayGrant(role.permissions.union(draft.permissions), request)
            let caller = try request.signedIn()
            let isHeld = try role.isHeld(by: caller.account, in: db)
            guard !isHeld || !GrantRules.widens(role, to: draft.permissions, for: caller) else {
                throw Problem(.ownCase, detail: GrantRules.ownRights)
            }
            guard try Role.duty(of: draft.permissions) == role.duty || !role.isHeld(in: db) else {
                throw Problem(.dutiesSeparated)
            }
            let changed = try role.update(draft, in: db)
            return .json(changed, version: changed.version)
        }.changingAccess,
        .write(.delete, "/api/v1/roles/{name}", "deleteRole", access: .staff(.manageRoles)) { request, db in
            try request.require(.manageRoles, at: .root)
            let role = try own(request, in: db)
            try request.honourVersion(role.version)
            try role.delete(in: db)
            return .noContent
        },
    ]

    private static func named(_ request: APIRequest) -> RoleName {
        RoleName(rawValue: request.pathValue("name") ?? "")
    }

    /// - Throws: 404; 409 for one of the program's own.
    private static func own(_ request: APIRequest, in db: Database) throws -> Role {
        let role = try find(named(request), in: db)
        guard !role.isBuiltIn else {
            throw Problem(.conflict, detail: Wording(zh: "内置角色不能修改", en: "A built-in role cannot be changed"))
        }
        return role
    }

    /// A role reaches wherever it will be granted, so its maker needs the permissions in the whole city.
    private static func requireMayGrant(_ permissions: Set<Permission>, _ request: APIRequest) throws(Problem) {
        let caller = try request.signedIn()
        let holds = permissions.allSatisfy { caller.holds($0, along: .root) || caller.delegates($0, along: .root) }
        guard holds, caller.holds(.manageRoles, along: .root) else { throw Problem(.outsideScope) }
    }
}
