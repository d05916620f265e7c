import HTTP
package import SQLite

extension PersonalData.Person {
    /// The person and whoever was merged into them: service records and papers stay with the merged-away volunteer.
    static func all(_ account: ID<Account>, in db: Database) throws -> [PersonalData.Person] {
        try db.all(
            """
            SELECT account.id, volunteer.id FROM account LEFT JOIN volunteer ON volunteer.account_id = account.id
            WHERE account.id = \(account) OR account.merged_into = \(account)
            ORDER BY account.merged_into IS NOT NULL, account.id
            """)
    }
}

extension PersonalData.Person: RowDecodable {
    package init(row: borrowing Row) throws { self.init(account: try row[0], volunteer: try row[1]) }
}

extension PersonalData {
    /// One row of the copy: names as the interface has them, moments as RFC 3339.
    struct Copy: Encodable {
        private struct Name: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }

            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        var members: [(column: String, value: Value)]

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Name.self)
            for (column, value) in members {
                try Self.encode(value, column, Name(stringValue: Self.camel(column)), &container)
            }
        }

        private static func encode(
            _ value: Value, _ column: String, _ name: Name, _ container: inout KeyedEncodingContainer<Name>
        ) throws {
            switch value {
            case .null, .blob: try container.encodeNil(forKey: name)
            case .integer(let number):
                if moments.contains(column) || column.hasSuffix("_at") {
                    try container.encode(Timestamp(seconds: number), forKey: name)
                } else if column.hasPrefix("is_") || column.hasPrefix("has_") {
                    try container.encode(number != 0, forKey: name)
                } else {
                    try container.encode(number, forKey: name)
                }
            case .real(let number): try container.encode(number, forKey: name)
            case .text(let text):
                if lists.contains(column), let list = try? JSON.decode([String].self, from: Array(text.utf8)) {
                    try container.encode(list, forKey: name)
                } else {
                    try container.encode(text, forKey: name)
                }
            }
        }

        /// Columns of UTC seconds whose names do not end in `_at`.
        private static let moments: Set<String> = ["at", "since", "until"]
        /// Columns that hold a JSON array of texts.
        private static let lists: Set<String> = ["categories", "skills"]

        static func camel(_ column: String) -> String {
            let words = column.split(separator: "_")
            return words.dropFirst().reduce(String(words.first ?? "")) { name, word in
                name + word.prefix(1).uppercased() + word.dropFirst()
            }
        }
    }

    /// The person's rows after `key`, at most `limit`, and the key of the last.
    func page(
        of person: Person, after key: Value?, limit: Int, in db: Database
    ) throws -> (rows: [Copy], last: Value?) {
        guard let query = query(of: person, after: key, limit: limit) else { return ([], nil) }
        let names = columns.map { $0.description }
        var rows: [Copy] = []
        var last: Value?
        try db.forEach(query) { row in
            var members: [(column: String, value: Value)] = []
            for (index, name) in names.enumerated() { members.append((name, try row[index])) }
            rows.append(Copy(members: members))
            last = try row[names.count]
        }
        return (rows, rows.count == limit ? last : nil)
    }

    /// nil where the person cannot have any.
    package func query(of person: Person, after key: Value?, limit: Int) -> SQL? {
        guard let condition = pageCondition?(person, key, limit) ?? condition(person) else { return nil }
        let list = SQL.joined(columns.map { "\(raw: $0)" }, separator: ", ")
        let rest: SQL = key.map { "AND \(raw: self.key) > \($0)" } ?? ""
        return """
            SELECT \(list), \(raw: self.key) FROM \(raw: table) WHERE \(condition) \(rest)
            ORDER BY \(raw: self.key) LIMIT \(limit)
            """
    }

    /// What closing the account does to the rows.
    func close(_ person: Person, in db: Transaction) throws {
        guard let condition = condition(person) else { return }
        switch closing {
        case .deleted: try db.run("DELETE FROM \(raw: table) WHERE \(condition)")
        case .rewritten(let change): try db.run("UPDATE \(raw: table) SET \(change(db.now)) WHERE \(condition)")
        case .kept, .elsewhere: break
        }
    }
}
