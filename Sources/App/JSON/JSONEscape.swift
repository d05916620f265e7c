/// Which bytes of a string need an escape (RFC 8259 §7): the quote, the backslash and what is below the blank.
enum JSONEscape {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let tops: UInt64 = 0x8080_8080_8080_8080

    /// The first such byte at or after `start`; the end when there is none.
    static func next(in utf8: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        let bytes = UnsafeRawBufferPointer(utf8)
        while index < utf8.count {
            if index + 8 <= utf8.count, isPlain(bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)) {
                index += 8
                continue
            }
            let end = min(index + 8, utf8.count)
            while index < end {
                let byte = utf8[index]
                if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return index }
                index += 1
            }
        }
        return index
    }

    /// Whether none of eight bytes needs an escape. A byte below 0x20, or one that is zero once the quote or the backslash is
    /// taken out of it, borrows into its highest bit; bytes of other scripts have that bit set already and are masked out. A
    /// borrow from a neighbour may say no where yes is right, never the other way.
    @inline(__always) private static func isPlain(_ word: UInt64) -> Bool {
        let quotes = word ^ ones &* 0x22
        let slashes = word ^ ones &* 0x5C
        let low = (word &- ones &* 0x20) & ~word
        return (low | (quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes) & tops == 0
    }
}
