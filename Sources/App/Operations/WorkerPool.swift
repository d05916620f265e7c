import Dispatch
import Synchronization

/// Threads for what must not hold up a lane: hashing passwords, asking other servers, reading pictures. Each worker is a
/// serial queue, for which Dispatch finds a thread at once. A concurrent queue has as many as the machine has cores and
/// waits a second for each one more, while jobs that wait for an answer keep it from those who bring the answer.
package final class WorkerPool: Sendable {
    package typealias Job = @Sendable () -> Void

    private struct State {
        var idle: [DispatchQueue]
        /// In order of arrival.
        var waiting: [Job] = []
        /// Accepted and not yet ended.
        var count = 0
    }

    private let state: Mutex<State>
    private let waitingMax: Int

    /// - Parameters:
    ///   - threads: jobs that run at the same time.
    ///   - waitingMax: jobs accepted and not yet ended, beyond which new ones are refused.
    package init(threads: Int, waitingMax: Int) {
        state = Mutex(State(idle: (0..<threads).map { DispatchQueue(label: "wenming.worker.\($0)") }))
        self.waitingMax = waitingMax
    }

    /// Runs the job soon; false when too many wait already.
    package func submit(_ job: @escaping Job) -> Bool {
        state.withLock { state in
            guard state.count < waitingMax else { return false }
            state.count += 1
            if let worker = state.idle.popLast() {
                worker.async { [self] in run(job, on: worker) }
            } else {
                state.waiting.append(job)
            }
            return true
        }
    }

    /// Runs the job and those that have come meanwhile.
    private func run(_ first: @escaping Job, on worker: DispatchQueue) {
        var job: Job? = first
        while let present = job {
            present()
            job = state.withLock { state in
                state.count -= 1
                if !state.waiting.isEmpty { return state.waiting.removeFirst() }
                state.idle.append(worker)
                return nil
            }
        }
    }
}
