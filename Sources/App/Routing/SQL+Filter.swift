package import SQLite

extension SQL {
    /// `WHERE` and the conditions joined by AND; nothing for none.
    package static func filter(_ conditions: [SQL]) -> SQL {
        conditions.isEmpty ? "" : "WHERE \(SQL.joined(conditions, separator: " AND "))"
    }
}

extension Database {
    /// Whether the query has a row.
    package func exists(_ sql: SQL) throws -> Bool {
        var isFound = false
        try forEach("SELECT EXISTS (\(sql))") { row in isFound = try row[0] }
        return isFound
    }
}
