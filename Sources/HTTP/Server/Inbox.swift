import CLinux
import Glibc
import Synchronization

/// Names a connection for as long as it lives: descriptors are used again, generations are not.
struct ConnectionToken: Sendable, Equatable {
    let descriptor: Int32
    let generation: UInt32

    /// As an epoll event carries it.
    var bits: UInt64 { UInt64(generation) << 32 | UInt64(UInt32(bitPattern: descriptor)) }

    init(descriptor: Int32, generation: UInt32) {
        self.descriptor = descriptor
        self.generation = generation
    }

    init(bits: UInt64) {
        descriptor = Int32(bitPattern: UInt32(truncatingIfNeeded: bits))
        generation = UInt32(truncatingIfNeeded: bits >> 32)
    }
}

/// What other queues leave for a lane. An eventfd in the lane's epoll wakes it, written only when the inbox was empty:
/// `queue.async` would wait behind the lane's linger.
final class Inbox: Sendable {
    struct Message: Sendable {
        enum Content: Sendable {
            /// The answer to the request of this number.
            case answer(Response, request: UInt32)
            case lateAnswer(any LateAnswer, request: UInt32)
            /// A stream that had nothing has more.
            case wake(Alarm)
        }

        var connection: ConnectionToken
        var content: Content
    }

    let descriptor: Int32
    private let messages = Mutex<[Message]>([])

    /// - Throws: when the process has no descriptor left.
    init() throws(ServerError) {
        descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        guard descriptor >= 0 else { throw .system("eventfd", errno) }
    }

    deinit { close(descriptor) }

    /// - Returns: whether the lane must be woken: it was empty.
    func put(_ message: Message) -> Bool {
        messages.withLock { messages in
            messages.append(message)
            return messages.count == 1
        }
    }

    func wake() {
        var one: UInt64 = 1
        // Fails only when the counter is full, and then the lane is awake already.
        _ = write(descriptor, &one, 8)
    }

    func takeAll() -> [Message] {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
        return messages.withLock { messages in
            let all = messages
            messages = []
            return all
        }
    }
}
