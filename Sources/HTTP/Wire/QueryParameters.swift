/// The name and value pairs of a query or a form body (application/x-www-form-urlencoded).
package enum QueryParameters {
    package struct Pair: Sendable, Equatable {
        package var name: String
        package var value: String
    }

    package struct Malformed: Error, Equatable {}

    /// Pairs in one query, at the most.
    package static let countMax = 64

    /// - Throws: `Malformed` for more than `countMax` pairs, an escape that is none, NUL, or what is not UTF-8.
    package static func parse(_ bytes: ArraySlice<UInt8>) throws(Malformed) -> [Pair] {
        try bytes.withUnsafeBufferPointer { bytes throws(Malformed) in
            var pairs: [Pair] = []
            var start = 0
            while start < bytes.count {
                let rest = bytes[start...]
                let end = rest.firstIndex(of: UInt8(ascii: "&")) ?? bytes.count
                defer { start = end + 1 }
                guard end > start else { continue }
                guard pairs.count < countMax else { throw Malformed() }
                let equals = rest[..<end].firstIndex(of: UInt8(ascii: "=")) ?? end
                let value = min(equals + 1, end)
                pairs.append(
                    Pair(
                        name: try decode(UnsafeBufferPointer(rebasing: bytes[start..<equals])),
                        value: try decode(UnsafeBufferPointer(rebasing: bytes[value..<end]))))
            }
            return pairs
        }
    }

    private static func decode(_ bytes: UnsafeBufferPointer<UInt8>) throws(Malformed) -> String {
        let isPlain = !bytes.contains { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") || $0 == 0 }
        let text =
            isPlain ? String(validating: bytes, as: UTF8.self) : String(validating: try unescape(bytes), as: UTF8.self)
        guard let text else { throw Malformed() }
        return text
    }

    private static func unescape(_ bytes: UnsafeBufferPointer<UInt8>) throws(Malformed) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            var byte = bytes[index]
            if byte == UInt8(ascii: "+") { byte = Bytes.space }
            if byte == UInt8(ascii: "%") {
                guard index + 2 < bytes.count, let high = Bytes.hexadecimal(bytes[index + 1]),
                    let low = Bytes.hexadecimal(bytes[index + 2])
                else { throw Malformed() }
                byte = high << 4 | low
                index += 2
            }
            guard byte != 0 else { throw Malformed() }
            decoded.append(byte)
            index += 1
        }
        return decoded
    }
}
