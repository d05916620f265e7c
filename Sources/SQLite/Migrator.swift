import CSQLite

/// One step of the schema. A released one never changes: a test holds its hash.
package struct Migration: Sendable {
    package let number: Int
    package let name: String
    package let statements: String
    /// For data that SQL alone cannot move; runs after the statements, in the same transaction.
    package let data: (@Sendable (Transaction) throws -> Void)?

    package init(
        number: Int, name: String, statements: String, data: (@Sendable (Transaction) throws -> Void)? = nil
    ) {
        self.number = number
        self.name = name
        self.statements = statements
        self.data = data
    }

    /// FNV-1a over the statements: enough to notice a change.
    package var hash: UInt64 {
        statements.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}

package enum MigrationError: Error, Sendable, Equatable, CustomStringConvertible {
    case newerSchema(found: Int, known: Int)
    case otherProgram(applicationID: Int)
    case brokenReferences(migration: Int, table: String)

    package var description: String {
        switch self {
        case .newerSchema(let found, let known):
            "the database has schema \(found), this wenming knows \(known): start the version that made it, or restore a backup"
        case .otherProgram(let id):
            "the file is another program's database (application id \(id)): name another data directory"
        case .brokenReferences(let migration, let table):
            "migration \(migration) would leave rows of \(table) that refer to nothing; it was undone"
        }
    }
}

/// Brings a database to the schema of a list of migrations. `user_version` is the position, set in the migration's own
/// transaction. Foreign keys are off meanwhile and checked before each commit, as SQLite's own procedure for changing
/// tables asks.
package enum Migrator {
    /// Marks a file as wenming's: "wnmg".
    package static let applicationID = 0x776E_6D67

    /// Creates the file when it is missing.
    /// - Returns: how many migrations were applied.
    @discardableResult
    package static func migrate(path: String, _ migrations: [Migration], now: Int64) throws -> Int {
        let db = try Transaction.open(path: path, creates: true)
        db.now = now
        let version = try db.value("PRAGMA user_version", as: Int.self) ?? 0
        let owner = try db.value("PRAGMA application_id", as: Int.self) ?? 0
        let isEmpty = try db.value("SELECT count(*) FROM sqlite_schema", as: Int.self) == 0
        guard owner == applicationID || isEmpty else { throw MigrationError.otherProgram(applicationID: owner) }
        guard version <= migrations.count else {
            throw MigrationError.newerSchema(found: version, known: migrations.count)
        }
        try db.execute("PRAGMA foreign_keys = OFF")
        for migration in migrations.dropFirst(version) { try apply(migration, db) }
        sqlite3_wal_checkpoint_v2(db.handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
        return migrations.count - version
    }

    private static func apply(_ migration: Migration, _ db: Transaction) throws {
        try db.execute("BEGIN IMMEDIATE")
        do {
            try db.executeAll(migration.statements)
            try migration.data?(db)
            if let table = try db.value("PRAGMA foreign_key_check", as: String.self) {
                throw MigrationError.brokenReferences(migration: migration.number, table: table)
            }
            try db.execute("PRAGMA user_version = \(migration.number)")
            try db.execute("PRAGMA application_id = \(applicationID)")
            try db.execute("COMMIT")
        } catch {
            try? db.execute("ROLLBACK")
            throw error
        }
    }

    /// Every table, index and trigger as text, one statement each, in order of creation: the page a newcomer reads.
    package static func schemaText(path: String) throws -> String {
        let db = try Database(path: path)
        let statements = try db.values(
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT GLOB '*_fts_*' AND name NOT GLOB '*_rtree_*' ORDER BY rowid",
            as: String.self)
        return statements.map { $0 + ";\n" }.joined(separator: "\n")
    }
}

extension Database {
    /// Runs several statements one after the other.
    func executeAll(_ text: String) throws {
        guard sqlite3_exec(handle, text, nil, nil, nil) == SQLITE_OK else {
            throw SQLiteError(handle, code: sqlite3_errcode(handle))
        }
    }
}
