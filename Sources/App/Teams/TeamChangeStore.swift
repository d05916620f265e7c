import HTTP
package import SQLite

extension TeamChange: RowDecodable {
    private static var columns: SQL {
        """
        id, kind, team_id, state, reason, old_values, new_values, proposed_by, proposed_at, decided_by, decided_at,
        decision_reason
        """
    }

    package init(row: borrowing Row) throws {
        let old: JSONColumn<Values> = try row[5]
        let new: JSONColumn<Values> = try row[6]
        self.init(
            id: try row[0], kind: try row[1], teamId: try row[2], state: try row[3], reason: try row[4],
            oldValues: old.content, newValues: new.content, proposedBy: try row[7], proposedAt: try row[8],
            decidedBy: try row[9], decidedAt: try row[10], decisionReason: try row[11])
    }

    /// - Throws: 404.
    static func find(_ id: ID<TeamChange>, in db: Database) throws -> TeamChange {
        guard let change: TeamChange = try db.first("SELECT \(columns) FROM team_change WHERE id = \(id)") else {
            throw Problem(.notFound)
        }
        return change
    }

    /// Writes a proposal that waits for the level above.
    /// - Throws: 409 when another change of the team waits, or too many of the account's do.
    static func propose(_ plan: TeamChangePlan, by account: ID<Account>, in db: Transaction) throws -> TeamChange {
        try requireNoOther(plan.team, in: db)
        let open: Int =
            try db.value(
                "SELECT count(*) FROM team_change WHERE proposed_by = \(account) AND state = 'proposed'") ?? 0
        guard open < TeamRules.openChangesMax else { throw Problem(.tooManyOpen) }
        return try insert(plan, .proposed, plan.team?.id, by: account, in: db)
    }

    /// Carries a change out for somebody who may decide it, and writes the row.
    static func apply(
        _ plan: TeamChangePlan, by account: ID<Account>, _ limits: TeamLimits, in db: Transaction
    ) throws -> (change: TeamChange, team: Team) {
        try requireNoOther(plan.team, in: db)
        let team = try plan.apply(by: account, limits, in: db)
        return (try insert(plan, .applied, team.id, by: account, in: db), team)
    }

    private static func requireNoOther(_ team: Team?, in db: Database) throws {
        guard let team else { return }
        if try db.exists("SELECT 1 FROM team_change WHERE team_id = \(team.id) AND state = 'proposed'") {
            throw Problem(.teamChangePending)
        }
    }

    private static func insert(
        _ plan: TeamChangePlan, _ state: State, _ team: ID<Team>?, by account: ID<Account>, in db: Transaction
    ) throws -> TeamChange {
        guard let review = try plan.supervisions(in: db).last else { throw Problem(.internalError) }
        let isDecided = state != .proposed
        try db.run(
            """
            INSERT INTO team_change (kind, team_id, review_station_id, review_team_id, state, reason, old_values,
                new_values, proposed_by, proposed_at, decided_by, decided_at)
            VALUES (\(plan.kind), \(team), \(review.reviewStation), \(review.parent?.id), \(state), \(plan.reason),
                \(JSONColumn(plan.old)), \(JSONColumn(plan.new)), \(account), \(db.now),
                \(isDecided ? account : nil), \(isDecided ? db.now : nil))
            """)
        return try find(ID(db.lastInsertedID), in: db)
    }

    /// - Parameter team: the team that was founded, or the one changed.
    /// - Throws: 409 with the present state unless the change waits.
    func decide(
        _ state: State, team: ID<Team>?, by account: ID<Account>, reason: String?, in db: Transaction
    ) throws -> TeamChange {
        try requireWaiting()
        try db.run(
            """
            UPDATE team_change SET state = \(state), team_id = \(team), decided_by = \(account), decided_at = \(db.now),
                decision_reason = \(reason)
            WHERE id = \(id)
            """)
        return try TeamChange.find(id, in: db)
    }

    func requireWaiting() throws(Problem) {
        guard state == .proposed else { throw Problem(.conflict, state: state.rawValue) }
    }

    enum Side {
        case proposer(ID<Account>)
        /// Changes below teams the volunteer leads.
        case leader(ID<Volunteer>)
        /// Changes below stations in these parts of the tree, nil being the whole city, or below these teams.
        case scope([ID<Station>]?, [ID<Team>])
    }

    /// Newest first.
    static func list(
        _ side: Side, state: State?, team: ID<Team>?, _ page: Page, in db: Database
    ) throws -> [TeamChange] {
        var conditions: [SQL] = []
        switch side {
        case .proposer(let account): conditions.append("proposed_by = \(account)")
        case .leader(let volunteer):
            conditions.append(
                "review_team_id IN (SELECT id FROM team WHERE leader_id = \(volunteer) AND state = 'active')")
        case .scope(let stations, let teams):
            guard let stations else { break }
            var parts: [SQL] = []
            if !stations.isEmpty { parts.append(try Station.within(stations, "review_station_id", in: db)) }
            if !teams.isEmpty { parts.append(try Team.within(teams, "review_team_id", in: db)) }
            conditions.append(parts.isEmpty ? "0" : "(\(SQL.joined(parts, separator: " OR ")))")
        }
        if let state { conditions.append("state = \(state)") }
        if let team { conditions.append("team_id = \(team)") }
        if let after = page.after { conditions.append("id < \(after.first)") }
        return try db.all(
            "SELECT \(columns) FROM team_change \(.filter(conditions)) ORDER BY id DESC LIMIT \(page.limit + 1)")
    }
}
