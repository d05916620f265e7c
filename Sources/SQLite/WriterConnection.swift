import CSQLite
import Glibc

/// The writer's connection and its batches.
/// `@unchecked Sendable` because only the writer's serial queue calls it after `init`.
final class WriterConnection: @unchecked Sendable {
    private let transaction: Transaction
    private let now: @Sendable () -> Int64
    private let onCommit: @Sendable (Writer.Commit) -> Void
    private var isCheckpointDue = false

    init(
        path: String, limits: Writer.Limits, now: @escaping @Sendable () -> Int64,
        onCommit: @escaping @Sendable (Writer.Commit) -> Void
    ) throws {
        transaction = try Transaction.open(path: path, checkpointPages: limits.checkpointPages)
        self.now = now
        self.onCommit = onCommit
    }

    /// Commits a batch and replies to each of its jobs.
    /// - Returns: jobs that were not run because a closure before them ended the whole transaction: they run in the next
    ///   batch.
    func commit(_ batch: [Writer.Job]) -> [Writer.Job] {
        let start = Self.nanoseconds()
        do { try transaction.execute("BEGIN IMMEDIATE") } catch {
            for job in batch { job.finish(error) }
            return []
        }
        var refusals: [(any Error)?] = []
        refusals.reserveCapacity(batch.count)
        for job in batch {
            refusals.append(run(job))
            // Some errors (full disk, OR ROLLBACK) end the whole transaction. The next savepoint would start one of its
            // own, whose release commits, so nothing more may run.
            guard transaction.isInAutocommit else { continue }
            return abandon(batch, after: refusals)
        }
        do {
            try transaction.execute("COMMIT")
        } catch {
            try? transaction.execute("ROLLBACK")
            for job in batch { job.finish(error) }
            return []
        }
        onCommit(Writer.Commit(requests: batch.count, nanoseconds: Self.nanoseconds() - start))
        for (job, refusal) in zip(batch, refusals) { job.finish(refusal) }
        return []
    }

    private func run(_ job: Writer.Job) -> (any Error)? {
        transaction.now = now()
        do { try transaction.execute("SAVEPOINT request") } catch { return error }
        let refusal = job.run(transaction)
        guard !transaction.isInAutocommit else { return refusal ?? Self.lost }
        do {
            if refusal != nil { try transaction.execute("ROLLBACK TO request") }
            try transaction.execute("RELEASE request")
            return refusal
        } catch {
            // Without its savepoint undone the closure's writes would stay: give up the transaction.
            try? transaction.execute("ROLLBACK")
            return error
        }
    }

    /// The transaction is gone with everything in it: the closure that ended it gets its own error, those before it are
    /// told to try again, those behind it have not run.
    private func abandon(_ batch: [Writer.Job], after refusals: [(any Error)?]) -> [Writer.Job] {
        for (job, refusal) in zip(batch, refusals) { job.finish(refusal ?? Self.lost) }
        return Array(batch.dropFirst(refusals.count))
    }

    private static let lost = SQLiteError(extendedCode: SQLITE_BUSY, message: "the transaction was lost with another write")

    /// Whether a checkpoint should be scheduled now: only one waits at a time.
    func willCheckpoint() -> Bool {
        if isCheckpointDue { return false }
        isCheckpointDue = true
        return true
    }

    func checkpoint(truncates: Bool) {
        isCheckpointDue = false
        sqlite3_wal_checkpoint_v2(
            transaction.handle, nil, truncates ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, nil, nil)
    }

    private static func nanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

extension Transaction {
    /// The only connection that may write: a log, a sync for each commit, and foreign keys that hold.
    static func open(path: String, checkpointPages: Int = 16_000, creates: Bool = false) throws -> Transaction {
        let flags = SQLITE_OPEN_READWRITE | (creates ? SQLITE_OPEN_CREATE : 0)
        let connection = try Transaction(
            path: path, flags: flags, options: Options(queryMilliseconds: 10_000, cacheKibibytes: 65_536))
        try connection.execute("PRAGMA journal_mode = WAL")
        try connection.execute("PRAGMA synchronous = FULL")
        try connection.execute("PRAGMA wal_autocheckpoint = \(checkpointPages)")
        try connection.execute("PRAGMA journal_size_limit = 67108864")
        return connection
    }
}
