import HTTP
package import SQLite

extension ServiceToken: RowDecodable {
    private static var select: SQL {
        """
        SELECT service_token.id, service_token.account_id, account.name, service_token.permissions,
            service_token.station_id, service_token.expires_at, service_token.issued_by, service_token.issued_at,
            service_token.revoked_at, nullif(session.last_used_at, session.created_at)
        FROM service_token JOIN account ON account.id = service_token.account_id
        LEFT JOIN session ON session.account_id = service_token.account_id
        """
    }

    package init(row: borrowing Row) throws {
        let permissions: PermissionList = try row[3]
        self.init(
            id: try row[0], accountId: try row[1], name: try row[2], permissions: Role.listed(permissions.permissions),
            stationId: try row[4], expiresAt: try row[5], issuedBy: try row[6], issuedAt: try row[7],
            revokedAt: try row[8], lastUsedAt: try row[9])
    }

    /// - Throws: 404.
    static func find(_ id: ID<ServiceToken>, in db: Database) throws -> ServiceToken {
        guard let token: ServiceToken = try db.first("\(select) WHERE service_token.id = \(id)") else {
            throw Problem(.notFound)
        }
        return token
    }

    /// - Parameter roots: only those for these parts of the tree; nil is all.
    static func list(within roots: [ID<Station>]?, _ page: Page, in db: Database) throws -> [ServiceToken] {
        let scope: SQL = try roots.map { try Station.within($0, "service_token.station_id", in: db) } ?? "1"
        return try db.all(
            """
            \(select) WHERE service_token.id > \(page.after?.first ?? 0) AND \(scope)
            ORDER BY service_token.id LIMIT \(page.limit + 1)
            """)
    }

    static func insert(
        _ draft: Draft, tokenHash: TokenHash, by issuer: ID<Account>, in db: Transaction
    ) throws -> ServiceToken {
        try db.run("INSERT INTO account (name, created_at) VALUES (\(draft.name), \(db.now))")
        let account = ID<Account>(db.lastInsertedID)
        try db.run(
            """
            INSERT INTO service_token (account_id, permissions, station_id, expires_at, issued_by, issued_at)
            VALUES (\(account), \(PermissionList(draft.permissions)), \(draft.stationId), \(draft.expiresAt), \(issuer),
                \(db.now))
            """)
        let id = ID<ServiceToken>(db.lastInsertedID)
        try Session.insert(
            tokenHash, of: account, .service, device: draft.name, expiresAt: draft.expiresAt.seconds,
            idleSeconds: Int64(daysMax * 86_400), in: db)
        return try find(id, in: db)
    }

    func revoke(in db: Transaction) throws {
        try Session.endAll(of: accountId, in: db)
        try db.run("UPDATE service_token SET revoked_at = \(db.now) WHERE id = \(id) AND revoked_at IS NULL")
    }
}
