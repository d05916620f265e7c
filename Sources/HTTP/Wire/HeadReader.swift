/// Reads one whole head, from the method to the empty line.
struct HeadReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let limits: Limits
    private var fields: [RequestHead.Field] = []
    private var hosts = 0
    private var length: Int?
    private var isChunked = false
    private var expectsContinue = false
    private var closes = false
    private var keeps = false

    init(bytes: UnsafeBufferPointer<UInt8>, limits: Limits) {
        self.bytes = bytes
        self.limits = limits
        fields.reserveCapacity(16)
    }

    mutating func read() throws(WireFault) -> ParsedHead {
        var cursor = 0
        let method = try readMethod(&cursor)
        let target = try readTarget(&cursor)
        let version = try readVersion(&cursor)
        while bytes[cursor] != Bytes.cr {
            guard fields.count < limits.headerCount else { throw .tooManyFields }
            try readField(&cursor, version)
        }
        guard bytes[cursor + 1] == Bytes.lf, cursor + 2 == bytes.count else { throw .badField }
        guard hosts == 1 || (hosts == 0 && version == .http10) else { throw .badHost }
        if isChunked && length != nil { throw .lengthAndCoding }
        if isChunked && version == .http10 { throw .badCoding }
        let framing: BodyFraming = isChunked ? .chunked : length.map { $0 == 0 ? .none : .length($0) } ?? .none
        return ParsedHead(
            head: try makeHead(method, target, version), framing: framing,
            expectsContinue: expectsContinue && version == .http11 && framing != .none,
            keepsAlive: version == .http11 ? !closes : keeps && !closes)
    }

    private func readMethod(_ cursor: inout Int) throws(WireFault) -> Method {
        let start = cursor
        while cursor < bytes.count, Bytes.isToken(bytes[cursor]) { cursor += 1 }
        guard cursor > start, cursor < bytes.count, bytes[cursor] == Bytes.space else { throw .badRequestLine }
        let token = bytes[start..<cursor]
        cursor += 1
        switch token.count {
        case 3:
            if token.elementsEqual("GET".utf8) { return .get } else if token.elementsEqual("PUT".utf8) { return .put }
        case 4:
            if token.elementsEqual("POST".utf8) {
                return .post
            } else if token.elementsEqual("HEAD".utf8) {
                return .head
            }
        default: break
        }
        guard let method = Method(rawValue: String(decoding: token, as: UTF8.self)) else { throw .unknownMethod }
        guard method != .connect, method != .trace else { throw .unknownMethod }
        return method
    }

    /// The target's bytes, all of them visible ASCII, escapes well-formed.
    private func readTarget(_ cursor: inout Int) throws(WireFault) -> Range<Int> {
        let start = cursor
        while cursor < bytes.count, bytes[cursor] != Bytes.space {
            let byte = bytes[cursor]
            guard byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "#") else { throw .badTarget }
            if byte == UInt8(ascii: "%") {
                guard cursor + 2 < bytes.count, let high = Bytes.hexadecimal(bytes[cursor + 1]),
                    let low = Bytes.hexadecimal(bytes[cursor + 2]), high | low != 0
                else { throw .badTarget }
            }
            cursor += 1
        }
        guard cursor > start, cursor < bytes.count else { throw .badRequestLine }
        guard cursor - start <= limits.targetBytes else { throw .targetTooLong }
        let target = start..<cursor
        cursor += 1
        return target
    }

    private func readVersion(_ cursor: inout Int) throws(WireFault) -> RequestHead.Version {
        guard cursor + 10 <= bytes.count, bytes[cursor..<cursor + 5].elementsEqual("HTTP/".utf8) else {
            throw .badRequestLine
        }
        let (major, dot, minor) = (bytes[cursor + 5], bytes[cursor + 6], bytes[cursor + 7])
        guard Bytes.isDigit(major), dot == UInt8(ascii: "."), Bytes.isDigit(minor), bytes[cursor + 8] == Bytes.cr,
            bytes[cursor + 9] == Bytes.lf
        else { throw .badRequestLine }
        cursor += 10
        guard major == UInt8(ascii: "1") else { throw .badVersion }
        return minor == UInt8(ascii: "0") ? .http10 : .http11
    }

    private mutating func readField(_ cursor: inout Int, _ version: RequestHead.Version) throws(WireFault) {
        let start = cursor
        if bytes[start] == Bytes.space || bytes[start] == Bytes.tab { throw .foldedField }
        while cursor < bytes.count, Bytes.isToken(bytes[cursor]) { cursor += 1 }
        guard cursor > start, cursor < bytes.count, bytes[cursor] == Bytes.colon else { throw .badField }
        let name = start..<cursor
        cursor += 1
        var from = cursor
        cursor = Bytes.endOfFieldText(bytes, from: cursor)
        guard cursor + 1 < bytes.count, bytes[cursor] == Bytes.cr, bytes[cursor + 1] == Bytes.lf else {
            throw .badField
        }
        var to = cursor
        cursor += 2
        while from < to, bytes[from] == Bytes.space || bytes[from] == Bytes.tab { from += 1 }
        while from < to, bytes[to - 1] == Bytes.space || bytes[to - 1] == Bytes.tab { to -= 1 }
        fields.append(RequestHead.Field(name: name, value: from..<to))
        try note(name, from..<to)
    }

    /// Reads the few fields that decide how the connection goes on; told apart by length first.
    private mutating func note(_ name: Range<Int>, _ value: Range<Int>) throws(WireFault) {
        let name = bytes[name]
        let value = bytes[value]
        switch name.count {
        case 4:
            guard Bytes.equalsFolded(name, "host") else { return }
            hosts += 1
            guard hosts == 1, Authority.isValid(value) else { throw .badHost }
        case 6:
            guard Bytes.equalsFolded(name, "expect") else { return }
            guard Bytes.equalsFolded(value, "100-continue") else { throw .badExpectation }
            expectsContinue = true
        case 10:
            guard Bytes.equalsFolded(name, "connection") else { return }
            Bytes.forEachElement(of: value) { option in
                if Bytes.equalsFolded(option, "close") { closes = true }
                if Bytes.equalsFolded(option, "keep-alive") { keeps = true }
            }
        case 14:
            guard Bytes.equalsFolded(name, "content-length") else { return }
            guard length == nil, let number = decimal(value) else { throw .badLength }
            length = number
        case 17:
            guard Bytes.equalsFolded(name, "transfer-encoding") else { return }
            try noteCoding(value)
        default: return
        }
    }

    private mutating func noteCoding(_ value: Slice<UnsafeBufferPointer<UInt8>>) throws(WireFault) {
        guard !isChunked else { throw .badCoding }
        var (all, empty, chunked) = (0, 0, 0)
        var endsChunked = false
        Bytes.forEachElement(of: value) { coding in
            endsChunked = Bytes.equalsFolded(coding, "chunked")
            all += 1
            empty += coding.isEmpty ? 1 : 0
            chunked += endsChunked ? 1 : 0
        }
        guard empty == 0, chunked == 0 || (chunked == 1 && endsChunked) else { throw .badCoding }
        guard all == chunked else { throw .unknownCoding }
        isChunked = true
    }

    private func decimal(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        guard !digits.isEmpty, digits.count <= 18 else { return nil }
        var number = 0
        for digit in digits {
            guard Bytes.isDigit(digit) else { return nil }
            number = number * 10 + Int(digit - 0x30)
        }
        return number
    }

    /// Splits the target into path and query (RFC 9112 §3.2).
    private func makeHead(
        _ method: Method, _ target: Range<Int>, _ version: RequestHead.Version
    ) throws(WireFault) -> RequestHead {
        var copy = Array(bytes)
        var from = target.lowerBound
        if bytes[from] == UInt8(ascii: "*") {
            guard target.count == 1, method == .options else { throw .badTarget }
            return RequestHead(bytes: copy, method: method, path: target, query: nil, version: version, fields: fields)
        }
        if bytes[from] != UInt8(ascii: "/") { from = try skipAuthority(target) }
        let question = bytes[from..<target.upperBound].firstIndex(of: UInt8(ascii: "?"))
        var path = from..<(question ?? target.upperBound)
        if path.isEmpty {
            copy.append(UInt8(ascii: "/"))
            path = copy.count - 1..<copy.count
        }
        let query = question.map { $0 + 1..<target.upperBound }
        return RequestHead(bytes: copy, method: method, path: path, query: query, version: version, fields: fields)
    }

    /// The index behind `http://authority` of an absolute-form target. The authority would replace `Host` (RFC 9112
    /// §3.2.2), but nothing here depends on the name it was called by.
    private func skipAuthority(_ target: Range<Int>) throws(WireFault) -> Int {
        let whole = bytes[target]
        let scheme: Int
        if Bytes.equalsFolded(whole.prefix(7), "http://") {
            scheme = 7
        } else if Bytes.equalsFolded(whole.prefix(8), "https://") {
            scheme = 8
        } else {
            throw .badTarget
        }
        let authority = whole.dropFirst(scheme).prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        guard Authority.isValid(authority) else { throw .badTarget }
        return authority.endIndex
    }
}
