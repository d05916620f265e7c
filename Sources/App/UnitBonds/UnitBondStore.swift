import HTTP
package import SQLite

extension UnitBond: RowDecodable {
    private static var select: SQL {
        """
        SELECT unit_bond.id, unit_bond.unit_id, party_unit.name, unit_bond.station_id, unit_bond.proposed_by,
            unit_bond.state, unit_bond.contact_name, unit_bond.contact_phone, unit_bond.since, unit_bond.until,
            unit_bond.end_reason, unit_bond.created_at
        FROM unit_bond JOIN party_unit ON party_unit.id = unit_bond.unit_id
        """
    }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], unitId: try row[1], unitName: try row[2], stationId: try row[3], proposedBy: try row[4],
            state: try row[5], contactName: try row[6], contactPhone: try row[7], since: try row[8],
            until: try row[9], endReason: try row[10], createdAt: try row[11])
    }

    /// - Throws: 404.
    static func find(_ id: ID<UnitBond>, in db: Database) throws -> UnitBond {
        guard let bond: UnitBond = try db.first("\(select) WHERE unit_bond.id = \(id)") else {
            throw Problem(.notFound)
        }
        return bond
    }

    /// - Throws: 409 while another bond of the two lives.
    static func insert(_ draft: Draft, by account: ID<Account>, in db: Transaction) throws -> UnitBond {
        do {
            try db.run(
                """
                INSERT INTO unit_bond (unit_id, station_id, proposed_by, state, contact_name, contact_phone, created_by,
                    created_at)
                VALUES (\(draft.unitId), \(draft.stationId), \(draft.side), 'proposed', \(draft.contactName),
                    \(PhoneNumber(draft.contactPhone)), \(account), \(db.now))
                """)
        } catch let error as SQLiteError where error.isUniqueViolation {
            throw Problem(
                .conflict, detail: Wording(zh: "双方已有包联关系或待确认的包联", en: "The two have a bond, or one proposed"))
        }
        return try find(ID(db.lastInsertedID), in: db)
    }

    /// - Throws: 409 with the present state.
    func move(_ action: State.Action, reason: String?, in db: Transaction) throws -> UnitBond {
        let target = try state.after(action)
        let change: SQL =
            target == .active ? "since = \(db.now)" : "until = \(db.now), end_reason = \(reason)"
        try db.run("UPDATE unit_bond SET state = \(target), \(change) WHERE id = \(id)")
        return try UnitBond.find(id, in: db)
    }

    static func isActive(_ unit: ID<PartyUnit>, _ station: ID<Station>, in db: Database) throws -> Bool {
        try db.exists(
            "SELECT 1 FROM unit_bond WHERE unit_id = \(unit) AND station_id = \(station) AND state = 'active'")
    }

    /// Newest first.
    static func list(of unit: ID<PartyUnit>, _ page: Page, in db: Database) throws -> [UnitBond] {
        try db.all(
            """
            \(select) WHERE unit_bond.unit_id = \(unit) AND unit_bond.id < \(page.after?.first ?? .max)
            ORDER BY unit_bond.id DESC LIMIT \(page.limit + 1)
            """)
    }

    /// Newest first.
    /// - Parameter scope: parts of the tree; nil is the whole city.
    static func list(
        scope: [ID<Station>]?, station: ID<Station>?, state: State?, _ page: Page, in db: Database
    ) throws -> [UnitBond] {
        var conditions: [SQL] = []
        if let scope { conditions.append(try Station.within(scope, "unit_bond.station_id", in: db)) }
        if let station { conditions.append("unit_bond.station_id = \(station)") }
        if let state { conditions.append("unit_bond.state = \(state)") }
        if let after = page.after { conditions.append("unit_bond.id < \(after.first)") }
        return try db.all("\(select) \(.filter(conditions)) ORDER BY unit_bond.id DESC LIMIT \(page.limit + 1)")
    }
}

/// Whether a unit and a community have to do with each other: by an accepted check-in or an active bond.
enum UnitRelation {
    /// At some time within a period.
    static func exists(
        _ unit: ID<PartyUnit>, _ station: ID<Station>, from: Timestamp, until: Timestamp, in db: Database
    ) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM unit_check_in WHERE unit_id = \(unit) AND station_id = \(station)
                AND accepted_at < \(until) AND (ended_at IS NULL OR ended_at >= \(from))
            UNION ALL
            SELECT 1 FROM unit_bond WHERE unit_id = \(unit) AND station_id = \(station)
                AND since < \(until) AND (until IS NULL OR until >= \(from))
            """)
    }

    /// Whether an account acts for a unit that has to do with the community now.
    static func exists(ofAccount account: ID<Account>, _ station: ID<Station>, in db: Database) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM unit_representative AS mine WHERE mine.account_id = \(account) AND (
                EXISTS (SELECT 1 FROM unit_check_in WHERE unit_id = mine.unit_id AND station_id = \(station)
                    AND state = 'accepted')
                OR EXISTS (SELECT 1 FROM unit_bond WHERE unit_id = mine.unit_id AND station_id = \(station)
                    AND state = 'active'))
            """)
    }

    /// The communities a unit has to do with now.
    static func stations(of unit: ID<PartyUnit>, in db: Database) throws -> [StationPath] {
        try db.values(
            """
            SELECT path FROM station WHERE id IN (
                SELECT station_id FROM unit_check_in WHERE unit_id = \(unit) AND state = 'accepted'
                UNION SELECT station_id FROM unit_bond WHERE unit_id = \(unit) AND state = 'active')
            """)
    }
}
