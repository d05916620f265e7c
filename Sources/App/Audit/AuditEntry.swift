import HTTP
package import SQLite

/// A trace of who did or read what (审计日志): no contents, only ids. Kept for at least 180 days (网络安全法 art. 21); the
/// schema refuses to change or drop a younger one.
package enum AuditEntry {
    /// Writes a row in the caller's transaction, so that what happened and its trace stand or fall together.
    /// - Parameters:
    ///   - subject: what it was done to, as a path below `/api/v1`, such as `volunteers/17`.
    ///   - reason: the purpose the caller stated, for reads of personal data.
    package static func insert(
        _ request: APIRequest, operation: String, subject: String, reason: String? = nil, in db: Transaction
    ) throws {
        try db.run(
            """
            INSERT INTO audit_entry (at, account_id, operation, subject, reason, address, request_id)
            VALUES (\(db.now), \(request.caller?.account), \(operation), \(subject), \(reason),
                    \(request.address.description), \(request.requestID))
            """)
    }
}
