/// Reads comma-separated values (RFC 4180): quoted fields with commas, quotes and line breaks, with or without a byte
/// order mark, LF or CRLF. Strict about quotes, so that a slip is named and not guessed at.
package struct CSVReader {
    package struct Row: Sendable, Equatable {
        /// The line the row begins on, from 1.
        package var line: Int
        package var fields: [String]
    }

    package struct Limits: Sendable {
        /// Bytes of one row.
        package var rowBytes = CSVReader.rowBytesMax
        /// Fields of one row.
        package var fields = 256

        package init() {}
    }

    package enum Fault: Error, Sendable, Equatable {
        case notUTF8(line: Int)
        /// A quoted field that does not end within the row's limit or the file.
        case openQuote(line: Int)
        case rowTooLong(line: Int)
        /// A quote inside a field without quotes, or something behind the closing one.
        case strayQuote(line: Int)
        case tooManyFields(line: Int)
    }

    /// The default of `Limits.rowBytes`.
    package static let rowBytesMax = 65_536

    private var bytes: [UInt8]
    private let limits: Limits
    private var index = 0
    private var line = 1
    /// The line that is passed over goes on behind the bytes at hand.
    private var isSkipping = false

    package init(_ bytes: [UInt8], limits: Limits = Limits()) {
        self.bytes = bytes
        self.limits = limits
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    }

    /// Bytes at hand that were not read yet.
    package var unread: Int { bytes.count - min(index, bytes.count) }

    /// Adds the next piece of a text that is read in pieces, and forgets what was read. Before each `next()` a row of the
    /// greatest length must be at hand, with two bytes more, or all the rest of the text.
    package mutating func append(_ piece: [UInt8]) {
        bytes.removeSubrange(..<min(index, bytes.count))
        index = 0
        bytes += piece
        if isSkipping { skipLine() }
    }

    /// The next row; nil at the end. After a fault the next call goes on with the line behind the one the bad row began
    /// on, so that a quote never closed loses no good row.
    package mutating func next() throws(Fault) -> Row? {
        guard index < bytes.count else { return nil }
        let (start, firstLine) = (index, line)
        do throws(Fault) {
            return Row(line: firstLine, fields: try fields(limit: start + limits.rowBytes))
        } catch {
            index = start
            skipLine()
            line = firstLine + 1
            throw error
        }
    }

    private mutating func fields(limit: Int) throws(Fault) -> [String] {
        let firstLine = line
        var fields: [String] = []
        while true {
            guard fields.count < limits.fields else { throw .tooManyFields(line: firstLine) }
            let isQuoted = index < bytes.count && bytes[index] == UInt8(ascii: "\"")
            fields.append(
                isQuoted ? try quotedField(firstLine, limit: limit) : try plainField(firstLine, limit: limit))
            guard index < bytes.count else { return fields }
            let end = bytes[index]
            index += 1
            if end == UInt8(ascii: ",") { continue }
            if end == UInt8(ascii: "\r") { index += 1 }
            line += 1
            return fields
        }
    }

    /// Whether a field ends here: at a comma, a line break or the end of the file.
    private var isAtEnd: Bool {
        guard index < bytes.count else { return true }
        switch bytes[index] {
        case UInt8(ascii: ","), UInt8(ascii: "\n"): return true
        case UInt8(ascii: "\r"): return index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "\n")
        default: return false
        }
    }

    private mutating func plainField(_ firstLine: Int, limit: Int) throws(Fault) -> String {
        let start = index
        while !isAtEnd {
            guard bytes[index] != UInt8(ascii: "\"") else { throw .strayQuote(line: firstLine) }
            index += 1
            guard index <= limit else { throw .rowTooLong(line: firstLine) }
        }
        return try text(bytes[start..<index], firstLine)
    }

    private mutating func quotedField(_ firstLine: Int, limit: Int) throws(Fault) -> String {
        index += 1
        var field: [UInt8] = []
        while true {
            guard index < bytes.count, index < limit else { throw .openQuote(line: firstLine) }
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\n") { line += 1 }
            if byte == UInt8(ascii: "\"") {
                guard index < bytes.count, bytes[index] == byte else { break }
                index += 1
            }
            field.append(byte)
        }
        guard isAtEnd else { throw .strayQuote(line: firstLine) }
        return try text(field[...], firstLine)
    }

    private func text(_ utf8: ArraySlice<UInt8>, _ firstLine: Int) throws(Fault) -> String {
        guard let text = String(validating: utf8, as: UTF8.self) else { throw .notUTF8(line: firstLine) }
        return text
    }

    private mutating func skipLine() {
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
        isSkipping = index >= bytes.count
        if !isSkipping { index += 1 }
    }
}
