import CSQLite
import Dispatch
import Executors

/// Owns the writing connection and commits what the mailbox holds. Lives on the writer's queue.
actor Committer {
    private let executor: QueueExecutor
    private let mailbox: WriterMailbox
    private let options: Writer.Options
    private let clock: @Sendable () -> Int64
    private let observe: (@Sendable (CommitObservation) -> Void)?
    /// nil when closed.
    private var transaction: Transaction?
    /// Monotonic nanoseconds.
    private var latestCommit: UInt64 = 0
    private var hasUncheckpointedCommits = false
    private var isCheckpointScheduled = false

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(
        executor: QueueExecutor, mailbox: WriterMailbox, path: String, options: Writer.Options,
        clock: @escaping @Sendable () -> Int64, observe: (@Sendable (CommitObservation) -> Void)?
    ) throws {
        self.executor = executor
        self.mailbox = mailbox
        self.options = options
        self.clock = clock
        self.observe = observe
        transaction = try Transaction(path: path, options: options)
    }

    /// Commits batch after batch until nothing waits.
    func drain() {
        while let transaction {
            let batch = mailbox.take(max(options.batchMax, 1))
            if batch.isEmpty { break }
            // Observed when the batch is gone, so that whoever is woken then holds the last of each write.
            let observation = commit(consume batch, in: transaction)
            observe?(observation)
        }
        scheduleCheckpoint()
    }

    func close() {
        drain()
        guard let transaction else { return }
        // It would wait for readers with the lock for writing in its hands, and keep another process from writing.
        sqlite3_busy_timeout(transaction.connection.handle, 0)
        checkpoint(transaction, SQLITE_CHECKPOINT_TRUNCATE)
        self.transaction = nil
    }

    // MARK: Batches

    /// Runs the batch unguarded first, and again with a savepoint around each closure when one of them failed halfway.
    private func commit(_ batch: consuming [any Write], in transaction: Transaction) -> CommitObservation {
        let started = DispatchTime.now().uptimeNanoseconds
        var results: BatchResults?
        do {
            for isGuarded in [false, true] where results == nil {
                try transaction.beginTransaction()
                results = try run(batch, isGuarded: isGuarded, in: transaction)
                if results == nil { transaction.rollBackTransaction() }
            }
        } catch let loss as Loss {
            transaction.rollBackTransaction()
            return lose(batch[..<loss.index], loss.error, culprit: batch[loss.index], since: started)
        } catch {
            return lose(batch[...], error, since: started)
        }
        guard let results else { return observation(since: started, until: DispatchTime.now().uptimeNanoseconds) }
        do {
            try transaction.commitTransaction()
        } catch {
            transaction.rollBackTransaction()
            return lose(batch[..<results.count], error, since: started)
        }
        latestCommit = DispatchTime.now().uptimeNanoseconds
        hasUncheckpointedCommits = true
        answer(batch[..<results.count], results.refusals)
        return observation(
            kept: results.count - results.refusals.count, refused: results.refusals.count, since: started,
            until: latestCommit)
    }

    /// The closure that took the transaction with it.
    private struct Loss: Error {
        let index: Int
        let error: any Error
    }

    private struct BatchResults {
        /// Writes that ran, from the first of the batch.
        var count = 0
        /// Those among them that threw, in order.
        var refusals: [(index: Int, error: any Error)] = []
    }

    /// For as many closures as the budget allows; the rest is put back. nil when the batch has to be run again guarded.
    private func run(
        _ batch: [any Write], isGuarded: Bool, in transaction: Transaction
    ) throws(Loss) -> BatchResults? {
        let budget = UInt64(clamping: options.batchBudgetMilliseconds) &* 1_000_000
        let started = DispatchTime.now().uptimeNanoseconds
        var results = BatchResults()
        for (index, write) in batch.enumerated() {
            let attempt =
                isGuarded
                ? transaction.attemptGuarded(now: clock(), write.perform)
                : transaction.attemptUnguarded(now: clock(), write.perform)
            switch attempt {
            case .kept: break
            case .refused(let error): results.refusals.append((index, error))
            case .spoilt: return nil
            case .lost(let error):
                mailbox.putBack(batch[(index + 1)...])
                throw Loss(index: index, error: error)
            }
            results.count += 1
            if DispatchTime.now().uptimeNanoseconds &- started > budget {
                mailbox.putBack(batch[(index + 1)...])
                break
            }
        }
        return results
    }

    private func answer(_ writes: ArraySlice<any Write>, _ refusals: [(index: Int, error: any Error)]) {
        var rest = refusals[...]
        for (index, write) in writes.enumerated() {
            if let refusal = rest.first, refusal.index == index {
                write.failed(refusal.error)
                rest.removeFirst()
            } else {
                write.committed()
            }
        }
    }

    /// Fails everything that ran. Closures that refused with an error of their own are no exception: they may have
    /// refused because of a row that is now gone. The culprit gets its error; the others too when that is the machine's
    /// state (a full disk), and when it is the culprit's own (a constraint) that the transaction was lost.
    private func lose(
        _ writes: ArraySlice<any Write>, _ error: any Error, culprit: (any Write)? = nil, since started: UInt64
    ) -> CommitObservation {
        let isUnavailability = (error as? SQLiteError)?.isUnavailability ?? false
        let shared = isUnavailability ? error : SQLiteError.transactionLost()
        for write in writes { write.failed(shared) }
        culprit?.failed(error)
        let lost = writes.count + (culprit == nil ? 0 : 1)
        return observation(lost: lost, since: started, until: DispatchTime.now().uptimeNanoseconds)
    }

    private func observation(
        kept: Int = 0, refused: Int = 0, lost: Int = 0, since: UInt64, until: UInt64
    ) -> CommitObservation {
        CommitObservation(
            kept: kept, refused: refused, lost: lost, nanoseconds: until &- since, pending: mailbox.count)
    }

    // MARK: Checkpoints

    /// At most one is on its way at any time.
    private func scheduleCheckpoint() {
        guard hasUncheckpointedCommits, !isCheckpointScheduled, transaction != nil else { return }
        isCheckpointScheduled = true
        let delay = DispatchTimeInterval.milliseconds(options.idleCheckpointMilliseconds)
        executor.queue.asyncAfter(deadline: .now() + delay) { [weak self] in
            self?.assumeIsolated { $0.checkpointWhenIdle() }
        }
    }

    private func checkpointWhenIdle() {
        isCheckpointScheduled = false
        guard let transaction, hasUncheckpointedCommits else { return }
        let idle = UInt64(clamping: options.idleCheckpointMilliseconds) &* 1_000_000
        let isIdle = DispatchTime.now().uptimeNanoseconds &- latestCommit >= idle
        if isIdle { checkpoint(transaction, SQLITE_CHECKPOINT_PASSIVE) }
        scheduleCheckpoint()
    }

    /// What it cannot write back, because somebody reads an older state or the disk is full, stays in the log and is
    /// written back after a later commit. While another process writes it does nothing.
    private func checkpoint(_ transaction: Transaction, _ mode: Int32) {
        guard transaction.lock.tryAcquire() else { return }
        defer { transaction.lock.release() }
        hasUncheckpointedCommits = false
        sqlite3_wal_checkpoint_v2(transaction.connection.handle, nil, mode, nil, nil)
    }
}

extension Transaction {
    /// The writing connection. Throws `DatabaseFileProblem`.
    convenience init(path: String, options: Writer.Options) throws {
        let connection = try Connection(
            path: path, access: .readWrite, busyTimeoutMilliseconds: options.busyTimeoutMilliseconds)
        guard sqlite3_db_readonly(connection.handle, "main") == 0 else {
            throw DatabaseFileProblem(.readOnly, path: path)
        }
        do {
            try connection.execute(
                """
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                PRAGMA foreign_keys = ON;
                PRAGMA recursive_triggers = OFF;
                PRAGMA secure_delete = ON;
                PRAGMA wal_autocheckpoint = \(options.checkpointPages);
                PRAGMA journal_size_limit = \(options.journalBytes);
                PRAGMA cache_size = \(-options.cacheBytes / 1024);
                PRAGMA mmap_size = \(options.mmapBytes);
                PRAGMA temp_store = MEMORY;
                """)
        } catch let error as SQLiteError {
            throw DatabaseFileProblem(path: path, error: error)
        }
        guard try connection.value("PRAGMA journal_mode") == "wal" else {
            throw DatabaseFileProblem(.noWriteAheadLog, path: path)
        }
        connection.timeLimitMilliseconds = options.statementLimitMilliseconds
        let lock = try WriterLock(besideDatabase: path, waitMilliseconds: options.busyTimeoutMilliseconds)
        try self.init(connection: connection, lock: lock, cachedStatements: options.cachedStatements)
    }
}
