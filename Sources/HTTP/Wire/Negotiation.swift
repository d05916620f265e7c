/// The language a caller reads best of the two we write (RFC 9110 §12.5.4).
package enum AcceptLanguage {
    /// Chinese unless English is asked for with a higher weight, or Chinese is not asked for at all and English is.
    package static func best(_ field: ArraySlice<UInt8>) -> Language {
        var chinese = -1
        var english = -1
        for entry in field.prefix(512).split(separator: UInt8(ascii: ",")) {
            let parts = entry.split(separator: UInt8(ascii: ";"))
            guard let range = parts.first.map({ Bytes.trim($0) }) else { continue }
            let weight = parts.dropFirst().first.map { thousandths(Bytes.trim($0)) } ?? 1_000
            let primary = range.prefix { $0 != UInt8(ascii: "-") }
            if Bytes.equalsFolded(primary, "zh") || range.elementsEqual("*".utf8) { chinese = max(chinese, weight) }
            if Bytes.equalsFolded(primary, "en") { english = max(english, weight) }
        }
        return english > 0 && english > chinese ? .en : .zh
    }

    /// `q=0.7` as 700; anything else is full weight.
    private static func thousandths(_ parameter: ArraySlice<UInt8>) -> Int {
        guard parameter.count >= 3, parameter.prefix(2).elementsEqual("q=".utf8) else { return 1_000 }
        let digits = parameter.dropFirst(2).filter(Bytes.isDigit).prefix(4)
        let number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return [1_000, 100, 10, 1][max(0, min(3, digits.count - 1))] * number
    }
}

/// The entity tags of `If-None-Match` (RFC 9110 §13.1.2).
package enum EntityTagList {
    /// Whether the list names the tag, weak and strong being equal here.
    package static func matchesWeakly(_ field: String, _ tag: String) -> Bool {
        if field == "*" { return true }
        let opaque = tag.hasPrefix("W/") ? tag.dropFirst(2) : Substring(tag)
        return field.split(separator: ",").contains { entry in
            var entry = entry.drop { $0 == " " || $0 == "\t" }
            while entry.last == " " || entry.last == "\t" { entry.removeLast() }
            return (entry.hasPrefix("W/") ? entry.dropFirst(2) : entry) == opaque
        }
    }
}

/// `Range: bytes=…` with one range (RFC 9110 §14.2). Several ranges are ignored, as §14.2 allows.
package enum ByteRange: Sendable, Equatable {
    case whole
    case part(Range<Int>)
    case unsatisfiable

    package init(_ field: String?, size: Int) {
        guard let field, field.hasPrefix("bytes="), !field.contains(",") else {
            self = .whole
            return
        }
        let ends = field.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, ends.allSatisfy({ $0.utf8.count <= 18 && $0.utf8.allSatisfy(Bytes.isDigit) }) else {
            self = .whole
            return
        }
        switch (Int(ends[0]), Int(ends[1])) {
        case (let first?, let last?):
            if first > last { self = .whole } else { self = Self.part(first, last + 1, size) }
        case (let first?, nil): self = Self.part(first, size, size)
        case (nil, let suffix?): self = suffix == 0 ? .unsatisfiable : Self.part(max(0, size - suffix), size, size)
        case (nil, nil): self = .whole
        }
    }

    private static func part(_ first: Int, _ end: Int, _ size: Int) -> ByteRange {
        first < size ? .part(first..<min(end, size)) : .unsatisfiable
    }
}
