/// Takes a multipart/form-data body apart as it arrives (RFC 7578, RFC 2046 §5.1). Keeps no more of it than a boundary's
/// length and one part's header.
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
        case fault(WireFault)
    }

    private enum State: Sendable { case preamble, afterBoundary, head, content, data, done }

    private let limits: Limits
    private let delimiter: [UInt8]
    private var state = State.preamble
    private var buffer: [UInt8]
    private var parts = 0

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
        buffer.append(contentsOf: bytes)
        while try advance(handle) {}
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
            guard buffer.count <= limits.partHeadBytes else { throw .badForm }
            return false
        }
        guard end <= limits.partHeadBytes else { throw .badForm }
        let head = try Self.partHead(buffer[..<end])
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
        guard buffer.count >= pattern.count, let first = pattern.first else { return nil }
        return buffer.withUnsafeBufferPointer { bytes in
            pattern.withUnsafeBufferPointer { pattern in
                var index = 0
                while index <= bytes.count - pattern.count {
                    if bytes[index] == first, bytes[index..<index + pattern.count].elementsEqual(pattern) {
                        return index
                    }
                    index += 1
                }
                return nil
            }
        }
    }

    private mutating func keepTail() {
        let spare = buffer.count - delimiter.count + 1
        if spare > 0 { buffer.removeFirst(spare) }
    }

    private static func boundary(of contentType: String) -> [UInt8]? {
        let parts = Array(contentType.utf8)[...].split(separator: UInt8(ascii: ";")).map { Bytes.trim($0) }
        guard let type = parts.first, Bytes.equalsFolded(type, "multipart/form-data") else { return nil }
        for part in parts.dropFirst() where Bytes.equalsFolded(part.prefix(9), "boundary=") {
            let value = unquoted(part.dropFirst(9))
            return (1...70).contains(value.count) && value.allSatisfy({ $0 > 0x1F && $0 < 0x7F }) ? value : nil
        }
        return nil
    }

    private static func unquoted(_ value: ArraySlice<UInt8>) -> [UInt8] {
        let quote = UInt8(ascii: "\"")
        guard value.count >= 2, value.first == quote, value.last == quote else { return Array(value) }
        return Array(value.dropFirst().dropLast())
    }

    private static func partHead(_ bytes: ArraySlice<UInt8>) throws(WireFault) -> PartHead {
        var name: String?
        var filename: String?
        var type: String?
        for line in bytes.split(separator: Bytes.lf).map({ Bytes.trim($0.last == Bytes.cr ? $0.dropLast() : $0) }) {
            guard let colon = line.firstIndex(of: Bytes.colon) else {
                guard line.isEmpty else { throw .badForm }
                continue
            }
            let value = Bytes.trim(line[(colon + 1)...])
            if Bytes.equalsFolded(line[..<colon], "content-type") { type = String(decoding: value, as: UTF8.self) }
            guard Bytes.equalsFolded(line[..<colon], "content-disposition") else { continue }
            guard Bytes.equalsFolded(value.prefix(9), "form-data") else { throw .badForm }
            name = parameter("name=", of: value)
            filename = parameter("filename=", of: value)
        }
        guard let name, !name.isEmpty, type.map({ !$0.lowercased().hasPrefix("multipart/") }) ?? true else {
            throw .badForm
        }
        return PartHead(name: name, filename: filename, contentType: type)
    }

    /// A parameter's value, quoted or not. Browsers and WeChat write `%22` for a quote within one.
    private static func parameter(_ name: StaticString, of value: ArraySlice<UInt8>) -> String? {
        var isQuoted = false
        var start = value.startIndex
        for index in value.startIndex...value.endIndex {
            let isEnd = index == value.endIndex
            if !isEnd, value[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard isEnd || (value[index] == UInt8(ascii: ";") && !isQuoted) else { continue }
            let part = Bytes.trim(value[start..<index])
            if Bytes.equalsFolded(part.prefix(name.utf8CodeUnitCount), name) {
                return String(decoding: unquoted(part.dropFirst(name.utf8CodeUnitCount)), as: UTF8.self)
            }
            start = isEnd ? index : index + 1
        }
        return nil
    }
}
