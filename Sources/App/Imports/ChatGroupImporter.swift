import HTTP
package import SQLite

/// The register of chat groups from CSV, recognised by their community and name. New ones get a source code and are not
/// public.
package struct ChatGroupImporter: Importer {
    package struct Entry: Sendable {
        var communityCode: String
        var gridCode: String?
        var draft: ChatGroup.Draft
        var columns: Set<String>
    }

    package static let kind = ImportKind.chatGroups
    package static let columns = [
        ImportColumn("communityCode", "社区编码", required: true, "the code of the community's station"),
        ImportColumn("name", "群名称", required: true, "1 to 60 characters"),
        ImportColumn("kind", "群类型", required: true, ChatGroup.Kind.allCases.map(\.rawValue).joined(separator: ", ")),
        ImportColumn("gridCode", "网格编码", "the code of a grid of the community"),
        ImportColumn("ownerName", "群主姓名", "2 to 30 letters"),
        ImportColumn("memberCount", "群成员数", "0 to 100,000, counted on the day of the import"),
    ]

    package init() {}

    package func read(_ row: ImportRow) throws -> Entry {
        var faults = Faults()
        let words: [String: ChatGroup.Kind] = [
            "居民群": .residents, "志愿者群": .volunteers, "业主群": .owners, "商户群": .shops, "党员群": .partyMembers, "网格群": .grid,
            "其他": .other,
        ]
        let kind = row.choice("kind", ChatGroup.Kind.self, words: words, &faults)
        if row.text("kind") == nil { faults.add("/kind", "不能为空", "is needed") }
        let draft = ChatGroup.Draft(
            stationId: ID(1), gridId: nil, name: row.text("name") ?? "", kind: kind ?? .other,
            ownerName: row.text("ownerName"), isPublic: nil, memberCount: row.integer("memberCount", &faults))
        draft.check(&faults)
        try faults.check()
        return Entry(
            communityCode: row.text("communityCode") ?? "", gridCode: row.text("gridCode"), draft: draft,
            columns: row.columns)
    }

    package func write(_ entry: Entry, _ place: ImportPlace, in db: Transaction) throws -> ImportOutcome {
        guard let station = try Station.find(code: entry.communityCode, in: db) else {
            throw Problem.column("communityCode", "没有该编码的社区", "names no community")
        }
        try Grid.requireCommunity(station, pointer: "/communityCode")
        var draft = entry.draft
        draft.stationId = station.id
        if let code = entry.gridCode {
            guard let grid = try Grid.find(code: code, in: db) else {
                throw Problem.column("gridCode", "没有该编码的网格", "names no grid")
            }
            try Grid.require(grid.id, of: station.id, pointer: "/gridCode", in: db)
            draft.gridId = grid.id
        }
        guard let known = try ChatGroup.find(name: draft.name, at: station.id, in: db) else {
            _ = try ChatGroup.insert(draft, sourceCode: ChatGroup.newSourceCode(), in: db)
            return .created
        }
        if !entry.columns.contains("gridCode") { draft.gridId = known.gridId }
        if !entry.columns.contains("ownerName") { draft.ownerName = known.ownerName }
        return try update(known, draft, in: db) ? .updated : .unchanged
    }

    /// - Returns: whether anything was new.
    private func update(_ known: ChatGroup, _ draft: ChatGroup.Draft, in db: Transaction) throws -> Bool {
        var isNew = false
        if let members = draft.memberCount, members != known.memberCount {
            isNew = try ChatGroup.count(known.id, members: members, at: Timestamp(seconds: db.now), in: db)
        }
        guard known.kind != draft.kind || known.gridId != draft.gridId || known.ownerName != draft.ownerName else {
            return isNew
        }
        var edit = draft.edit
        edit.isPublic = known.isPublic
        _ = try known.update(edit, in: db)
        return true
    }
}
