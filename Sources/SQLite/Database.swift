import CSQLite

/// One connection, used by one queue at a time and lent to closures. It can only read; a `Transaction` can also write.
package class Database {
    package struct Options: Sendable {
        /// A query that runs longer is interrupted. Milliseconds; 0 is never.
        package var queryMilliseconds: Int
        /// How long to wait for another process's lock. Milliseconds.
        package var busyMilliseconds: Int
        /// Prepared statements kept; the cache is emptied when it is full.
        package var statementsMax: Int
        /// Page cache. KiB.
        package var cacheKibibytes: Int

        package init(
            queryMilliseconds: Int = 2_000, busyMilliseconds: Int = 5_000, statementsMax: Int = 512,
            cacheKibibytes: Int = 8_192
        ) {
            self.queryMilliseconds = queryMilliseconds
            self.busyMilliseconds = busyMilliseconds
            self.statementsMax = statementsMax
            self.cacheKibibytes = cacheKibibytes
        }
    }

    let handle: OpaquePointer
    private let options: Options
    private let deadline: Deadline
    private var statements: [String: Statement] = [:]
    private var isRoundOpen = false
    private var isRoundBegun = false

    /// Opens an existing database to read it.
    /// - Throws: `isCannotOpen`, `isCorrupt`.
    package convenience init(path: String, options: Options = Options()) throws {
        try self.init(path: path, flags: SQLITE_OPEN_READWRITE, options: options)
        try execute("PRAGMA query_only = ON")
    }

    /// - Parameter flags: `SQLITE_OPEN_…`. Readers open for writing too and are kept from it by `query_only`, because a
    ///   read-only connection cannot recover the log of a process that was killed.
    init(path: String, flags: Int32, options: Options) throws {
        _ = SQLiteLibrary.isConfigured
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard code == SQLITE_OK, let opened else {
            let error = SQLiteError(opened, code: code)
            sqlite3_close_v2(opened)
            throw error
        }
        handle = opened
        self.options = options
        deadline = Deadline(milliseconds: options.queryMilliseconds)
        sqlite3_busy_timeout(handle, Int32(clamping: options.busyMilliseconds))
        deadline.install(on: handle)
        try execute("PRAGMA trusted_schema = OFF")
        try execute("PRAGMA foreign_keys = ON")
        try execute("PRAGMA temp_store = MEMORY")
        try execute("PRAGMA mmap_size = 268435456")
        try execute("PRAGMA cache_size = -\(options.cacheKibibytes)")
        // Makes SQLite read the file now, so that a corrupt one is found at start.
        _ = try value("PRAGMA schema_version", as: Int.self)
    }

    deinit {
        statements.removeAll()
        sqlite3_close_v2(handle)
    }

    /// The first row, or nil when there is none.
    package func first<Item: RowDecodable>(_ sql: SQL, as: Item.Type = Item.self) throws -> Item? {
        try withStatement(sql) { try $0.step() ? Item(row: Row(statement: $0.handle)) : nil }
    }

    /// The first row.
    /// - Throws: when there is none, which is a mistake of ours.
    package func one<Item: RowDecodable>(_ sql: SQL, as: Item.Type = Item.self) throws -> Item {
        guard let item = try first(sql, as: Item.self) else { throw SQLiteError.noRow }
        return item
    }

    package func all<Item: RowDecodable>(_ sql: SQL, as: Item.Type = Item.self) throws -> [Item] {
        try withStatement(sql) { statement in
            var items: [Item] = []
            while try statement.step() { items.append(try Item(row: Row(statement: statement.handle))) }
            return items
        }
    }

    /// The first column of the first row; nil when there is no row or it is NULL.
    package func value<Content: ColumnDecodable>(_ sql: SQL, as: Content.Type = Content.self) throws -> Content? {
        try withStatement(sql) { statement in
            guard try statement.step() else { return nil }
            return try Content?(column: Column(statement: statement.handle, index: 0))
        }
    }

    /// The first column of every row.
    package func values<Content: ColumnDecodable>(_ sql: SQL, as: Content.Type = Content.self) throws -> [Content] {
        try withStatement(sql) { statement in
            var values: [Content] = []
            while try statement.step() { values.append(try Content(column: Column(statement: statement.handle, index: 0))) }
            return values
        }
    }

    package func exists(_ sql: SQL) throws -> Bool { try withStatement(sql) { try $0.step() } }

    package func forEach(_ sql: SQL, _ body: (borrowing Row) throws -> Void) throws {
        try withStatement(sql) { statement in
            while try statement.step() { try body(Row(statement: statement.handle)) }
        }
    }

    /// Several queries that see one state of the database. Inside a round or a transaction that is so already.
    package func snapshot<Result>(_ body: () throws -> Result) throws -> Result {
        guard isInAutocommit, !isRoundOpen else { return try body() }
        beginRound()
        defer { endRound() }
        return try body()
    }

    /// From now to `endRound`, everything read is of one moment: the first statement opens the transaction, so a round
    /// without one costs nothing.
    package func beginRound() { isRoundOpen = true }

    package func endRound() {
        isRoundOpen = false
        guard isRoundBegun else { return }
        isRoundBegun = false
        // A COMMIT of a read transaction fails only when there is none left to end.
        try? execute("COMMIT")
    }

    package var isInAutocommit: Bool { sqlite3_get_autocommit(handle) != 0 }

    func withStatement<Result>(_ sql: SQL, _ body: (Statement) throws -> Result) throws -> Result {
        if isRoundOpen && !isRoundBegun {
            try execute("BEGIN")
            isRoundBegun = true
        }
        return try withPrepared(sql.text) { statement in
            try statement.bind(sql.bindings)
            deadline.restart()
            return try body(statement)
        }
    }

    /// Runs a fixed text without values or rows.
    func execute(_ text: String) throws {
        try withPrepared(text) { statement in while try statement.step() {} }
    }

    private func withPrepared<Result>(_ text: String, _ body: (Statement) throws -> Result) throws -> Result {
        let statement = try statement(text)
        statement.isInUse = true
        defer {
            statement.reset()
            statement.isInUse = false
        }
        return try body(statement)
    }

    private func statement(_ text: String) throws -> Statement {
        if let known = statements[text] {
            return known.isInUse ? try Statement(text, database: handle, isKept: false) : known
        }
        let made = try Statement(text, database: handle, isKept: true)
        if statements.count >= options.statementsMax { statements.removeAll() }
        statements[text] = made
        return made
    }
}
