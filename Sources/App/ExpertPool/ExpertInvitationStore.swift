import HTTP
package import SQLite

extension ExpertInvitation: RowDecodable {
    /// - Parameter now: an unanswered invitation has expired by then, whether housekeeping has said so yet or not.
    private static func select(_ now: Timestamp) -> SQL {
        """
        SELECT expert_invitation.id, expert_invitation.volunteer_id, expert_invitation.station_id, station.name,
            expert_invitation.message, expert_invitation.wished_at,
            iif(expert_invitation.state = 'invited' AND expert_invitation.expires_at <= \(now), 'expired',
                expert_invitation.state),
            expert_invitation.reason, expert_invitation.created_at, expert_invitation.expires_at,
            expert_invitation.answered_at, expert_invitation.invited_by
        FROM expert_invitation JOIN station ON station.id = expert_invitation.station_id
        """
    }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], volunteerId: try row[1], stationId: try row[2], stationName: try row[3],
            message: try row[4], wishedAt: try row[5], state: try row[6], reason: try row[7], createdAt: try row[8],
            expiresAt: try row[9], answeredAt: try row[10], invitedBy: try row[11])
    }

    /// - Throws: 404.
    static func find(_ id: ID<ExpertInvitation>, now: Timestamp, in db: Database) throws -> ExpertInvitation {
        let found: ExpertInvitation? = try db.first("\(select(now)) WHERE expert_invitation.id = \(id)")
        guard let found else {
            throw Problem(
                .notFound,
                detail: Wording(zh: "没有编号为 \(id.rawValue) 的邀请", en: "There is no invitation \(id.rawValue)"))
        }
        return found
    }

    enum Side {
        case expert(ID<Volunteer>)
        /// Of stations in these parts of the tree; nil is the whole city.
        case scope([ID<Station>]?)
    }

    /// Newest first.
    static func list(
        _ side: Side, state: State?, now: Timestamp, _ page: Page, in db: Database
    ) throws -> [ExpertInvitation] {
        var conditions: [SQL] = []
        switch side {
        case .expert(let volunteer):
            conditions.append("expert_invitation.volunteer_id IN \(try Volunteer.everyRow(of: volunteer, in: db))")
        case .scope(let roots):
            if let roots { conditions.append(try Station.within(roots, "expert_invitation.station_id", in: db)) }
        }
        switch state {
        case nil: break
        case .invited:
            conditions.append("expert_invitation.state = 'invited' AND expert_invitation.expires_at > \(now)")
        case .expired:
            conditions.append(
                """
                (expert_invitation.state = 'expired'
                    OR (expert_invitation.state = 'invited' AND expert_invitation.expires_at <= \(now)))
                """)
        case let other?: conditions.append("expert_invitation.state = \(other)")
        }
        if let after = page.after { conditions.append("expert_invitation.id < \(after.first)") }
        return try db.all(
            "\(select(now)) \(.filter(conditions)) ORDER BY expert_invitation.id DESC LIMIT \(page.limit + 1)")
    }

    /// - Throws: 409 when the station waits for an answer already, or a limit is reached.
    static func insert(
        _ draft: Draft, to volunteer: ID<Volunteer>, by account: ID<Account>, in db: Transaction
    ) throws -> ExpertInvitation {
        let now = Timestamp(seconds: db.now)
        try db.run(
            """
            UPDATE expert_invitation SET state = 'expired'
            WHERE volunteer_id = \(volunteer) AND state = 'invited' AND expires_at <= \(now)
            """)
        let open =
            try db.value(
                "SELECT count(*) FROM expert_invitation WHERE volunteer_id = \(volunteer) AND state = 'invited'",
                as: Int.self) ?? 0
        guard open < ExpertRules.openPerExpertMax else {
            throw Problem(.invitationRefused, reasons: ["expertHasManyInvitations"])
        }
        let today =
            try db.value(
                """
                SELECT count(*) FROM expert_invitation
                WHERE station_id = \(draft.stationId) AND created_at >= \(now.startOfDay)
                """, as: Int.self) ?? 0
        guard today < ExpertRules.perStationAndDayMax else {
            throw Problem(.invitationRefused, reasons: ["stationInvitedManyToday"])
        }
        let expiresAt = min(now + ExpertRules.answerSeconds, draft.wishedAt)
        let inserted = try db.run(
            """
            INSERT INTO expert_invitation (volunteer_id, station_id, invited_by, message, wished_at, state, created_at,
                expires_at)
            VALUES (\(volunteer), \(draft.stationId), \(account), \(draft.message), \(draft.wishedAt), 'invited',
                \(now), \(expiresAt))
            ON CONFLICT DO NOTHING
            """)
        guard inserted == 1 else { throw Problem(.invitationRefused, reasons: ["alreadyInvited"]) }
        return try find(ID(db.lastInsertedID), now: now, in: db)
    }

    /// - Throws: 409 with the present state.
    func move(_ action: Action, reason: String?, in db: Transaction) throws -> ExpertInvitation {
        let target = try target(of: action)
        let now = Timestamp(seconds: db.now)
        let answeredAt = action == .withdraw ? answeredAt : now
        try db.run(
            """
            UPDATE expert_invitation SET state = \(target), reason = \(reason), answered_at = \(answeredAt)
            WHERE id = \(id)
            """)
        return try ExpertInvitation.find(id, now: now, in: db)
    }

    /// What becomes of invitations when the expert leaves the pool: those to come are declined.
    static func end(of volunteer: ID<Volunteer>, in db: Transaction) throws {
        try db.run(
            """
            UPDATE expert_invitation SET state = 'declined', reason = '专家已退出人才库', answered_at = \(db.now)
            WHERE volunteer_id = \(volunteer) AND state IN ('invited', 'accepted') AND wished_at > \(db.now)
            """)
    }

    /// Says of unanswered invitations that they have expired.
    package static let housekeeping = HousekeepingJob(name: "expired invitations") { db, _ in
        let rows = try db.run(
            """
            UPDATE expert_invitation SET state = 'expired' WHERE id IN (
                SELECT id FROM expert_invitation WHERE state = 'invited' AND expires_at <= \(db.now)
                LIMIT \(ExpertRules.expiredAtOnce))
            """)
        return .init(rows, atMost: ExpertRules.expiredAtOnce)
    }
}
