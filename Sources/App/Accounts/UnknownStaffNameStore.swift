import SQLite

/// A name that somebody tried to sign in with and no member of staff has. It is counted and locked as a known one is, or
/// names could be told apart by whether they lock.
///
/// The counts lie in the database, as those of known names do: a restart forgets neither, and a try costs both the same
/// commit. Of a name only a keyed hash is kept, for it may be a password typed in the wrong place. Once there are too many
/// the one that was tried first goes, which shows it for a name nobody has; but within their rate it takes a thousand
/// addresses to push one out while it is locked.
package enum UnknownStaffName {
    /// Names remembered: some ten megabytes.
    package static let namesMax: Int64 = 100_000

    private struct Row: RowDecodable {
        var tries: WrongTries

        init(row: borrowing SQLite.Row) throws {
            tries = WrongTries(failures: try row[0], lockedUntil: try row[1])
        }
    }

    /// The same for a name in small letters and in capitals, of ASCII alone, as `staff_credential` compares names.
    static func hash(_ name: String, _ keyedHash: KeyedHash) -> [UInt8] {
        let folded = String(decoding: name.utf8.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }, as: UTF8.self)
        return keyedHash(folded, purpose: "staff name")
    }

    /// Counts a try before its password is hashed.
    /// - Throws: 429 while locked.
    static func reserve(_ nameHash: [UInt8], _ limits: WrongTries.Limits, in db: Transaction) throws {
        let known: Row? = try db.first(
            "SELECT failures, locked_until FROM unknown_staff_name WHERE name_hash = \(nameHash)")
        let tries = try (known?.tries ?? .none).counting(limits, now: db.now)
        try db.run(
            """
            INSERT INTO unknown_staff_name (name_hash, failures, locked_until)
            VALUES (\(nameHash), \(tries.failures), \(tries.lockedUntil))
            ON CONFLICT (name_hash) DO UPDATE SET failures = excluded.failures, locked_until = excluded.locked_until
            """)
        try db.run(
            "DELETE FROM unknown_staff_name WHERE id <= (SELECT max(id) FROM unknown_staff_name) - \(namesMax)")
    }
}
