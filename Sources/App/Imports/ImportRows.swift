import HTTP

/// One row by the names of its columns.
package struct ImportRow: Sendable {
    package var line: Int
    fileprivate var fields: [String]
    fileprivate var header: ImportHeader

    /// The field without blanks around it; nil when it is empty or the file has no such column.
    package func text(_ column: String) -> String? {
        guard let index = header.indices[column], index < fields.count else { return nil }
        let text = Text.trimmed(fields[index][...])
        return text.isEmpty ? nil : String(text)
    }

    /// The columns the file has. What it has none for stays as it is known, while an empty field takes a value away.
    package var columns: Set<String> { header.names }

    /// The parts of a field with `;` or `；` or `、` between them.
    package func list(_ column: String) -> [String] {
        (text(column) ?? "").split { ";；、".contains($0) }.map { String(Text.trimmed($0)) }.filter { !$0.isEmpty }
    }

    /// A whole number; nil for an empty field.
    package func integer(_ column: String, _ faults: inout Faults) -> Int? {
        guard let text = text(column) else { return nil }
        guard let number = Int(text) else {
            faults.add("/\(column)", "应为整数", "must be a whole number")
            return nil
        }
        return number
    }

    /// A value of an enumeration, by its name or by a Chinese word for it; nil for an empty field.
    package func choice<Choice: RawRepresentable & CaseIterable>(
        _ column: String, _: Choice.Type, words: [String: Choice] = [:], _ faults: inout Faults
    ) -> Choice? where Choice.RawValue == String {
        guard let text = text(column) else { return nil }
        if let choice = Choice(rawValue: text) ?? words[text] { return choice }
        let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        faults.add("/\(column)", "应为以下之一：\(all)", "must be one of \(all)")
        return nil
    }

    /// The same for a field that must not be empty.
    package func choice<Choice: RawRepresentable & CaseIterable>(
        _ column: String, _ type: Choice.Type, faultsIfEmpty faults: inout Faults
    ) -> Choice? where Choice.RawValue == String {
        if text(column) == nil { faults.add("/\(column)", "不能为空", "is needed") }
        return choice(column, type, &faults)
    }

    /// `longitude` and `latitude`, GCJ-02; nil when both are empty.
    package func position(_ faults: inout Faults) -> Position? {
        let (longitude, latitude) = (text("longitude"), text("latitude"))
        if longitude == nil && latitude == nil { return nil }
        let position = longitude.flatMap(Double.init).flatMap { longitude in
            latitude.flatMap(Double.init).flatMap { Position(longitude: longitude, latitude: $0) }
        }
        if position == nil { faults.add("/longitude", "经纬度不在中国境内", "and latitude are no place in China") }
        return position
    }
}

/// Where each column stands.
struct ImportHeader: Sendable {
    let indices: [String: Int]
    let names: Set<String>
    let count: Int

    /// - Throws: `ImportFailure.header` naming every column that is missing, unknown or twice there.
    init(_ fields: [String], _ columns: [ImportColumn]) throws(ImportFailure) {
        var indices: [String: Int] = [:]
        var faults: [Wording] = []
        for (index, field) in fields.enumerated() {
            let text = Text.trimmed(field[...])
            guard let column = columns.first(where: { $0.name == text || $0.title == text }) else {
                // Not repeated: a file without a header begins with somebody's data.
                let all = columns.map(\.name).joined(separator: ",")
                faults.append(
                    Wording(zh: "第 \(index + 1) 列不是以下之一：\(all)", en: "column \(index + 1) is not one of \(all)"))
                continue
            }
            if indices.updateValue(index, forKey: column.name) != nil {
                faults.append(Wording(zh: "\(column.name) 重复", en: "\(column.name) is there twice"))
            }
        }
        for column in columns where column.isRequired && indices[column.name] == nil {
            faults.append(
                Wording(
                    zh: "缺少 \(column.title)（\(column.name)）", en: "\(column.name) (\(column.title)) is missing"))
        }
        guard faults.isEmpty else { throw .header(faults) }
        self.indices = indices
        names = Set(indices.keys)
        count = fields.count
    }
}

/// The rows of a file one after another, with no more of it in memory than a piece and a row.
struct ImportRows {
    private let file: ImportFile
    private let header: ImportHeader
    private var reader: CSVReader
    private var offset: Int
    private var isAtEnd: Bool

    /// - Throws: `ImportFailure` for a file that cannot be read or whose first line does not name the columns.
    init(_ file: ImportFile, _ columns: [ImportColumn]) throws(ImportFailure) {
        self.file = file
        let first = try file.piece(at: 0)
        var reader = CSVReader(first)
        let row: CSVReader.Row?
        do throws(CSVReader.Fault) { row = try reader.next() } catch { throw .header([Self.wording(of: error)]) }
        guard let row else { throw .header([Wording(zh: "文件是空的", en: "the file is empty")]) }
        header = try ImportHeader(row.fields, columns)
        self.reader = reader
        offset = first.count
        isAtEnd = first.isEmpty
    }

    mutating func next() throws(ImportFailure) -> ParsedRow<ImportRow>? {
        while true {
            while !isAtEnd, reader.unread < CSVReader.rowBytesMax + 2 {
                let piece = try file.piece(at: offset)
                offset += piece.count
                isAtEnd = piece.isEmpty
                reader.append(piece)
            }
            do throws(CSVReader.Fault) {
                guard let row = try reader.next() else { return nil }
                if row.fields == [""] { continue }
                return check(row)
            } catch {
                return ParsedRow(
                    line: Self.line(of: error),
                    result: .failure(Problem(.invalid, faults: [.init("", Self.wording(of: error))])))
            }
        }
    }

    private func check(_ row: CSVReader.Row) -> ParsedRow<ImportRow> {
        guard row.fields.count == header.count else {
            let wording = Wording(
                zh: "有 \(row.fields.count) 列，应为 \(header.count) 列",
                en: "\(row.fields.count) fields where the first line has \(header.count)")
            return ParsedRow(line: row.line, result: .failure(Problem(.invalid, faults: [.init("", wording)])))
        }
        return ParsedRow(
            line: row.line, result: .success(ImportRow(line: row.line, fields: row.fields, header: header)))
    }

    private static func line(of fault: CSVReader.Fault) -> Int {
        switch fault {
        case .notUTF8(let line), .openQuote(let line), .rowTooLong(let line), .strayQuote(let line),
            .tooManyFields(let line):
            line
        }
    }

    private static func wording(of fault: CSVReader.Fault) -> Wording {
        switch fault {
        case .notUTF8:
            Wording(zh: "不是 UTF-8 编码，请另存为“CSV UTF-8”", en: "is not UTF-8: save the file as CSV UTF-8")
        case .openQuote: Wording(zh: "引号没有结束", en: "a quote is never closed")
        case .rowTooLong:
            Wording(zh: "超过 \(CSVReader.rowBytesMax) 字节", en: "longer than \(CSVReader.rowBytesMax) bytes")
        case .strayQuote: Wording(zh: "引号位置有误", en: "a quote where none may stand")
        case .tooManyFields: Wording(zh: "列数过多", en: "too many fields")
        }
    }
}
