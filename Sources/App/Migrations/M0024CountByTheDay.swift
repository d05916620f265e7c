import SQLite

extension Migrations {
    /// What was done today is counted by the steps that did it, and only those steps stand in the indexes. An answer that
    /// is written anew, and an item that is hidden, are steps too, but nothing is answered by them.
    static let countByTheDay = Migration(
        number: 24, name: "count by the day",
        statements: """
            CREATE INDEX demand_ticket_move_completed ON demand_ticket_move (at) WHERE to_state = 'completed';
            CREATE INDEX feedback_move_answered ON feedback_move (at)
                WHERE to_state IN ('answered', 'refused') AND from_state IN ('submitted', 'accepted');
            """)
}
