import SQLite

extension Migrations {
    /// How far the import of a file came, the first problems it met, and which volunteers an organisation entered.
    static let createImports = Migration(
        number: 14, name: "create imports",
        statements: """
            CREATE TABLE import_run (
                id INTEGER PRIMARY KEY,
                kind TEXT NOT NULL CHECK (kind IN 
                    ('stations', 'grids', 'gridPlaces', 'chatGroups', 'staff', 'volunteers', 'teams')),
                file_hash BLOB NOT NULL CHECK (length(file_hash) = 32),
                account_id INTEGER REFERENCES account,
                row_reached INTEGER NOT NULL DEFAULT 0 CHECK (row_reached >= 0),
                line_reached INTEGER NOT NULL DEFAULT 0,
                created INTEGER NOT NULL DEFAULT 0,
                updated INTEGER NOT NULL DEFAULT 0,
                unchanged INTEGER NOT NULL DEFAULT 0,
                refused INTEGER NOT NULL DEFAULT 0,
                problems INTEGER NOT NULL DEFAULT 0,
                started_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                completed_at INTEGER,
                CHECK (row_reached = created + updated + unchanged + refused)
            ) STRICT;
            CREATE UNIQUE INDEX import_run_file ON import_run (kind, file_hash);

            CREATE TABLE import_problem (
                id INTEGER PRIMARY KEY,
                run_id INTEGER NOT NULL REFERENCES import_run,
                line INTEGER NOT NULL,
                column_name TEXT NOT NULL,
                zh TEXT NOT NULL,
                en TEXT NOT NULL
            ) STRICT;
            CREATE INDEX import_problem_run ON import_problem (run_id, id);

            CREATE TABLE imported_volunteer (
                volunteer_id INTEGER PRIMARY KEY REFERENCES volunteer,
                run_id INTEGER NOT NULL REFERENCES import_run,
                station_id INTEGER NOT NULL REFERENCES station,
                line INTEGER NOT NULL,
                has_consented INTEGER NOT NULL CHECK (has_consented = 1)
            ) STRICT;
            """)
}
