import SQLite

extension Migrations {
    /// What units and communities do for each other: bonds, the three lists, and what they tell each other afterwards.
    static let createUnitBonds = Migration(
        number: 12, name: "create unit bonds",
        statements: """
            CREATE TABLE unit_bond (
                id INTEGER PRIMARY KEY,
                unit_id INTEGER NOT NULL REFERENCES party_unit,
                station_id INTEGER NOT NULL REFERENCES station,
                proposed_by TEXT NOT NULL CHECK (proposed_by IN ('community', 'unit')),
                state TEXT NOT NULL CHECK (state IN ('proposed', 'active', 'ended')),
                contact_name TEXT NOT NULL CHECK (length(contact_name) BETWEEN 2 AND 30),
                contact_phone TEXT NOT NULL CHECK (contact_phone GLOB '+[1-9]*'),
                since INTEGER,
                until INTEGER,
                end_reason TEXT CHECK (length(end_reason) <= 500),
                created_by INTEGER NOT NULL REFERENCES account,
                created_at INTEGER NOT NULL,
                CHECK ((state = 'ended') = (until IS NOT NULL)),
                CHECK ((state = 'ended') = (end_reason IS NOT NULL)),
                CHECK (state <> 'active' OR since IS NOT NULL),
                CHECK (state <> 'proposed' OR since IS NULL)
            ) STRICT;
            CREATE UNIQUE INDEX unit_bond_one_live ON unit_bond (unit_id, station_id) WHERE state <> 'ended';
            CREATE INDEX unit_bond_unit ON unit_bond (unit_id, id);
            CREATE INDEX unit_bond_station ON unit_bond (station_id, id);

            CREATE TABLE community_need (
                id INTEGER PRIMARY KEY,
                station_id INTEGER NOT NULL REFERENCES station,
                title TEXT NOT NULL CHECK (length(title) BETWEEN 2 AND 60),
                detail TEXT NOT NULL CHECK (length(detail) BETWEEN 1 AND 2000),
                category TEXT NOT NULL CHECK (length(category) = 2),
                state TEXT NOT NULL CHECK (state IN ('open', 'met', 'withdrawn')),
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX community_need_station ON community_need (station_id, id);

            CREATE TABLE unit_resource (
                id INTEGER PRIMARY KEY,
                unit_id INTEGER NOT NULL REFERENCES party_unit,
                title TEXT NOT NULL CHECK (length(title) BETWEEN 2 AND 60),
                detail TEXT NOT NULL CHECK (length(detail) BETWEEN 1 AND 2000),
                category TEXT NOT NULL CHECK (length(category) = 2),
                state TEXT NOT NULL CHECK (state IN ('offered', 'withdrawn')),
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX unit_resource_unit ON unit_resource (unit_id, id);

            CREATE TABLE unit_project (
                id INTEGER PRIMARY KEY,
                need_id INTEGER NOT NULL REFERENCES community_need,
                resource_id INTEGER NOT NULL REFERENCES unit_resource,
                unit_id INTEGER NOT NULL REFERENCES party_unit,
                station_id INTEGER NOT NULL REFERENCES station,
                title TEXT NOT NULL CHECK (length(title) BETWEEN 2 AND 60),
                plan TEXT NOT NULL CHECK (length(plan) BETWEEN 1 AND 2000),
                proposed_by TEXT NOT NULL CHECK (proposed_by IN ('community', 'unit')),
                state TEXT NOT NULL CHECK (state IN ('proposed', 'agreed', 'running', 'done', 'dropped')),
                report TEXT CHECK (length(report) BETWEEN 1 AND 2000),
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                CHECK ((state = 'done') = (report IS NOT NULL))
            ) STRICT;
            CREATE UNIQUE INDEX unit_project_once ON unit_project (need_id, resource_id) WHERE state <> 'dropped';
            CREATE UNIQUE INDEX unit_project_need ON unit_project (need_id) WHERE state IN ('agreed', 'running', 'done');
            CREATE INDEX unit_project_resource ON unit_project (resource_id);
            CREATE INDEX unit_project_unit ON unit_project (unit_id, id);
            CREATE INDEX unit_project_station ON unit_project (station_id, id);

            CREATE TABLE unit_project_move (
                id INTEGER PRIMARY KEY,
                project_id INTEGER NOT NULL REFERENCES unit_project,
                from_state TEXT,
                to_state TEXT NOT NULL,
                actor_id INTEGER NOT NULL REFERENCES account,
                at INTEGER NOT NULL,
                reason TEXT CHECK (length(reason) <= 500)
            ) STRICT;
            CREATE INDEX unit_project_move_project ON unit_project_move (project_id, id);

            CREATE TABLE unit_feedback (
                id INTEGER PRIMARY KEY,
                unit_id INTEGER NOT NULL REFERENCES party_unit,
                station_id INTEGER NOT NULL REFERENCES station,
                year INTEGER NOT NULL CHECK (year BETWEEN 2000 AND 9999),
                quarter INTEGER NOT NULL CHECK (quarter BETWEEN 1 AND 4),
                members_checked_in INTEGER NOT NULL CHECK (members_checked_in >= 0),
                posts_served INTEGER NOT NULL CHECK (posts_served >= 0),
                projects_done INTEGER NOT NULL CHECK (projects_done >= 0),
                remarks TEXT CHECK (length(remarks) BETWEEN 1 AND 2000),
                sent_by INTEGER NOT NULL REFERENCES account,
                sent_at INTEGER NOT NULL,
                UNIQUE (unit_id, station_id, year, quarter)
            ) STRICT;
            CREATE INDEX unit_feedback_station ON unit_feedback (station_id, id);

            CREATE TABLE unit_evaluation (
                id INTEGER PRIMARY KEY,
                unit_id INTEGER NOT NULL REFERENCES party_unit,
                station_id INTEGER NOT NULL REFERENCES station,
                year INTEGER NOT NULL CHECK (year BETWEEN 2000 AND 9999),
                rated_by TEXT NOT NULL CHECK (rated_by IN ('community', 'unit')),
                grade TEXT NOT NULL CHECK (grade IN ('excellent', 'good', 'fair', 'poor')),
                remarks TEXT CHECK (length(remarks) BETWEEN 1 AND 2000),
                made_by INTEGER NOT NULL REFERENCES account,
                made_at INTEGER NOT NULL,
                UNIQUE (unit_id, station_id, year, rated_by)
            ) STRICT;
            CREATE INDEX unit_evaluation_station ON unit_evaluation (station_id, id);

            CREATE TRIGGER unit_feedback_is_final BEFORE UPDATE ON unit_feedback
            BEGIN SELECT raise(ABORT, 'feedback that was sent is never changed'); END;
            CREATE TRIGGER unit_feedback_is_kept BEFORE DELETE ON unit_feedback
            BEGIN SELECT raise(ABORT, 'feedback that was sent is never deleted'); END;
            CREATE TRIGGER unit_evaluation_is_final BEFORE UPDATE ON unit_evaluation
            BEGIN SELECT raise(ABORT, 'an evaluation is never changed'); END;
            CREATE TRIGGER unit_evaluation_is_kept BEFORE DELETE ON unit_evaluation
            BEGIN SELECT raise(ABORT, 'an evaluation is never deleted'); END;
            """)
}
