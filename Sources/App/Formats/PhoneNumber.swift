package import SQLite

/// A telephone number in E.164. A bare mainland mobile number is taken as +86; operators' segments are not judged, they
/// change too often.
package struct PhoneNumber: Sendable, Hashable, Bindable, ColumnDecodable {
    package let text: String

    /// Characters of an input, blanks and invisible marks included.
    private static let inputMax = 40

    /// Reads a number as people type or paste it, full-width, with blanks and hyphens; nil unless it is a mainland mobile
    /// number, one of Hong Kong, Macau or Taiwan, or an E.164 number of another country (8 to 15 digits).
    package init?(_ input: String) {
        guard input.utf8.count <= Self.inputMax * 3, var digits = Self.compact(input) else { return nil }
        if digits.first == UInt8(ascii: "+") {
            digits.removeFirst()
        } else if digits.starts(with: "0086".utf8) {
            digits.removeFirst(2)
        } else if digits.count == 11 {
            digits = Array("86".utf8) + digits
        } else if !(digits.count == 13 && digits.starts(with: "86".utf8)) {
            return nil
        }
        guard (8...15).contains(digits.count), digits.allSatisfy({ $0 &- 0x30 < 10 }), Self.isPossible(digits) else {
            return nil
        }
        text = "+" + String(decoding: digits, as: UTF8.self)
    }

    package init(column: Column) throws { text = try String(column: column) }

    package var value: Value { .text(text) }

    package var isMainland: Bool { text.hasPrefix("+86") }

    /// One digit for 1 and 7, two for the listed, three for all others (ITU-T E.164, annex to the Operational Bulletin).
    package var countryCode: Substring {
        let digits = text.dropFirst()
        if digits.first == "1" || digits.first == "7" { return digits.prefix(1) }
        return Self.twoDigitCodes.contains(String(digits.prefix(2))) ? digits.prefix(2) : digits.prefix(3)
    }

    private static let twoDigitCodes: Set<String> = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
        "51",
        "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86",
        "90",
        "91", "92", "93", "94", "95", "98",
    ]

    /// Without blanks, hyphens and the invisible marks that come along when a number is copied from a phone's address
    /// book (U+202A–202E, U+2066–2069 and their like); nil for anything that is not ASCII then.
    private static func compact(_ input: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        for scalar in input.unicodeScalars {
            let narrow = Text.narrowed(scalar)
            if narrow == " " || narrow == "-" || narrow == "\u{A0}" { continue }
            if narrow.properties.generalCategory == .format { continue }
            guard narrow.isASCII else { return nil }
            bytes.append(UInt8(truncatingIfNeeded: narrow.value))
        }
        return bytes
    }

    /// - Parameter digits: country code and number.
    private static func isPossible(_ digits: [UInt8]) -> Bool {
        func has(_ prefix: String, _ count: Int) -> Bool { digits.count == count && digits.starts(with: prefix.utf8) }
        if digits.starts(with: "86".utf8) { return has("861", 13) && digits[3] >= UInt8(ascii: "3") }
        if digits.starts(with: "852".utf8) { return digits.count == 11 && digits[3] >= UInt8(ascii: "2") }
        if digits.starts(with: "853".utf8) { return has("8536", 11) }
        if digits.starts(with: "886".utf8) { return has("8869", 12) }
        return digits[0] != UInt8(ascii: "0")
    }
}
