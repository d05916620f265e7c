/// Writes the head of an answer, and its body where that is in memory, in one run into an output buffer.
package struct ResponseSerializer: Sendable {
    /// How the client learns where the body ends.
    package enum Framing: Sendable, Equatable {
        case length(Int)
        case chunked
        /// HTTP/1.0 has no chunks: the connection's end is the body's.
        case close
    }

    /// `name: value\r\n` lines every answer carries, made once.
    private let commonFields: [UInt8]
    private var date: [UInt8] = []
    private var dateSecond: Int64 = -1

    package init(commonFields: [(HeaderName, String)]) {
        self.commonFields = commonFields.flatMap { name, value in
            Array("\(name.text): ".utf8) + value.utf8.map { Bytes.isFieldText($0) ? $0 : Bytes.space } + [
                Bytes.cr, Bytes.lf,
            ]
        }
    }

    /// Sets the time of the `Date` field; UTC seconds.
    package mutating func setTime(_ seconds: Int64) {
        guard seconds != dateSecond else { return }
        dateSecond = seconds
        date = Array("date: \(HTTPDate.text(seconds))\r\n".utf8)
    }

    /// Bytes of a head beside its fields: status line, the longest framing, `connection` and the empty line.
    private static let lineBytes = 160

    /// Appends an answer's head. A body in memory is the caller's to append.
    package func appendHead(
        _ response: Response, framing: Framing, version: RequestHead.Version, keepsAlive: Bool, to output: inout [UInt8]
    ) {
        // Written beside the output and appended at once: growing an array piece by piece costs twice as much.
        let capacity = response.fields.reduce(Self.lineBytes + date.count + commonFields.count) { sum, field in
            sum + field.name.text.utf8CodeUnitCount + field.value.utf8.count + 4
        }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { memory in
            var head = HeadWriter(memory)
            head.append(version == .http11 || framing == .chunked ? "HTTP/1.1 " : "HTTP/1.0 ")
            head.append(number: response.status.code)
            head.append(" ")
            head.append(response.status.reason)
            head.append("\r\n")
            head.append(date)
            for (name, value) in response.fields { head.append(name, value) }
            head.append(commonFields)
            if !response.status.forbidsBody { head.append(framing) }
            if !keepsAlive {
                head.append("connection: close\r\n")
            } else if version == .http10 {
                head.append("connection: keep-alive\r\n")
            }
            head.append("\r\n")
            output.append(contentsOf: head.written)
        }
    }

    /// Appends one chunk of a chunked body; `bytes` is not empty, because an empty chunk would be the last.
    package static func appendChunk(_ bytes: [UInt8], to output: inout [UInt8]) {
        output.append(contentsOf: String(bytes.count, radix: 16).utf8)
        output.append(contentsOf: [Bytes.cr, Bytes.lf])
        output.append(contentsOf: bytes)
        output.append(contentsOf: [Bytes.cr, Bytes.lf])
    }

    package static let lastChunk = Array("0\r\n\r\n".utf8)
    package static let continueHead = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
}
