package import SQLite

/// What a lane needs to know of a session on each request.
package struct LiveSession: Sendable {
    package var caller: Caller
    package var lastUsedAt: Int64
    package var expiresAt: Int64
    package var idleSeconds: Int64
    /// Rights count only where the stronger way in was taken: a staff password.
    var isStaff: Bool

    package func isAlive(at now: Int64) -> Bool { now < expiresAt && now - lastUsedAt < idleSeconds }
}

extension LiveSession: RowDecodable {
    package init(row: borrowing Row) throws {
        caller = Caller(
            account: try row[1], session: try row[0], volunteer: try row[2])
        lastUsedAt = try row[3]
        expiresAt = try row[4]
        idleSeconds = try row[5]
        isStaff = try row[6]
    }

    /// The session of a token, its grants included; nil for a token that is unknown or dead at `now`.
    package static func find(tokenHash: [UInt8], now: Int64, in db: Database) throws -> LiveSession? {
        let found: LiveSession? = try db.first(
            """
            SELECT session.id, session.account_id, volunteer.id, session.last_used_at, session.expires_at,
                   session.idle_seconds, session.method = 'staff'
            FROM session LEFT JOIN volunteer ON volunteer.account_id = session.account_id
            WHERE session.token_hash = \(tokenHash)
            """)
        guard var session = found, session.isAlive(at: now) else { return nil }
        guard session.isStaff else { return session }
        session.caller.mustChangePassword =
            try db.value(
                "SELECT must_change FROM staff_credential WHERE account_id = \(session.caller.account)", as: Bool.self)
            ?? false
        session.caller.grants = try db.all(
            "SELECT role, station_id FROM role_grant WHERE account_id = \(session.caller.account) ORDER BY id")
        return session
    }

    /// Notes that the session is in use, at most once in `interval` seconds.
    package static func touch(_ session: ID<Session>, in db: Transaction) throws {
        try db.run("UPDATE session SET last_used_at = max(last_used_at, \(db.now)) WHERE id = \(session)")
    }
}

extension Caller.Grant: RowDecodable {
    package init(row: borrowing Row) throws { self.init(role: try row[0], station: try row[1]) }
}
