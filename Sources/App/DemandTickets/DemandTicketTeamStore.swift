import SQLite

/// What becomes of a team's tickets when the team ends.
extension DemandTicket {
    /// Tickets the team has been given and not completed.
    static func openCount(of team: ID<Team>, in db: Database) throws -> Int {
        try db.value(
            "SELECT count(*) FROM demand_ticket WHERE team_id = \(team) AND state IN ('dispatched', 'accepted')") ?? 0
    }

    /// Hands open tickets to another team, each with a step in its history.
    static func reassign(
        from team: ID<Team>, to successor: ID<Team>, by account: ID<Account>, reason: String, in db: Transaction
    ) throws {
        try db.run(
            """
            INSERT INTO demand_ticket_move (ticket_id, from_state, to_state, actor_id, at, reason)
            SELECT id, state, state, \(account), \(db.now), \(reason) FROM demand_ticket
            WHERE team_id = \(team) AND state IN ('dispatched', 'accepted')
            """)
        try db.run(
            """
            UPDATE demand_ticket SET team_id = \(successor), version = version + 1, updated_at = \(db.now)
            WHERE team_id = \(team) AND state IN ('dispatched', 'accepted')
            """)
    }
}
