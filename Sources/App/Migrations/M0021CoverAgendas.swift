import SQLite

extension Migrations {
    /// Whether a volunteer is elsewhere at that time is read from the index alone. Each of their earlier sign-ups, past
    /// ones too, cost a row of the table.
    static let coverAgendas = Migration(
        number: 21, name: "cover agendas",
        statements: """
            DROP INDEX sign_up_volunteer;
            CREATE INDEX sign_up_volunteer ON sign_up (volunteer_id, id, activity_id, state);
            """)
}
