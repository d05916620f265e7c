import HTTP
package import SQLite

extension TrainingRecord: RowDecodable {
    private static var columns: SQL {
        """
        id, volunteer_id, station_id, name, content, minutes, organiser, date, recorded_at, withdrawn_at,
        withdrawal_reason
        """
    }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], volunteerId: try row[1], stationId: try row[2], name: try row[3], content: try row[4],
            minutes: try row[5], organiser: try row[6], date: try CivilDate(stored: row[7]), recordedAt: try row[8],
            withdrawnAt: try row[9], withdrawalReason: try row[10])
    }

    /// - Throws: 404.
    static func find(_ id: ID<TrainingRecord>, in db: Database) throws -> TrainingRecord {
        guard let record: TrainingRecord = try db.first("SELECT \(columns) FROM training_record WHERE id = \(id)")
        else {
            throw Problem(
                .notFound,
                detail: Wording(zh: "没有编号为 \(id.rawValue) 的培训记录", en: "There is no training record \(id.rawValue)"))
        }
        return record
    }

    /// Newest first.
    /// - Parameter isStanding: without those withdrawn.
    static func list(
        of volunteer: ID<Volunteer>, before: Int64, limit: Int, isStanding: Bool = false, in db: Database
    ) throws -> [TrainingRecord] {
        var conditions: [SQL] = [
            "volunteer_id IN \(try Volunteer.everyRow(of: volunteer, in: db))", "id < \(before)",
        ]
        if isStanding { conditions.append("withdrawn_at IS NULL") }
        return try db.all(
            "SELECT \(columns) FROM training_record \(.filter(conditions)) ORDER BY id DESC LIMIT \(limit)")
    }

    static func minutes(of volunteer: ID<Volunteer>, in db: Database) throws -> Int {
        try db.value(
            """
            SELECT sum(minutes) FROM training_record
            WHERE volunteer_id IN \(try Volunteer.everyRow(of: volunteer, in: db)) AND withdrawn_at IS NULL
            """, as: Int.self) ?? 0
    }

    /// One row for each volunteer of the list who exists, has none like it and is not the caller.
    static func insert(_ draft: Draft, _ request: APIRequest, in db: Transaction) throws -> [RecordOutcome] {
        let account = try request.account()
        return try RecordOutcome.each(draft.volunteerIds, request, in: db) { volunteer in
            try db.run(
                """
                INSERT INTO training_record (volunteer_id, station_id, name, content, minutes, organiser, date,
                    recorded_by, recorded_at)
                SELECT \(volunteer), \(draft.stationId), \(draft.name), \(draft.content), \(draft.minutes),
                    \(draft.organiser), \(draft.date.description), \(account), \(db.now)
                WHERE NOT EXISTS (SELECT 1 FROM training_record
                    WHERE volunteer_id IN \(Volunteer.everyRow(of: volunteer, in: db)) AND withdrawn_at IS NULL
                        AND date = \(draft.date.description) AND name = \(draft.name)
                        AND organiser = \(draft.organiser))
                """)
        }
    }

    func withdraw(reason: String, by account: ID<Account>, in db: Transaction) throws -> TrainingRecord {
        try db.run(
            """
            UPDATE training_record SET withdrawn_by = \(account), withdrawn_at = \(db.now),
                withdrawal_reason = \(reason) WHERE id = \(id)
            """)
        return try TrainingRecord.find(id, in: db)
    }
}

extension RecordOutcome {
    /// One who was merged into another is that one, who has what stands in either's row.
    /// - Parameter insert: returns how many rows it inserted: none where the same stands there already.
    static func each(
        _ volunteers: [ID<Volunteer>], _ request: APIRequest, in db: Transaction,
        _ insert: (ID<Volunteer>) throws -> Int
    ) throws -> [RecordOutcome] {
        try volunteers.map { volunteer in
            let kept = try Volunteer.kept(volunteer, in: db)
            guard try Volunteer.isLiving(kept, in: db) else {
                return RecordOutcome(volunteerId: volunteer, outcome: .unknownVolunteer, recordId: nil)
            }
            guard try !request.isOwn(kept, in: db) else {
                return RecordOutcome(volunteerId: volunteer, outcome: .ownCase, recordId: nil)
            }
            guard try insert(kept) == 1 else {
                return RecordOutcome(volunteerId: volunteer, outcome: .alreadyRecorded, recordId: nil)
            }
            return RecordOutcome(volunteerId: volunteer, outcome: .recorded, recordId: db.lastInsertedID)
        }
    }
}
