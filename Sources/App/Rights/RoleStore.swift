import HTTP
package import SQLite

/// Permissions as a column keeps them: a JSON array of names. A name this version does not know allows nothing.
struct PermissionList: ColumnDecodable, Bindable {
    var permissions: Set<Permission>

    init(_ permissions: some Sequence<Permission>) { self.permissions = Set(permissions) }

    init(column: Column) throws {
        let names = try JSON.decode([String].self, from: Array(String(column: column).utf8))
        permissions = Set(names.compactMap(Permission.init(rawValue:)))
    }

    var value: Value {
        .text(String(decoding: JSON.encode(Role.listed(permissions).map(\.rawValue)), as: UTF8.self))
    }
}

extension Role: RowDecodable {
    package init(row: borrowing Row) throws {
        let permissions: PermissionList = try row[2]
        self.init(
            name: try row[0], title: try row[1], permissions: permissions.permissions, delegates: [],
            duty: Role.duty(of: Array(permissions.permissions)) ?? .business, isBuiltIn: false, version: try row[3])
    }

    /// nil for a name nobody gave.
    package static func named(_ name: RoleName, in db: Database) throws -> Role? {
        if let builtIn = BuiltInRole(rawValue: name.rawValue) { return builtIn.role }
        return try db.first("SELECT name, title, permissions, version FROM role WHERE name = \(name)")
    }

    /// - Throws: 404.
    static func find(_ name: RoleName, in db: Database) throws -> Role {
        guard let role = try named(name, in: db) else { throw Problem(.notFound) }
        return role
    }

    static func all(in db: Database) throws -> [Role] {
        BuiltInRole.allCases.map(\.role)
            + (try db.all("SELECT name, title, permissions, version FROM role ORDER BY name"))
    }

    /// - Throws: 409 for a name that is taken, or when there are too many.
    static func insert(_ draft: Naming, in db: Transaction) throws -> Role {
        let name = RoleName(rawValue: draft.name)
        guard try named(name, in: db) == nil else {
            throw Problem(.conflict, detail: Wording(zh: "已有同名角色", en: "There is a role of this name"))
        }
        guard try db.value("SELECT count(*) FROM role", as: Int.self) ?? 0 < customMax else {
            throw Problem(
                .conflict, detail: Wording(zh: "自定义角色最多 \(customMax) 个", en: "There are \(customMax) roles already"))
        }
        try db.run(
            """
            INSERT INTO role (name, title, permissions, created_at, updated_at)
            VALUES (\(name), \(draft.title), \(PermissionList(draft.permissions)), \(db.now), \(db.now))
            """)
        return try find(name, in: db)
    }

    func update(_ draft: Draft, in db: Transaction) throws -> Role {
        try db.run(
            """
            UPDATE role SET title = \(draft.title), permissions = \(PermissionList(draft.permissions)),
                version = version + 1, updated_at = \(db.now) WHERE name = \(name)
            """)
        return try Role.find(name, in: db)
    }

    func isHeld(in db: Transaction) throws -> Bool {
        try db.exists("SELECT 1 FROM role_grant WHERE role = \(name) AND \(Account.livingGrants(at: db.now))")
    }

    func isHeld(by account: ID<Account>, in db: Transaction) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM role_grant
            WHERE account_id = \(account) AND role = \(name) AND \(Account.livingGrants(at: db.now))
            """)
    }

    /// - Throws: 409 while somebody holds it.
    func delete(in db: Transaction) throws {
        guard try !isHeld(in: db) else {
            throw Problem(.conflict, detail: Wording(zh: "该角色仍有人持有", en: "Somebody still holds the role"))
        }
        // Those left have ended, and what they named is no more.
        try db.run("DELETE FROM role_grant WHERE role = \(name)")
        try db.run("DELETE FROM role WHERE name = \(name)")
    }
}
