import SQLite

extension Migrations {
    /// Activities, places in them, and the ledger of confirmed minutes.
    static let createActivities = Migration(
        number: 5, name: "create activities",
        statements: """
            CREATE TABLE activity (
                id INTEGER PRIMARY KEY,
                station_id INTEGER NOT NULL REFERENCES station,
                title TEXT NOT NULL CHECK (length(title) BETWEEN 2 AND 60),
                summary TEXT NOT NULL CHECK (length(summary) BETWEEN 1 AND 2000),
                category TEXT NOT NULL CHECK (length(category) = 2),
                risk_notice TEXT NOT NULL CHECK (length(risk_notice) BETWEEN 1 AND 1000),
                address TEXT NOT NULL CHECK (length(address) BETWEEN 1 AND 120),
                longitude REAL,
                latitude REAL,
                starts_at INTEGER NOT NULL,
                ends_at INTEGER NOT NULL,
                sign_up_closes_at INTEGER NOT NULL,
                capacity INTEGER NOT NULL CHECK (capacity BETWEEN 1 AND 100000),
                taken INTEGER NOT NULL DEFAULT 0,
                age_min INTEGER NOT NULL CHECK (age_min BETWEEN 6 AND 100),
                person_in_charge TEXT NOT NULL CHECK (length(person_in_charge) BETWEEN 2 AND 30),
                state TEXT NOT NULL CHECK (state IN ('published', 'cancelled')),
                cancel_reason TEXT,
                code_secret BLOB NOT NULL CHECK (length(code_secret) = 32),
                version INTEGER NOT NULL DEFAULT 1,
                created_by INTEGER NOT NULL REFERENCES account,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                CHECK (taken BETWEEN 0 AND capacity),
                CHECK (starts_at < ends_at AND sign_up_closes_at <= ends_at),
                CHECK ((state = 'cancelled') = (cancel_reason IS NOT NULL)),
                CHECK ((longitude IS NULL) = (latitude IS NULL))
            ) STRICT;
            CREATE INDEX activity_open ON activity (starts_at, id) WHERE state = 'published';
            CREATE INDEX activity_station ON activity (station_id, starts_at, id);
            CREATE INDEX activity_created ON activity (created_at);
            CREATE VIRTUAL TABLE activity_fts USING fts5 (words, tokenize = 'unicode61');

            CREATE TABLE sign_up (
                id INTEGER PRIMARY KEY,
                activity_id INTEGER NOT NULL REFERENCES activity,
                volunteer_id INTEGER NOT NULL REFERENCES volunteer,
                state TEXT NOT NULL
                    CHECK (state IN ('signedUp', 'checkedIn', 'checkedOut', 'confirmed', 'absent', 'cancelled')),
                created_at INTEGER NOT NULL,
                checked_in_at INTEGER,
                checked_out_at INTEGER,
                cancelled_at INTEGER,
                cancel_reason TEXT CHECK (length(cancel_reason) <= 200),
                code_failures INTEGER NOT NULL DEFAULT 0 CHECK (code_failures >= 0),
                CHECK (checked_out_at IS NULL OR checked_out_at >= checked_in_at),
                CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL)),
                CHECK (state NOT IN ('checkedIn', 'checkedOut') OR checked_in_at IS NOT NULL)
            ) STRICT;
            CREATE UNIQUE INDEX sign_up_once ON sign_up (activity_id, volunteer_id) WHERE state <> 'cancelled';
            CREATE INDEX sign_up_volunteer ON sign_up (volunteer_id, id);
            CREATE UNIQUE INDEX sign_up_one_presence ON sign_up (volunteer_id) WHERE state = 'checkedIn';

            CREATE TABLE service_record (
                id INTEGER PRIMARY KEY,
                volunteer_id INTEGER NOT NULL REFERENCES volunteer,
                sign_up_id INTEGER NOT NULL REFERENCES sign_up,
                corrects_id INTEGER REFERENCES service_record,
                activity_name TEXT NOT NULL,
                date TEXT NOT NULL CHECK (date GLOB '????-??-??'),
                place TEXT NOT NULL,
                content TEXT NOT NULL,
                minutes INTEGER NOT NULL,
                organiser TEXT NOT NULL,
                person_in_charge TEXT NOT NULL,
                evidence TEXT NOT NULL CHECK (evidence IN ('checkedInAndOut', 'byHand')),
                reason TEXT CHECK (length(reason) <= 200),
                recorded_by INTEGER NOT NULL REFERENCES account,
                recorded_at INTEGER NOT NULL,
                CHECK (corrects_id IS NOT NULL OR minutes > 0),
                CHECK (reason IS NOT NULL OR (corrects_id IS NULL AND evidence = 'checkedInAndOut'))
            ) STRICT;
            CREATE UNIQUE INDEX service_record_once ON service_record (sign_up_id) WHERE corrects_id IS NULL;
            CREATE INDEX service_record_volunteer ON service_record (volunteer_id, id);
            CREATE INDEX service_record_corrects ON service_record (corrects_id) WHERE corrects_id IS NOT NULL;
            CREATE INDEX service_record_time ON service_record (recorded_at, minutes);

            CREATE TRIGGER service_record_is_final BEFORE UPDATE ON service_record
            BEGIN SELECT raise(ABORT, 'service records are never changed: write a correction'); END;
            CREATE TRIGGER service_record_is_kept BEFORE DELETE ON service_record
            BEGIN SELECT raise(ABORT, 'service records are never deleted'); END;
            """)
}
