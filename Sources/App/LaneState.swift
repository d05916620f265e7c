import HTTP
package import SQLite

/// What one lane owns: its read-only database connection, the sessions it has seen, the lines it will log. Never shared.
package struct LaneState {
    /// A session's time of use is written at most this often. Seconds.
    static let touchSeconds: Int64 = 300
    /// A session is read again after so long even when nothing announced a change, for those another process makes
    /// (`wenming staff add`). Seconds.
    static let rememberSeconds: Int64 = 30
    /// Sessions remembered at the most.
    static let sessionsMax = 10_000

    package let lane: Int
    package let database: Database
    package var now = Timestamp.current
    private var sessions: [[UInt8]: (session: LiveSession, readAt: Int64)] = [:]
    private var epoch: UInt64 = 0
    private var requestPrefix: String
    private var requestCount: UInt64 = 0
    private let lines = JSONOutput(capacity: 65_536)

    init(lane: Int, database: Database) {
        self.lane = lane
        self.database = database
        requestPrefix = Base64URL.encode(SecureRandom.bytes(9))
    }

    mutating func forgetSessions(unless epoch: UInt64) {
        guard epoch != self.epoch else { return }
        self.epoch = epoch
        sessions.removeAll(keepingCapacity: true)
    }

    /// The living session of a token, from memory or the database.
    mutating func session(of token: BearerToken) throws -> LiveSession? {
        let second = now.seconds
        if let known = sessions[token.hash], second - known.readAt < Self.rememberSeconds,
            known.session.grantEndsAt.map({ second < $0 }) ?? true
        {
            return known.session.isAlive(at: second) ? known.session : nil
        }
        guard let session = try LiveSession.find(tokenHash: token.hash, now: second, in: database) else {
            sessions[token.hash] = nil
            return nil
        }
        if sessions.count >= Self.sessionsMax { sessions.removeAll(keepingCapacity: true) }
        sessions[token.hash] = (session, second)
        return session
    }

    mutating func noteUse(of token: BearerToken) { sessions[token.hash]?.session.lastUsedAt = now.seconds }

    /// Unique within the city's logs: 72 random bits for the lane's life and a count.
    mutating func nextRequestID() -> String {
        requestCount += 1
        return requestPrefix + "-" + String(requestCount, radix: 36)
    }

    mutating func log(_ exchange: Exchange, operation: String?) {
        AccessLine.append(exchange, operation: operation, at: now, to: lines)
    }

    mutating func flushLog(to log: Log) {
        guard lines.count > 0 else { return }
        log.lines(lines.bytes)
        lines.clear()
    }
}
