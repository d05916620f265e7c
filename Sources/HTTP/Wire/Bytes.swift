/// Classes of bytes in the grammar of RFC 9110 §5.6.2 and RFC 3986.
enum Bytes {
    static let cr = UInt8(ascii: "\r")
    static let lf = UInt8(ascii: "\n")
    static let space = UInt8(ascii: " ")
    static let tab = UInt8(ascii: "\t")
    static let colon = UInt8(ascii: ":")

    /// `!#$%&'*+-.^_`|~`, digits and letters.
    @inline(__always)
    static func isToken(_ byte: UInt8) -> Bool {
        guard byte < 128 else { return false }
        let half: UInt64 = byte < 64 ? 0x03FF_6CFA_0000_0000 : 0x57FF_FFFF_C7FF_FFFE
        return half >> (byte & 63) & 1 == 1
    }

    /// What may stand in a field's value: visible bytes, blanks, and bytes beyond ASCII.
    @inline(__always)
    static func isFieldText(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == tab }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    @inline(__always)
    static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    @inline(__always)
    static func lower(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }

    /// The first index from `start` on whose byte cannot stand in a field's value, or the end. Looks at eight bytes at
    /// once: a word without a byte below 0x20 and without 0x7F is all text.
    @inline(__always)
    static func endOfFieldText(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let raw = UnsafeRawBufferPointer(bytes)
        var index = start
        while index < bytes.count {
            if index + 8 <= bytes.count {
                let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                let deleted = word ^ (ones &* 0x7F)
                let hits = (word &- ones &* 0x20) & ~word | (deleted &- ones) & ~deleted
                if hits & (ones &* 0x80) == 0 {
                    index += 8
                    continue
                }
            }
            guard isFieldText(bytes[index]) else { return index }
            index += 1
        }
        return index
    }

    static func equalsFolded(_ bytes: some Collection<UInt8>, _ lowercase: StaticString) -> Bool {
        guard bytes.count == lowercase.utf8CodeUnitCount else { return false }
        return lowercase.withUTF8Buffer { wanted in zip(bytes, wanted).allSatisfy { lower($0) == $1 } }
    }

    /// Without blanks at both ends.
    static func trim<S: BidirectionalCollection<UInt8>>(_ bytes: S) -> S where S.SubSequence == S {
        var slice = bytes
        while let first = slice.first, first == space || first == tab { slice = slice.dropFirst() }
        while let last = slice.last, last == space || last == tab { slice = slice.dropLast() }
        return slice
    }

    /// Calls `body` with every element of a comma-separated list, blanks around it removed; empty ones too.
    @inline(__always)
    static func forEachElement<S: BidirectionalCollection<UInt8>>(of list: S, _ body: (S) -> Void)
    where S.SubSequence == S {
        var rest = list
        while let comma = rest.firstIndex(of: UInt8(ascii: ",")) {
            body(trim(rest[..<comma]))
            rest = rest[rest.index(after: comma)...]
        }
        body(trim(rest))
    }
}
