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
        var block: [UInt8] = []
        for (name, value) in commonFields { Self.append(name, value, to: &block) }
        self.commonFields = block
    }

    /// Sets the time of the `Date` field; UTC seconds.
    package mutating func setTime(_ seconds: Int64) {
        guard seconds != dateSecond else { return }
        dateSecond = seconds
        date = Array("date: \(HTTPDate.text(seconds))\r\n".utf8)
    }

    /// Appends an answer's head. A body in memory is the caller's to append.
    package func appendHead(
        _ response: Response, framing: Framing, version: RequestHead.Version, keepsAlive: Bool, to output: inout [UInt8]
    ) {
        output.append(contentsOf: version == .http11 || framing == .chunked ? "HTTP/1.1 ".utf8 : "HTTP/1.0 ".utf8)
        Self.appendNumber(response.status.code, to: &output)
        output.append(UInt8(ascii: " "))
        Self.append(response.status.reason, to: &output)
        output.append(contentsOf: [Bytes.cr, Bytes.lf])
        output.append(contentsOf: date)
        for (name, value) in response.fields { Self.append(name, value, to: &output) }
        output.append(contentsOf: commonFields)
        appendFraming(response, framing, &output)
        if !keepsAlive {
            output.append(contentsOf: "connection: close\r\n".utf8)
        } else if version == .http10 {
            output.append(contentsOf: "connection: keep-alive\r\n".utf8)
        }
        output.append(contentsOf: [Bytes.cr, Bytes.lf])
    }

    private func appendFraming(_ response: Response, _ framing: Framing, _ output: inout [UInt8]) {
        guard !response.status.forbidsBody else { return }
        switch framing {
        case .length(let length):
            output.append(contentsOf: "content-length: ".utf8)
            Self.appendNumber(length, to: &output)
            output.append(contentsOf: [Bytes.cr, Bytes.lf])
        case .chunked: output.append(contentsOf: "transfer-encoding: chunked\r\n".utf8)
        case .close: break
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

    /// A value can hold what a caller sent: bytes that would end the line become blanks.
    private static func append(_ name: HeaderName, _ value: String, to output: inout [UInt8]) {
        append(name.text, to: &output)
        output.append(contentsOf: ": ".utf8)
        var value = value
        value.withUTF8 { utf8 in
            if utf8.allSatisfy(Bytes.isFieldText) {
                output.append(contentsOf: utf8)
            } else {
                output.append(contentsOf: utf8.map { Bytes.isFieldText($0) ? $0 : Bytes.space })
            }
        }
        output.append(contentsOf: [Bytes.cr, Bytes.lf])
    }

    private static func append(_ text: StaticString, to output: inout [UInt8]) {
        output.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private static func appendNumber(_ number: Int, to output: inout [UInt8]) {
        if number < 10 { return output.append(UInt8(0x30 + number)) }
        appendNumber(number / 10, to: &output)
        output.append(UInt8(0x30 + number % 10))
    }
}
