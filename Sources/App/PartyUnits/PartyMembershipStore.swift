import HTTP
package import SQLite

extension PartyMembership: RowDecodable {
    package init(row: borrowing Row) throws {
        self.init(
            unitId: try row[0], unitName: try row[1], state: try row[2], consentVersion: try row[3],
            consentedAt: try row[4], decidedAt: try row[5], reason: try row[6])
    }

    static func find(_ volunteer: ID<Volunteer>, in db: Database) throws -> PartyMembership? {
        try db.first(
            """
            SELECT party_membership.unit_id, party_unit.name, party_membership.state,
                party_membership.consent_version, party_membership.consented_at, party_membership.decided_at,
                party_membership.reason
            FROM party_membership JOIN party_unit ON party_unit.id = party_membership.unit_id
            WHERE party_membership.volunteer_id = \(volunteer)
            """)
    }

    static func birthDate(of volunteer: ID<Volunteer>, in db: Database) throws -> CivilDate? {
        try db.value("SELECT birth_date FROM volunteer WHERE id = \(volunteer)", as: String.self)
            .flatMap { CivilDate($0) }
    }

    /// Takes the place of what was declared before, also by who was merged into the volunteer.
    static func declare(
        _ body: Declaration, by volunteer: ID<Volunteer>, in db: Transaction
    ) throws -> PartyMembership {
        let volunteers = try Volunteer.everyRow(of: volunteer, in: db)
        try db.run("DELETE FROM party_membership WHERE volunteer_id IN \(volunteers)")
        try db.run(
            """
            INSERT INTO party_membership (volunteer_id, unit_id, state, consent_version, consented_at)
            VALUES (\(volunteer), \(body.unitId), 'declared', \(body.consentVersion), \(db.now))
            """)
        guard let made = try find(volunteer, in: db) else { throw Problem(.internalError) }
        return made
    }

    /// Forgets that a volunteer is a member: the declaration, the check-ins, and whose claims and services theirs were.
    /// Counts by unit stay right, because claims keep their unit. Consent is the person's: what stands with a volunteer
    /// merged into this one goes as well.
    package static func wipe(_ volunteer: ID<Volunteer>, in db: Transaction) throws {
        for volunteer in try Volunteer.everyID(of: volunteer, in: db) {
            try PostClaim.forget(volunteer, in: db)
            try db.run("DELETE FROM member_check_in WHERE volunteer_id = \(volunteer)")
            try db.run("DELETE FROM party_membership WHERE volunteer_id = \(volunteer)")
        }
    }

    static func members(
        of unit: ID<PartyUnit>, state: State?, _ page: Page, in db: Database
    ) throws -> [Member] {
        var conditions: [SQL] = ["party_membership.unit_id = \(unit)"]
        if let state { conditions.append("party_membership.state = \(state)") }
        if let after = page.after { conditions.append("party_membership.volunteer_id > \(after.first)") }
        return try db.all(
            """
            \(Member.select) \(.filter(conditions)) ORDER BY party_membership.volunteer_id LIMIT \(page.limit + 1)
            """)
    }
}

extension PartyMembership.Member: RowDecodable {
    fileprivate static var select: SQL {
        """
        SELECT party_membership.volunteer_id, volunteer.name, party_membership.state,
            party_membership.consented_at, party_membership.decided_at
        FROM party_membership JOIN volunteer ON volunteer.id = party_membership.volunteer_id
        """
    }

    package init(row: borrowing Row) throws {
        self.init(
            volunteerId: try row[0], name: Masking.name(try row[1]), state: try row[2], declaredAt: try row[3],
            decidedAt: try row[4])
    }

    static func find(
        _ volunteer: ID<Volunteer>, of unit: ID<PartyUnit>, in db: Database
    ) throws -> PartyMembership.Member? {
        try db.first(
            """
            \(select) WHERE party_membership.volunteer_id = \(volunteer) AND party_membership.unit_id = \(unit)
            """)
    }

    /// - Throws: 409 with the present state.
    func move(
        _ action: PartyMembership.State.Action, reason: String?, of unit: ID<PartyUnit>, in db: Transaction
    ) throws -> PartyMembership.Member {
        let target = try state.after(action)
        try db.run(
            """
            UPDATE party_membership SET state = \(target), decided_at = \(db.now), reason = \(reason)
            WHERE volunteer_id = \(volunteerId)
            """)
        guard let moved = try Self.find(volunteerId, of: unit, in: db) else { throw Problem(.internalError) }
        return moved
    }
}
