import Synchronization

/// A write closure with its caller's type erased.
struct WriterJob: Sendable {
    /// Runs the closure and returns how to hand over its result once that is safe.
    let perform: @Sendable (Transaction) throws -> @Sendable () -> Void
    let fail: @Sendable (any Error) -> Void
}

/// The closures that wait for the writer: bounded, in order of arrival.
final class WriterMailbox: Sendable {
    private struct State {
        var jobs: [WriterJob] = []
        /// Somebody has woken the writer, and it has not yet found the mailbox empty.
        var isAwake = false
        var isStopped = false
    }

    private let state = Mutex(State())
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { state.withLock { $0.jobs.count } }

    /// True when the caller has to wake the writer.
    func append(_ job: WriterJob) throws(WriterRefusal) -> Bool {
        let outcome: Result<Bool, WriterRefusal> = state.withLock { state in
            if state.isStopped { return .failure(.stopped) }
            if state.jobs.count >= capacity { return .failure(.full) }
            state.jobs.append(job)
            defer { state.isAwake = true }
            return .success(!state.isAwake)
        }
        return try outcome.get()
    }

    /// The next closures, at most `limit`; none puts the writer to sleep.
    func take(_ limit: Int) -> [WriterJob] {
        state.withLock { state in
            if state.jobs.count <= limit {
                state.isAwake = !state.jobs.isEmpty
                let jobs = state.jobs
                state.jobs = []
                return jobs
            }
            let jobs = Array(state.jobs.prefix(limit))
            state.jobs.removeFirst(limit)
            return jobs
        }
    }

    /// Puts back, before all others, closures that were taken and did not run. They had their place, so the bound does
    /// not apply.
    func putBack(_ jobs: ArraySlice<WriterJob>) {
        state.withLock { $0.jobs.insert(contentsOf: jobs, at: 0) }
    }

    func stop() { state.withLock { $0.isStopped = true } }
}
