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
        var pairs: [Pair] = []
        for part in bytes.split(separator: UInt8(ascii: "&")) {
            guard pairs.count < countMax else { throw Malformed() }
            let equals = part.firstIndex(of: UInt8(ascii: "="))
            let name = try decode(part[..<(equals ?? part.endIndex)])
            let value = try equals.map { index throws(Malformed) in try decode(part[(index + 1)...]) }
            pairs.append(Pair(name: name, value: value ?? ""))
        }
        return pairs
    }

    private static func decode(_ bytes: ArraySlice<UInt8>) throws(Malformed) -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            var byte = bytes[index]
            if byte == UInt8(ascii: "+") { byte = Bytes.space }
            if byte == UInt8(ascii: "%") {
                guard index + 2 < bytes.endIndex, let high = Bytes.hexadecimal(bytes[index + 1]),
                    let low = Bytes.hexadecimal(bytes[index + 2])
                else { throw Malformed() }
                byte = high << 4 | low
                index += 2
            }
            guard byte != 0 else { throw Malformed() }
            decoded.append(byte)
            index += 1
        }
        guard let text = String(validating: decoded, as: UTF8.self) else { throw Malformed() }
        return text
    }
}
