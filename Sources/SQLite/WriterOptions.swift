extension Writer {
    package struct Options: Sendable {
        /// Closures that may wait; one more is refused with `.full`.
        package var pendingMax = 4_096
        /// Closures in one transaction. 128 of them took 2 ms at the median.
        package var batchMax = 256
        /// After this long no further closure joins a batch. A closure that runs is not cut off by it.
        package var batchBudgetMilliseconds = 50
        /// How long a batch waits for another process that writes.
        package var busyTimeoutMilliseconds = 5_000
        /// How long one statement may run; nil for ever. Past it the batch fails with `isInterrupted`.
        package var statementLimitMilliseconds: Int? = 5_000
        package var cachedStatements = 512
        /// Bytes of SQLite's page cache. Sign-ups among 400,000 others miss it as seldom as they do 12 MiB, and 6 MiB twelve
        /// times as often; with 64 MiB and the file mapped besides they cost no less.
        package var cacheBytes = 8 << 20
        package var mmapBytes = 0
        /// Pages in the log at which a commit also checkpoints. At 16,000 instead of SQLite's 1,000 commits are
        /// 25 to 50% faster and their 99th percentile falls from 8 ms to 1 ms.
        package var checkpointPages = 16_000
        /// Bytes to which the log is cut when it restarts after a checkpoint.
        package var journalBytes = 64 << 20
        /// With nothing to write for this long the log is checkpointed, off everybody's path.
        package var idleCheckpointMilliseconds = 1_000

        package init() {}
    }
}

/// The closure was not queued and will not run.
package enum WriterRefusal: Error, Sendable, Equatable {
    /// `pendingMax` closures wait already. Try again later.
    case full
    /// The server is stopping.
    case stopped
}

/// What one batch did, for metrics.
package struct CommitObservation: Sendable {
    /// Closures whose writes were committed.
    package let kept: Int
    /// Closures that threw and were undone alone.
    package let refused: Int
    /// Closures that failed because the transaction did.
    package let lost: Int
    /// From BEGIN to the end of COMMIT, on the monotonic clock.
    package let nanoseconds: UInt64
    /// Closures still waiting.
    package let pending: Int
}
