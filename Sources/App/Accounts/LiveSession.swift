package import SQLite

/// What a lane needs to know of a session on each request.
package struct LiveSession: Sendable {
    package var caller: Caller
    package var lastUsedAt: Int64
    package var expiresAt: Int64
    package var idleSeconds: Int64
    /// Rights count only where a stronger way in was taken: a staff password or a service token.
    var method: Session.Method

    /// When the first of its grants ends.
    var grantEndsAt: Int64? { caller.grants.compactMap { $0.endsAt?.seconds }.min() }

    /// Its time of use is written at most this often: seldom, yet long before a session in use would seem idle.
    package var touchSeconds: Int64 { min(Self.touchSecondsMax, idleSeconds / 10) }
    private static let touchSecondsMax: Int64 = 300

    package func isAlive(at now: Int64) -> Bool { now < expiresAt && now - lastUsedAt < idleSeconds }
}

extension LiveSession: RowDecodable {
    package init(row: borrowing Row) throws {
        caller = Caller(
            account: try row[1], session: try row[0], volunteer: try row[2])
        lastUsedAt = try row[3]
        expiresAt = try row[4]
        idleSeconds = try row[5]
        method = try row[6]
    }

    /// The session of a token, its grants included; nil for a token that is unknown or dead at `now`.
    package static func find(tokenHash: TokenHash, now: Int64, in db: Database) throws -> LiveSession? {
        let found: LiveSession? = try db.first(
            """
            SELECT id, account_id, volunteer_id, last_used_at, expires_at, idle_seconds, method FROM session
            WHERE token_key = \(tokenHash.key) AND token_hash = \(tokenHash.bytes)
            """)
        guard var session = found, session.isAlive(at: now) else { return nil }
        switch session.method {
        case .phone, .wechat: break
        case .staff: try session.readRights(now: now, in: db)
        case .service: try session.readServiceRights(in: db)
        }
        return session
    }

    private mutating func readRights(now: Int64, in db: Database) throws {
        caller.mustChangePassword =
            try db.value(
                "SELECT must_change FROM staff_credential WHERE account_id = \(caller.account)", as: Bool.self) ?? false
        caller.grants = try db.all(
            """
            SELECT role_grant.role, role.permissions, role_grant.station_id, role_grant.team_id, role_grant.ends_at
            FROM role_grant LEFT JOIN role ON role.name = role_grant.role
            WHERE role_grant.account_id = \(caller.account) AND \(Account.livingGrants(at: now))
            ORDER BY role_grant.id
            """)
    }

    private mutating func readServiceRights(in db: Database) throws {
        caller.grants = try db.all(
            """
            SELECT NULL, permissions, station_id, NULL, NULL FROM service_token
            WHERE account_id = \(caller.account) AND revoked_at IS NULL
            """)
    }

    /// Notes that the session is in use.
    package static func touch(_ session: ID<Session>, in db: Transaction) throws {
        try db.run("UPDATE session SET last_used_at = max(last_used_at, \(db.now)) WHERE id = \(session)")
    }
}

extension Caller.Grant: RowDecodable {
    package init(row: borrowing Row) throws {
        let name: String? = try row[0]
        let builtIn = name.flatMap(BuiltInRole.init(rawValue:))?.role
        let listed: PermissionList? = try row[1]
        self.init(
            permissions: builtIn?.permissions ?? listed?.permissions ?? [], delegates: builtIn?.delegates ?? [],
            station: try row[2], team: try row[3], endsAt: try row[4])
    }
}
