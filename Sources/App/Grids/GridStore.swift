import HTTP
package import SQLite

extension Grid: RowDecodable {
    private static var select: SQL {
        """
        SELECT grid.id, grid.station_id, grid.code, grid.name, grid.kind,
            (SELECT count(*) FROM grid_place WHERE grid_id = grid.id), grid.version, grid.created_at, grid.updated_at,
            grid.retired_at FROM grid
        """
    }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], stationId: try row[1], code: try row[2], name: try row[3], kind: try row[4],
            placeCount: try row[5], workers: nil, version: try row[6], createdAt: try row[7], updatedAt: try row[8],
            retiredAt: try row[9])
    }

    /// - Throws: 404.
    static func find(_ id: ID<Grid>, in db: Database) throws -> Grid {
        guard let grid: Grid = try db.first("\(select) WHERE grid.id = \(id)") else {
            throw Problem(
                .notFound, detail: Wording(zh: "没有编号为 \(id.rawValue) 的网格", en: "There is no grid \(id.rawValue)"))
        }
        return grid
    }

    static func find(code: String, in db: Database) throws -> Grid? {
        try db.first("\(select) WHERE grid.code = \(code)")
    }

    /// - Throws: 422 at `pointer` unless it is a living grid of this community.
    static func require(
        _ id: ID<Grid>, of station: ID<Station>, pointer: String, in db: Database
    ) throws {
        let isThere = try db.exists(
            "SELECT 1 FROM grid WHERE id = \(id) AND station_id = \(station) AND retired_at IS NULL")
        guard isThere else {
            throw Problem(
                .invalid, faults: [.init(pointer, Wording(zh: "该社区没有这个网格", en: "names no grid of the community"))])
        }
    }

    func withWorkers(in db: Database) throws -> Grid {
        var grid = self
        grid.workers = try GridWorker.present(of: id, in: db).map(\.publicView)
        return grid
    }

    /// The living grids of a community, or of all communities below a site.
    static func list(of station: ID<Station>?, kind: Kind?, _ page: Page, in db: Database) throws -> [Grid] {
        var conditions: [SQL] = ["grid.retired_at IS NULL"]
        if let station { conditions.append(try Station.within([station], "grid.station_id", in: db)) }
        if let kind { conditions.append("grid.kind = \(kind)") }
        if let after = page.after { conditions.append("grid.id > \(after.first)") }
        return try db.all("\(select) \(.filter(conditions)) ORDER BY grid.id LIMIT \(page.limit + 1)")
    }

    /// - Throws: 409 when the code is taken.
    static func insert(_ draft: Draft, in db: Transaction) throws -> Grid {
        do {
            try db.run(
                """
                INSERT INTO grid (station_id, code, name, kind, created_at, updated_at)
                VALUES (\(draft.stationId), \(draft.code), \(draft.name), \(draft.kind), \(db.now), \(db.now))
                """)
        } catch let error as SQLiteError where error.isUniqueViolation {
            throw Problem(.conflict, detail: Wording(zh: "网格编码已被使用", en: "The code is taken"))
        }
        return try find(ID(db.lastInsertedID), in: db)
    }

    func update(_ edit: Edit, in db: Transaction) throws -> Grid {
        try db.run(
            """
            UPDATE grid SET name = \(edit.name), kind = \(edit.kind), version = version + 1, updated_at = \(db.now)
            WHERE id = \(id)
            """)
        return try Grid.find(id, in: db)
    }

    /// Ends the grid and with it everybody's task there.
    func retire(reason: String, by account: ID<Account>, in db: Transaction) throws -> Grid {
        try db.run(
            """
            UPDATE grid_worker SET until = \(db.now), end_reason = \(reason), ended_by = \(account)
            WHERE grid_id = \(id) AND until IS NULL
            """)
        try db.run(
            """
            UPDATE grid SET retired_at = \(db.now), retire_reason = \(reason), version = version + 1,
                updated_at = \(db.now) WHERE id = \(id)
            """)
        return try Grid.find(id, in: db)
    }
}

extension GridPlace: RowDecodable {
    private static var columns: SQL {
        "id, grid_id, kind, name, address, longitude, latitude, households, version, updated_at"
    }

    package init(row: borrowing Row) throws {
        let longitude: Double? = try row[5]
        let latitude: Double? = try row[6]
        self.init(
            id: try row[0], gridId: try row[1], kind: try row[2], name: try row[3], address: try row[4],
            position: longitude.flatMap { longitude in
                latitude.flatMap { Position(longitude: longitude, latitude: $0) }
            },
            households: try row[7], version: try row[8], updatedAt: try row[9])
    }

    /// - Throws: 404.
    static func find(_ id: ID<GridPlace>, in db: Database) throws -> GridPlace {
        guard let place: GridPlace = try db.first("SELECT \(columns) FROM grid_place WHERE id = \(id)") else {
            throw Problem(.notFound)
        }
        return place
    }

    /// The place of this kind and name in a grid.
    static func find(_ name: String, _ kind: Kind, in grid: ID<Grid>, _ db: Database) throws -> GridPlace? {
        try db.first(
            "SELECT \(columns) FROM grid_place WHERE grid_id = \(grid) AND kind = \(kind) AND name = \(name)")
    }

    static func list(of grid: ID<Grid>, kind: Kind?, _ page: Page, in db: Database) throws -> [GridPlace] {
        var conditions: [SQL] = ["grid_id = \(grid)"]
        if let kind { conditions.append("kind = \(kind)") }
        if let after = page.after { conditions.append("id > \(after.first)") }
        return try db.all(
            "SELECT \(columns) FROM grid_place \(.filter(conditions)) ORDER BY id LIMIT \(page.limit + 1)")
    }

    static func insert(_ draft: Draft, into grid: ID<Grid>, in db: Transaction) throws -> GridPlace {
        try db.run(
            """
            INSERT INTO grid_place (grid_id, kind, name, address, longitude, latitude, households, created_at, updated_at)
            VALUES (\(grid), \(draft.kind), \(draft.name), \(draft.address), \(draft.position?.longitude),
                \(draft.position?.latitude), \(draft.households), \(db.now), \(db.now))
            """)
        return try find(ID(db.lastInsertedID), in: db)
    }

    func update(_ draft: Draft, in db: Transaction) throws -> GridPlace {
        try db.run(
            """
            UPDATE grid_place SET kind = \(draft.kind), name = \(draft.name), address = \(draft.address),
                longitude = \(draft.position?.longitude), latitude = \(draft.position?.latitude),
                households = \(draft.households), version = version + 1, updated_at = \(db.now)
            WHERE id = \(id)
            """)
        return try GridPlace.find(id, in: db)
    }

    func remove(in db: Transaction) throws { try db.run("DELETE FROM grid_place WHERE id = \(id)") }
}
