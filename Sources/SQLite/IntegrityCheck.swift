/// A row whose foreign key names no row.
package struct ForeignKeyViolation: Error, Sendable, Equatable, RowDecodable, CustomStringConvertible {
    package let table: String
    /// nil in a table WITHOUT ROWID.
    package let rowID: Int64?
    package let parent: String

    package init(row: borrowing Row) throws {
        table = try row[0]
        rowID = try row[1]
        parent = try row[2]
    }

    package var description: String {
        "row \(rowID.map(String.init) ?? "without id") of \(table) names no row of \(parent)"
    }
}

/// What SQLite finds when it reads a whole file. Takes as long as reading it does.
package struct IntegrityCheck: Sendable, Equatable {
    /// Damage to the file's structure, indices and CHECK constraints, in SQLite's words.
    package let damage: [String]
    package let foreignKeys: [ForeignKeyViolation]

    package var isSound: Bool { damage.isEmpty && foreignKeys.isEmpty }

    /// Stops at `limit` findings of each kind. Damage so bad that reading stops at it is a finding too.
    package init(of database: Database, limit: Int = 100) throws {
        (damage, foreignKeys) = try database.withoutTimeLimit {
            do {
                return try database.snapshot {
                    let lines: [String] = try database.values(
                        "SELECT integrity_check FROM pragma_integrity_check(\(limit))")
                    return (
                        lines == ["ok"] ? [] : lines, try Self.foreignKeyViolations(in: database, limit: limit)
                    )
                }
            } catch let error as SQLiteError where error.isCorrupt {
                return ([error.message], [])
            }
        }
    }

    static func foreignKeyViolations(in database: Database, limit: Int) throws -> [ForeignKeyViolation] {
        try database.all("SELECT \"table\", rowid, parent FROM pragma_foreign_key_check LIMIT \(limit)")
    }
}
