package import SQLite

/// Where the rows of the audit log are found by subject, by account and by time, without an index that every row keeps up:
/// each of those changed a page of its own for every audited request, two fifths of all that a busy hour of sign-ups wrote.
/// Two tables are filled late and by the thousand, in their own order. Rows they lack yet are the log's newest, and few
/// enough to look through. Times need no index, for rows are added in their order and have every number.
package enum AuditIndex {
    /// Rows indexed at once, in the transaction of the last of them. Of 2,000 pages of an index they change each once,
    /// in about 20 ms.
    package static let batch: Int64 = 8_192
    /// How far the clock may have been set back without hiding rows from a search by time. Seconds.
    private static let clockSlack: Int64 = 3_600

    /// Indexes what is due once the row `newest` is written.
    static func extend(to newest: Int64, in db: Transaction) throws {
        guard newest % batch == 0 else { return }
        let indexed = try indexed(in: db)
        try db.run(
            """
            INSERT INTO audit_subject (subject, entry_id)
            SELECT subject, id FROM audit_entry WHERE id > \(indexed) AND id <= \(newest) ORDER BY subject, id
            """)
        try db.run(
            """
            INSERT INTO audit_account (account_id, entry_id)
            SELECT account_id, id FROM audit_entry WHERE id > \(indexed) AND id <= \(newest)
                AND account_id IS NOT NULL
            ORDER BY account_id, id
            """)
        try db.run("UPDATE audit_index_progress SET entry_id = \(newest) WHERE id = 1")
    }

    /// The newest row in the index.
    package static func indexed(in db: Database) throws -> Int64 {
        try db.value("SELECT entry_id FROM audit_index_progress WHERE id = 1") ?? 0
    }

    /// That a row of `audit_entry` is among so many of this account that follow a row. All of them in one list would be
    /// gathered anew for each page.
    static func isOf(_ account: ID<Account>, after key: Value?, limit: Int) -> SQL {
        let after = key ?? .integer(0)
        return """
            id IN (SELECT * FROM (SELECT entry_id FROM audit_account
                    WHERE account_id = \(account) AND entry_id > \(after) ORDER BY entry_id LIMIT \(limit))
                UNION ALL SELECT * FROM (SELECT id FROM audit_entry
                    WHERE id > max(\(after), (SELECT entry_id FROM audit_index_progress WHERE id = 1))
                        AND account_id = \(account) ORDER BY id LIMIT \(limit)))
            """
    }

    /// Forgets the rows up to `last`, which must still be in the log.
    static func drop(upTo last: Int64, in db: Transaction) throws {
        try db.run(
            """
            DELETE FROM audit_subject
            WHERE (subject, entry_id) IN (SELECT subject, id FROM audit_entry WHERE id <= \(last))
            """)
        try db.run(
            """
            DELETE FROM audit_account
            WHERE (account_id, entry_id) IN (SELECT account_id, id FROM audit_entry WHERE id <= \(last))
            """)
    }

    // MARK: Times

    /// A row at or before the first one of this moment.
    static func start(of moment: Timestamp, in db: Database) throws -> Int64 {
        try firstRow(at: moment.seconds - clockSlack, in: db)
    }

    /// A row after the last one before this moment.
    static func end(before moment: Timestamp, in db: Database) throws -> Int64 {
        try firstRow(at: moment.seconds + clockSlack, in: db)
    }

    /// The last row of so many before `bound`, newest first; nil when the log has no older one.
    static func reach(from bound: Int64, walking rows: Int64, in db: Database) throws -> Int64? {
        let newest: Int64 = try db.value("SELECT max(id) FROM audit_entry") ?? 0
        // A bound may be any number that fits: cursors come from callers.
        let reach = max(0, min(bound, newest + 1)) - rows
        let oldest: Int64 = try db.value("SELECT min(id) FROM audit_entry") ?? 0
        return reach > oldest ? reach : nil
    }

    /// By halves, for numbers have no gaps: one past the newest where every row is older.
    private static func firstRow(at seconds: Int64, in db: Database) throws -> Int64 {
        let oldest: Int64? = try db.value("SELECT min(id) FROM audit_entry")
        let newest: Int64? = try db.value("SELECT max(id) FROM audit_entry")
        guard var low = oldest, var high = newest.map({ $0 + 1 }) else { return 0 }
        while low < high {
            let middle = low + (high - low) / 2
            let at: Int64? = try db.value("SELECT at FROM audit_entry WHERE id = \(middle)")
            if (at ?? .max) < seconds { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
