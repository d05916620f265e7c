/// A field's value that is one word and parameters behind it: `form-data; name="a"` (RFC 9110 §5.6.6).
struct FieldParameters {
    /// More than any field has a use for; each is compared with those before it.
    private static let parametersMax = 16
    let word: ArraySlice<UInt8>
    private var parameters: [(name: ArraySlice<UInt8>, value: [UInt8])] = []

    /// Nil when it is malformed, has more parameters than `parametersMax`, or names one twice, which two readers could
    /// understand in two ways.
    init?(_ field: ArraySlice<UInt8>) {
        let semicolon = UInt8(ascii: ";")
        let end = field.firstIndex(of: semicolon) ?? field.endIndex
        word = Bytes.trim(field[..<end])
        var rest = field[end...]
        while rest.first == semicolon {
            rest = Bytes.trim(rest.dropFirst())
            if rest.isEmpty || rest.first == semicolon { continue }
            let name = rest.prefix(while: Bytes.isToken)
            rest = rest[name.endIndex...]
            guard !name.isEmpty, rest.first == UInt8(ascii: "="), parameters.count < Self.parametersMax else {
                return nil
            }
            rest = rest.dropFirst()
            guard let value = Self.takeValue(&rest), self.value(name) == nil else { return nil }
            parameters.append((name, value))
        }
        guard rest.isEmpty else { return nil }
    }

    func value(of name: StaticString) -> [UInt8]? {
        parameters.first { Bytes.equalsFolded($0.name, name) }?.value
    }

    private func value(_ name: ArraySlice<UInt8>) -> [UInt8]? {
        parameters.first {
            $0.name.count == name.count && zip($0.name, name).allSatisfy { Bytes.lower($0) == Bytes.lower($1) }
        }?
        .value
    }

    /// A quoted value, or what stands before the next semicolon: clients send file names with blanks unquoted. In quotes a
    /// backslash escapes a quote and itself; before anything else it is one, as in `C:\photos`.
    private static func takeValue(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        let quote = UInt8(ascii: "\"")
        let backslash = UInt8(ascii: "\\")
        guard rest.first == quote else {
            let value = rest.prefix { $0 != UInt8(ascii: ";") }
            rest = rest[value.endIndex...]
            return value.contains(quote) ? nil : Array(Bytes.trim(value))
        }
        var value: [UInt8] = []
        var index = rest.startIndex + 1
        while index < rest.endIndex, rest[index] != quote {
            if rest[index] == backslash, index + 1 < rest.endIndex, [quote, backslash].contains(rest[index + 1]) {
                index += 1
            }
            value.append(rest[index])
            index += 1
        }
        guard index < rest.endIndex else { return nil }
        rest = Bytes.trim(rest[(index + 1)...])
        return value
    }
}
