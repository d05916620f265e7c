import HTTP
package import SQLite

/// What one lane owns: its read-only database connection, the sessions it has seen, the lines it will log. Never shared.
package struct LaneState {
    /// A session is read again after so long even when nothing announced a change, for those another process makes
    /// (`wenming staff add`). Seconds.
    static let rememberSeconds: Int64 = 30
    /// Sessions remembered at the most.
    static let sessionsMax = 10_000

    /// Lines of the access log gathered at the most before they are written, while the lane is busy. Bytes.
    static let logBytes = 32_768

    package let lane: Int
    package let database: Database
    package var now = Timestamp.current
    private var sessions: [TokenHash: (session: LiveSession, readAt: Int64)] = [:]
    private var epoch: UInt64 = 0
    private let requestIDs = RequestIDs()
    private var requestCount: UInt64 = 0
    private let lines = JSONOutput(capacity: 65_536)
    private var accessLine = AccessLine()

    init(lane: Int, database: Database) {
        self.lane = lane
        self.database = database
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

    /// Unique within the city's logs: 48 random bits for the lane's life and a count. Of 15 bytes for the first two
    /// billion requests, which is what a `String` holds without allocating.
    package mutating func nextRequestID() -> String {
        requestCount += 1
        return requestIDs.text(of: requestCount)
    }

    mutating func log(_ exchange: Exchange, operation: String?) {
        accessLine.append(exchange, operation: operation, at: now, to: lines)
    }

    /// Whether the lines should be written even though more is to come.
    var isLogLong: Bool { lines.count >= Self.logBytes }

    mutating func flushLog(to log: Log) {
        guard lines.count > 0 else { return }
        lines.withBytes(log.lines)
        lines.clear()
    }
}

/// Names for one lane's requests: random bytes that stay and a number that grows.
struct RequestIDs: Sendable {
    private let prefix = Array(Base64URL.encode(SecureRandom.bytes(6)).utf8)

    func text(of number: UInt64) -> String {
        let length = prefix.count + 1 + Base36.digitCount(number)
        return String(unsafeUninitializedCapacity: length) { text in
            let end = text.initialize(fromContentsOf: prefix)
            text.initializeElement(at: end, to: UInt8(ascii: "-"))
            Base36.write(number, to: UnsafeMutableBufferPointer(rebasing: text[end + 1..<length]))
            return length
        }
    }
}
