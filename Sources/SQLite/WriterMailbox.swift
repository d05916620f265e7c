import Synchronization

/// Something to be written, with what follows from its success or failure. An object, so that a write costs one allocation
/// on its way from queue to queue, not one for each closure.
package protocol Write: AnyObject, Sendable {
    /// Runs in the writer's transaction, and may run twice: it does nothing but compute and run SQL, and remembers what
    /// `committed` needs.
    func perform(in db: Transaction) throws
    /// Called once, on the writer's queue, when what `perform` did is on disk. Must be short.
    func committed()
    /// Called once instead, with what `perform` threw or what lost its batch. Must be short.
    func failed(_ error: any Error)
}

/// A write made of closures, for callers who do not count allocations.
final class ClosureWrite<Success: Sendable>: Write {
    private let body: @Sendable (Transaction) throws -> Success
    private let completion: @Sendable (Result<Success, any Error>) -> Void
    private let success = Mutex<Success?>(nil)

    init(
        _ body: @escaping @Sendable (Transaction) throws -> Success,
        completion: @escaping @Sendable (Result<Success, any Error>) -> Void
    ) {
        self.body = body
        self.completion = completion
    }

    func perform(in db: Transaction) throws {
        let value = try body(db)
        success.withLock { $0 = value }
    }

    func committed() {
        if let value = success.withLock({ $0 }) { completion(.success(value)) }
    }

    func failed(_ error: any Error) { completion(.failure(error)) }
}

/// The writes that wait for the writer: bounded, in order of arrival.
final class WriterMailbox: Sendable {
    private struct State {
        var writes: [any Write] = []
        /// Somebody has woken the writer, and it has not yet found the mailbox empty.
        var isAwake = false
        var isStopped = false
    }

    private let state = Mutex(State())
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { state.withLock { $0.writes.count } }

    /// True when the caller has to wake the writer.
    func append(_ write: any Write) throws(WriterRefusal) -> Bool {
        let outcome: Result<Bool, WriterRefusal> = state.withLock { state in
            if state.isStopped { return .failure(.stopped) }
            if state.writes.count >= capacity { return .failure(.full) }
            state.writes.append(write)
            defer { state.isAwake = true }
            return .success(!state.isAwake)
        }
        return try outcome.get()
    }

    /// The next writes, at most `limit`; none puts the writer to sleep.
    func take(_ limit: Int) -> [any Write] {
        state.withLock { state in
            if state.writes.count <= limit {
                state.isAwake = !state.writes.isEmpty
                let writes = state.writes
                state.writes = []
                return writes
            }
            let writes = Array(state.writes.prefix(limit))
            state.writes.removeFirst(limit)
            return writes
        }
    }

    /// Puts back, before all others, writes that were taken and did not run. They had their place, so the bound does
    /// not apply.
    func putBack(_ writes: ArraySlice<any Write>) {
        state.withLock { $0.writes.insert(contentsOf: writes, at: 0) }
    }

    func stop() { state.withLock { $0.isStopped = true } }
}
