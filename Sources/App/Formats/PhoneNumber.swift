package import SQLite

/// A telephone number in E.164. A bare mainland mobile number is taken as +86; operators' segments are not judged, they
/// change too often.
package struct PhoneNumber: Sendable, Hashable, Bindable, ColumnDecodable {
    package let text: String

    /// Reads a number, ignoring blanks and hyphens; nil unless it is a mainland mobile number or an E.164 number of
    /// another country (8 to 15 digits).
    package init?(_ input: String) {
        let compact = Self.narrow(input).filter { $0 != " " && $0 != "-" }
        var digits = compact.utf8[...]
        if compact.hasPrefix("+") {
            digits = digits.dropFirst()
        } else if compact.hasPrefix("0086") {
            digits = digits.dropFirst(2)
        } else if compact.utf8.count == 11 {
            digits = ("86" + compact).utf8[...]
        } else if !(compact.utf8.count == 13 && compact.hasPrefix("86")) {
            return nil
        }
        guard digits.allSatisfy({ $0 &- 0x30 < 10 }), (8...15).contains(digits.count),
            digits.first != UInt8(ascii: "0")
        else { return nil }
        let number = String(Substring(digits))
        if number.hasPrefix("86"), !Self.isMainlandMobile(number.dropFirst(2)) { return nil }
        text = "+" + number
    }

    /// Full-width digits and signs, as Chinese keyboards make them, become ordinary ones.
    private static func narrow(_ input: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in input.unicodeScalars {
            let isWide = (0xFF01...0xFF5E).contains(scalar.value)
            scalars.append(isWide ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar)
        }
        return String(scalars)
    }

    private static func isMainlandMobile(_ number: Substring) -> Bool {
        let digits = Array(number.utf8)
        return digits.count == 11 && digits[0] == UInt8(ascii: "1") && digits[1] >= UInt8(ascii: "3")
    }

    package init(column: Column) throws { text = try String(column: column) }

    package var value: Value { .text(text) }
}
