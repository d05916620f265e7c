import SQLite

extension Migrations {
    /// Teams become a tree with kinds, requests to join and reviewed changes. The teams there are become squads of the
    /// ordinary kind, each a tree of its own; of several memberships the oldest is the main one.
    ///
    /// The table is rebuilt because a closed team gives its name free, which the old UNIQUE constraint does not allow.
    /// The lengths are eight times the rules', which then counted characters of up to eight scalars.
    static let growTeams = Migration(
        number: 15, name: "grow teams",
        statements: """
            CREATE TABLE team_new (
                id INTEGER PRIMARY KEY,
                station_id INTEGER NOT NULL REFERENCES station,
                parent_id INTEGER REFERENCES team,
                path TEXT NOT NULL UNIQUE CHECK (path GLOB '/*/'),
                level TEXT NOT NULL CHECK (level IN ('general', 'brigade', 'squad', 'branch')),
                kind TEXT NOT NULL CHECK (kind IN ('ordinary', 'themed', 'lecture')),
                theme TEXT CHECK (length(theme) BETWEEN 1 AND 32),
                name TEXT NOT NULL CHECK (length(name) BETWEEN 2 AND 480),
                leader_id INTEGER NOT NULL REFERENCES volunteer,
                supervising_body TEXT CHECK (length(supervising_body) BETWEEN 2 AND 480),
                credit_code TEXT CHECK (length(credit_code) = 18),
                introduction TEXT CHECK (length(introduction) BETWEEN 1 AND 16000),
                categories TEXT NOT NULL CHECK (categories GLOB '[[]*]'),
                contact_name TEXT CHECK (length(contact_name) BETWEEN 2 AND 240),
                contact_phone TEXT CHECK (contact_phone GLOB '+[1-9]*'),
                state TEXT NOT NULL CHECK (state IN ('active', 'closed', 'merged')),
                successor_id INTEGER REFERENCES team,
                version INTEGER NOT NULL DEFAULT 1,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                CHECK (kind <> 'themed' OR theme IS NOT NULL),
                CHECK (kind <> 'ordinary' OR theme IS NULL),
                CHECK (level <> 'branch' OR parent_id IS NOT NULL),
                CHECK (credit_code IS NULL OR supervising_body IS NOT NULL),
                CHECK ((state = 'merged') = (successor_id IS NOT NULL))
            ) STRICT;
            INSERT INTO team_new (id, station_id, path, level, kind, name, leader_id, categories, state, created_at,
                updated_at)
            SELECT id, station_id, '/' || id || '/', 'squad', 'ordinary', name, leader_id, '[]', 'active', created_at,
                created_at
            FROM team;
            DROP TABLE team;
            ALTER TABLE team_new RENAME TO team;
            CREATE UNIQUE INDEX team_name ON team (station_id, name) WHERE state = 'active';
            CREATE INDEX team_station ON team (station_id, id);
            CREATE INDEX team_parent ON team (parent_id, id) WHERE parent_id IS NOT NULL;
            CREATE INDEX team_level ON team (level, id);
            CREATE INDEX team_kind ON team (kind, id);
            CREATE INDEX team_theme ON team (theme, id) WHERE theme IS NOT NULL;
            CREATE INDEX team_leader ON team (leader_id);
            CREATE VIRTUAL TABLE team_fts USING fts5 (words, tokenize = 'unicode61');

            ALTER TABLE team_member ADD COLUMN role TEXT NOT NULL DEFAULT 'member'
                CHECK (role IN ('leader', 'deputy', 'recorder', 'member'));
            ALTER TABLE team_member ADD COLUMN is_main INTEGER NOT NULL DEFAULT 0 CHECK (is_main IN (0, 1));
            INSERT OR IGNORE INTO team_member (team_id, volunteer_id, joined_at)
                SELECT id, leader_id, created_at FROM team;
            UPDATE team_member SET role = 'leader'
                WHERE volunteer_id = (SELECT leader_id FROM team WHERE id = team_member.team_id);
            UPDATE team_member SET is_main = 1
                WHERE team_id = (SELECT other.team_id FROM team_member AS other
                    WHERE other.volunteer_id = team_member.volunteer_id ORDER BY other.joined_at, other.team_id LIMIT 1);
            CREATE UNIQUE INDEX team_member_one_leader ON team_member (team_id) WHERE role = 'leader';
            CREATE UNIQUE INDEX team_member_one_main ON team_member (volunteer_id) WHERE is_main = 1;

            CREATE TABLE team_member_event (
                id INTEGER PRIMARY KEY,
                team_id INTEGER NOT NULL REFERENCES team,
                volunteer_id INTEGER NOT NULL REFERENCES volunteer,
                kind TEXT NOT NULL CHECK (kind IN
                    ('founded', 'joined', 'added', 'transferred', 'role', 'left', 'removed', 'merged', 'closed')),
                role TEXT CHECK (role IN ('leader', 'deputy', 'recorder', 'member')),
                actor_id INTEGER NOT NULL REFERENCES account,
                reason TEXT CHECK (length(reason) BETWEEN 1 AND 4000),
                at INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX team_member_event_team ON team_member_event (team_id, id);
            CREATE INDEX team_member_event_volunteer ON team_member_event (volunteer_id, id);

            CREATE TABLE team_join_request (
                id INTEGER PRIMARY KEY,
                team_id INTEGER NOT NULL REFERENCES team,
                volunteer_id INTEGER NOT NULL REFERENCES volunteer,
                from_team_id INTEGER REFERENCES team,
                note TEXT CHECK (length(note) BETWEEN 1 AND 4000),
                state TEXT NOT NULL CHECK (state IN ('open', 'approved', 'refused', 'cancelled', 'lapsed')),
                reason TEXT CHECK (length(reason) BETWEEN 1 AND 4000),
                decided_by INTEGER REFERENCES account,
                created_at INTEGER NOT NULL,
                decided_at INTEGER,
                CHECK ((state = 'open') = (decided_at IS NULL)),
                CHECK (state <> 'refused' OR reason IS NOT NULL)
            ) STRICT;
            CREATE UNIQUE INDEX team_join_request_one_open ON team_join_request (team_id, volunteer_id)
                WHERE state = 'open';
            CREATE INDEX team_join_request_team ON team_join_request (team_id, id);
            CREATE INDEX team_join_request_volunteer ON team_join_request (volunteer_id, id);

            CREATE TABLE team_change (
                id INTEGER PRIMARY KEY,
                kind TEXT NOT NULL CHECK (kind IN ('found', 'move', 'rename', 'leader', 'close', 'merge')),
                team_id INTEGER REFERENCES team,
                review_station_id INTEGER NOT NULL REFERENCES station,
                review_team_id INTEGER REFERENCES team,
                state TEXT NOT NULL CHECK (state IN ('proposed', 'applied', 'refused', 'withdrawn')),
                reason TEXT CHECK (length(reason) BETWEEN 1 AND 4000),
                old_values TEXT NOT NULL CHECK (old_values GLOB '{*}'),
                new_values TEXT NOT NULL CHECK (new_values GLOB '{*}'),
                proposed_by INTEGER NOT NULL REFERENCES account,
                proposed_at INTEGER NOT NULL,
                decided_by INTEGER REFERENCES account,
                decided_at INTEGER,
                decision_reason TEXT CHECK (length(decision_reason) BETWEEN 1 AND 4000),
                CHECK ((state = 'proposed') = (decided_at IS NULL)),
                CHECK (state <> 'refused' OR decision_reason IS NOT NULL),
                CHECK (team_id IS NOT NULL OR (kind = 'found' AND state <> 'applied'))
            ) STRICT;
            CREATE UNIQUE INDEX team_change_one_open ON team_change (team_id) WHERE state = 'proposed';
            CREATE INDEX team_change_team ON team_change (team_id, id) WHERE team_id IS NOT NULL;
            CREATE INDEX team_change_station ON team_change (review_station_id, id);
            CREATE INDEX team_change_review_team ON team_change (review_team_id, id) WHERE review_team_id IS NOT NULL;
            CREATE INDEX team_change_proposer ON team_change (proposed_by, id);
            """,
        data: { db in
            var names: [(Int64, String)] = []
            try db.forEach("SELECT id, name FROM team") { row in names.append((try row[0], try row[1])) }
            for (id, name) in names {
                try db.run("INSERT INTO team_fts (rowid, words) VALUES (\(id), \(Bigrams.index(name)))")
            }
        })
}
