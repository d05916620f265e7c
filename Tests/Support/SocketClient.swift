import Glibc

/// A client that sends exactly the bytes it is told to and reads answers as they come: for what no well-behaved client
/// does. Blocking; every wait is bounded, and reaching the bound is a failure.
package final class SocketClient {
    package enum Failure: Error, Equatable {
        case refused(Int32)
        /// Nothing came within the bound.
        case silence
        case reset
        /// The server closed in the middle of an answer, or before one.
        case closed
        case malformed(String)
    }

    package struct Answer: Equatable {
        package var status = 0
        /// Names in lower case.
        package var fields: [String: String] = [:]
        package var body: [UInt8] = []

        package var text: String { String(decoding: body, as: UTF8.self) }
        package var closes: Bool { fields["connection"] == "close" }
    }

    /// Seconds to wait for bytes before a test has failed.
    private static let patience = 5
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    /// - Parameters:
    ///   - receiveBuffer: bytes the kernel keeps for a client that does not read; nil for its default.
    ///   - sendBuffer: bytes the kernel keeps for a server that does not read; nil for its default.
    ///   - source: the loopback address to come from.
    package init(
        port: UInt16, host: String = "127.0.0.1", source: String? = nil, receiveBuffer: Int32? = nil,
        sendBuffer: Int32? = nil
    ) throws {
        let isIPv6 = host.contains(":")
        descriptor = socket(isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var patience = timeval(tv_sec: Self.patience, tv_usec: 0)
        let length = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, length)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, length)
        for (option, size) in [(SO_RCVBUF, receiveBuffer), (SO_SNDBUF, sendBuffer)] {
            guard var size else { continue }
            setsockopt(descriptor, SOL_SOCKET, option, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        if let source { Self.withAddress(source, 0) { _ = bind(descriptor, $0, $1) } }
        let result = Self.withAddress(host, port) { connect(descriptor, $0, $1) }
        guard result == 0 else {
            // A class that throws once its fields are set is still deinitialized: that closes the descriptor, once.
            throw Failure.refused(errno)
        }
    }

    deinit { close(descriptor) }

    private static func withAddress<T>(
        _ host: String, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> T
    ) -> T {
        var storage = sockaddr_storage()
        let length: Int
        if host.contains(":") {
            var six = sockaddr_in6()
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_port = port.bigEndian
            inet_pton(AF_INET6, host, &six.sin6_addr)
            length = MemoryLayout<sockaddr_in6>.size
            withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: six, as: sockaddr_in6.self) }
        } else {
            var four = sockaddr_in()
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = port.bigEndian
            inet_pton(AF_INET, host, &four.sin_addr)
            length = MemoryLayout<sockaddr_in>.size
            withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: four, as: sockaddr_in.self) }
        }
        return withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(length)) }
        }
    }

    // MARK: - Sending

    package func send(_ text: String) throws(Failure) { try send(Array(text.utf8)) }

    package func send(_ bytes: [UInt8]) throws(Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { throw errno == EAGAIN ? .silence : .reset }
            rest = rest.dropFirst(sent)
        }
    }

    /// Sends as much as the socket takes at once; returns how many bytes that was.
    package func sendWhatFits(_ bytes: ArraySlice<UInt8>) throws(Failure) -> Int {
        let sent = bytes.withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        }
        guard sent < 0 else { return sent }
        guard errno == EAGAIN else { throw .reset }
        return 0
    }

    /// A request without a body.
    package func get(_ path: String, fields: String = "") throws(Failure) {
        try send("GET \(path) HTTP/1.1\r\nhost: a\r\n\(fields)\r\n")
    }

    package func post(_ path: String, _ body: String, fields: String = "") throws(Failure) {
        try send("POST \(path) HTTP/1.1\r\nhost: a\r\ncontent-length: \(body.utf8.count)\r\n\(fields)\r\n\(body)")
    }

    /// Sends a piece again and again until the server says something, waiting in between.
    package func trickle(_ piece: String, everyMilliseconds interval: Int32) throws(Failure) -> Answer {
        for _ in 0..<Self.patience * 1_000 / Int(interval) {
            var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&watched, 1, interval) > 0 { return try answer() }
            try send(piece)
        }
        throw .silence
    }

    /// Says that nothing more will be sent, and goes on reading.
    package func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Goes away as a crashed client does: the server's next bytes meet a reset.
    package func reset() {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        var unspecified = sockaddr()
        unspecified.sa_family = sa_family_t(AF_UNSPEC)
        connect(descriptor, &unspecified, socklen_t(MemoryLayout<sockaddr>.size))
    }

    // MARK: - Reading

    /// Receives more into the buffer; false when the server has closed.
    private func fill() throws(Failure) -> Bool {
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &piece, piece.count, 0)
        guard count >= 0 else { throw errno == EAGAIN ? .silence : .reset }
        buffer.append(contentsOf: piece[..<count])
        return count > 0
    }

    /// Reads and drops; returns how many bytes there were until the server closed, or `limit` at the most.
    package func discard(upTo limit: Int = .max) throws(Failure) -> Int {
        var total = buffer.count
        buffer = []
        while total < limit, try fill() {
            total += buffer.count
            buffer = []
        }
        return total
    }

    package func readToEnd() throws(Failure) -> String {
        while try fill() {}
        defer { buffer = [] }
        return String(decoding: buffer, as: UTF8.self)
    }

    /// Whether the server closes without another byte.
    package func isClosedByServer() -> Bool {
        guard buffer.isEmpty else { return false }
        do throws(Failure) { return try !fill() } catch { return error == .reset }
    }

    package func read(_ count: Int) throws(Failure) -> [UInt8] {
        while buffer.count < count { guard try fill() else { throw .closed } }
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    private func readLine() throws(Failure) -> String {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let line = buffer[..<end]
                buffer.removeFirst(end + 1)
                guard line.last == UInt8(ascii: "\r") else { throw .malformed("a line without carriage return") }
                return String(decoding: line.dropLast(), as: UTF8.self)
            }
            guard try fill() else { throw .closed }
        }
    }

    /// - Parameter isHead: the answer is to HEAD and has no body whatever its fields say.
    package func answer(isHead: Bool = false) throws(Failure) -> Answer {
        let start = try readLine()
        var answer = Answer()
        guard start.hasPrefix("HTTP/1."), let status = Int(start.dropFirst(9).prefix(3)) else {
            throw .malformed(start)
        }
        answer.status = status
        while true {
            let line = try readLine()
            if line.isEmpty { break }
            guard let colon = line.firstIndex(of: ":") else { throw .malformed(line) }
            answer.fields[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        if isHead || status < 200 || status == 204 || status == 304 { return answer }
        if let text = answer.fields["content-length"] {
            guard let length = Int(text) else { throw .malformed(text) }
            answer.body = try read(length)
        } else if answer.fields["transfer-encoding"] == "chunked" {
            while let chunk = try chunk() { answer.body += chunk }
        } else {
            while try fill() {}
            (answer.body, buffer) = (buffer, [])
        }
        return answer
    }

    /// The next chunk of a chunked body; nil for the last.
    package func chunk() throws(Failure) -> [UInt8]? {
        let line = try readLine()
        guard let size = Int(line, radix: 16) else { throw .malformed(line) }
        let bytes = try read(size)
        guard try readLine().isEmpty else { throw .malformed("a chunk that goes on") }
        return size == 0 ? nil : bytes
    }
}
