import CSQLite

/// One connection, confined to the queue that made it. As itself it can only read; a write closure is given the
/// subclass `Transaction`.
@usableFromInline package class Database {
    package struct Options: Sendable {
        /// Bytes of the file read through the page cache of the system instead of copies of our own.
        package var mmapBytes = 256 << 20
        /// Bytes of SQLite's page cache.
        package var cacheBytes = 8 << 20
        /// How long a statement waits for another connection's lock.
        package var busyTimeoutMilliseconds = 1_000
        /// How long a query may run before it fails with `isInterrupted`; nil for ever.
        package var queryLimitMilliseconds: Int? = 2_000
        package var cachedStatements = 512

        package init() {}
    }

    let connection: Connection
    private var cache: StatementCache
    private var runningStatements = 0
    private var isInRound = false
    private let begin: Statement
    private let commit: Statement
    private let rollback: Statement

    /// Throws `DatabaseFileProblem` when the file cannot be used.
    package convenience init(path: String, options: Options = Options()) throws {
        let connection = try Connection(
            path: path, access: .readOnly, busyTimeoutMilliseconds: options.busyTimeoutMilliseconds)
        try connection.execute(
            """
            PRAGMA query_only = ON;
            PRAGMA mmap_size = \(options.mmapBytes);
            PRAGMA cache_size = \(-options.cacheBytes / 1024);
            PRAGMA temp_store = MEMORY;
            """)
        connection.timeLimitMilliseconds = options.queryLimitMilliseconds
        try self.init(connection: connection, cachedStatements: options.cachedStatements, begin: "BEGIN")
    }

    init(connection: Connection, cachedStatements: Int, begin: SQL) throws {
        self.connection = connection
        cache = StatementCache(capacity: cachedStatements)
        self.begin = try connection.prepare(begin, isCached: true, isControl: true)
        commit = try connection.prepare("COMMIT", isCached: true, isControl: true)
        rollback = try connection.prepare("ROLLBACK", isCached: true, isControl: true)
    }

    /// False in a round until its first statement.
    package final var isInTransaction: Bool { connection.isInTransaction }

    /// Statements kept compiled.
    package final var cachedStatements: Int { cache.count }

    /// What they say, for a test that looks at their plans.
    package final var cachedTexts: [String] { cache.texts }

    // MARK: Queries

    /// The first row, or nil when there is none.
    @inlinable package final func first<T: RowDecodable>(_ sql: SQL, as type: T.Type = T.self) throws -> T? {
        let statement = try start(sql)
        defer { finish(statement) }
        guard try statement.step() else { return nil }
        return try T(row: Row(statement: statement.handle))
    }

    /// The first row. Throws `SQLiteError` with `isNoRow` when there is none.
    @inlinable package final func one<T: RowDecodable>(_ sql: SQL, as type: T.Type = T.self) throws -> T {
        guard let result: T = try first(sql) else { throw SQLiteError.noRow(sql) }
        return result
    }

    @inlinable package final func all<T: RowDecodable>(_ sql: SQL, as type: T.Type = T.self) throws -> [T] {
        let statement = try start(sql)
        defer { finish(statement) }
        var results: [T] = []
        while try statement.step() { results.append(try T(row: Row(statement: statement.handle))) }
        return results
    }

    /// The first column of the first row; nil when there is no row or it is NULL.
    @inlinable package final func value<T: ColumnDecodable>(_ sql: SQL, as type: T.Type = T.self) throws -> T? {
        let statement = try start(sql)
        defer { finish(statement) }
        guard try statement.step() else { return nil }
        // Not by the optional's own conformance, which costs a look-up at run time.
        let column = Column(statement: statement.handle, index: 0)
        return column.isNull ? nil : try T(column: column)
    }

    /// The first column of every row.
    @inlinable package final func values<T: ColumnDecodable>(_ sql: SQL, as type: T.Type = T.self) throws -> [T] {
        let statement = try start(sql)
        defer { finish(statement) }
        var results: [T] = []
        while try statement.step() { results.append(try Row(statement: statement.handle)[0]) }
        return results
    }

    @inlinable package final func forEach(_ sql: SQL, _ body: (borrowing Row) throws -> Void) throws {
        let statement = try start(sql)
        defer { finish(statement) }
        while try statement.step() { try body(Row(statement: statement.handle)) }
    }

    // MARK: Snapshots

    /// All queries of `body` see the same commit. In a round or a transaction they do so anyway.
    package final func snapshot<R>(_ body: () throws -> R) throws -> R {
        if isInRound || isInTransaction { return try body() }
        try connection.step(control: begin)
        defer { endTransaction() }
        return try body()
    }

    /// Until `endRound` all queries share one read transaction, which makes a short one twice as fast. It begins with
    /// the first of them, so a round without queries costs nothing. Call it after the round's bytes were received:
    /// then nobody who was told of a commit can read an older state in a later request.
    package final func beginRound() { isInRound = true }

    /// Lets go of the snapshot. A round must end before its owner waits, or the log behind it cannot restart.
    package final func endRound() {
        isInRound = false
        if isInTransaction { endTransaction() }
    }

    /// Runs `body` without the time limit, for maintenance that is known to take long.
    package final func withoutTimeLimit<R>(_ body: () throws -> R) rethrows -> R {
        let limit = connection.timeLimitMilliseconds
        connection.timeLimitMilliseconds = nil
        defer { connection.timeLimitMilliseconds = limit }
        return try body()
    }

    // MARK: Statements

    @usableFromInline final func start(_ sql: SQL) throws -> Statement {
        if !isInTransaction { try enter(sql) }
        let statement = try cache.statement(sql, on: connection)
        do {
            try statement.bind(sql)
        } catch {
            statement.reset()
            throw error
        }
        if runningStatements == 0 { connection.restartTimeLimit() }
        runningStatements &+= 1
        statement.isRunning = true
        return statement
    }

    @usableFromInline final func finish(_ statement: Statement) {
        statement.reset()
        statement.isRunning = false
        runningStatements &-= 1
    }

    /// Called before a statement that would run outside a transaction.
    func enter(_ sql: SQL) throws {
        if isInRound { try connection.step(control: begin) }
    }

    // MARK: Transactions

    func beginTransaction() throws { try connection.step(control: begin) }

    func commitTransaction() throws { try connection.step(control: commit) }

    /// ROLLBACK fails only when there is nothing left to roll back.
    func rollBackTransaction() {
        if isInTransaction { try? connection.step(control: rollback) }
    }

    private func endTransaction() {
        do { try commitTransaction() } catch { rollBackTransaction() }
    }
}
