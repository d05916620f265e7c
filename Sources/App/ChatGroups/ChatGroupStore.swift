import HTTP
package import SQLite

extension ChatGroup: RowDecodable {
    private static var columns: SQL {
        """
        chat_group.id, chat_group.station_id, chat_group.grid_id, chat_group.source_code, chat_group.name,
        chat_group.kind, chat_group.owner_name, chat_group.is_public, chat_group.member_count, chat_group.counted_at,
        chat_group.state, chat_group.dissolve_reason, chat_group.version, chat_group.created_at, chat_group.updated_at
        """
    }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], stationId: try row[1], gridId: try row[2], sourceCode: try row[3], name: try row[4],
            kind: try row[5], ownerName: try row[6], isPublic: try row[7], memberCount: try row[8],
            countedAt: try row[9], state: try row[10], dissolveReason: try row[11], signUpCount: nil, ticketCount: nil,
            version: try row[12], createdAt: try row[13], updatedAt: try row[14])
    }

    /// - Throws: 404.
    static func find(_ id: ID<ChatGroup>, in db: Database) throws -> ChatGroup {
        guard let group: ChatGroup = try db.first("SELECT \(columns) FROM chat_group WHERE id = \(id)") else {
            throw Problem(
                .notFound, detail: Wording(zh: "没有编号为 \(id.rawValue) 的微信群", en: "There is no chat group \(id.rawValue)")
            )
        }
        return group
    }

    /// The group behind a source code that came in a body; nil, and no statement, for none. One that was dissolved still
    /// counts: its cards go on travelling.
    /// - Throws: 422 for a code we never gave out.
    static func find(sourceCode: String?, in db: Database) throws -> ID<ChatGroup>? {
        guard let sourceCode else { return nil }
        guard
            let id = try db.value("SELECT id FROM chat_group WHERE source_code = \(sourceCode)", as: ID<ChatGroup>.self)
        else {
            throw Problem(.invalid, faults: [.init("/sourceCode", Wording(zh: "没有这个来源码", en: "names no chat group"))])
        }
        return id
    }

    /// The living group of this name in a community.
    static func find(name: String, at station: ID<Station>, in db: Database) throws -> ChatGroup? {
        try db.first(
            """
            SELECT \(columns) FROM chat_group
            WHERE station_id = \(station) AND name = \(name) AND state = 'active' ORDER BY id
            """)
    }

    func withCounts(in db: Database) throws -> ChatGroup {
        var group = self
        group.signUpCount = try db.value("SELECT count(*) FROM sign_up WHERE chat_group_id = \(id)", as: Int.self)
        group.ticketCount = try db.value("SELECT count(*) FROM demand_ticket WHERE chat_group_id = \(id)", as: Int.self)
        return group
    }

    struct Filter {
        /// Parts of the tree the caller may see; nil is the whole city.
        var scope: [ID<Station>]?
        /// A community, or any site above.
        var station: ID<Station>?
        var kind: Kind?
        var state: State?
        var words: String?
    }

    static func list(_ filter: Filter, _ page: Page, in db: Database) throws -> [ChatGroup] {
        var conditions: [SQL] = []
        if let scope = filter.scope { conditions.append(try Station.within(scope, "chat_group.station_id", in: db)) }
        if let station = filter.station {
            conditions.append(try Station.within([station], "chat_group.station_id", in: db))
        }
        if let kind = filter.kind { conditions.append("chat_group.kind = \(kind)") }
        if let state = filter.state { conditions.append("chat_group.state = \(state)") }
        if let words = filter.words {
            conditions.append("chat_group.id IN (SELECT rowid FROM chat_group_fts WHERE chat_group_fts MATCH \(words))")
        }
        if let after = page.after { conditions.append("chat_group.id > \(after.first)") }
        return try db.all(
            "SELECT \(columns) FROM chat_group \(.filter(conditions)) ORDER BY chat_group.id LIMIT \(page.limit + 1)")
    }

    /// The groups of one community that anybody may see.
    static func published(at station: ID<Station>, _ page: Page, in db: Database) throws -> [ChatGroup] {
        let after = page.after?.first ?? 0
        return try db.all(
            """
            SELECT \(columns) FROM chat_group WHERE station_id = \(station) AND id > \(after) AND is_public = 1
                AND state = 'active' ORDER BY id LIMIT \(page.limit + 1)
            """)
    }

    static func insert(_ draft: Draft, sourceCode: String, in db: Transaction) throws -> ChatGroup {
        let countedAt = draft.memberCount.map { _ in db.now }
        try db.run(
            """
            INSERT INTO chat_group (station_id, grid_id, source_code, name, kind, owner_name, is_public, member_count,
                counted_at, state, created_at, updated_at)
            VALUES (\(draft.stationId), \(draft.gridId), \(sourceCode), \(draft.name), \(draft.kind),
                \(draft.ownerName), \(draft.isPublic ?? false), \(draft.memberCount), \(countedAt), 'active', \(db.now),
                \(db.now))
            """)
        let group = try find(ID(db.lastInsertedID), in: db)
        try group.index(in: db)
        return group
    }

    func update(_ edit: Edit, in db: Transaction) throws -> ChatGroup {
        try db.run(
            """
            UPDATE chat_group SET grid_id = \(edit.gridId), name = \(edit.name), kind = \(edit.kind),
                owner_name = \(edit.ownerName), is_public = \(edit.isPublic ?? false), version = version + 1,
                updated_at = \(db.now)
            WHERE id = \(id)
            """)
        let group = try ChatGroup.find(id, in: db)
        try group.index(in: db)
        return group
    }

    func dissolve(reason: String, in db: Transaction) throws -> ChatGroup {
        try db.run(
            """
            UPDATE chat_group SET state = 'dissolved', dissolve_reason = \(reason), version = version + 1,
                updated_at = \(db.now) WHERE id = \(id)
            """)
        return try ChatGroup.find(id, in: db)
    }

    /// The version stays, so that a count does not refuse an edit made meanwhile.
    /// - Returns: false when a later count is there.
    static func count(
        _ id: ID<ChatGroup>, members: Int, at time: Timestamp, in db: Transaction
    ) throws -> Bool {
        try db.run(
            """
            UPDATE chat_group SET member_count = \(members), counted_at = \(time), updated_at = \(db.now)
            WHERE id = \(id) AND (counted_at IS NULL OR counted_at <= \(time))
            """) == 1
    }

    /// Where the groups of these ids stand in the tree, of those that exist.
    static func paths(of ids: [ID<ChatGroup>], in db: Database) throws -> [ID<ChatGroup>: StationPath] {
        var paths: [ID<ChatGroup>: StationPath] = [:]
        for id in ids {
            paths[id] = try db.value(
                """
                SELECT station.path FROM chat_group JOIN station ON station.id = chat_group.station_id
                WHERE chat_group.id = \(id)
                """, as: StationPath.self)
        }
        return paths
    }

    private func index(in db: Transaction) throws {
        try db.run("DELETE FROM chat_group_fts WHERE rowid = \(id)")
        try db.run("INSERT INTO chat_group_fts (rowid, words) VALUES (\(id), \(Bigrams.index(name)))")
    }
}
