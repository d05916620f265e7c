import HTTP
package import SQLite

extension AccountMerge: RowDecodable {
    static let cancelReason = "账号合并"
    static let reversalReason = "撤销账号合并后时长不足"

    private static var select: SQL {
        """
        SELECT id, from_id, into_id, reason, moved, merged_by, merged_at, reversed_by, reversed_at, reversal_reason
        FROM account_merge
        """
    }

    package init(row: borrowing Row) throws {
        let mergedAt: Timestamp = try row[6]
        self.init(
            id: try row[0], from: try row[1], into: try row[2], reason: try row[3], items: try Self.items(row[4]),
            mergedBy: try row[5], mergedAt: mergedAt, reversibleUntil: mergedAt + Self.reversalDays * 86_400,
            reversedBy: try row[7], reversedAt: try row[8], reversalReason: try row[9])
    }

    private static func items(_ text: String) throws -> [Item] {
        var counts: [PersonReference.Kind: Int] = [:]
        for rows in try Moved(text).rows {
            guard let reference = PersonReference.all.first(where: { $0.name == "\(rows.table).\(rows.column)" }),
                case .moves(let kind, _) = reference.fate
            else { continue }
            counts[kind, default: 0] += rows.keys.count
        }
        return PersonReference.Kind.allCases.compactMap { kind in
            counts[kind].map { Item(kind: kind, fate: .moves, count: $0) }
        }
    }

    /// - Throws: 404.
    static func find(_ id: ID<AccountMerge>, in db: Database) throws -> AccountMerge {
        guard let merge: AccountMerge = try db.first("\(select) WHERE id = \(id)") else { throw Problem(.notFound) }
        return merge
    }

    /// Newest first.
    static func list(_ page: Page, in db: Database) throws -> [AccountMerge] {
        let before = page.after?.first ?? .max
        return try db.all("\(select) WHERE id < \(before) ORDER BY id DESC LIMIT \(page.limit + 1)")
    }

    static func insert(
        _ merging: AccountMerging, reason: String, by account: ID<Account>, in db: Transaction
    ) throws -> AccountMerge {
        let moved = String(decoding: JSON.encode(merging.moved), as: UTF8.self)
        try db.run(
            """
            INSERT INTO account_merge (from_id, into_id, reason, moved, merged_by, merged_at)
            VALUES (\(merging.from), \(merging.into), \(reason), \(moved), \(account), \(db.now))
            """)
        return try find(ID(db.lastInsertedID), in: db)
    }

    /// Recognises a number that was moved without keeping it a second time.
    static func mark(_ phone: PhoneNumber, _ keyedHash: KeyedHash) -> String {
        Base64URL.encode(keyedHash(phone.text, purpose: "merged phone"))
    }
}

extension AccountMerge.Moved {
    /// For merges that cannot be undone any more.
    static var nothing: String { String(decoding: JSON.encode(Self()), as: UTF8.self) }

    init(_ text: String) throws { self = try JSON.decode(Self.self, from: Array(text.utf8)) }

    static func find(_ id: ID<AccountMerge>, in db: Database) throws -> Self {
        try Self(db.value("SELECT moved FROM account_merge WHERE id = \(id)") ?? "")
    }
}

extension AccountMerge {
    /// For so long after a merge rows may still come in for the merged-away account: requests that were let in before its
    /// sessions ended, and wait in the writer's queue. Seconds.
    private static let stragglerSeconds: Int64 = 3_600

    /// Moves what came in for merged-away accounts after their merge, and notes it with the merge. What gave way at the
    /// merge stays even if the kept person has since ended or withdrawn what it gave way to: nobody asked for it back.
    package static let housekeeping = HousekeepingJob(name: "stragglers of merged accounts") { db, _ in
        let recent: [ID<AccountMerge>] = try db.values(
            """
            SELECT id FROM account_merge WHERE reversed_at IS NULL AND merged_at > \(db.now - stragglerSeconds)
            ORDER BY id LIMIT 100
            """)
        return .init(try recent.reduce(0) { try $0 + gather($1, in: db) })
    }

    private static func gather(_ id: ID<AccountMerge>, in db: Transaction) throws -> Int {
        let merge = try find(id, in: db)
        var moved = try Moved.find(id, in: db)
        var merging = AccountMerging(from: merge.from, into: merge.into, staying: moved.left ?? [])
        try merging.applyToAccounts(in: db)
        if let ours = moved.mergedVolunteer, let theirs = moved.keptVolunteer {
            try merging.applyToVolunteers(ours, theirs, in: db)
        }
        let late = merging.moved.rows
        guard !late.isEmpty else { return 0 }
        moved.rows += late
        let text = String(decoding: JSON.encode(moved), as: UTF8.self)
        try db.run("UPDATE account_merge SET moved = \(text) WHERE id = \(id)")
        return late.reduce(0) { $0 + $1.keys.count }
    }
}
