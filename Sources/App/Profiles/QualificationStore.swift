import HTTP
package import SQLite

extension Qualification: RowDecodable {
    /// - Parameter today: what has expired depends on it.
    private static func columns(_ today: CivilDate) -> SQL {
        """
        qualification.id, qualification.volunteer_id, qualification.station_id, qualification.kind,
        qualification.title, qualification.issuer, qualification.number, qualification.issued_on,
        qualification.expires_on, ifnull(qualification.expires_on < \(today.description), 0),
        qualification.replaces_id, qualification.state, qualification.decided_by, qualification.decided_at,
        qualification.reason, qualification.submitted_at
        """
    }

    package init(row: borrowing Row) throws {
        let expiresOn: String? = try row[8]
        self.init(
            id: try row[0], volunteerId: try row[1], stationId: try row[2], kind: try row[3], title: try row[4],
            issuer: try row[5], number: try row[6], issuedOn: try CivilDate(stored: row[7]),
            expiresOn: try expiresOn.map { try CivilDate(stored: $0) }, isExpired: try row[9], replacesId: try row[10],
            state: try row[11], decidedBy: try row[12], decidedAt: try row[13], reason: try row[14],
            submittedAt: try row[15])
    }

    /// - Throws: 404.
    static func find(_ id: ID<Qualification>, today: CivilDate, in db: Database) throws -> Qualification {
        let found: Qualification? = try db.first(
            "SELECT \(columns(today)) FROM qualification WHERE id = \(id)")
        guard let found else {
            throw Problem(
                .notFound,
                detail: Wording(zh: "没有编号为 \(id.rawValue) 的资质", en: "There is no qualification \(id.rawValue)"))
        }
        return found
    }

    /// All of one volunteer, newest first: their number is limited.
    static func list(
        of volunteer: ID<Volunteer>, state: State?, today: CivilDate, in db: Database
    ) throws -> [Qualification] {
        var conditions: [SQL] = ["volunteer_id IN \(try Volunteer.everyRow(of: volunteer, in: db))"]
        if let state { conditions.append("state = \(state)") }
        return try db.all(
            "SELECT \(columns(today)) FROM qualification \(.filter(conditions)) ORDER BY id DESC")
    }

    /// Oldest first, as they are to be decided.
    /// - Parameter roots: parts of the tree; nil is the whole city.
    static func list(
        within roots: [ID<Station>]?, state: State, today: CivilDate, _ page: Page, in db: Database
    ) throws -> [Listed] {
        var conditions: [SQL] = ["qualification.state = \(state)"]
        if let roots { conditions.append(try Station.within(roots, "qualification.station_id", in: db)) }
        if let after = page.after { conditions.append("qualification.id > \(after.first)") }
        return try db.all(
            """
            SELECT \(columns(today)), volunteer.name, volunteer.number FROM qualification
            JOIN volunteer ON volunteer.id = qualification.volunteer_id \(.filter(conditions))
            ORDER BY qualification.id LIMIT \(page.limit + 1)
            """)
    }

    /// - Throws: 409 beyond the number a volunteer may have; 422 for an upload or a qualification that is not theirs.
    static func insert(
        _ draft: Draft, of volunteer: ID<Volunteer>, by account: ID<Account>, today: CivilDate, in db: Transaction
    ) throws -> Qualification {
        let present =
            try db.value("SELECT count(*) FROM qualification WHERE volunteer_id = \(volunteer)", as: Int.self) ?? 0
        guard present < QualificationRules.perVolunteerMax else { throw Problem(.limitReached) }
        if let replaced = draft.replacesId {
            let isOwn = try db.exists(
                """
                SELECT 1 FROM qualification
                WHERE id = \(replaced) AND volunteer_id IN \(try Volunteer.everyRow(of: volunteer, in: db))
                    AND state = 'verified'
                """)
            guard isOwn else {
                throw Problem(
                    .invalid,
                    faults: [
                        .init("/replacesId", Wording(zh: "没有这项已核验的资质", en: "names no verified qualification of yours"))
                    ])
            }
        }
        try Upload.useAsProof(draft.uploadId, of: account, in: db)
        try db.run(
            """
            INSERT INTO qualification (volunteer_id, station_id, kind, title, issuer, number, issued_on, expires_on,
                upload_id, replaces_id, state, submitted_at)
            VALUES (\(volunteer), \(draft.stationId), \(draft.kind), \(draft.title), \(draft.issuer), \(draft.number),
                \(draft.issuedOn.description), \(draft.expiresOn?.description), \(draft.uploadId),
                \(draft.replacesId), 'submitted', \(db.now))
            """)
        return try find(ID(db.lastInsertedID), today: today, in: db)
    }

    /// Takes the row and its picture away: it is the owner's data, and the audit keeps who verified what.
    func remove(in db: Transaction) throws {
        let upload = try upload(in: db)
        try db.run("DELETE FROM qualification WHERE id = \(id)")
        try Upload.releaseProof(upload, in: db)
    }

    func upload(in db: Database) throws -> ID<Upload> {
        guard
            let upload = try db.value(
                "SELECT upload_id FROM qualification WHERE id = \(id)", as: ID<Upload>.self)
        else { throw Problem(.notFound) }
        return upload
    }

    /// - Parameter reason: of a refusal; nil verifies, and takes what it replaces out of use.
    func decide(reason: String?, by account: ID<Account>, today: CivilDate, in db: Transaction) throws -> Qualification
    {
        let target: State = reason == nil ? .verified : .refused
        try db.run(
            """
            UPDATE qualification SET state = \(target), decided_by = \(account), decided_at = \(db.now),
                reason = \(reason) WHERE id = \(id)
            """)
        if target == .verified, let replacesId {
            try db.run("UPDATE qualification SET state = 'replaced' WHERE id = \(replacesId) AND state = 'verified'")
        }
        return try Qualification.find(id, today: today, in: db)
    }
}

extension Qualification.Listed: RowDecodable {
    package init(row: borrowing Row) throws {
        self.init(
            qualification: try Qualification(row: row).masked, volunteerName: Masking.name(try row[16]),
            volunteerNumber: try row[17])
    }
}
