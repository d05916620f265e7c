import HTTP
import Synchronization

/// Pieces of one size, as fast as the socket takes them, counting what was pulled.
final class CountedStream: BodyStream {
    private let pieces: Int
    private let piece: [UInt8]
    private let pulls = Atomic<Int>(0)
    private let cancellations = Atomic<Int>(0)

    init(pieces: Int, bytes: Int) {
        self.pieces = pieces
        piece = [UInt8](repeating: 0x73, count: bytes)
    }

    var pulled: Int { pulls.load(ordering: .relaxed) }
    var isCancelled: Bool { cancellations.load(ordering: .relaxed) > 0 }

    func start(wake: @escaping @Sendable () -> Void) {}

    func next() -> BodyChunk {
        guard pulled < pieces else { return .end }
        pulls.add(1, ordering: .relaxed)
        return .bytes(piece)
    }

    func cancel() { cancellations.add(1, ordering: .relaxed) }
}

/// A stream that has what a test feeds it, as server-sent events have.
final class FedStream: BodyStream {
    private struct State {
        var chunks: [BodyChunk] = []
        var wake: (@Sendable () -> Void)?
        var isCancelled = false
    }

    private let state = Mutex(State())

    var isStarted: Bool { state.withLock { $0.wake != nil } }
    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    func feed(_ text: String) { add(.bytes(Array(text.utf8))) }
    func finish() { add(.end) }
    func fail() { add(.failed) }

    private func add(_ chunk: BodyChunk) {
        let wake = state.withLock { state in
            state.chunks.append(chunk)
            return state.wake
        }
        wake?()
    }

    func start(wake: @escaping @Sendable () -> Void) { state.withLock { $0.wake = wake } }

    func next() -> BodyChunk { state.withLock { $0.chunks.isEmpty ? .wait : $0.chunks.removeFirst() } }

    func cancel() { state.withLock { $0.isCancelled = true } }
}
