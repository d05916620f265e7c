import HTTP
package import SQLite

extension MemberCheckIn: RowDecodable {
    private static var select: SQL {
        """
        SELECT member_check_in.id, volunteer.name, member_check_in.unit_id, party_unit.name,
            member_check_in.station_id, member_check_in.state, member_check_in.proposed_at,
            member_check_in.accepted_at, member_check_in.ended_at, member_check_in.reason,
            member_check_in.volunteer_id
        FROM member_check_in JOIN volunteer ON volunteer.id = member_check_in.volunteer_id
            JOIN party_unit ON party_unit.id = member_check_in.unit_id
        """
    }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], memberName: Masking.name(try row[1]), unitId: try row[2], unitName: try row[3],
            stationId: try row[4], state: try row[5], proposedAt: try row[6], acceptedAt: try row[7],
            endedAt: try row[8], reason: try row[9], volunteerId: try row[10])
    }

    /// - Throws: 404.
    static func find(_ id: ID<MemberCheckIn>, in db: Database) throws -> MemberCheckIn {
        guard let checkIn: MemberCheckIn = try db.first("\(select) WHERE member_check_in.id = \(id)") else {
            throw Problem(.notFound)
        }
        return checkIn
    }

    static func live(of volunteer: ID<Volunteer>, in db: Database) throws -> MemberCheckIn? {
        try db.first(
            """
            \(select) WHERE member_check_in.volunteer_id = \(volunteer)
                AND member_check_in.state IN ('proposed', 'accepted')
            """)
    }

    /// The check-in a community has accepted and that still lives.
    static func accepted(of volunteer: ID<Volunteer>, in db: Database) throws -> MemberCheckIn? {
        try live(of: volunteer, in: db).flatMap { $0.state == .accepted ? $0 : nil }
    }

    /// - Throws: 409 after too many within a year.
    static func insert(
        _ volunteer: ID<Volunteer>, _ unit: ID<PartyUnit>, at station: ID<Station>, in db: Transaction
    ) throws -> MemberCheckIn {
        let count: Int? = try db.value(
            """
            SELECT count(*) FROM member_check_in
            WHERE volunteer_id = \(volunteer) AND proposed_at > \(db.now - PartyUnitRules.yearSeconds)
            """)
        guard (count ?? 0) < PartyUnitRules.checkInsPerYear else { throw Problem(.tooManyCheckIns) }
        try db.run(
            """
            INSERT INTO member_check_in (volunteer_id, unit_id, station_id, state, proposed_at)
            VALUES (\(volunteer), \(unit), \(station), 'proposed', \(db.now))
            """)
        return try find(ID(db.lastInsertedID), in: db)
    }

    /// - Throws: 409 with the present state.
    func move(_ action: CheckInState.Action, reason: String?, in db: Transaction) throws -> MemberCheckIn {
        let target = try state.after(action)
        if target == .accepted {
            try db.run("UPDATE member_check_in SET state = \(target), accepted_at = \(db.now) WHERE id = \(id)")
        } else {
            try db.run(
                """
                UPDATE member_check_in SET state = \(target), ended_at = \(db.now), reason = \(reason) WHERE id = \(id)
                """)
        }
        return try MemberCheckIn.find(id, in: db)
    }

    /// A member's own, newest first.
    static func list(of volunteer: ID<Volunteer>, _ page: Page, in db: Database) throws -> [MemberCheckIn] {
        try db.all(
            """
            \(select) WHERE member_check_in.volunteer_id IN \(try Volunteer.everyRow(of: volunteer, in: db))
                AND member_check_in.id < \(page.after?.first ?? .max)
            ORDER BY member_check_in.id DESC LIMIT \(page.limit + 1)
            """)
    }

    /// The living ones of communities in scope, newest first: who has moved away is no longer the community's to see.
    /// - Parameter scope: parts of the tree; nil is the whole city.
    static func list(
        scope: [ID<Station>]?, station: ID<Station>?, _ page: Page, in db: Database
    ) throws -> [MemberCheckIn] {
        var conditions: [SQL] = ["member_check_in.state IN ('proposed', 'accepted')"]
        if let scope { conditions.append(try Station.within(scope, "member_check_in.station_id", in: db)) }
        if let station { conditions.append("member_check_in.station_id = \(station)") }
        if let after = page.after { conditions.append("member_check_in.id < \(after.first)") }
        return try db.all(
            "\(select) \(.filter(conditions)) ORDER BY member_check_in.id DESC LIMIT \(page.limit + 1)")
    }
}
