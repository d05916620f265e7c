import CSQLite

/// What a write closure is lent: a `Database` that can also write, inside a transaction that its owner begins and ends.
/// Once that transaction is lost (a full disk, `OR ROLLBACK`), every further statement throws, so that nothing commits on
/// its own.
package final class Transaction: Database {
    /// UTC seconds, the same throughout one closure.
    package internal(set) var now: Int64 = 0
    /// What one closure hands on to the next in the same transaction, so that it need not be read again. It goes with the
    /// transaction, and whenever anything in it is undone.
    package var carried: (any Sendable)?

    /// Held from the beginning of a transaction to its end.
    let lock: WriterLock
    private let savepoint: Statement
    private let rollbackToSavepoint: Statement
    private let release: Statement
    private let nestedSavepoint: Statement
    private let rollbackToNested: Statement
    private let nestedRelease: Statement

    init(connection: Connection, lock: WriterLock, cachedStatements: Int) throws {
        self.lock = lock
        savepoint = try connection.prepare("SAVEPOINT request", isCached: true, isControl: true)
        rollbackToSavepoint = try connection.prepare("ROLLBACK TO request", isCached: true, isControl: true)
        release = try connection.prepare("RELEASE request", isCached: true, isControl: true)
        nestedSavepoint = try connection.prepare("SAVEPOINT nested", isCached: true, isControl: true)
        rollbackToNested = try connection.prepare("ROLLBACK TO nested", isCached: true, isControl: true)
        nestedRelease = try connection.prepare("RELEASE nested", isCached: true, isControl: true)
        try super.init(connection: connection, cachedStatements: cachedStatements, begin: "BEGIN IMMEDIATE")
    }

    /// Runs a statement and returns how many rows it inserted, updated or deleted itself (not by trigger or cascade).
    @discardableResult
    package func run(_ sql: SQL) throws -> Int {
        let statement = try start(sql)
        defer { finish(statement) }
        let before = sqlite3_total_changes64(connection.handle)
        while try statement.step() {}
        // Statements other than these three leave the count of the last such statement standing.
        return sqlite3_total_changes64(connection.handle) == before ? 0 : Int(sqlite3_changes64(connection.handle))
    }

    /// The row id of the latest INSERT of this transaction.
    package var lastInsertedID: Int64 { sqlite3_last_insert_rowid(connection.handle) }

    /// Runs `body` under a savepoint of its own within the closure: when it throws, its changes are undone and those
    /// before it stand, so that the closure may catch the error and go on.
    package func nested<Success>(_ body: (Transaction) throws -> Success) throws -> Success {
        try connection.step(control: nestedSavepoint)
        do {
            let success = try body(self)
            try connection.step(control: nestedRelease)
            return success
        } catch {
            // With the transaction lost there is nothing to go back to, and the closure must not go on.
            guard isInTransaction else { throw error is SQLiteError ? error : SQLiteError.transactionLost() }
            try undo(to: rollbackToNested, nestedRelease)
            throw error
        }
    }

    override func beginTransaction() throws {
        carried = nil
        try lock.acquire()
        do {
            try super.beginTransaction()
        } catch {
            lock.release()
            throw error
        }
    }

    override func commitTransaction() throws {
        try super.commitTransaction()
        lock.release()
    }

    override func rollBackTransaction() {
        super.rollBackTransaction()
        lock.release()
    }

    /// Undoes what was done since the savepoint and ends it.
    private func undo(to rollback: Statement, _ release: Statement) throws {
        carried = nil
        try connection.step(control: rollback)
        try connection.step(control: release)
    }

    override func enter(_ sql: SQL) throws { throw SQLiteError.transactionLost(sql: sql.text) }

    enum Attempt {
        case kept
        /// Undone alone; the others of the batch stand.
        case refused(any Error)
        /// It failed after it had written, and nothing held what was there before: the batch has to be run again, each
        /// closure guarded.
        case spoilt
        /// The whole transaction has ended, or cannot be trusted, and with it what ran in it before.
        case lost(any Error)
    }

    /// Runs `body` without a savepoint, which costs a copy of every page it touches. Most closures that fail do so
    /// before they write: then there is nothing to undo.
    func attemptUnguarded(now: Int64, _ body: (Transaction) throws -> Void) -> Attempt {
        self.now = now
        let before = sqlite3_total_changes64(connection.handle)
        do {
            try body(self)
            guard isInTransaction else { return .lost(SQLiteError.transactionLost()) }
            return connection.hasUnresolvedForeignKeys ? .spoilt : .kept
        } catch {
            guard isInTransaction else { return .lost(error is SQLiteError ? error : SQLiteError.transactionLost()) }
            return sqlite3_total_changes64(connection.handle) == before ? .refused(error) : .spoilt
        }
    }

    /// Runs `body` under a savepoint of its own.
    func attemptGuarded(now: Int64, _ body: (Transaction) throws -> Void) -> Attempt {
        self.now = now
        do {
            try connection.step(control: savepoint)
        } catch {
            return .lost(error)
        }
        let failure: any Error
        do {
            try body(self)
            guard isInTransaction else { return .lost(SQLiteError.transactionLost()) }
            if !connection.hasUnresolvedForeignKeys {
                do { try connection.step(control: release) } catch { return .lost(error) }
                return .kept
            }
            // Left to COMMIT it would refuse the whole batch.
            failure = SQLiteError(
                extendedCode: SQLiteError.Extended.foreignKey, message: "a deferred foreign key names no row")
        } catch {
            failure = error
        }
        guard isInTransaction else {
            // What the closure made of the loss is no answer to anybody.
            return .lost(failure is SQLiteError ? failure : SQLiteError.transactionLost())
        }
        do {
            try undo(to: rollbackToSavepoint, release)
        } catch {
            return .lost(error)
        }
        return .refused(failure)
    }
}
