package import SQLite

extension DataSharing: RowDecodable {
    private static var columns: SQL {
        "id, at, account_id, recipient, purpose, basis, basis_detail, fields, people"
    }

    package init(row: borrowing Row) throws {
        let fields: String = try row[7]
        self.init(
            id: try row[0], at: try row[1], accountId: try row[2], recipient: try row[3], purpose: try row[4],
            basis: try row[5], basisDetail: try row[6],
            fields: (try? JSON.decode([String].self, from: Array(fields.utf8))) ?? [], people: try row[8])
    }

    /// Notes that data leaves for another system; called in the transaction that hands it over.
    /// - Parameter account: nil where the program shares by itself.
    @discardableResult
    package static func log(_ draft: Draft, by account: ID<Account>?, in db: Transaction) throws -> DataSharing {
        try db.run(
            """
            INSERT INTO data_sharing (at, account_id, recipient, purpose, basis, basis_detail, fields, people)
            VALUES (\(db.now), \(account), \(draft.recipient), \(draft.purpose), \(draft.basis), \(draft.basisDetail),
                \(String(decoding: JSON.encode(draft.fields), as: UTF8.self)), \(draft.people))
            """)
        return try db.one("SELECT \(columns) FROM data_sharing WHERE id = \(db.lastInsertedID)")
    }

    /// Newest first.
    static func list(_ page: Page, in db: Database) throws -> [DataSharing] {
        try db.all(
            """
            SELECT \(columns) FROM data_sharing WHERE id < \(page.after?.first ?? .max)
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """)
    }
}
