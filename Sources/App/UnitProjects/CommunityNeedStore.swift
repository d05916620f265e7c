import HTTP
package import SQLite

extension CommunityNeed: RowDecodable {
    private static var columns: SQL { "id, station_id, title, detail, category, state, created_at, updated_at" }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], stationId: try row[1], title: try row[2], detail: try row[3], category: try row[4],
            state: try row[5], createdAt: try row[6], updatedAt: try row[7])
    }

    /// - Throws: 404.
    static func find(_ id: ID<CommunityNeed>, in db: Database) throws -> CommunityNeed {
        guard let need = try lookUp(id, in: db) else { throw Problem(.notFound) }
        return need
    }

    static func lookUp(_ id: ID<CommunityNeed>, in db: Database) throws -> CommunityNeed? {
        try db.first("SELECT \(columns) FROM community_need WHERE id = \(id)")
    }

    /// - Throws: 409 when the list is as long as it may be.
    static func insert(_ entry: UnitListEntry, at station: ID<Station>, in db: Transaction) throws -> CommunityNeed {
        let count: Int? = try db.value(
            "SELECT count(*) FROM community_need WHERE station_id = \(station) AND state = 'open'")
        guard (count ?? 0) < UnitListEntry.liveMax else { throw Problem(.listFull) }
        try db.run(
            """
            INSERT INTO community_need (station_id, title, detail, category, state, created_at, updated_at)
            VALUES (\(station), \(entry.title), \(entry.detail), \(entry.category), 'open', \(db.now), \(db.now))
            """)
        return try find(ID(db.lastInsertedID), in: db)
    }

    /// - Throws: 409 when it is met already, or a project for it is agreed.
    func withdraw(in db: Transaction) throws -> CommunityNeed {
        guard state == .open else { throw Problem(.conflict, state: state.rawValue) }
        let isServed = try db.exists(
            "SELECT 1 FROM unit_project WHERE need_id = \(id) AND state IN ('agreed', 'running', 'done')")
        guard !isServed else { throw Problem(.listEntryInUse) }
        try db.run("UPDATE community_need SET state = 'withdrawn', updated_at = \(db.now) WHERE id = \(id)")
        return try CommunityNeed.find(id, in: db)
    }

    static func markMet(_ id: ID<CommunityNeed>, in db: Transaction) throws {
        try db.run("UPDATE community_need SET state = 'met', updated_at = \(db.now) WHERE id = \(id)")
    }

    /// Newest first.
    static func list(
        at station: ID<Station>, state: State?, _ page: Page, in db: Database
    ) throws -> [CommunityNeed] {
        var conditions: [SQL] = ["station_id = \(station)", "id < \(page.after?.first ?? .max)"]
        if let state { conditions.append("state = \(state)") }
        return try db.all(
            "SELECT \(columns) FROM community_need \(.filter(conditions)) ORDER BY id DESC LIMIT \(page.limit + 1)")
    }
}

extension UnitResource: RowDecodable {
    private static var columns: SQL { "id, unit_id, title, detail, category, state, created_at, updated_at" }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], unitId: try row[1], title: try row[2], detail: try row[3], category: try row[4],
            state: try row[5], createdAt: try row[6], updatedAt: try row[7])
    }

    /// - Throws: 404.
    static func find(_ id: ID<UnitResource>, in db: Database) throws -> UnitResource {
        guard let resource = try lookUp(id, in: db) else { throw Problem(.notFound) }
        return resource
    }

    static func lookUp(_ id: ID<UnitResource>, in db: Database) throws -> UnitResource? {
        try db.first("SELECT \(columns) FROM unit_resource WHERE id = \(id)")
    }

    /// - Throws: 409 when the list is as long as it may be.
    static func insert(_ entry: UnitListEntry, of unit: ID<PartyUnit>, in db: Transaction) throws -> UnitResource {
        let count: Int? = try db.value(
            "SELECT count(*) FROM unit_resource WHERE unit_id = \(unit) AND state = 'offered'")
        guard (count ?? 0) < UnitListEntry.liveMax else { throw Problem(.listFull) }
        try db.run(
            """
            INSERT INTO unit_resource (unit_id, title, detail, category, state, created_at, updated_at)
            VALUES (\(unit), \(entry.title), \(entry.detail), \(entry.category), 'offered', \(db.now), \(db.now))
            """)
        return try find(ID(db.lastInsertedID), in: db)
    }

    /// - Throws: 409 when a project with it is agreed.
    func withdraw(in db: Transaction) throws -> UnitResource {
        let isUsed = try db.exists(
            "SELECT 1 FROM unit_project WHERE resource_id = \(id) AND state IN ('agreed', 'running')")
        guard !isUsed else { throw Problem(.listEntryInUse) }
        try db.run("UPDATE unit_resource SET state = 'withdrawn', updated_at = \(db.now) WHERE id = \(id)")
        return try UnitResource.find(id, in: db)
    }

    /// Newest first.
    static func list(of unit: ID<PartyUnit>, state: State?, _ page: Page, in db: Database) throws -> [UnitResource] {
        var conditions: [SQL] = ["unit_id = \(unit)", "id < \(page.after?.first ?? .max)"]
        if let state { conditions.append("state = \(state)") }
        return try db.all(
            "SELECT \(columns) FROM unit_resource \(.filter(conditions)) ORDER BY id DESC LIMIT \(page.limit + 1)")
    }
}
