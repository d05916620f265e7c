import HTTP
package import SQLite

extension UnitCheckIn: RowDecodable {
    private static var select: SQL {
        """
        SELECT unit_check_in.id, unit_check_in.unit_id, party_unit.name, unit_check_in.station_id,
            unit_check_in.state, unit_check_in.proposed_at, unit_check_in.accepted_at, unit_check_in.ended_at,
            unit_check_in.reason
        FROM unit_check_in JOIN party_unit ON party_unit.id = unit_check_in.unit_id
        """
    }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], unitId: try row[1], unitName: try row[2], stationId: try row[3], state: try row[4],
            proposedAt: try row[5], acceptedAt: try row[6], endedAt: try row[7], reason: try row[8])
    }

    /// - Throws: 404.
    static func find(_ id: ID<UnitCheckIn>, in db: Database) throws -> UnitCheckIn {
        guard let checkIn: UnitCheckIn = try db.first("\(select) WHERE unit_check_in.id = \(id)") else {
            throw Problem(.notFound)
        }
        return checkIn
    }

    static func live(of unit: ID<PartyUnit>, in db: Database) throws -> UnitCheckIn? {
        try db.first(
            """
            \(select) WHERE unit_check_in.unit_id = \(unit) AND unit_check_in.state IN ('proposed', 'accepted')
            """)
    }

    /// - Throws: 409 after too many within a year.
    static func insert(_ unit: PartyUnit, by account: ID<Account>, in db: Transaction) throws -> UnitCheckIn {
        let count: Int? = try db.value(
            """
            SELECT count(*) FROM unit_check_in
            WHERE unit_id = \(unit.id) AND proposed_at > \(db.now - PartyUnitRules.yearSeconds)
            """)
        guard (count ?? 0) < PartyUnitRules.checkInsPerYear else { throw Problem(.tooManyCheckIns) }
        try db.run(
            """
            INSERT INTO unit_check_in (unit_id, station_id, state, proposed_by, proposed_at)
            VALUES (\(unit.id), \(unit.seatId), 'proposed', \(account), \(db.now))
            """)
        return try find(ID(db.lastInsertedID), in: db)
    }

    /// - Throws: 409 with the present state.
    @discardableResult
    func move(_ action: CheckInState.Action, reason: String?, in db: Transaction) throws -> UnitCheckIn {
        let target = try state.after(action)
        if target == .accepted {
            try db.run("UPDATE unit_check_in SET state = \(target), accepted_at = \(db.now) WHERE id = \(id)")
        } else {
            try db.run(
                """
                UPDATE unit_check_in SET state = \(target), ended_at = \(db.now), reason = \(reason) WHERE id = \(id)
                """)
        }
        return try UnitCheckIn.find(id, in: db)
    }

    /// Newest first.
    static func list(of unit: ID<PartyUnit>, _ page: Page, in db: Database) throws -> [UnitCheckIn] {
        try db.all(
            """
            \(select) WHERE unit_check_in.unit_id = \(unit) AND unit_check_in.id < \(page.after?.first ?? .max)
            ORDER BY unit_check_in.id DESC LIMIT \(page.limit + 1)
            """)
    }

    /// Newest first.
    /// - Parameter scope: parts of the tree; nil is the whole city.
    static func list(
        scope: [ID<Station>]?, station: ID<Station>?, state: CheckInState?, _ page: Page, in db: Database
    ) throws -> [UnitCheckIn] {
        var conditions: [SQL] = []
        if let scope { conditions.append(try Station.within(scope, "unit_check_in.station_id", in: db)) }
        if let station { conditions.append("unit_check_in.station_id = \(station)") }
        if let state { conditions.append("unit_check_in.state = \(state)") }
        if let after = page.after { conditions.append("unit_check_in.id < \(after.first)") }
        return try db.all(
            "\(select) \(.filter(conditions)) ORDER BY unit_check_in.id DESC LIMIT \(page.limit + 1)")
    }
}
