import Dispatch
import Executors
import Synchronization

/// The only writer of the database. Closures that arrive while a commit is on its way to disk gather and are committed
/// together, yet fail alone: when one fails after it had written, the batch is rolled back and run again with a savepoint
/// around each. So a closure may run twice, and must do nothing but compute and run SQL. What it returns is handed over
/// after the commit, so that a success survives `kill -9` and a power cut. Closures run in order of arrival.
package final class Writer: Sendable {
    private let mailbox: WriterMailbox
    private let committer: Committer
    private let executor = QueueExecutor(label: "wenming.writer")

    /// `clock` yields UTC seconds. `observe` is called on the writer's queue after each batch and must be short.
    /// Throws `DatabaseFileProblem` when the file is missing or cannot be written.
    package init(
        path: String, options: Options = Options(), clock: @escaping @Sendable () -> Int64,
        observe: (@Sendable (CommitObservation) -> Void)? = nil
    ) throws {
        mailbox = WriterMailbox(capacity: options.pendingMax)
        committer = try Committer(
            executor: executor, mailbox: mailbox, path: path, options: options, clock: clock, observe: observe)
    }

    /// Closures that wait for a batch.
    package var pending: Int { mailbox.count }

    /// Queues `body` and returns at once. `completion` is called exactly once, on the writer's queue: after the commit
    /// with what `body` returned, or with what it threw, or with the error that lost its batch. It must be short.
    package func submit<T: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> T,
        completion: @escaping @Sendable (Result<T, any Error>) -> Void
    ) throws(WriterRefusal) {
        try submit(ClosureWrite(body, completion: completion))
    }

    /// Queues `write` and returns at once. Of its `committed` and `failed` exactly one is called, once.
    package func submit(_ write: any Write) throws(WriterRefusal) {
        if try mailbox.append(write) { wake() }
    }

    /// As `submit`, for callers that can wait without holding a thread. Throws `WriterRefusal` too.
    @discardableResult
    package func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            do {
                try submit(body) { continuation.resume(with: $0) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// As `submit`, for subcommands: blocks the calling thread, which must not be the writer's own.
    @discardableResult
    package func writeAndWait<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) throws -> T {
        dispatchPrecondition(condition: .notOnQueue(executor.queue))
        let slot = ResultSlot<T>()
        try submit(body) { slot.fill($0) }
        return try slot.wait().get()
    }

    /// Refuses new closures, commits those that wait, writes the log back into the file and closes it. Blocks until
    /// that is done. A second call waits for the first.
    package func stop() {
        dispatchPrecondition(condition: .notOnQueue(executor.queue))
        mailbox.stop()
        executor.queue.sync { committer.assumeIsolated { $0.close() } }
    }

    private func wake() {
        executor.queue.async { [committer] in committer.assumeIsolated { $0.drain() } }
    }
}

/// Where one thread waits for what another produces.
private final class ResultSlot<T: Sendable>: Sendable {
    private let result = Mutex<Result<T, any Error>?>(nil)
    private let ready = DispatchSemaphore(value: 0)

    func fill(_ new: Result<T, any Error>) {
        result.withLock { $0 = new }
        ready.signal()
    }

    func wait() -> Result<T, any Error> {
        ready.wait()
        return result.withLock { $0 } ?? .failure(SQLiteError.transactionLost())
    }
}
