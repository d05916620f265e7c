import HTTP
package import SQLite

/// A trace of who did or read what (审计日志): no contents, only ids. Kept for at least 180 days (网络安全法 art. 21); the
/// schema refuses to change any or to drop a younger one, and each row's hash covers the one before it.
package struct AuditEntry: Encodable, Sendable {
    package enum Outcome: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case done
        /// Somebody tried what they may not do, or with a wrong password or code.
        case refused
    }

    package var id: ID<AuditEntry>
    package var at: Timestamp
    package var accountId: ID<Account>?
    /// `operationId`, or what a subcommand is called.
    package var operation: String
    /// What it was done to: a path below `/api/v1`, such as `volunteers/17`.
    package var subject: String
    /// The purpose the caller stated, for reads of personal data.
    package var reason: String?
    package var outcome: Outcome
    package var address: String
    package var requestId: String

    /// Writes a row in the caller's transaction, so that what happened and its trace stand or fall together.
    /// - Parameter account: who, where the request does not know.
    package static func insert(
        _ request: APIRequest, operation: String, subject: String, reason: String? = nil,
        account: ID<Account>? = nil, outcome: Outcome = .done, in db: Transaction
    ) throws {
        let trace = AuditTrace(
            request, operation: operation, subject: subject, reason: reason, account: account, outcome: outcome)
        try insert(trace, in: db)
    }

    static func insert(_ trace: AuditTrace, in db: Transaction) throws {
        // The row before was most often written a moment ago in the same transaction.
        let head = try db.carried as? AuditChain.Head ?? AuditChain.newest(in: db)
        let id = head.id + 1
        let hash = AuditChain.hash(after: head.hash, id: id, at: db.now, trace.bytes)
        try db.run(
            """
            INSERT INTO audit_entry (id, at, account_id, operation, subject, reason, outcome, address, request_id, hash)
            VALUES (\(id), \(db.now), \(trace.account), \(trace.operation), \(trace.subject), \(trace.reason),
                    \(trace.outcome), \(trace.address), \(trace.requestID), \(hash))
            """)
        try AuditIndex.extend(to: id, in: db)
        db.carried = AuditChain.Head(id: id, hash: hash)
    }
}

/// What an audit row is made of besides its time and place in the chain.
struct AuditTrace: Sendable {
    let account: ID<Account>?
    let operation: String
    let subject: String
    let reason: String?
    let outcome: AuditEntry.Outcome
    let address: String
    let requestID: String
    /// What the row's hash covers of it.
    let bytes: [UInt8]

    init(
        account: ID<Account>?, operation: String, subject: String, reason: String?, outcome: AuditEntry.Outcome,
        address: String, requestID: String
    ) {
        self.account = account
        self.operation = operation
        self.subject = subject
        self.reason = reason
        self.outcome = outcome
        self.address = address
        self.requestID = requestID
        bytes = AuditChain.bytes(
            account: account?.rawValue, operation: operation, subject: subject, reason: reason,
            outcome: outcome.rawValue, address: address, requestID: requestID)
    }

    /// The same, for what was tried in vain.
    var refused: AuditTrace {
        AuditTrace(
            account: account, operation: operation, subject: subject, reason: reason, outcome: .refused,
            address: address, requestID: requestID)
    }

    /// - Parameter account: who, where the request does not know.
    init(
        _ request: APIRequest, operation: String, subject: String, reason: String? = nil, account: ID<Account>? = nil,
        outcome: AuditEntry.Outcome = .done
    ) {
        self.init(
            account: account ?? request.caller?.account, operation: operation, subject: subject, reason: reason,
            outcome: outcome, address: request.address.description, requestID: request.requestID)
    }
}

extension AuditEntry: RowDecodable {
    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], at: try row[1], accountId: try row[2], operation: try row[3], subject: try row[4],
            reason: try row[5], outcome: try row[6], address: try row[7], requestId: try row[8])
    }

    struct Filter {
        var account: ID<Account>?
        var operation: String?
        var subject: String?
        var outcome: Outcome?
        var from: Timestamp?
        var to: Timestamp?
    }

    /// Rows that one page looks through at the most where no index leads to them: about a tenth of a second.
    package static let walkedMax: Int64 = 200_000

    /// Newest first.
    /// - Returns: the rows; and where they are fewer than the page has room for though older ones were not looked at,
    ///   the number below which the next page goes on.
    static func list(
        _ filter: Filter, _ page: Page, in db: Database
    ) throws -> (rows: [AuditEntry], resume: Int64?) {
        try db.snapshot {
            let limit = page.limit + 1
            let start = try filter.from.map { try AuditIndex.start(of: $0, in: db) } ?? 0
            let end = try filter.to.map { try AuditIndex.end(before: $0, in: db) } ?? .max
            let bound = min(end, page.after?.first ?? .max)
            // In the terms of what is walked, so that the walk begins and ends there.
            func rows(_ id: SQL, from first: Int64) -> [SQL] {
                filter.conditions + ["\(id) >= \(first) AND \(id) < \(bound)"]
            }
            guard let index = filter.index else {
                let reach = try AuditIndex.reach(from: bound, walking: walkedMax, in: db)
                let found = try newest(limit, of: "audit_entry", rows("id", from: max(start, reach ?? 0)), in: db)
                let isCutShort = found.count < limit && (reach.map { $0 > start } ?? false)
                return (found, isCutShort ? reach : nil)
            }
            let indexed = try AuditIndex.indexed(in: db)
            let recent = try newest(limit, of: "audit_entry", rows("id", from: max(start, indexed + 1)), in: db)
            // The order of this join is the index's, so it ends with the page.
            let older = try newest(
                limit - recent.count, of: "\(raw: index.table) AS known CROSS JOIN audit_entry ON id = entry_id",
                rows("entry_id", from: start) + [index.match], orderedBy: "entry_id", in: db)
            return (recent + older, nil)
        }
    }

    private static func newest(
        _ limit: Int, of rows: SQL, _ conditions: [SQL], orderedBy order: SQL = "id", in db: Database
    ) throws -> [AuditEntry] {
        guard limit > 0 else { return [] }
        return try db.all(
            """
            SELECT id, at, audit_entry.account_id, operation, audit_entry.subject, reason, outcome, address, request_id
            FROM \(rows) \(.filter(conditions)) ORDER BY \(order) DESC LIMIT \(limit)
            """)
    }
}

extension AuditEntry.Filter {
    /// The table that knows the rows asked for, where there is one.
    fileprivate var index: (table: StaticString, match: SQL)? {
        if let subject { return ("audit_subject", "known.subject = \(subject)") }
        return account.map { ("audit_account", "known.account_id = \($0)") }
    }

    fileprivate var conditions: [SQL] {
        var conditions: [SQL] = []
        if let account { conditions.append("audit_entry.account_id = \(account)") }
        if let operation { conditions.append("operation = \(operation)") }
        if let subject { conditions.append("audit_entry.subject = \(subject)") }
        if let outcome { conditions.append("outcome = \(outcome)") }
        if let from { conditions.append("at >= \(from)") }
        if let to { conditions.append("at < \(to)") }
        return conditions
    }
}
