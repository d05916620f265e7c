import HTTP
package import SQLite

/// A volunteer service team (志愿服务队) of a station; its leader takes orders on its behalf.
package struct Team: Encodable, Sendable {
    package var id: ID<Team>
    package var stationId: ID<Station>
    package var name: String
    package var leaderId: ID<Volunteer>
    package var memberCount: Int
    package var createdAt: Timestamp

    package struct Draft: RequestBody {
        package var stationId: ID<Station>
        package var name: String
        package var leaderId: ID<Volunteer>

        package func check(_ faults: inout Faults) { faults.text("/name", name, 2...60) }
    }
}

extension Team: RowDecodable {
    private static var select: SQL {
        """
        SELECT team.id, team.station_id, team.name, team.leader_id,
            (SELECT count(*) FROM team_member WHERE team_id = team.id), team.created_at FROM team
        """
    }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], stationId: try row[1], name: try row[2], leaderId: try row[3], memberCount: try row[4],
            createdAt: try row[5])
    }

    /// - Throws: 404.
    static func find(_ id: ID<Team>, in db: Database) throws -> Team {
        guard let team: Team = try db.first("\(select) WHERE team.id = \(id)") else {
            throw Problem(
                .notFound, detail: Wording(zh: "没有编号为 \(id.rawValue) 的队伍", en: "There is no team \(id.rawValue)"))
        }
        return team
    }

    /// - Throws: 422 at `pointer`, because the id came in a body.
    static func require(_ id: ID<Team>, pointer: String, in db: Database) throws {
        guard try db.exists("SELECT 1 FROM team WHERE id = \(id)") else {
            throw Problem(.invalid, faults: [.init(pointer, Wording(zh: "没有这支队伍", en: "names no team"))])
        }
    }

    static func list(station: ID<Station>?, _ page: Page, in db: Database) throws -> [Team] {
        var conditions: [SQL] = []
        if let station { conditions.append("team.station_id = \(station)") }
        if let after = page.after { conditions.append("team.id > \(after.first)") }
        return try db.all("\(select) \(.filter(conditions)) ORDER BY team.id LIMIT \(page.limit + 1)")
    }

    /// - Throws: 409 when the station has a team of this name.
    static func insert(_ draft: Draft, in db: Transaction) throws -> Team {
        do {
            try db.run(
                """
                INSERT INTO team (station_id, name, leader_id, created_at)
                VALUES (\(draft.stationId), \(draft.name), \(draft.leaderId), \(db.now))
                """)
        } catch let error as SQLiteError where error.isUniqueViolation {
            throw Problem(.conflict, detail: Wording(zh: "该阵地已有同名队伍", en: "The station has a team of this name"))
        }
        let id = ID<Team>(db.lastInsertedID)
        try add(draft.leaderId, to: id, in: db)
        return try find(id, in: db)
    }

    static func add(_ volunteer: ID<Volunteer>, to team: ID<Team>, in db: Transaction) throws {
        try db.run(
            "INSERT OR IGNORE INTO team_member (team_id, volunteer_id, joined_at) VALUES (\(team), \(volunteer), \(db.now))"
        )
    }

    static func remove(_ volunteer: ID<Volunteer>, from team: ID<Team>, in db: Transaction) throws {
        try db.run("DELETE FROM team_member WHERE team_id = \(team) AND volunteer_id = \(volunteer)")
    }
}
