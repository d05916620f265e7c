import CSQLite
import Dispatch

/// An open `sqlite3` handle: opening, settings, scripts, the time limit. Not Sendable, for it is opened without
/// SQLite's mutexes; whoever owns it confines it to one queue.
final class Connection {
    enum Access { case readOnly, readWrite }

    let handle: OpaquePointer
    private let state: UnsafeMutablePointer<ConnectionState>

    /// Throws `DatabaseFileProblem`.
    init(path: String, access: Access, busyTimeoutMilliseconds: Int) throws {
        SQLiteLibrary.configure()
        let flags = (access == .readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX
        var opened: OpaquePointer?
        let result = sqlite3_open_v2(path, &opened, flags, nil)
        guard result == SQLITE_OK, let opened else {
            let error = SQLiteError.latest(on: opened)
            sqlite3_close_v2(opened)
            throw DatabaseFileProblem(path: path, error: error)
        }
        handle = opened
        state = .allocate(capacity: 1)
        state.initialize(to: ConnectionState())
        sqlite3_extended_result_codes(opened, 1)
        sqlite3_busy_timeout(opened, Int32(clamping: busyTimeoutMilliseconds))
        wenming_sqlite_harden(opened)
        sqlite3_progress_handler(opened, ConnectionState.instructionsBetweenChecks, interruptWhenLate, state)
        sqlite3_set_authorizer(opened, authorize, state)
        do {
            // The first statement that reads the file: here a damaged or foreign file shows itself.
            try execute("PRAGMA trusted_schema = OFF; SELECT 1 FROM sqlite_schema")
        } catch let error as SQLiteError {
            throw DatabaseFileProblem(path: path, error: error)
        }
    }

    deinit {
        sqlite3_close_v2(handle)
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// False also when an error ended what a BEGIN began.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Whether COMMIT would fail for a foreign key that was deferred.
    var hasUnresolvedForeignKeys: Bool {
        var current: Int32 = 0
        var highest: Int32 = 0
        sqlite3_db_status(handle, SQLITE_DBSTATUS_DEFERRED_FKS, &current, &highest, 0)
        return current != 0
    }

    /// nil for none. Applies from the next query on.
    var timeLimitMilliseconds: Int? {
        get { state.pointee.limit.map { Int($0 / 1_000_000) } }
        set { state.pointee.limit = newValue.map { UInt64(clamping: min($0, Self.longestTimeLimit)) * 1_000_000 } }
    }

    /// A day, in milliseconds.
    private static let longestTimeLimit = 86_400_000

    /// Starts the clock anew; it is read first when a query has run for `instructionsBetweenChecks`, so that short
    /// queries pay nothing.
    func restartTimeLimit() { state.pointee.deadline = 0 }

    /// Runs any number of statements without values and without a time limit, discarding rows.
    func execute(_ script: String, allowsTransactionControl: Bool = true) throws {
        let limit = state.pointee.limit
        state.pointee.limit = nil
        state.pointee.allowsTransactionControl = allowsTransactionControl
        defer {
            state.pointee.limit = limit
            state.pointee.allowsTransactionControl = false
        }
        guard sqlite3_exec(handle, script, nil, nil, nil) == SQLITE_OK else {
            throw SQLiteError.latest(on: handle)
        }
    }

    /// Runs a prepared BEGIN, COMMIT, SAVEPOINT or the like.
    func step(control statement: Statement) throws {
        // SQLite counts a statement's steps over all its runs, so that even BEGIN is asked about its time now and then.
        restartTimeLimit()
        state.pointee.allowsTransactionControl = true
        defer {
            statement.reset()
            state.pointee.allowsTransactionControl = false
        }
        while try statement.step() {}
    }

    func prepare(_ sql: SQL, isCached: Bool, isControl: Bool = false) throws -> Statement {
        state.pointee.allowsTransactionControl = isControl
        defer { state.pointee.allowsTransactionControl = false }
        return try Statement(sql, on: handle, isCached: isCached)
    }

    /// The first column of the first row of a pragma or query of our own.
    func value<T: ColumnDecodable>(_ sql: SQL, as type: T.Type = T.self) throws -> T {
        let statement = try prepare(sql, isCached: false, isControl: true)
        guard try statement.step() else { throw SQLiteError.noRow(sql) }
        return try Row(statement: statement.handle)[0]
    }
}

/// What SQLite's callbacks see of a connection.
private struct ConnectionState {
    /// About half a millisecond of work.
    static let instructionsBetweenChecks: Int32 = 10_000

    /// Nanoseconds a query may run; nil for ever.
    var limit: UInt64?
    /// Monotonic nanoseconds; 0 until the first check of a query.
    var deadline: UInt64 = 0
    var allowsTransactionControl = false
}

private func interruptWhenLate(_ context: UnsafeMutableRawPointer?) -> Int32 {
    guard let state = context?.assumingMemoryBound(to: ConnectionState.self), let limit = state.pointee.limit
    else { return 0 }
    let now = DispatchTime.now().uptimeNanoseconds
    if state.pointee.deadline == 0 {
        state.pointee.deadline = now &+ limit
        return 0
    }
    return now >= state.pointee.deadline ? 1 : 0
}

/// Keeps BEGIN, COMMIT, SAVEPOINT and ATTACH to this module: a write closure that ended the batch's transaction would
/// decide for its neighbours.
private func authorize(
    _ context: UnsafeMutableRawPointer?, _ action: Int32, _: UnsafePointer<CChar>?, _: UnsafePointer<CChar>?,
    _: UnsafePointer<CChar>?, _: UnsafePointer<CChar>?
) -> Int32 {
    switch action {
    case SQLITE_TRANSACTION, SQLITE_SAVEPOINT, SQLITE_ATTACH, SQLITE_DETACH:
        let state = context?.assumingMemoryBound(to: ConnectionState.self)
        return state?.pointee.allowsTransactionControl == true ? SQLITE_OK : SQLITE_DENY
    default:
        return SQLITE_OK
    }
}
