import Glibc

/// Takes a multipart/form-data body apart as it arrives (RFC 7578, RFC 2046 §5.1). Keeps no more of it than a boundary's
/// length and one part's header. After a fault it says nothing else.
package struct MultipartParser: Sendable {
    package struct PartHead: Sendable, Equatable {
        package var name: String
        package var filename: String?
        package var contentType: String?
    }

    package enum Event: Sendable, Equatable {
        case part(PartHead)
        case data(ArraySlice<UInt8>)
        case partEnd
    }

    private enum State: Sendable { case preamble, afterBoundary, head, content, data, done }

    private let limits: Limits
    private let delimiter: [UInt8]
    private var state = State.preamble
    private var buffer: [UInt8]
    private var parts = 0
    private var fault: WireFault?

    /// - Throws: 415 unless the type is multipart/form-data with a boundary of 1 to 70 characters.
    package init(contentType: String, limits: Limits) throws(WireFault) {
        guard let boundary = Self.boundary(of: contentType) else { throw .notForm }
        self.limits = limits
        delimiter = Array("\r\n--".utf8) + boundary
        // The first delimiter may stand at the very beginning, without the line break the others have.
        buffer = [Bytes.cr, Bytes.lf]
    }

    package var isDone: Bool { state == .done }

    /// Feeds bytes and calls `handle` for what they complete; stops at the first fault.
    package mutating func feed(
        _ bytes: UnsafeBufferPointer<UInt8>, _ handle: (Event) throws(WireFault) -> Void
    ) throws(WireFault) {
        if let fault { throw fault }
        buffer.append(contentsOf: bytes)
        do throws(WireFault) {
            while try advance(handle) {}
        } catch {
            fault = error
            buffer = []
            throw error
        }
    }

    /// One step; false when it needs more bytes.
    private mutating func advance(_ handle: (Event) throws(WireFault) -> Void) throws(WireFault) -> Bool {
        switch state {
        case .done:
            buffer.removeAll()
            return false
        case .preamble:
            guard let found = find(delimiter) else {
                keepTail()
                return false
            }
            buffer.removeFirst(found + delimiter.count)
            state = .afterBoundary
            return true
        case .afterBoundary:
            guard buffer.count >= 2 else { return false }
            if buffer.starts(with: "--".utf8) {
                state = .done
                return true
            }
            guard buffer.starts(with: "\r\n".utf8) else { throw .badForm }
            parts += 1
            guard parts <= limits.parts else { throw .badForm }
            state = .head
            return true
        case .head: return try readHead(handle)
        case .content:
            guard buffer.count >= delimiter.count else {
                guard !delimiter.starts(with: buffer) else { return false }
                return beginData()
            }
            guard buffer.starts(with: delimiter) else { return beginData() }
            try handle(.partEnd)
            buffer.removeFirst(delimiter.count)
            state = .afterBoundary
            return true
        case .data:
            guard let found = find(delimiter) else {
                let whole = buffer.count - delimiter.count + 1
                guard whole > 0 else { return false }
                try handle(.data(buffer[..<whole]))
                buffer.removeFirst(whole)
                return false
            }
            if found > 0 { try handle(.data(buffer[..<found])) }
            try handle(.partEnd)
            buffer.removeFirst(found + delimiter.count)
            state = .afterBoundary
            return true
        }
    }

    /// The header of a part begins with the line break that ended the delimiter's line.
    private mutating func readHead(_ handle: (Event) throws(WireFault) -> Void) throws(WireFault) -> Bool {
        guard let end = find(Array("\r\n\r\n".utf8)) else {
            // All but the last byte of its end may be here.
            guard buffer.count < limits.partHeadBytes + 4 else { throw .badForm }
            return false
        }
        guard end <= limits.partHeadBytes else { throw .badForm }
        let head = try PartHeadReader.read(buffer[..<end].dropFirst(2))
        buffer.removeFirst(end + 4)
        // The line break that ends the header is put back: the delimiter of an empty part shares it.
        buffer.insert(contentsOf: [Bytes.cr, Bytes.lf], at: 0)
        state = .content
        try handle(.part(head))
        return true
    }

    /// The part is not empty: the borrowed line break goes.
    private mutating func beginData() -> Bool {
        buffer.removeFirst(2)
        state = .data
        return true
    }

    private func find(_ pattern: [UInt8]) -> Int? {
        guard let first = pattern.first else { return nil }
        return buffer.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return nil }
            var index = 0
            while index + pattern.count <= bytes.count {
                let starts = bytes.count - pattern.count + 1 - index
                guard let hit = memchr(base + index, Int32(first), starts) else { return nil }
                index = UnsafeRawPointer(hit) - base
                if memcmp(base + index, pattern, pattern.count) == 0 { return index }
                index += 1
            }
            return nil
        }
    }

    private mutating func keepTail() {
        let spare = buffer.count - delimiter.count + 1
        if spare > 0 { buffer.removeFirst(spare) }
    }

    /// The characters of RFC 2046 §5.1.1; a blank at the end would be lost on the way.
    private static func boundary(of contentType: String) -> [UInt8]? {
        guard let type = FieldParameters(Array(contentType.utf8)[...]),
            Bytes.equalsFolded(type.word, "multipart/form-data"), let value = type.value(of: "boundary"),
            (1...70).contains(value.count), value.last != Bytes.space, value.allSatisfy(isBoundaryByte)
        else { return nil }
        return value
    }

    private static func isBoundaryByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "'()+_,-./:=? ".utf8.contains(byte)
        }
    }
}
