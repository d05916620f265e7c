import HTTP
package import SQLite

extension Station: RowDecodable {
    static var columns: SQL {
        """
        station.id, station.parent_id, station.kind, station.code, station.name, station.address, station.longitude,
        station.latitude, station.is_position_approximate, station.opening_hours, station.phone, station.manager_name,
        station.path, station.version, station.updated_at
        """
    }

    package init(row: borrowing Row) throws {
        let longitude: Double? = try row[6]
        let latitude: Double? = try row[7]
        let path: StationPath = try row[12]
        self.init(
            id: try row[0], parentId: try row[1], kind: try row[2], code: try row[3], name: try row[4],
            address: try row[5],
            position: longitude.flatMap { longitude in
                latitude.flatMap { Position(longitude: longitude, latitude: $0) }
            },
            isPositionApproximate: try row[8], openingHours: try row[9], phone: try row[10], managerName: try row[11],
            path: path.ids, version: try row[13], updatedAt: try row[14])
    }

    /// - Throws: 404.
    package static func find(_ id: ID<Station>, in db: Database) throws -> Station {
        guard let station: Station = try db.first("SELECT \(columns) FROM station WHERE id = \(id)") else {
            throw Problem(
                .notFound, detail: Wording(zh: "没有编号为 \(id.rawValue) 的阵地", en: "There is no station \(id.rawValue)"))
        }
        return station
    }

    package static func find(code: String, in db: Database) throws -> Station? {
        try db.first("SELECT \(columns) FROM station WHERE code = \(code)")
    }

    static func hasCity(in db: Database) throws -> Bool {
        try db.exists("SELECT 1 FROM station WHERE kind = 'city'")
    }

    /// Where a site stands in the tree.
    /// - Throws: 422 naming `pointer`, because the id came in a body.
    package static func path(of id: ID<Station>, pointer: String, in db: Database) throws -> StationPath {
        guard let path = try db.value("SELECT path FROM station WHERE id = \(id)", as: StationPath.self) else {
            throw Problem(.invalid, faults: [.init(pointer, Wording(zh: "没有这个阵地", en: "names no station"))])
        }
        return path
    }

    package var treePath: StationPath { StationPath(path) }

    // MARK: - Writing

    static func insert(_ draft: Draft, under parent: Station, in db: Transaction) throws -> Station {
        let position = draft.position ?? parent.position
        do {
            try db.run(
                """
                INSERT INTO station (parent_id, path, kind, code, name, address, longitude, latitude,
                    is_position_approximate, opening_hours, phone, manager_name, created_at, updated_at)
                VALUES (\(parent.id), '/' || hex(randomblob(16)) || '/', \(draft.kind), \(draft.code), \(draft.name),
                    \(draft.address), \(position?.longitude), \(position?.latitude), \(draft.position == nil),
                    \(draft.openingHours), \(draft.phone), \(draft.managerName), \(db.now), \(db.now))
                """)
        } catch let error as SQLiteError where error.isUniqueViolation {
            throw Problem(.conflict, detail: Wording(zh: "编码已被使用", en: "The code is taken"))
        }
        return try place(ID(db.lastInsertedID), under: parent.treePath, in: db)
    }

    /// The root of the tree: the one site without a parent.
    static func insertCity(name: String, code: String?, position: Position?, in db: Transaction) throws -> Station {
        try db.run(
            """
            INSERT INTO station (path, kind, code, name, longitude, latitude, is_position_approximate, created_at, updated_at)
            VALUES ('/0/', 'city', \(code), \(name), \(position?.longitude), \(position?.latitude), 0, \(db.now), \(db.now))
            """)
        return try place(ID(db.lastInsertedID), under: .root, in: db)
    }

    /// Gives a new row its place in the tree and the indexes, which need its id.
    private static func place(_ id: ID<Station>, under parent: StationPath, in db: Transaction) throws -> Station {
        let path = parent.appending(id)
        let district = path.ids.dropFirst().first
        try db.run("UPDATE station SET path = \(path), district_id = \(district) WHERE id = \(id)")
        let station = try find(id, in: db)
        try station.index(in: db)
        return station
    }

    /// - Returns: the site as it is afterwards.
    func update(_ edit: Edit, in db: Transaction) throws -> Station {
        var (position, isApproximate) = (position, isPositionApproximate)
        switch edit.position {
        case .unchanged: break
        case .set(let new): (position, isApproximate) = (new, false)
        case .removed:
            position = try parentId.flatMap { try Station.find($0, in: db).position }
            isApproximate = parentId != nil
        }
        try db.run(
            """
            UPDATE station SET name = \(edit.name), address = \(edit.address), longitude = \(position?.longitude),
                latitude = \(position?.latitude), is_position_approximate = \(isApproximate),
                opening_hours = \(edit.openingHours), phone = \(edit.phone), manager_name = \(edit.managerName),
                version = version + 1, updated_at = \(db.now)
            WHERE id = \(id)
            """)
        let station = try Station.find(id, in: db)
        try station.index(in: db)
        if station.position != self.position { try station.bequeathPosition(in: db) }
        return station
    }

    /// Gives the position to the sites below that have none of their own, down to the first that has one: a handful of
    /// statements, however many they are. Their version changes too, for what is shown of them does.
    private func bequeathPosition(in db: Transaction) throws {
        let heirs: SQL = """
            WITH RECURSIVE heir (id) AS (
                SELECT id FROM station WHERE parent_id = \(id) AND is_position_approximate
                UNION ALL
                SELECT station.id FROM heir JOIN station ON station.parent_id = heir.id
                WHERE station.is_position_approximate
            )
            """
        try db.run(
            """
            \(heirs)
            UPDATE station SET longitude = \(position?.longitude), latitude = \(position?.latitude),
                version = version + 1, updated_at = \(db.now)
            WHERE id IN (SELECT id FROM heir)
            """)
        try db.run("\(heirs) DELETE FROM station_rtree WHERE id IN (SELECT id FROM heir)")
        guard let position else { return }
        try db.run(
            """
            \(heirs)
            INSERT INTO station_rtree SELECT id, \(position.longitude), \(position.longitude),
                \(position.latitude), \(position.latitude) FROM heir
            """)
    }

    private func index(in db: Transaction) throws {
        try db.run("DELETE FROM station_fts WHERE rowid = \(id)")
        try db.run(
            "INSERT INTO station_fts (rowid, words) VALUES (\(id), \(Bigrams.index("\(name) \(address ?? "")")))")
        try db.run("DELETE FROM station_rtree WHERE id = \(id)")
        guard let position else { return }
        try db.run(
            """
            INSERT INTO station_rtree VALUES (\(id), \(position.longitude), \(position.longitude),
                \(position.latitude), \(position.latitude))
            """)
    }

    // MARK: - Lists

    struct Filter {
        var parent: ID<Station>?
        var kind: Kind?
        var words: String?
        var updatedSince: Timestamp?
    }

    /// In order of id, or of change for `updatedSince`.
    static func list(_ filter: Filter, _ page: Page, in db: Database) throws -> [Station] {
        var conditions: [SQL] = []
        if let parent = filter.parent { conditions.append("station.parent_id = \(parent)") }
        if let kind = filter.kind { conditions.append("station.kind = \(kind)") }
        if let words = filter.words {
            conditions.append("station.id IN (SELECT rowid FROM station_fts WHERE station_fts MATCH \(words))")
        }
        guard let since = filter.updatedSince else {
            if let after = page.after { conditions.append("station.id > \(after.first)") }
            return try db.all(
                "SELECT \(columns) FROM station \(.filter(conditions)) ORDER BY station.id LIMIT \(page.limit + 1)")
        }
        conditions.append("station.updated_at >= \(since)")
        if let after = page.after {
            conditions.append("(station.updated_at, station.id) > (\(after.first), \(after.second))")
        }
        return try db.all(
            """
            SELECT \(columns) FROM station \(.filter(conditions))
            ORDER BY station.updated_at, station.id LIMIT \(page.limit + 1)
            """)
    }

    /// Nobody looks for a site further away. Metres.
    static let farthestMetres = 256_000.0
    /// The first box, and how many times as wide the next one is. One that is much wider than the nearest site is far
    /// holds, beside a dense city, a good part of it. Metres.
    private static let (nearMetres, growth) = (2_000.0, 1.5)

    /// The sites nearest to a place: a small box first, and wider ones until there are enough in it.
    /// - Parameters:
    ///   - radius: one box of this size instead. Metres.
    ///   - reach: the widest box. Metres.
    static func nearest(
        to place: Position, radius: Double? = nil, reach: Double = farthestMetres, kinds: [Kind] = Kind.allCases,
        limit: Int, in db: Database
    ) throws -> [Station] {
        var side = radius ?? nearMetres
        while true {
            let found = try box(place, side, kinds, in: db)
                .map { (id: $0.id, metres: Int($0.position.distance(to: place).rounded())) }
                .filter { Double($0.metres) <= side }
                .sorted { ($0.metres, $0.id.rawValue) < ($1.metres, $1.id.rawValue) }
            guard found.count < limit, radius == nil, side < reach else {
                return try found.prefix(limit).map { near in
                    var station = try find(near.id, in: db)
                    station.distanceMetres = near.metres
                    return station
                }
            }
            side = min(side * growth, reach)
        }
    }

    /// Whether there is a site in the box: the first one found will do, however many there are.
    static func isAny(within side: Double, of place: Position, in db: Database) throws -> Bool {
        try db.exists("SELECT 1 FROM station_rtree WHERE \(boxed(place, side))")
    }

    /// The site that all others stand below.
    static func city(in db: Database) throws -> Station? {
        try db.first("SELECT \(columns) FROM station WHERE kind = 'city'")
    }

    /// A site of which no more is read until it is known to be near: a wide box holds the whole city.
    private struct Site: RowDecodable {
        var id: ID<Station>
        var position: Position

        init(row: borrowing Row) throws {
            id = try row[0]
            guard let position = Position(longitude: try row[1], latitude: try row[2]) else {
                throw Problem(.internalError)
            }
            self.position = position
        }
    }

    private static func box(_ place: Position, _ side: Double, _ kinds: [Kind], in db: Database) throws -> [Site] {
        let wanted = SQL.joined(kinds.map { "\($0)" }, separator: ", ")
        // CROSS, or SQLite would go through all sites of the kinds and ask the R*Tree about each: 5 ms in a city of 4,700.
        return try db.all(
            """
            SELECT station.id, station.longitude, station.latitude
            FROM station_rtree CROSS JOIN station ON station.id = station_rtree.id
            WHERE \(boxed(place, side)) AND station.kind IN (\(wanted))
            """)
    }

    private static func boxed(_ place: Position, _ side: Double) -> SQL {
        let (north, east) = place.degrees(reaching: side)
        return """
            station_rtree.longitude_max >= \(place.longitude - east)
                AND station_rtree.longitude_min <= \(place.longitude + east)
                AND station_rtree.latitude_max >= \(place.latitude - north)
                AND station_rtree.latitude_min <= \(place.latitude + north)
            """
    }
}
