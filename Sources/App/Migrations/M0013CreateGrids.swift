import SQLite

extension Migrations {
    /// Grids of the communities with what lies in them and who looks after them; the register of chat groups, and where
    /// sign-ups and tickets say which group they came from.
    static let createGrids = Migration(
        number: 13, name: "create grids and chat groups",
        statements: """
            CREATE TABLE grid (
                id INTEGER PRIMARY KEY,
                station_id INTEGER NOT NULL REFERENCES station,
                code TEXT NOT NULL UNIQUE CHECK (length(code) BETWEEN 1 AND 32),
                name TEXT NOT NULL CHECK (length(name) BETWEEN 2 AND 60),
                kind TEXT NOT NULL CHECK (kind IN ('general', 'special')),
                version INTEGER NOT NULL DEFAULT 1,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                retired_at INTEGER,
                retire_reason TEXT CHECK (length(retire_reason) BETWEEN 2 AND 500),
                CHECK ((retired_at IS NULL) = (retire_reason IS NULL))
            ) STRICT;
            CREATE INDEX grid_station ON grid (station_id, id);

            CREATE TABLE grid_place (
                id INTEGER PRIMARY KEY,
                grid_id INTEGER NOT NULL REFERENCES grid,
                kind TEXT NOT NULL CHECK (kind IN ('compound', 'shop', 'building')),
                name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
                address TEXT NOT NULL CHECK (length(address) BETWEEN 1 AND 120),
                longitude REAL,
                latitude REAL,
                households INTEGER CHECK (households BETWEEN 0 AND 100000),
                version INTEGER NOT NULL DEFAULT 1,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                CHECK ((longitude IS NULL) = (latitude IS NULL))
            ) STRICT;
            CREATE INDEX grid_place_grid ON grid_place (grid_id, id);

            CREATE TABLE grid_worker (
                id INTEGER PRIMARY KEY,
                grid_id INTEGER NOT NULL REFERENCES grid,
                account_id INTEGER REFERENCES account,
                volunteer_id INTEGER REFERENCES volunteer,
                role TEXT NOT NULL CHECK (role IN ('leader', 'fullTime', 'partTime')),
                office_phone TEXT CHECK (length(office_phone) BETWEEN 5 AND 20),
                since INTEGER NOT NULL,
                until INTEGER,
                replaces_id INTEGER REFERENCES grid_worker,
                end_reason TEXT CHECK (length(end_reason) BETWEEN 2 AND 500),
                appointed_by INTEGER NOT NULL REFERENCES account,
                ended_by INTEGER REFERENCES account,
                CHECK ((account_id IS NULL) <> (volunteer_id IS NULL)),
                CHECK ((until IS NULL) = (end_reason IS NULL) AND (until IS NULL) = (ended_by IS NULL)),
                CHECK (until >= since)
            ) STRICT;
            CREATE INDEX grid_worker_grid ON grid_worker (grid_id, id);
            CREATE UNIQUE INDEX grid_worker_one_leader ON grid_worker (grid_id) WHERE role = 'leader' AND until IS NULL;
            CREATE UNIQUE INDEX grid_worker_once_account ON grid_worker (account_id, grid_id)
                WHERE account_id IS NOT NULL AND until IS NULL;
            CREATE UNIQUE INDEX grid_worker_once_volunteer ON grid_worker (volunteer_id, grid_id)
                WHERE volunteer_id IS NOT NULL AND until IS NULL;

            CREATE TABLE chat_group (
                id INTEGER PRIMARY KEY,
                station_id INTEGER NOT NULL REFERENCES station,
                grid_id INTEGER REFERENCES grid,
                source_code TEXT NOT NULL UNIQUE CHECK (length(source_code) BETWEEN 8 AND 16),
                name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
                kind TEXT NOT NULL
                    CHECK (kind IN ('residents', 'volunteers', 'owners', 'shops', 'partyMembers', 'grid', 'other')),
                owner_name TEXT CHECK (length(owner_name) BETWEEN 2 AND 30),
                is_public INTEGER NOT NULL CHECK (is_public IN (0, 1)),
                member_count INTEGER CHECK (member_count BETWEEN 0 AND 100000),
                counted_at INTEGER,
                state TEXT NOT NULL CHECK (state IN ('active', 'dissolved')),
                dissolve_reason TEXT CHECK (length(dissolve_reason) BETWEEN 2 AND 500),
                version INTEGER NOT NULL DEFAULT 1,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                CHECK ((member_count IS NULL) = (counted_at IS NULL)),
                CHECK ((state = 'dissolved') = (dissolve_reason IS NOT NULL))
            ) STRICT;
            CREATE INDEX chat_group_station ON chat_group (station_id, id);
            CREATE INDEX chat_group_grid ON chat_group (grid_id) WHERE grid_id IS NOT NULL;
            CREATE VIRTUAL TABLE chat_group_fts USING fts5 (words, tokenize = 'unicode61');

            ALTER TABLE sign_up ADD COLUMN chat_group_id INTEGER REFERENCES chat_group;
            CREATE INDEX sign_up_chat_group ON sign_up (chat_group_id) WHERE chat_group_id IS NOT NULL;
            ALTER TABLE demand_ticket ADD COLUMN chat_group_id INTEGER REFERENCES chat_group;
            CREATE INDEX demand_ticket_chat_group ON demand_ticket (chat_group_id) WHERE chat_group_id IS NOT NULL;
            """)
}
