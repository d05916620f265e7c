import HTTP
package import SQLite

/// Compounds, shops and buildings of grids from CSV, recognised by their grid, kind and name.
package struct GridPlaceImporter: Importer {
    package struct Entry: Sendable {
        var gridCode: String
        var draft: GridPlace.Draft
        var columns: Set<String>
    }

    package static let kind = ImportKind.gridPlaces
    package static let columns = [
        ImportColumn("gridCode", "网格编码", required: true, "the code of the grid"),
        ImportColumn("kind", "类型", required: true, "compound (院落), shop (商铺) or building (楼栋)"),
        ImportColumn("name", "名称", required: true, "1 to 60 characters"),
        ImportColumn("address", "地址", required: true, "1 to 120 characters"),
        ImportColumn("longitude", "经度", "GCJ-02"),
        ImportColumn("latitude", "纬度", "GCJ-02"),
        ImportColumn("households", "户数", "0 to 100,000"),
    ]

    package init() {}

    package func read(_ row: ImportRow) throws -> Entry {
        var faults = Faults()
        let words: [String: GridPlace.Kind] = ["院落": .compound, "商铺": .shop, "楼栋": .building]
        let kind = row.choice("kind", GridPlace.Kind.self, words: words, &faults)
        if row.text("kind") == nil { faults.add("/kind", "不能为空", "is needed") }
        let draft = GridPlace.Draft(
            kind: kind ?? .building, name: row.text("name") ?? "", address: row.text("address") ?? "",
            position: row.position(&faults), households: row.integer("households", &faults))
        draft.check(&faults)
        try faults.check()
        return Entry(gridCode: row.text("gridCode") ?? "", draft: draft, columns: row.columns)
    }

    package func write(_ entry: Entry, _ place: ImportPlace, in db: Transaction) throws -> ImportOutcome {
        guard let grid = try Grid.find(code: entry.gridCode, in: db) else {
            throw Problem.column("gridCode", "没有该编码的网格", "names no grid")
        }
        guard grid.retiredAt == nil else {
            throw Problem.column("gridCode", "该网格已撤销", "is a grid that is retired")
        }
        var draft = entry.draft
        guard let known = try GridPlace.find(draft.name, draft.kind, in: grid.id, db) else {
            _ = try GridPlace.insert(draft, into: grid.id, in: db)
            return .created
        }
        if !entry.columns.isSuperset(of: ["longitude", "latitude"]), draft.position == nil {
            draft.position = known.position
        }
        if !entry.columns.contains("households") { draft.households = known.households }
        let isSame =
            known.address == draft.address && known.position == draft.position && known.households == draft.households
        if isSame { return .unchanged }
        _ = try known.update(draft, in: db)
        return .updated
    }
}
