import SQLite

extension Migrations {
    static let createTeams = Migration(
        number: 4, name: "create teams",
        statements: """
            CREATE TABLE team (
                id INTEGER PRIMARY KEY,
                station_id INTEGER NOT NULL REFERENCES station,
                name TEXT NOT NULL CHECK (length(name) BETWEEN 2 AND 60),
                leader_id INTEGER NOT NULL REFERENCES volunteer,
                created_at INTEGER NOT NULL,
                UNIQUE (station_id, name)
            ) STRICT;
            CREATE INDEX team_leader ON team (leader_id);

            CREATE TABLE team_member (
                team_id INTEGER NOT NULL REFERENCES team,
                volunteer_id INTEGER NOT NULL REFERENCES volunteer,
                joined_at INTEGER NOT NULL,
                PRIMARY KEY (team_id, volunteer_id)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX team_member_volunteer ON team_member (volunteer_id);
            """)
}
