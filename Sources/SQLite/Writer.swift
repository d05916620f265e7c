import CSQLite
import Dispatch
import Synchronization

/// Why a write was not even queued.
package enum WriterRefusal: Error, Sendable, Equatable {
    /// `pendingMax` writes are waiting.
    case full
    case stopped
}

/// The only connection that writes. It takes all closures that wait, runs each under a savepoint inside one transaction,
/// commits, and only then replies to all: one sync to disk serves the whole batch, and nobody waits on a timer, because
/// the next batch gathers while this one is on its way to disk. Order of arrival is order of commit.
package final class Writer: Sendable {
    package struct Limits: Sendable {
        /// Writes that may wait.
        package var pendingMax: Int
        /// Writes that share a commit.
        package var batchMax: Int
        /// Pages the log may grow to before it is copied back (perf.md 2: 16,000 gives a quarter more than 1,000).
        package var checkpointPages: Int
        /// Silence after which the log is copied back. Milliseconds.
        package var idleMilliseconds: Int

        package init(pendingMax: Int = 10_000, batchMax: Int = 256, checkpointPages: Int = 16_000, idleMilliseconds: Int = 2_000) {
            self.pendingMax = pendingMax
            self.batchMax = batchMax
            self.checkpointPages = checkpointPages
            self.idleMilliseconds = idleMilliseconds
        }
    }

    /// What one commit was, for metrics.
    package struct Commit: Sendable {
        package var requests: Int
        package var nanoseconds: UInt64
    }

    /// A closure on its way through the writer: run it, then say how it ended.
    struct Job: Sendable {
        var run: @Sendable (Transaction) -> (any Error)?
        var finish: @Sendable ((any Error)?) -> Void
    }

    private struct State: ~Copyable {
        var pending: [Job] = []
        var isStopped = false
    }

    private let queue = DispatchQueue(label: "wenming.writer")
    private let state = Mutex(State())
    private let connection: WriterConnection
    private let limits: Limits

    /// - Parameter now: UTC seconds, asked once for each closure.
    package init(
        path: String, limits: Limits = Limits(), now: @escaping @Sendable () -> Int64,
        onCommit: @escaping @Sendable (Commit) -> Void = { _ in }
    ) throws {
        self.limits = limits
        connection = try WriterConnection(path: path, limits: limits, now: now, onCommit: onCommit)
    }

    /// Queues a closure. `completion` is called once, on the writer's queue, after the commit that holds it, or with the
    /// reason nothing of it was kept.
    package func submit<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Result,
        completion: @escaping @Sendable (Swift.Result<Result, any Error>) -> Void
    ) throws(WriterRefusal) {
        let outcome = Outcome<Result>()
        let job = Job(
            run: { transaction in
                do {
                    outcome.value = try body(transaction)
                    return nil
                } catch { return error }
            },
            finish: { error in
                if let error { return completion(.failure(error)) }
                guard let value = outcome.value else { return completion(.failure(SQLiteError.noRow)) }
                completion(.success(value))
            })
        try enqueue(job)
    }

    /// Waits for the write; not for lanes, which must never block.
    package func writeAndWait<Result: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Result) throws -> Result {
        let done = DispatchSemaphore(value: 0)
        let answer = Mutex<Swift.Result<Result, any Error>?>(nil)
        try submit(body) { result in
            answer.withLock { $0 = result }
            done.signal()
        }
        done.wait()
        guard let result = answer.withLock({ $0 }) else { throw SQLiteError.noRow }
        return try result.get()
    }

    /// Refuses new work, finishes what waits, copies the log back. Blocks until done.
    package func stop() {
        state.withLock { $0.isStopped = true }
        queue.sync { [self] in
            drain()
            connection.checkpoint(truncates: true)
        }
    }

    private func enqueue(_ job: Job) throws(WriterRefusal) {
        let isFirst = try state.withLock { state throws(WriterRefusal) in
            guard !state.isStopped else { throw .stopped }
            guard state.pending.count < limits.pendingMax else { throw .full }
            state.pending.append(job)
            return state.pending.count == 1
        }
        if isFirst { queue.async { [self] in drain() } }
    }

    private func drain() {
        while true {
            let batch = take()
            guard !batch.isEmpty else { break }
            let rest = connection.commit(batch)
            if !rest.isEmpty { state.withLock { $0.pending.insert(contentsOf: rest, at: 0) } }
        }
        scheduleCheckpoint()
    }

    /// One timer at a time, however often the queue runs empty.
    private func scheduleCheckpoint() {
        guard connection.willCheckpoint() else { return }
        queue.asyncAfter(deadline: .now() + .milliseconds(limits.idleMilliseconds)) { [self] in
            connection.checkpoint(truncates: false)
        }
    }

    private func take() -> [Job] {
        state.withLock { state in
            if state.pending.count <= limits.batchMax {
                let batch = state.pending
                state.pending = []
                return batch
            }
            let batch = Array(state.pending.prefix(limits.batchMax))
            state.pending.removeFirst(limits.batchMax)
            return batch
        }
    }
}

/// The result of a closure between its run and its commit, both on the writer's queue.
/// `@unchecked Sendable` because only that queue touches it.
private final class Outcome<Value: Sendable>: @unchecked Sendable {
    var value: Value?
}
