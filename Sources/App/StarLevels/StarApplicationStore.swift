import HTTP
package import SQLite

extension StarApplication: RowDecodable {
    private static var columns: SQL {
        """
        star_application.id, star_application.volunteer_id, star_application.station_id, star_application.level,
        star_application.state, star_application.submitted_at, star_application.decided_at, star_application.reason
        """
    }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], volunteerId: try row[1], stationId: try row[2], level: try row[3], state: try row[4],
            submittedAt: try row[5], decidedAt: try row[6], reason: try row[7])
    }

    /// - Throws: 404.
    static func find(_ id: ID<StarApplication>, in db: Database) throws -> StarApplication {
        let found: StarApplication? = try db.first("SELECT \(columns) FROM star_application WHERE id = \(id)")
        guard let found else { throw Problem(.notFound) }
        return found
    }

    /// - Throws: 409 while another waits.
    static func insert(
        _ level: Int, of volunteer: ID<Volunteer>, at station: ID<Station>, in db: Transaction
    ) throws -> StarApplication {
        let inserted = try db.run(
            """
            INSERT INTO star_application (volunteer_id, station_id, level, state, submitted_at)
            VALUES (\(volunteer), \(station), \(level), 'submitted', \(db.now)) ON CONFLICT DO NOTHING
            """)
        guard inserted == 1 else {
            throw Problem(
                .conflict, detail: Wording(zh: "已有申请等待审核", en: "An application waits already"),
                state: State.submitted.rawValue)
        }
        return try find(ID(db.lastInsertedID), in: db)
    }

    /// - Parameter reason: of a refusal; nil approves.
    func decide(reason: String?, by account: ID<Account>, in db: Transaction) throws -> StarApplication {
        let target: State = reason == nil ? .approved : .refused
        try db.run(
            """
            UPDATE star_application SET state = \(target), decided_by = \(account), decided_at = \(db.now),
                reason = \(reason) WHERE id = \(id)
            """)
        return try StarApplication.find(id, in: db)
    }

    /// Oldest first, as they are to be decided.
    /// - Parameter roots: parts of the tree; nil is the whole city.
    static func list(
        within roots: [ID<Station>]?, state: State, _ page: Page, in db: Database
    ) throws -> [Listed] {
        var conditions: [SQL] = ["star_application.state = \(state)"]
        if let roots { conditions.append(try Station.within(roots, "star_application.station_id", in: db)) }
        if let after = page.after { conditions.append("star_application.id > \(after.first)") }
        return try db.all(
            """
            SELECT \(columns), volunteer.name, volunteer.number,
                (SELECT ifnull(sum(minutes), 0) FROM service_record WHERE volunteer_id IN
                    (SELECT each.id FROM volunteer AS each
                        WHERE each.id = volunteer.id OR each.merged_into = volunteer.id))
            FROM star_application JOIN volunteer ON volunteer.id = star_application.volunteer_id \(.filter(conditions))
            ORDER BY star_application.id LIMIT \(page.limit + 1)
            """)
    }
}

extension StarApplication.Listed: RowDecodable {
    package init(row: borrowing Row) throws {
        self.init(
            application: try StarApplication(row: row), volunteerName: Masking.name(try row[8]),
            volunteerNumber: try row[9], minutes: try row[10])
    }
}
