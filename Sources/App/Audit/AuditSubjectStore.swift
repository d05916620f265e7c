package import SQLite

/// The index of the audit log by subject. It is filled late and by the thousand, in order of subject: kept up by each row
/// it changed a page of its own for every audited request, two fifths of all that a busy hour of sign-ups wrote. Rows
/// that are not in it yet are the log's newest, and few enough to look through.
package enum AuditSubject {
    /// Rows indexed at once, in the transaction of the last of them. Of 2,000 pages of the index they change each once,
    /// in about 20 ms.
    package static let batch: Int64 = 8_192

    /// Indexes what is due once the row `newest` is written.
    static func extend(to newest: Int64, in db: Transaction) throws {
        guard newest % batch == 0 else { return }
        try db.run(
            """
            INSERT INTO audit_subject (subject, entry_id)
            SELECT subject, id FROM audit_entry WHERE id > \(try indexed(in: db)) AND id <= \(newest)
            ORDER BY subject, id
            """)
        try db.run("UPDATE audit_subject_progress SET entry_id = \(newest) WHERE id = 1")
    }

    /// The newest row in the index.
    package static func indexed(in db: Database) throws -> Int64 {
        try db.one("SELECT entry_id FROM audit_subject_progress WHERE id = 1", as: Progress.self).entry
    }

    /// Forgets the rows up to `last`, which must still be in the log.
    static func drop(upTo last: Int64, in db: Transaction) throws {
        try db.run(
            """
            DELETE FROM audit_subject
            WHERE (subject, entry_id) IN (SELECT subject, id FROM audit_entry WHERE id <= \(last))
            """)
    }

    private struct Progress: RowDecodable {
        var entry: Int64

        init(row: borrowing Row) throws { entry = try row[0] }
    }
}
