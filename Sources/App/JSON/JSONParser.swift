/// Reads one JSON text. Refuses what RFC 8259 leaves open to mischief: duplicate names, lone surrogates, NUL, numbers
/// beyond our types, depth, a byte order mark.
package struct JSONParser {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let limits: JSONLimits
    private var index = 0
    private var values = 0

    package static func parse(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONSyntaxError) -> JSONValue
    {
        let result = bytes.withUnsafeBufferPointer { buffer -> Result<JSONValue, JSONSyntaxError> in
            var parser = JSONParser(bytes: buffer, limits: limits)
            do throws(JSONSyntaxError) {
                let value = try parser.value(depth: 0)
                parser.skipBlanks()
                guard parser.index == buffer.count else { throw parser.fault(.syntax) }
                return .success(value)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private init(bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    private func fault(_ reason: JSONSyntaxError.Reason) -> JSONSyntaxError {
        JSONSyntaxError(reason: reason, offset: index)
    }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    /// - Parameter depth: containers around it.
    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        values += 1
        guard values <= limits.values else { throw fault(.size) }
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        let end = index + text.utf8CodeUnitCount
        guard end <= bytes.count, text.withUTF8Buffer({ bytes[index..<end].elementsEqual($0) }) else {
            throw fault(.syntax)
        }
        index = end
        return value
    }

    private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard depth < limits.depth else { throw fault(.depth) }
        index += 1
        skipBlanks()
        if next == UInt8(ascii: "}") {
            index += 1
            return .object([])
        }
        var members: [JSONValue.Member] = []
        members.reserveCapacity(8)
        var names: Set<String> = []
        repeat {
            skipBlanks()
            guard next == UInt8(ascii: "\"") else { throw fault(.syntax) }
            let name = try string()
            guard isNew(name, members, &names) else { throw fault(.duplicateName).within(name) }
            skipBlanks()
            guard next == UInt8(ascii: ":") else { throw fault(.syntax) }
            index += 1
            do { members.append(.init(name: name, value: try value(depth: depth + 1))) } catch {
                throw error.within(name)
            }
        } while try continues(UInt8(ascii: "}"))
        return .object(members)
    }

    /// Hashing costs more than comparing until there are some, and less when somebody sends thousands.
    private func isNew(_ name: String, _ members: [JSONValue.Member], _ names: inout Set<String>) -> Bool {
        guard members.count >= Self.namesCompared else { return !members.contains { $0.name == name } }
        if names.isEmpty { names = Set(members.map(\.name)) }
        return names.insert(name).inserted
    }
    private static let namesCompared = 24

    private mutating func array(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard depth < limits.depth else { throw fault(.depth) }
        index += 1
        skipBlanks()
        if next == UInt8(ascii: "]") {
            index += 1
            return .array([])
        }
        var items: [JSONValue] = []
        repeat {
            do { items.append(try value(depth: depth + 1)) } catch { throw error.within(String(items.count)) }
        } while try continues(UInt8(ascii: "]"))
        return .array(items)
    }

    /// Whether a comma follows, rather than the end.
    private mutating func continues(_ end: UInt8) throws(JSONSyntaxError) -> Bool {
        skipBlanks()
        guard let byte = next, byte == end || byte == UInt8(ascii: ",") else { throw fault(.syntax) }
        index += 1
        return byte != end
    }

    private mutating func string() throws(JSONSyntaxError) -> String {
        index += 1
        let start = index
        index = JSONEscape.next(in: bytes, from: start)
        guard let stop = next, stop >= 0x20 else { throw fault(.syntax) }
        let plain = UnsafeBufferPointer(rebasing: bytes[start..<index])
        if stop == UInt8(ascii: "\"") {
            index += 1
            return try validated(plain)
        }
        var unescaped = Array(plain)
        try unescape(into: &unescaped)
        return try unescaped.withUnsafeBufferPointer { utf8 throws(JSONSyntaxError) in try validated(utf8) }
    }

    private func validated(_ utf8: UnsafeBufferPointer<UInt8>) throws(JSONSyntaxError) -> String {
        guard let text = String(validating: utf8, as: UTF8.self) else { throw fault(.encoding) }
        return text
    }

    private mutating func unescape(into text: inout [UInt8]) throws(JSONSyntaxError) {
        while true {
            let start = index
            index = JSONEscape.next(in: bytes, from: start)
            text.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<index]))
            guard let byte = next, byte >= 0x20 else { throw fault(.syntax) }
            index += 1
            if byte == UInt8(ascii: "\"") { return }
            guard let kind = next else { throw fault(.syntax) }
            index += 1
            switch kind {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(kind)
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"): text.append(contentsOf: UTF8.encode(try scalar()) ?? .init())
            default: throw fault(.syntax)
            }
        }
    }

    /// The scalar of `\uXXXX`, or of two of them that are a surrogate pair.
    private mutating func scalar() throws(JSONSyntaxError) -> Unicode.Scalar {
        let first = try fourHexadecimals()
        guard first != 0 else { throw fault(.nul) }
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800...0xDBFF).contains(first), next == UInt8(ascii: "\\") else { throw fault(.loneSurrogate) }
        index += 1
        guard next == UInt8(ascii: "u") else { throw fault(.loneSurrogate) }
        index += 1
        let second = try fourHexadecimals()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw fault(.loneSurrogate) }
        return scalar
    }

    private mutating func fourHexadecimals() throws(JSONSyntaxError) -> UInt32 {
        guard index + 4 <= bytes.count else { throw fault(.syntax) }
        var number: UInt32 = 0
        for _ in 0..<4 {
            let byte = bytes[index]
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x37
            case 0x61...0x66: digit = byte - 0x57
            default: throw fault(.syntax)
            }
            number = number << 4 | UInt32(digit)
            index += 1
        }
        return number
    }

    private mutating func number() throws(JSONSyntaxError) -> JSONValue {
        let start = index
        if next == UInt8(ascii: "-") { index += 1 }
        let firstDigit = next
        let whole = digits()
        guard whole > 0, whole == 1 || firstDigit != UInt8(ascii: "0") else { throw fault(.syntax) }
        var isReal = false
        if next == UInt8(ascii: ".") {
            index += 1
            isReal = true
            guard digits() > 0 else { throw fault(.syntax) }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            index += 1
            isReal = true
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { index += 1 }
            guard digits() > 0 else { throw fault(.syntax) }
        }
        return try number(UnsafeBufferPointer(rebasing: bytes[start..<index]), isReal: isReal)
    }

    /// - Parameter text: a number by RFC 8259 §6.
    private func number(_ text: UnsafeBufferPointer<UInt8>, isReal: Bool) throws(JSONSyntaxError) -> JSONValue {
        // 18 digits fit for sure.
        if !isReal, text.count <= 18 {
            let isNegative = text.first == UInt8(ascii: "-")
            let magnitude = text.dropFirst(isNegative ? 1 : 0).reduce(Int64(0)) { $0 &* 10 &+ Int64($1 & 15) }
            return .integer(isNegative ? -magnitude : magnitude)
        }
        let text = String(decoding: text, as: UTF8.self)
        if !isReal, let integer = Int64(text) { return .integer(integer) }
        guard isReal, let real = Double(text), real.isFinite else { throw fault(.number) }
        return .real(real)
    }

    private mutating func digits() -> Int {
        let start = index
        while let byte = next, byte &- 0x30 < 10 { index += 1 }
        return index - start
    }
}
