import Dispatch
import Synchronization

/// Threads for what must not hold up a lane: hashing passwords, asking other servers, reading pictures.
package final class WorkerPool: Sendable {
    private let queue = DispatchQueue(label: "wenming.workers", attributes: .concurrent)
    private let slots: DispatchSemaphore
    private let dispatcher = DispatchQueue(label: "wenming.workers.dispatcher")
    private let waiting = Mutex(0)
    private let waitingMax: Int

    /// - Parameters:
    ///   - threads: jobs that run at the same time.
    ///   - waitingMax: jobs accepted and not yet ended, beyond which new ones are refused.
    package init(threads: Int, waitingMax: Int) {
        slots = DispatchSemaphore(value: threads)
        self.waitingMax = waitingMax
    }

    /// Runs the job soon; false when too many wait already.
    package func submit(_ job: @escaping @Sendable () -> Void) -> Bool {
        let isAccepted = waiting.withLock { count in
            guard count < waitingMax else { return false }
            count += 1
            return true
        }
        guard isAccepted else { return false }
        dispatcher.async { [self] in
            slots.wait()
            queue.async { [self] in
                job()
                slots.signal()
                waiting.withLock { $0 -= 1 }
            }
        }
        return true
    }
}
