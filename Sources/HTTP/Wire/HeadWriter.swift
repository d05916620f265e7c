/// Writes an answer's head into memory that was measured for it. What would not fit is left out, never written behind it.
struct HeadWriter {
    private let memory: UnsafeMutableBufferPointer<UInt8>
    private var count = 0

    init(_ memory: UnsafeMutableBufferPointer<UInt8>) { self.memory = memory }

    var written: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: memory[..<count]) }

    @inline(__always)
    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let source = bytes.baseAddress, let target = memory.baseAddress, bytes.count <= memory.count - count
        else {
            return
        }
        (target + count).update(from: source, count: bytes.count)
        count += bytes.count
    }

    @inline(__always)
    mutating func append(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBufferPointer { append($0) } }

    /// A value can hold what a caller sent: bytes that would end the line become blanks.
    mutating func append(_ name: HeaderName, _ value: String) {
        append(name.text)
        append(": ")
        let start = count
        var value = value
        value.withUTF8 { append($0) }
        var index = Bytes.endOfFieldText(written, from: start)
        while index < count {
            memory[index] = Bytes.space
            index = Bytes.endOfFieldText(written, from: index + 1)
        }
        append("\r\n")
    }

    mutating func append(_ framing: ResponseSerializer.Framing) {
        switch framing {
        case .length(let length):
            append("content-length: ")
            append(number: length)
            append("\r\n")
        case .chunked: append("transfer-encoding: chunked\r\n")
        case .close: break
        }
    }

    /// A number in decimal digits; none is negative here, and one that were is written as 0.
    mutating func append(number: Int) {
        var divisor = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0, count < memory.count {
            memory[count] = 0x30 + UInt8(max(0, number) / divisor % 10)
            count += 1
            divisor /= 10
        }
    }
}
