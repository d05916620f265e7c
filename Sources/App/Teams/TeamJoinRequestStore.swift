import HTTP
package import SQLite

extension TeamJoinRequest: RowDecodable {
    /// - Parameter viewer: who looks at it from the team's side; nil for the volunteer's own.
    private static func select(for viewer: TeamMember.Viewer?, in db: Database) throws -> SQL {
        try """
        SELECT team_join_request.id, team_join_request.team_id, team.name, team_join_request.volunteer_id, volunteer.name,
            team_join_request.from_team_id, team_join_request.note, team_join_request.state, team_join_request.reason,
            team_join_request.created_at, team_join_request.decided_at, \(viewer?.knowsAsking(in: db) ?? "1")
        FROM team_join_request JOIN team ON team.id = team_join_request.team_id
            JOIN volunteer ON volunteer.id = team_join_request.volunteer_id
        """
    }

    package init(row: borrowing Row) throws {
        let (name, isKnown): (String, Bool) = (try row[4], try row[11])
        self.init(
            id: try row[0], teamId: try row[1], teamName: try row[2], volunteerId: try row[3],
            volunteerName: isKnown ? name : Masking.name(name), fromTeamId: try row[5], note: try row[6],
            state: try row[7], reason: try row[8], createdAt: try row[9], decidedAt: try row[10])
    }

    /// - Throws: 404.
    static func find(
        _ id: ID<TeamJoinRequest>, for viewer: TeamMember.Viewer? = nil, in db: Database
    ) throws -> TeamJoinRequest {
        let found: TeamJoinRequest? = try db.first(
            "\(select(for: viewer, in: db)) WHERE team_join_request.id = \(id)")
        guard let found else { throw Problem(.notFound) }
        return found
    }

    /// - Throws: 409 when the same wish waits already, or too many of the volunteer's do.
    static func insert(
        _ draft: Draft, _ volunteer: ID<Volunteer>, to team: ID<Team>, _ limits: TeamLimits, in db: Transaction
    ) throws -> TeamJoinRequest {
        let open: Int =
            try db.value(
                "SELECT count(*) FROM team_join_request WHERE volunteer_id = \(volunteer) AND state = 'open'") ?? 0
        guard open < limits.openRequests else { throw Problem(.tooManyOpen) }
        do {
            try db.run(
                """
                INSERT INTO team_join_request (team_id, volunteer_id, from_team_id, note, state, created_at)
                VALUES (\(team), \(volunteer), \(draft.fromTeamId), \(draft.note), 'open', \(db.now))
                """)
        } catch let error as SQLiteError where error.isUniqueViolation {
            throw Problem(
                .conflict, detail: Wording(zh: "已有一份申请等待审核", en: "A request to this team waits already"))
        }
        return try find(ID(db.lastInsertedID), in: db)
    }

    /// - Throws: 409 with the present state unless the request is open.
    func decide(_ state: State, by account: ID<Account>, reason: String?, in db: Transaction) throws {
        guard self.state == .open else { throw Problem(.conflict, state: self.state.rawValue) }
        try db.run(
            """
            UPDATE team_join_request SET state = \(state), reason = \(reason), decided_by = \(account),
                decided_at = \(db.now)
            WHERE id = \(id)
            """)
    }

    /// The volunteer has become a member, in whichever way.
    static func settle(
        _ volunteer: ID<Volunteer>, _ team: ID<Team>, by account: ID<Account>, in db: Transaction
    ) throws {
        try db.run(
            """
            UPDATE team_join_request SET state = 'approved', decided_by = \(account), decided_at = \(db.now)
            WHERE team_id = \(team) AND volunteer_id = \(volunteer) AND state = 'open'
            """)
    }

    /// The members of one team are about to go over to another. Who asked to join that one will be in it; who asked to
    /// change from the old team to a third will change from the new one, unless in both already.
    static func follow(from team: ID<Team>, to target: ID<Team>, by account: ID<Account>, in db: Transaction) throws {
        let movers: SQL = "SELECT volunteer_id FROM team_member WHERE team_id = \(team)"
        try db.run(
            """
            UPDATE team_join_request SET state = 'approved', decided_by = \(account), decided_at = \(db.now)
            WHERE team_id = \(target) AND state = 'open' AND volunteer_id IN (\(movers))
            """)
        try db.run(
            """
            UPDATE team_join_request SET from_team_id = \(target)
            WHERE from_team_id = \(team) AND state = 'open' AND volunteer_id IN (\(movers)
                EXCEPT SELECT volunteer_id FROM team_member WHERE team_id = \(target))
            """)
    }

    /// The team has ended. Where somebody asked to leave it for another one, the other one's answer stands.
    static func lapseAll(of team: ID<Team>, by account: ID<Account>, in db: Transaction) throws {
        try db.run(
            """
            UPDATE team_join_request SET state = 'lapsed', decided_by = \(account), decided_at = \(db.now)
            WHERE team_id = \(team) AND state = 'open'
            """)
    }

    /// Two volunteers are about to be one, who neither asks twice to join a team nor asks to join one they are in.
    /// - Parameter kept: whose request stands where both asked.
    /// - Returns: the requests cancelled.
    static func settle(
        _ merged: ID<Volunteer>, _ kept: ID<Volunteer>, by account: ID<Account>, reason: String, in db: Transaction
    ) throws -> [ID<TeamJoinRequest>] {
        let idle: [ID<TeamJoinRequest>] = try db.values(
            """
            SELECT id FROM team_join_request WHERE volunteer_id IN (\(merged), \(kept)) AND state = 'open'
                AND (EXISTS (SELECT 1 FROM team_member WHERE team_member.team_id = team_join_request.team_id
                        AND team_member.volunteer_id IN (\(merged), \(kept)))
                    OR (volunteer_id = \(merged) AND EXISTS (SELECT 1 FROM team_join_request AS other
                        WHERE other.team_id = team_join_request.team_id AND other.volunteer_id = \(kept)
                            AND other.state = 'open')))
            ORDER BY id
            """)
        for id in idle { try find(id, in: db).decide(.cancelled, by: account, reason: reason, in: db) }
        return idle
    }

    /// Opens cancelled requests again, but for teams that have ended or have the volunteer meanwhile.
    static func reopen(_ requests: [ID<TeamJoinRequest>], in db: Transaction) throws {
        for id in requests {
            try db.run(
                """
                UPDATE OR IGNORE team_join_request
                SET state = 'open', reason = NULL, decided_by = NULL, decided_at = NULL
                WHERE id = \(id) AND state = 'cancelled'
                    AND EXISTS (SELECT 1 FROM team WHERE team.id = team_join_request.team_id AND team.state = 'active')
                    AND NOT EXISTS (SELECT 1 FROM team_member WHERE team_member.team_id = team_join_request.team_id
                        AND team_member.volunteer_id = team_join_request.volunteer_id)
                """)
        }
    }

    enum Side {
        case team(ID<Team>, TeamMember.Viewer)
        case volunteer(ID<Volunteer>)
    }

    /// Newest first.
    static func list(_ side: Side, state: State?, _ page: Page, in db: Database) throws -> [TeamJoinRequest] {
        var conditions: [SQL] = []
        var viewer: TeamMember.Viewer?
        switch side {
        case .team(let team, let manager):
            conditions.append("team_join_request.team_id = \(team)")
            viewer = manager
        case .volunteer(let volunteer): conditions.append("team_join_request.volunteer_id = \(volunteer)")
        }
        if let state { conditions.append("team_join_request.state = \(state)") }
        if let after = page.after { conditions.append("team_join_request.id < \(after.first)") }
        return try db.all(
            """
            \(select(for: viewer, in: db)) \(.filter(conditions))
            ORDER BY team_join_request.id DESC LIMIT \(page.limit + 1)
            """)
    }
}
