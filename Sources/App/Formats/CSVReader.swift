/// Reads comma-separated values (RFC 4180): quoted fields with commas, quotes and line breaks, with or without a byte
/// order mark, LF or CRLF.
package struct CSVReader {
    package struct Row: Sendable, Equatable {
        /// The line the row begins on, from 1.
        package var line: Int
        package var fields: [String]
    }

    package enum Fault: Error, Sendable, Equatable {
        case notUTF8(line: Int)
        case openQuote(line: Int)
        case rowTooLong(line: Int)
    }

    /// Bytes of one row.
    package static let rowBytesMax = 65_536

    private let bytes: [UInt8]
    private var index = 0
    private var line = 1

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    }

    /// The next row; nil at the end. After a fault of one row the next call goes on with the row behind it.
    package mutating func next() throws(Fault) -> Row? {
        guard index < bytes.count else { return nil }
        let start = index
        let firstLine = line
        var fields: [[UInt8]] = [[]]
        var isQuoted = false
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\n") { line += 1 }
            if isQuoted {
                guard byte == UInt8(ascii: "\"") else {
                    fields[fields.count - 1].append(byte)
                    continue
                }
                if index < bytes.count, bytes[index] == byte {
                    fields[fields.count - 1].append(byte)
                    index += 1
                } else {
                    isQuoted = false
                }
                continue
            }
            if byte == UInt8(ascii: "\n") { break }
            switch byte {
            case UInt8(ascii: "\""): isQuoted = true
            case UInt8(ascii: ","): fields.append([])
            case UInt8(ascii: "\r"): continue
            default: fields[fields.count - 1].append(byte)
            }
        }
        if isQuoted { throw .openQuote(line: firstLine) }
        guard index - start <= Self.rowBytesMax else { throw .rowTooLong(line: firstLine) }
        var texts: [String] = []
        for field in fields {
            guard let text = String(validating: field, as: UTF8.self) else { throw .notUTF8(line: firstLine) }
            texts.append(text)
        }
        return Row(line: firstLine, fields: texts)
    }
}
