import Glibc

/// How the length of a request's body is known (RFC 9112 §6.3).
package enum BodyFraming: Sendable, Equatable {
    case none
    case length(Int)
    case chunked
}

/// A head with what its fields say about the rest of the exchange.
package struct ParsedHead: Sendable {
    package var head: RequestHead
    package var framing: BodyFraming
    package var expectsContinue: Bool
    /// Whether the client wants to go on afterwards (RFC 9112 §9.3).
    package var keepsAlive: Bool
}

/// Finds the end of a head and reads it. Fed the same growing bytes again and again, it looks at each only once until
/// the head is whole, and says the same however they are cut into pieces. After a fault it says nothing else.
package struct HeadParser: Sendable {
    package enum Event: Sendable {
        case needMore
        /// The head and how many bytes it took, empty lines before it included.
        case head(ParsedHead, consumed: Int)
        case fault(WireFault)
    }

    /// Empty lines a client may send before its request line (RFC 9112 §2.2).
    private static let emptyLinesMax = 4
    /// Bytes of a request line beside its target: the longest method, two blanks, the version, the line's end, and some
    /// to spare, so that an unknown method is told as such.
    private static let requestLineSpareBytes = 64

    private var scanned = 0
    private var lineStart = 0
    private var start = 0
    private var fault: WireFault?

    package init() {}

    /// Whether some of a head was seen and not all of it.
    package var isPartial: Bool { scanned > start }

    /// - Parameter bytes: everything received since the last message's end.
    package mutating func parse(_ bytes: UnsafeBufferPointer<UInt8>, limits: Limits) -> Event {
        if let fault { return .fault(fault) }
        while true {
            let isRequestLine = lineStart == start
            let lengthMax =
                isRequestLine
                ? min(limits.headBytes, limits.targetBytes + Self.requestLineSpareBytes) : limits.headBytes
            let end = min(bytes.count, start + lengthMax)
            guard let lineFeed = lineFeed(bytes, before: end) else {
                scanned = max(scanned, end)
                guard bytes.count > end else { return .needMore }
                return die(isRequestLine ? .targetTooLong : .headTooLong)
            }
            scanned = lineFeed + 1
            guard lineFeed > lineStart, bytes[lineFeed - 1] == Bytes.cr else { return die(.bareLineFeed) }
            let isEmpty = lineFeed - 1 == lineStart
            lineStart = scanned
            if isEmpty && !isRequestLine {
                return finish(UnsafeBufferPointer(rebasing: bytes[start..<scanned]), limits)
            }
            guard isEmpty else { continue }
            start = scanned
            guard start <= 2 * Self.emptyLinesMax else { return die(.badRequestLine) }
        }
    }

    /// The first line feed not yet seen.
    private func lineFeed(_ bytes: UnsafeBufferPointer<UInt8>, before end: Int) -> Int? {
        guard scanned < end, let base = bytes.baseAddress,
            let found = memchr(base + scanned, Int32(Bytes.lf), end - scanned)
        else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    private mutating func die(_ fault: WireFault) -> Event {
        self.fault = fault
        return .fault(fault)
    }

    private mutating func finish(_ bytes: UnsafeBufferPointer<UInt8>, _ limits: Limits) -> Event {
        let consumed = scanned
        var reader = HeadReader(bytes: bytes, limits: limits)
        do throws(WireFault) {
            let parsed = try reader.read()
            (scanned, lineStart, start) = (0, 0, 0)
            return .head(parsed, consumed: consumed)
        } catch {
            return die(error)
        }
    }
}
