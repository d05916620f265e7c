import Glibc

/// Brings a database file to the schema this program knows.
///
/// Each migration is one transaction, with foreign keys off while it runs, for tables may be rebuilt
/// (sqlite.org/lang_altertable.html, section 7), and every foreign key checked before it commits.
package struct Migrator: Sendable {
    package let migrations: [Migration]
    /// Marks the file as ours (`PRAGMA application_id`). Must not be 0, which marks nothing.
    package let applicationID: Int32

    /// The numbers must be 1, 2, 3, …: anything else is an error of the program and stops it.
    package init(migrations: [Migration], applicationID: Int32) {
        precondition(applicationID != 0, "an application id of 0 marks nothing")
        precondition(
            migrations.map(\.number).elementsEqual(1..<migrations.count + 1), "a migration number is out of order")
        self.migrations = migrations
        self.applicationID = applicationID
    }

    /// Creates the file when it is missing, readable by its owner alone, applies what is due and returns the numbers
    /// applied. Throws `DatabaseFileProblem` or `MigrationFailure`.
    @discardableResult
    package func migrate(path: String, clock: @Sendable () -> Int64) throws -> [Int] {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if file >= 0 { close(file) }
        // Only read at first: opening for writing would already change another program's file.
        try verifyOrigin(of: Database(path: path), path: path)
        var options = Writer.Options()
        options.statementLimitMilliseconds = nil
        let transaction = try Transaction(path: path, options: options)
        return try migrations.compactMap { migration in
            try apply(migration, in: transaction, now: clock()) ? migration.number : nil
        }
    }

    /// Throws `DatabaseFileProblem` unless the file is ours and exactly at this program's schema.
    package func verify(_ database: Database, path: String) throws {
        try verifyOrigin(of: database, path: path)
        let version = try database.schemaVersion
        if version < migrations.count {
            throw DatabaseFileProblem(.olderSchema(found: version, known: migrations.count), path: path)
        }
    }

    /// Ours, or so new that it is nobody's; and not from a newer version of this program.
    private func verifyOrigin(of database: Database, path: String) throws {
        let id = Int32(truncatingIfNeeded: try database.connection.value("PRAGMA application_id", as: Int.self))
        let isEmpty = try database.connection.value("SELECT count(*) FROM sqlite_schema") == 0
        guard id == applicationID || (id == 0 && isEmpty) else {
            throw DatabaseFileProblem(.foreign(applicationID: id), path: path)
        }
        let version = try database.schemaVersion
        if version > migrations.count {
            throw DatabaseFileProblem(.newerSchema(found: version, known: migrations.count), path: path)
        }
    }

    /// False when the file has it already.
    private func apply(_ migration: Migration, in transaction: Transaction, now: Int64) throws -> Bool {
        if try transaction.schemaVersion >= migration.number { return false }
        do {
            try transaction.connection.execute("PRAGMA foreign_keys = OFF")
            defer { try? transaction.connection.execute("PRAGMA foreign_keys = ON") }
            try transaction.beginTransaction()
            defer { transaction.rollBackTransaction() }
            // Another process may have been faster.
            if try transaction.schemaVersion >= migration.number { return false }
            transaction.now = now
            try transaction.connection.execute(migration.statements, allowsTransactionControl: false)
            try migration.data?(transaction)
            if let violation = try IntegrityCheck.foreignKeyViolations(in: transaction, limit: 1).first {
                throw violation
            }
            try transaction.connection.execute(
                "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(migration.number)")
            try transaction.commitTransaction()
            return true
        } catch {
            throw MigrationFailure(number: migration.number, name: migration.name, reason: error)
        }
    }
}

extension Database {
    /// The number of the last migration applied.
    package final var schemaVersion: Int {
        get throws { try connection.value("PRAGMA user_version") }
    }

    /// The whole schema as SQL, by table and then name, without SQLite's own tables: the same text for the same schema,
    /// whichever way it came about.
    package final func schemaText() throws -> String {
        let statements: [String] = try values(
            """
            SELECT sql FROM sqlite_schema
            WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
            AND tbl_name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')
            ORDER BY tbl_name, CASE type WHEN 'table' THEN 0 WHEN 'view' THEN 1 WHEN 'index' THEN 2 ELSE 3 END, name
            """)
        return statements.map { $0 + ";\n" }.joined(separator: "\n")
    }
}
