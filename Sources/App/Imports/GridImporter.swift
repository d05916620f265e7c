import HTTP
package import SQLite

/// Grids from CSV, recognised by their code: known ones are renamed, never moved to another community.
package struct GridImporter: Importer {
    package struct Entry: Sendable {
        var communityCode: String
        var code: String
        var name: String
        /// nil where the file has no such column.
        var kind: Grid.Kind?
    }

    package static let kind = ImportKind.grids
    package static let columns = [
        ImportColumn(
            "code", "网格编码", required: true, "the grid's own code, by which it is known again; 1 to 32 characters"),
        ImportColumn("communityCode", "社区编码", required: true, "the code of the community's station"),
        ImportColumn("name", "网格名称", required: true, "2 to 60 characters"),
        ImportColumn("kind", "网格类型", "general (一般网格) or special (专属网格); general unless it is said"),
    ]

    package init() {}

    package func read(_ row: ImportRow) throws -> Entry {
        var faults = Faults()
        let words: [String: Grid.Kind] = ["一般网格": .general, "专属网格": .special]
        let kind = row.choice("kind", Grid.Kind.self, words: words, &faults) ?? .general
        let draft = Grid.Draft(
            stationId: ID(1), code: row.text("code") ?? "", name: row.text("name") ?? "", kind: kind)
        draft.check(&faults)
        try faults.check()
        return Entry(
            communityCode: row.text("communityCode") ?? "", code: draft.code,
            name: draft.name, kind: row.columns.contains("kind") ? kind : nil)
    }

    package func write(_ entry: Entry, _ place: ImportPlace, in db: Transaction) throws -> ImportOutcome {
        guard let station = try Station.find(code: entry.communityCode, in: db) else {
            throw Problem.column("communityCode", "没有该编码的社区", "names no community")
        }
        try Grid.requireCommunity(station, pointer: "/communityCode")
        guard let known = try Grid.find(code: entry.code, in: db) else {
            let draft = Grid.Draft(
                stationId: station.id, code: entry.code, name: entry.name, kind: entry.kind ?? .general)
            _ = try Grid.insert(draft, in: db)
            return .created
        }
        guard known.stationId == station.id else {
            throw Problem.column("code", "该编码的网格在另一社区", "is a grid of another community")
        }
        guard known.retiredAt == nil else { throw Problem.column("code", "该网格已撤销", "is a grid that is retired") }
        let edit = Grid.Edit(name: entry.name, kind: entry.kind ?? known.kind)
        if known.name == edit.name && known.kind == edit.kind { return .unchanged }
        _ = try known.update(edit, in: db)
        return .updated
    }
}
