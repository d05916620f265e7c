import HTTP
package import SQLite

/// Sites from CSV, recognised by their code: a row whose code is known updates its site, one that says nothing new changes
/// nothing. Parents may stand anywhere in the file or be there already. A position once known is never taken away: files
/// leave it open where nobody has looked it up yet.
package struct StationImporter: Importer {
    package struct Entry: Sendable {
        var code: String
        var parentCode: String?
        var kind: Station.Kind
        var edit: Station.Edit
        var columns: Set<String>

        /// The edit of a site that is known already.
        func edit(of known: Station) -> Station.Edit {
            var edit = edit
            if !columns.contains("address") { edit.address = known.address }
            if !columns.contains("openingHours") { edit.openingHours = known.openingHours }
            if !columns.contains("phone") { edit.phone = known.phone }
            if !columns.contains("managerName") { edit.managerName = known.managerName }
            return edit
        }
    }

    package static let kind = ImportKind.stations
    package static let isArranged = true
    package static let columns = [
        ImportColumn(
            "code", "编码", required: true, "the site's own code, by which it is known again; 1 to 32 characters"),
        ImportColumn("parentCode", "上级编码", required: true, "the code of the site above; empty for the city"),
        ImportColumn(
            "kind", "类型", required: true, Station.Kind.allCases.map(\.rawValue).joined(separator: ", ")),
        ImportColumn("name", "名称", required: true, "2 to 60 characters"),
        ImportColumn("longitude", "经度", "GCJ-02; without a position a site takes its parent's, marked as approximate"),
        ImportColumn("latitude", "纬度", "GCJ-02"),
        ImportColumn("address", "地址", "at most 120 characters"),
        ImportColumn("openingHours", "开放时间", "at most 120 characters"),
        ImportColumn("phone", "电话", "the site's own, 5 to 20 characters"),
        ImportColumn("managerName", "负责人", "2 to 30 characters"),
    ]

    package init() {}

    package func read(_ row: ImportRow) throws -> Entry {
        var faults = Faults()
        let kind = row.choice("kind", Station.Kind.self, faultsIfEmpty: &faults)
        let code = row.text("code") ?? ""
        faults.text("/code", code, 1...32)
        let edit = Station.Edit(
            name: row.text("name") ?? "", address: row.text("address"), position: FieldChange(row.position(&faults)),
            openingHours: row.text("openingHours"), phone: row.text("phone"), managerName: row.text("managerName"))
        edit.check(&faults)
        try faults.check()
        guard let kind else { throw Problem(.invalid) }
        return Entry(
            code: code, parentCode: row.text("parentCode"), kind: kind, edit: edit, columns: row.columns)
    }

    package func arrange(_ rows: [ParsedRow<Entry>]) -> [ParsedRow<Entry>] {
        var parents: [String: String] = [:]
        var lines: [String: Int] = [:]
        var rows = rows
        for index in rows.indices {
            guard case .success(let entry) = rows[index].result else { continue }
            if let first = lines[entry.code] {
                rows[index].result = .failure(
                    .column("code", "与第 \(first) 行重复", "stands on line \(first) already"))
                continue
            }
            lines[entry.code] = rows[index].line
            parents[entry.code] = entry.parentCode
        }
        func depth(_ row: ParsedRow<Entry>) -> Int {
            guard case .success(let entry) = row.result else { return 0 }
            var depth = 0
            var code = entry.parentCode
            // A circle among the rows ends here; its rows are refused for want of a parent.
            while let parent = code, lines[parent] != nil, depth < 100 {
                depth += 1
                code = parents[parent]
            }
            return depth
        }
        return rows.map { (depth($0), $0) }.sorted { ($0.0, $0.1.line) < ($1.0, $1.1.line) }.map(\.1)
    }

    package func write(_ entry: Entry, _ place: ImportPlace, in db: Transaction) throws -> ImportOutcome {
        if let known = try Station.find(code: entry.code, in: db) {
            guard known.kind == entry.kind else {
                throw Problem.column(
                    "kind", "该编码的阵地是 \(known.kind.rawValue)", "the site of this code is a \(known.kind.rawValue)")
            }
            if let code = entry.parentCode {
                guard let parent = try Station.find(code: code, in: db) else {
                    throw Problem.column("parentCode", "没有该编码的上级", "names no site")
                }
                guard parent.id == known.parentId else {
                    throw Problem.column("parentCode", "已有的阵地不能改换上级", "a site that is there keeps its parent")
                }
            }
            let edit = entry.edit(of: known)
            if known.says(edit) { return .unchanged }
            _ = try known.update(edit, in: db)
            return .updated
        }
        if entry.kind == .city {
            guard try !Station.hasCity(in: db) else {
                throw Problem.column("kind", "已有市级阵地", "there is a city already")
            }
            let city = try Station.insertCity(
                name: entry.edit.name, code: entry.code, position: entry.edit.position.value, in: db)
            if !city.says(entry.edit) { _ = try city.update(entry.edit, in: db) }
            return .created
        }
        guard let parent = try entry.parentCode.flatMap({ try Station.find(code: $0, in: db) }) else {
            throw Problem.column("parentCode", "没有该编码的上级", "names no site")
        }
        guard entry.kind.mayStand(under: parent.kind) else {
            throw Problem.column(
                "kind", "不能设在 \(parent.kind.rawValue) 之下", "may not stand under a \(parent.kind.rawValue)")
        }
        let draft = Station.Draft(
            parentId: parent.id, kind: entry.kind, code: entry.code, name: entry.edit.name, address: entry.edit.address,
            position: entry.edit.position.value, openingHours: entry.edit.openingHours, phone: entry.edit.phone,
            managerName: entry.edit.managerName)
        _ = try Station.insert(draft, under: parent, in: db)
        return .created
    }
}

extension Station {
    /// Whether an edit would change nothing.
    fileprivate func says(_ edit: Edit) -> Bool {
        name == edit.name && address == edit.address && openingHours == edit.openingHours && phone == edit.phone
            && managerName == edit.managerName && (edit.position.value == nil || edit.position.value == position)
    }
}
