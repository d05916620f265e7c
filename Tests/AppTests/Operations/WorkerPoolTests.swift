import App
import Dispatch
import Synchronization
import Testing

@Suite("Workers") struct WorkerPoolTests {
    /// More than the machine has cores, and each waits for all the others.
    @Test func `as many jobs run side by side as there are workers, however long each of them waits`() {
        let count = 24
        let pool = WorkerPool(threads: count, waitingMax: count)
        let arrived = DispatchSemaphore(value: 0)
        let everybodyIsHere = DispatchSemaphore(value: 0)
        for _ in 0..<count {
            let isAccepted = pool.submit {
                arrived.signal()
                everybodyIsHere.wait()
            }
            #expect(isAccepted)
        }
        for number in 1...count { #expect(arrived.wait(timeout: .now() + 5) == .success, "\(number)") }
        for _ in 0..<count { everybodyIsHere.signal() }
    }

    @Test func `jobs beyond the workers wait in order, and those beyond the limit are refused`() {
        let pool = WorkerPool(threads: 1, waitingMax: 3)
        let gate = DispatchSemaphore(value: 0)
        let done = DispatchSemaphore(value: 0)
        let order = Mutex<[Int]>([])
        for number in 0..<5 {
            let isAccepted = pool.submit {
                gate.wait()
                order.withLock { $0.append(number) }
                done.signal()
            }
            #expect(isAccepted == (number < 3))
        }
        for _ in 0..<3 { gate.signal() }
        for _ in 0..<3 { #expect(done.wait(timeout: .now() + 5) == .success) }
        #expect(order.withLock { $0 } == [0, 1, 2])
    }
}
