import HTTP
package import SQLite

/// Reads a list of sites from CSV, again and again: a row whose code is known updates its site, a row that says nothing
/// new changes nothing, a bad row is reported with its line and loses none of the good.
package struct StationImport: Sendable {
    package struct Report: Sendable, Equatable {
        package var created = 0
        package var updated = 0
        package var unchanged = 0
        package var faults: [String] = []
    }

    /// One row that can be read; whether its parent exists shows later.
    struct Entry: Sendable {
        var line: Int
        var code: String
        var parentCode: String
        var kind: Station.Kind
        var edit: Station.Edit
    }

    package static let columns = [
        "code", "parentCode", "kind", "name", "longitude", "latitude", "address", "openingHours", "phone",
        "managerName",
    ]
    /// Rows in one transaction, so that other writers wait for no more than some milliseconds.
    private static let rowsPerWrite = 500
    /// Rows of one file.
    package static let rowsMax = 200_000

    private var entries: [Entry] = []
    package private(set) var report = Report()

    /// - Parameter bytes: the file. Faults of its rows stand in `report`.
    package init(_ bytes: [UInt8]) {
        var reader = CSVReader(bytes)
        var header: [String]?
        var codes: [String: Int] = [:]
        while true {
            do throws(CSVReader.Fault) {
                guard let row = try reader.next() else { break }
                if row.fields == [""] { continue }
                guard let header else {
                    guard Self.columns.prefix(4).allSatisfy(row.fields.contains) else {
                        report.faults.append(
                            "line \(row.line): the first line must name the columns \(Self.columns.joined(separator: ","))"
                        )
                        return
                    }
                    header = row.fields
                    continue
                }
                guard entries.count < Self.rowsMax else {
                    report.faults.append("line \(row.line): more than \(Self.rowsMax) rows")
                    return
                }
                take(row, header, &codes)
            } catch {
                report.faults.append(Self.describe(error))
            }
        }
    }

    private static func describe(_ fault: CSVReader.Fault) -> String {
        switch fault {
        case .notUTF8(let line): "line \(line): not UTF-8"
        case .openQuote(let line): "line \(line): a quote is never closed"
        case .rowTooLong(let line): "line \(line): longer than \(CSVReader.rowBytesMax) bytes"
        case .strayQuote(let line): "line \(line): a quote where none may stand"
        case .tooManyFields(let line): "line \(line): too many fields"
        }
    }

    private mutating func take(_ row: CSVReader.Row, _ header: [String], _ codes: inout [String: Int]) {
        guard row.fields.count == header.count else {
            report.faults.append("line \(row.line): \(row.fields.count) fields where the header has \(header.count)")
            return
        }
        let fields = Dictionary(zip(header, row.fields)) { first, _ in first }
        func text(_ name: String) -> String? { fields[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard let code = text("code"), code.count <= 32 else {
            report.faults.append("line \(row.line): no code of at most 32 characters")
            return
        }
        if let first = codes.updateValue(row.line, forKey: code) {
            report.faults.append("line \(row.line): code \(code) stands on line \(first) already")
            return
        }
        guard let kind = text("kind").flatMap(Station.Kind.init) else {
            report.faults.append(
                "line \(row.line): kind must be one of \(Station.Kind.allCases.map(\.rawValue).joined(separator: ", "))"
            )
            return
        }
        var position: Position?
        if text("longitude") != nil || text("latitude") != nil {
            position = text("longitude").flatMap(Double.init).flatMap { longitude in
                text("latitude").flatMap(Double.init).flatMap { Position(longitude: longitude, latitude: $0) }
            }
            if position == nil {
                report.faults.append("line \(row.line): longitude and latitude are no place in China")
                return
            }
        }
        let edit = Station.Edit(
            name: text("name") ?? "", address: text("address"), position: position, openingHours: text("openingHours"),
            phone: text("phone"), managerName: text("managerName"))
        var faults = Faults()
        edit.check(&faults)
        guard faults.all.isEmpty else {
            let all = faults.all.map { "\($0.pointer.dropFirst()) \($0.detail.en)" }.joined(separator: "; ")
            report.faults.append("line \(row.line): \(all)")
            return
        }
        entries.append(Entry(line: row.line, code: code, parentCode: text("parentCode") ?? "", kind: kind, edit: edit))
    }

    /// Writes the rows, parents before children wherever they stand in the file.
    package mutating func run(_ writer: Writer) throws {
        let entries = parentsFirst()
        for start in stride(from: 0, to: entries.count, by: Self.rowsPerWrite) {
            let part = Array(entries[start..<min(start + Self.rowsPerWrite, entries.count)])
            let done = try writer.writeAndWait { db in
                var report = Report()
                for entry in part { try Self.write(entry, &report, in: db) }
                return report
            }
            report.created += done.created
            report.updated += done.updated
            report.unchanged += done.unchanged
            report.faults += done.faults
        }
    }

    private func parentsFirst() -> [Entry] {
        let byCode = Dictionary(entries.map { ($0.code, $0) }) { first, _ in first }
        func depth(_ entry: Entry) -> Int {
            var depth = 0
            var current = entry
            // A circle among the rows ends here; its rows are refused for want of a parent.
            while let parent = byCode[current.parentCode], depth < 100 {
                depth += 1
                current = parent
            }
            return depth
        }
        return entries.map { (depth($0), $0) }.sorted { ($0.0, $0.1.line) < ($1.0, $1.1.line) }.map(\.1)
    }

    private static func write(_ entry: Entry, _ report: inout Report, in db: Transaction) throws {
        if let known = try Station.find(code: entry.code, in: db) {
            guard known.kind == entry.kind else {
                report.faults.append(
                    "line \(entry.line): \(entry.code) is a \(known.kind.rawValue), not a \(entry.kind.rawValue)")
                return
            }
            if known.says(entry.edit) {
                report.unchanged += 1
            } else {
                _ = try known.update(entry.edit, in: db)
                report.updated += 1
            }
            return
        }
        if entry.kind == .city {
            guard try !Station.hasCity(in: db) else {
                report.faults.append("line \(entry.line): there is a city already")
                return
            }
            _ = try Station.insertCity(
                name: entry.edit.name, code: entry.code, position: entry.edit.position, in: db)
            report.created += 1
            return
        }
        guard let parent = try Station.find(code: entry.parentCode, in: db) else {
            report.faults.append(
                "line \(entry.line): there is no parent with code \(entry.parentCode.isEmpty ? "(empty)" : entry.parentCode)"
            )
            return
        }
        guard entry.kind.mayStand(under: parent.kind) else {
            report.faults.append(
                "line \(entry.line): a \(entry.kind.rawValue) may not stand under a \(parent.kind.rawValue)")
            return
        }
        let draft = Station.Draft(
            parentId: parent.id, kind: entry.kind, code: entry.code, name: entry.edit.name, address: entry.edit.address,
            position: entry.edit.position, openingHours: entry.edit.openingHours, phone: entry.edit.phone,
            managerName: entry.edit.managerName)
        _ = try Station.insert(draft, under: parent, in: db)
        report.created += 1
    }
}

extension Station {
    /// Whether an edit would change nothing.
    fileprivate func says(_ edit: Edit) -> Bool {
        name == edit.name && address == edit.address && openingHours == edit.openingHours && phone == edit.phone
            && managerName == edit.managerName && (edit.position == nil || edit.position == position)
    }
}
