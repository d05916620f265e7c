import CLinux
import Glibc
import Synchronization

/// An answer's body that is sent behind its head, as the socket has room for it.
enum BodySender {
    case bytes(MemorySender)
    case file(FileSender)
    case stream(StreamSender)

    /// How a turn of sending ended.
    enum Outcome {
        case done
        /// The socket is full: an event comes when it is not.
        case full
        /// There is more to send, and room; others have their turn first.
        case yielded
        /// The stream has nothing now and will wake the lane.
        case waits
        case failed
    }

    func cancel() {
        if case .stream(let sender) = self { sender.stream.cancel() }
    }
}

/// A body too long to be copied behind its head.
final class MemorySender {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// - Parameter sent: how many bytes the socket took.
    func send(on descriptor: Int32, atMost budget: Int, sent: inout Int) -> BodySender.Outcome {
        let end = min(bytes.count, offset + budget)
        let count = bytes.withUnsafeBytes { transmit(UnsafeRawBufferPointer(rebasing: $0[offset..<end]), descriptor) }
        guard let count else { return .failed }
        sent = count
        offset += count
        if offset == bytes.count { return .done }
        return offset == end ? .yielded : .full
    }
}

/// Part of a file, sent by the kernel.
final class FileSender {
    private let file: Int32
    private var offset: off_t
    private let end: off_t

    /// Nil when the file cannot be opened.
    init?(_ slice: FileSlice) {
        file = open(slice.path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        (offset, end) = (off_t(slice.range.lowerBound), off_t(slice.range.upperBound))
    }

    deinit { if file >= 0 { close(file) } }

    /// - Parameter sent: how many bytes the socket took.
    func send(on descriptor: Int32, atMost budget: Int, sent: inout Int) -> BodySender.Outcome {
        while offset < end {
            guard sent < budget else { return .yielded }
            let count = sendfile(descriptor, file, &offset, min(Int(end - offset), budget - sent))
            if count > 0 {
                sent += count
            } else {
                // A file that has shrunk cannot keep the promised length: only the end of the connection says so.
                if count == 0 || (errno != EAGAIN && errno != EINTR) { return .failed }
                if errno == EAGAIN { return .full }
            }
        }
        return .done
    }
}

/// A body that is made while it is sent.
final class StreamSender {
    let stream: any BodyStream
    let framing: ResponseSerializer.Framing
    let alarm: Alarm

    init(_ stream: any BodyStream, framing: ResponseSerializer.Framing, inbox: Inbox, connection: ConnectionToken) {
        self.stream = stream
        self.framing = framing
        alarm = Alarm(inbox: inbox, connection: connection)
    }

    func start() {
        let alarm = alarm
        stream.start { alarm.ring() }
    }

    /// Pulls up to about `limit` bytes into `batch`.
    func pull(_ limit: Int, into batch: inout [UInt8]) -> BodySender.Outcome {
        while batch.count < limit {
            switch stream.next() {
            case .bytes(let bytes):
                // An empty chunk would be the last.
                guard !bytes.isEmpty else { continue }
                if framing == .chunked { ResponseSerializer.appendChunk(bytes, to: &batch) } else { batch += bytes }
            case .wait: return .waits
            case .end:
                if framing == .chunked { batch += ResponseSerializer.lastChunk }
                return .done
            case .failed: return .failed
            }
        }
        return .yielded
    }
}

/// Wakes a lane for a stream: once, however often it rings before the lane has looked.
final class Alarm: Sendable {
    private let inbox: Inbox
    private let connection: ConnectionToken
    private let isRinging = Atomic<Bool>(false)

    init(inbox: Inbox, connection: ConnectionToken) {
        self.inbox = inbox
        self.connection = connection
    }

    func ring() {
        guard !isRinging.exchange(true, ordering: .acquiringAndReleasing) else { return }
        if inbox.put(.init(connection: connection, content: .wake(self))) { inbox.wake() }
    }

    func isHeard() { isRinging.store(false, ordering: .sequentiallyConsistent) }
}

/// - Returns: how many bytes the socket took; nil when the connection is dead.
func transmit(_ bytes: UnsafeRawBufferPointer, _ descriptor: Int32) -> Int? {
    var offset = 0
    while offset < bytes.count {
        let count = Glibc.send(
            descriptor, bytes.baseAddress?.advanced(by: offset), bytes.count - offset, Int32(MSG_NOSIGNAL))
        if count > 0 {
            offset += count
        } else if errno != EINTR {
            return errno == EAGAIN ? offset : nil
        }
    }
    return offset
}
