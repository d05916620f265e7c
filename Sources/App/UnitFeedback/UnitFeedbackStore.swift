import HTTP
package import SQLite

extension UnitFeedback: RowDecodable {
    private static var columns: SQL {
        """
        id, unit_id, station_id, year, quarter, members_checked_in, posts_served, projects_done, remarks, sent_at
        """
    }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], unitId: try row[1], stationId: try row[2], year: try row[3], quarter: try row[4],
            counts: Counts(membersCheckedIn: try row[5], postsServed: try row[6], projectsDone: try row[7]),
            remarks: try row[8], sentAt: try row[9])
    }

    private static func counts(
        _ unit: ID<PartyUnit>, _ station: ID<Station>, _ period: CalendarPeriod, in db: Database
    ) throws -> Counts {
        try db.one(
            """
            SELECT
                (SELECT count(DISTINCT volunteer_id) FROM member_check_in
                WHERE unit_id = \(unit) AND station_id = \(station) AND accepted_at < \(period.end)
                    AND (ended_at IS NULL OR ended_at >= \(period.start))),
                (SELECT count(DISTINCT post_service.claim_id) FROM post_claim
                JOIN community_post ON community_post.id = post_claim.post_id
                JOIN post_service ON post_service.claim_id = post_claim.id
                WHERE post_claim.unit_id = \(unit) AND community_post.station_id = \(station)
                    AND post_service.state = 'confirmed' AND post_service.served_on >= \(period.first.description)
                    AND post_service.served_on < \(period.next.description)),
                (SELECT count(*) FROM unit_project
                JOIN unit_project_move ON unit_project_move.project_id = unit_project.id
                WHERE unit_project.unit_id = \(unit) AND unit_project.station_id = \(station)
                    AND unit_project_move.to_state = 'done' AND unit_project_move.at >= \(period.start)
                    AND unit_project_move.at < \(period.end))
            """)
    }

    /// - Throws: 409 when it was sent already.
    static func insert(
        _ draft: Draft, _ period: CalendarPeriod, by staff: ID<Account>, in db: Transaction
    ) throws -> UnitFeedback {
        let counts = try counts(draft.unitId, draft.stationId, period, in: db)
        do {
            try db.run(
                """
                INSERT INTO unit_feedback (unit_id, station_id, year, quarter, members_checked_in, posts_served,
                    projects_done, remarks, sent_by, sent_at)
                VALUES (\(draft.unitId), \(draft.stationId), \(draft.year), \(draft.quarter),
                    \(counts.membersCheckedIn), \(counts.postsServed), \(counts.projectsDone), \(draft.remarks),
                    \(staff), \(db.now))
                """)
        } catch let error as SQLiteError where error.isUniqueViolation {
            throw Problem(.conflict, detail: Wording(zh: "该季度的反馈已发出", en: "It was sent already"))
        }
        return try db.one("SELECT \(columns) FROM unit_feedback WHERE id = \(ID<UnitFeedback>(db.lastInsertedID))")
    }

    /// Newest first.
    static func list(_ view: UnitFeedbackView, _ page: Page, in db: Database) throws -> [UnitFeedback] {
        let conditions = try view.conditions("unit_feedback.station_id", page, in: db)
        return try db.all(
            "SELECT \(columns) FROM unit_feedback \(.filter(conditions)) ORDER BY id DESC LIMIT \(page.limit + 1)")
    }
}

extension UnitFeedback.Counts: RowDecodable {
    package init(row: borrowing Row) throws {
        self.init(membersCheckedIn: try row[0], postsServed: try row[1], projectsDone: try row[2])
    }
}

/// Whose list it is.
enum UnitFeedbackView {
    case unit(ID<PartyUnit>)
    /// Communities in these parts of the tree, nil being the whole city, or one of them.
    case scope([ID<Station>]?, station: ID<Station>?)

    fileprivate func conditions(_ column: StaticString, _ page: Page, in db: Database) throws -> [SQL] {
        var conditions: [SQL] = []
        switch self {
        case .unit(let unit): conditions.append("unit_id = \(unit)")
        case .scope(let roots, let station):
            if let roots { conditions.append(try Station.within(roots, column, in: db)) }
            if let station { conditions.append("station_id = \(station)") }
        }
        if let after = page.after { conditions.append("id < \(after.first)") }
        return conditions
    }
}

extension UnitEvaluation: RowDecodable {
    private static var columns: SQL { "id, unit_id, station_id, year, rated_by, grade, remarks, made_at" }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], unitId: try row[1], stationId: try row[2], year: try row[3], ratedBy: try row[4],
            grade: try row[5], remarks: try row[6], madeAt: try row[7])
    }

    /// - Throws: 409 when this side has rated the year already.
    static func insert(_ draft: Draft, by account: ID<Account>, in db: Transaction) throws -> UnitEvaluation {
        do {
            try db.run(
                """
                INSERT INTO unit_evaluation (unit_id, station_id, year, rated_by, grade, remarks, made_by, made_at)
                VALUES (\(draft.unitId), \(draft.stationId), \(draft.year), \(draft.side), \(draft.grade),
                    \(draft.remarks), \(account), \(db.now))
                """)
        } catch let error as SQLiteError where error.isUniqueViolation {
            throw Problem(.conflict, detail: Wording(zh: "该年度已评价", en: "The year was rated already"))
        }
        return try db.one(
            "SELECT \(columns) FROM unit_evaluation WHERE id = \(ID<UnitEvaluation>(db.lastInsertedID))")
    }

    /// Newest first.
    static func list(_ view: UnitFeedbackView, _ page: Page, in db: Database) throws -> [UnitEvaluation] {
        let conditions = try view.conditions("unit_evaluation.station_id", page, in: db)
        return try db.all(
            "SELECT \(columns) FROM unit_evaluation \(.filter(conditions)) ORDER BY id DESC LIMIT \(page.limit + 1)")
    }
}
