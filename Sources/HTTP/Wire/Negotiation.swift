/// The language a caller reads best of the two we write (RFC 9110 §12.5.4).
package enum AcceptLanguage {
    /// Chinese unless English is asked for with a higher weight, or Chinese is not asked for at all and English is.
    package static func best(_ field: ArraySlice<UInt8>) -> Language {
        var chinese = -1
        var english = -1
        Bytes.forEachElement(of: field.prefix(512)) { entry in
            let range = Bytes.trim(entry.prefix { $0 != UInt8(ascii: ";") })
            let weight = thousandths(Bytes.trim(entry[range.endIndex...]))
            let primary = range.prefix { $0 != UInt8(ascii: "-") }
            if Bytes.equalsFolded(primary, "zh") || Bytes.equalsFolded(range, "*") { chinese = max(chinese, weight) }
            if Bytes.equalsFolded(primary, "en") { english = max(english, weight) }
        }
        return english > 0 && english > chinese ? .en : .zh
    }

    /// `;q=0.7` as 700; anything that is no weight of RFC 9110 §12.4.2 is full weight.
    private static func thousandths(_ parameter: ArraySlice<UInt8>) -> Int {
        let weight = Bytes.trim(parameter.dropFirst())
        guard Bytes.equalsFolded(weight.prefix(2), "q="), weight.count > 2 else { return 1_000 }
        let digits = weight.dropFirst(2)
        guard digits.first == UInt8(ascii: "0") else { return 1_000 }
        var thousandths = 0
        var unit = 100
        for digit in digits.dropFirst(2).prefix(3) where Bytes.isDigit(digit) {
            thousandths += Int(digit - 0x30) * unit
            unit /= 10
        }
        return thousandths
    }
}

/// The entity tags of `If-None-Match` (RFC 9110 §13.1.2).
package enum EntityTagList {
    /// Whether the list names the tag, weak and strong being equal here. A tag may hold commas; a list that is malformed
    /// names nothing from there on.
    package static func matchesWeakly(_ field: String, _ tag: String) -> Bool {
        if field == "*" { return true }
        let quote = UInt8(ascii: "\"")
        let opaque = (tag.hasPrefix("W/") ? tag.dropFirst(2) : tag[...]).utf8
        var rest = Array(field.utf8)[...]
        while true {
            rest = rest.drop { $0 == Bytes.space || $0 == Bytes.tab || $0 == UInt8(ascii: ",") }
            if rest.starts(with: "W/".utf8) { rest = rest.dropFirst(2) }
            guard rest.first == quote, let end = rest.dropFirst().firstIndex(of: quote) else { return false }
            if rest[...end].elementsEqual(opaque) { return true }
            rest = rest[(end + 1)...]
        }
    }
}

/// `Range: bytes=…` with one range (RFC 9110 §14.2). Several ranges are ignored, as §14.2 allows.
package enum ByteRange: Sendable, Equatable {
    case whole
    case part(Range<Int>)
    case unsatisfiable

    package init(_ field: String?, size: Int) {
        // The unit's name knows no case (RFC 9110 §14.1).
        guard let field, field.prefix(6).lowercased() == "bytes=", !field.contains(",") else {
            self = .whole
            return
        }
        let ends = field.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, ends.allSatisfy({ $0.utf8.allSatisfy(Bytes.isDigit) }) else {
            self = .whole
            return
        }
        switch (Self.number(ends[0]), Self.number(ends[1])) {
        case (let first?, let last?):
            if first > last { self = .whole } else { self = Self.part(first, last + 1, size) }
        case (let first?, nil): self = Self.part(first, size, size)
        case (nil, let suffix?): self = suffix == 0 ? .unsatisfiable : Self.part(max(0, size - suffix), size, size)
        case (nil, nil): self = .whole
        }
    }

    /// Digits of a number that no file is as long as mean one past any end; nil of none.
    private static func number(_ digits: Substring) -> Int? {
        digits.isEmpty ? nil : min(Int(digits) ?? .max, .max - 1)
    }

    private static func part(_ first: Int, _ end: Int, _ size: Int) -> ByteRange {
        first < size ? .part(first..<min(end, size)) : .unsatisfiable
    }
}
