import HTTP
package import SQLite

extension AwardRecord: RowDecodable {
    private static var columns: SQL {
        """
        award_record.id, award_record.volunteer_id, award_record.station_id, award_record.name,
        award_record.granted_on, award_record.granting_body, award_record.level, award_record.upload_id IS NOT NULL,
        award_record.state, award_record.entered_at, award_record.decided_at, award_record.ground, award_record.reason
        """
    }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], volunteerId: try row[1], stationId: try row[2], name: try row[3],
            grantedOn: try CivilDate(stored: row[4]), grantingBody: try row[5], level: try row[6],
            hasProof: try row[7], state: try row[8], enteredAt: try row[9], decidedAt: try row[10],
            ground: try row[11], reason: try row[12])
    }

    /// - Throws: 404.
    static func find(_ id: ID<AwardRecord>, in db: Database) throws -> AwardRecord {
        guard let record: AwardRecord = try db.first("SELECT \(columns) FROM award_record WHERE id = \(id)") else {
            throw Problem(
                .notFound,
                detail: Wording(zh: "没有编号为 \(id.rawValue) 的表彰记录", en: "There is no award record \(id.rawValue)"))
        }
        return record
    }

    /// Newest first.
    static func list(
        of volunteer: ID<Volunteer>, state: State? = nil, before: Int64, limit: Int, in db: Database
    ) throws -> [AwardRecord] {
        var conditions: [SQL] = [
            "volunteer_id IN \(try Volunteer.everyRow(of: volunteer, in: db))", "id < \(before)",
        ]
        if let state { conditions.append("state = \(state)") }
        return try db.all(
            "SELECT \(columns) FROM award_record \(.filter(conditions)) ORDER BY id DESC LIMIT \(limit)")
    }

    /// Oldest first, as they are to be decided.
    /// - Parameter roots: parts of the tree; nil is the whole city.
    static func list(
        within roots: [ID<Station>]?, state: State, _ page: Page, in db: Database
    ) throws -> [Listed] {
        var conditions: [SQL] = ["award_record.state = \(state)"]
        if let roots { conditions.append(try Station.within(roots, "award_record.station_id", in: db)) }
        if let after = page.after { conditions.append("award_record.id > \(after.first)") }
        return try db.all(
            """
            SELECT \(columns), volunteer.name, volunteer.number FROM award_record
            JOIN volunteer ON volunteer.id = award_record.volunteer_id \(.filter(conditions))
            ORDER BY award_record.id LIMIT \(page.limit + 1)
            """)
    }

    /// The station's own award to each volunteer of the list who exists, does not have it and is not the caller.
    static func insert(
        _ draft: Draft, of station: Station, _ request: APIRequest, in db: Transaction
    ) throws -> [RecordOutcome] {
        let account = try request.account()
        return try RecordOutcome.each(draft.volunteerIds, request, in: db) { volunteer in
            try db.run(
                """
                INSERT INTO award_record (volunteer_id, station_id, name, granted_on, granting_body, level, state,
                    entered_by, entered_at, decided_by, decided_at)
                SELECT \(volunteer), \(station.id), \(draft.name), \(draft.grantedOn.description), \(station.name),
                    \(level(of: station.kind)), 'verified', \(account), \(db.now), \(account), \(db.now)
                WHERE NOT EXISTS (SELECT 1 FROM award_record
                    WHERE volunteer_id IN \(Volunteer.everyRow(of: volunteer, in: db))
                        AND state IN ('submitted', 'verified') AND granted_on = \(draft.grantedOn.description)
                        AND name = \(draft.name) AND granting_body = \(station.name))
                """)
        }
    }

    /// - Throws: 409 where the same stands there already or too many wait; 422 for an upload that is not the account's.
    static func insert(
        _ submission: Submission, of volunteer: ID<Volunteer>, by account: ID<Account>, in db: Transaction
    ) throws -> AwardRecord {
        let waiting =
            try db.value(
                "SELECT count(*) FROM award_record WHERE volunteer_id = \(volunteer) AND state = 'submitted'",
                as: Int.self) ?? 0
        guard waiting < waitingMax else { throw Problem(.limitReached) }
        try Upload.useAsProof(submission.uploadId, of: account, in: db)
        let inserted = try db.run(
            """
            INSERT INTO award_record (volunteer_id, station_id, name, granted_on, granting_body, level, upload_id,
                state, entered_by, entered_at)
            VALUES (\(volunteer), \(submission.stationId), \(submission.name), \(submission.grantedOn.description),
                \(submission.grantingBody), \(submission.level), \(submission.uploadId), 'submitted', \(account),
                \(db.now))
            ON CONFLICT DO NOTHING
            """)
        guard inserted == 1 else {
            throw Problem(.conflict, detail: Wording(zh: "已有相同的表彰记录", en: "The same award is recorded already"))
        }
        return try find(ID(db.lastInsertedID), in: db)
    }

    /// Takes a submission away that was never verified, with its picture.
    func remove(in db: Transaction) throws {
        let upload = try upload(in: db)
        try db.run("DELETE FROM award_record WHERE id = \(id)")
        try Upload.releaseProof(upload, in: db)
    }

    /// - Throws: 404 for an award without a picture.
    func upload(in db: Database) throws -> ID<Upload> {
        guard let upload = try db.value("SELECT upload_id FROM award_record WHERE id = \(id)", as: ID<Upload>.self)
        else { throw Problem(.notFound, detail: Wording(zh: "没有证明材料", en: "The award has no proof")) }
        return upload
    }

    func set(
        _ state: State, ground: Ground? = nil, reason: String? = nil, by account: ID<Account>, in db: Transaction
    ) throws -> AwardRecord {
        try db.run(
            """
            UPDATE award_record SET state = \(state), ground = \(ground), reason = \(reason),
                decided_by = \(account), decided_at = \(db.now) WHERE id = \(id)
            """)
        return try AwardRecord.find(id, in: db)
    }
}

extension AwardRecord.Listed: RowDecodable {
    package init(row: borrowing Row) throws {
        self.init(
            award: try AwardRecord(row: row), volunteerName: Masking.name(try row[13]), volunteerNumber: try row[14])
    }
}
