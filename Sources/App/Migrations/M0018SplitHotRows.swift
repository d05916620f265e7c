import SQLite

extension Migrations {
    /// What every sign-up writes is narrow and apart from what is seldom written: places in a table of their own, for a row
    /// of `activity` carries texts, and changing one number wrote them all anew; and a check of the state by comparisons,
    /// for SQLite makes a temporary index of every `IN` with more than two constants, for every row it checks. A session
    /// is found by its token in one leaf of one tree, with the volunteer it speaks for, which triggers keep true.
    static let splitHotRows = Migration(
        number: 18, name: "split hot rows",
        statements: """
            CREATE TABLE activity_places (
                activity_id INTEGER PRIMARY KEY REFERENCES activity,
                capacity INTEGER NOT NULL CHECK (capacity BETWEEN 1 AND 100000),
                taken INTEGER NOT NULL DEFAULT 0,
                CHECK (taken BETWEEN 0 AND capacity)
            ) STRICT;
            INSERT INTO activity_places (activity_id, capacity, taken) SELECT id, capacity, taken FROM activity;

            CREATE TABLE activity_new (
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
                age_min INTEGER NOT NULL CHECK (age_min BETWEEN 6 AND 100),
                person_in_charge TEXT NOT NULL CHECK (length(person_in_charge) BETWEEN 2 AND 30),
                state TEXT NOT NULL CHECK (state IN ('published', 'cancelled')),
                cancel_reason TEXT,
                code_secret BLOB NOT NULL CHECK (length(code_secret) = 32),
                version INTEGER NOT NULL DEFAULT 1,
                created_by INTEGER NOT NULL REFERENCES account,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                CHECK (starts_at < ends_at AND sign_up_closes_at <= ends_at),
                CHECK ((state = 'cancelled') = (cancel_reason IS NOT NULL)),
                CHECK ((longitude IS NULL) = (latitude IS NULL))
            ) STRICT;
            INSERT INTO activity_new SELECT id, station_id, title, summary, category, risk_notice, address, longitude,
                latitude, starts_at, ends_at, sign_up_closes_at, age_min, person_in_charge, state, cancel_reason,
                code_secret, version, created_by, created_at, updated_at FROM activity;
            DROP TABLE activity;
            ALTER TABLE activity_new RENAME TO activity;
            CREATE INDEX activity_created ON activity (created_at);
            CREATE INDEX activity_open ON activity (starts_at, id) WHERE state = 'published';
            CREATE INDEX activity_station ON activity (station_id, starts_at, id);

            CREATE TABLE sign_up_new (
                id INTEGER PRIMARY KEY,
                activity_id INTEGER NOT NULL REFERENCES activity,
                volunteer_id INTEGER NOT NULL REFERENCES volunteer,
                state TEXT NOT NULL CHECK (state = 'signedUp' OR state = 'checkedIn' OR state = 'checkedOut'
                    OR state = 'confirmed' OR state = 'absent' OR state = 'cancelled'),
                created_at INTEGER NOT NULL,
                checked_in_at INTEGER,
                checked_out_at INTEGER,
                cancelled_at INTEGER,
                cancel_reason TEXT CHECK (length(cancel_reason) <= 200),
                code_failures INTEGER NOT NULL DEFAULT 0 CHECK (code_failures >= 0),
                companion_name TEXT CHECK (length(companion_name) BETWEEN 2 AND 30),
                chat_group_id INTEGER REFERENCES chat_group,
                CHECK (checked_out_at IS NULL OR checked_out_at >= checked_in_at),
                CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL)),
                CHECK (state NOT IN ('checkedIn', 'checkedOut') OR checked_in_at IS NOT NULL)
            ) STRICT;
            INSERT INTO sign_up_new SELECT id, activity_id, volunteer_id, state, created_at, checked_in_at,
                checked_out_at, cancelled_at, cancel_reason, code_failures, companion_name, chat_group_id FROM sign_up;
            DROP TABLE sign_up;
            ALTER TABLE sign_up_new RENAME TO sign_up;
            CREATE INDEX sign_up_chat_group ON sign_up (chat_group_id) WHERE chat_group_id IS NOT NULL;
            CREATE UNIQUE INDEX sign_up_once ON sign_up (activity_id, volunteer_id) WHERE state <> 'cancelled';
            CREATE UNIQUE INDEX sign_up_one_presence ON sign_up (volunteer_id) WHERE state = 'checkedIn';
            CREATE INDEX sign_up_volunteer ON sign_up (volunteer_id, id);

            CREATE TABLE session_new (
                token_hash BLOB PRIMARY KEY CHECK (length(token_hash) = 32),
                id INTEGER NOT NULL UNIQUE,
                account_id INTEGER NOT NULL REFERENCES account,
                volunteer_id INTEGER REFERENCES volunteer,
                method TEXT NOT NULL CHECK (method IN ('phone', 'wechat', 'staff', 'service')),
                device TEXT NOT NULL CHECK (length(device) <= 200),
                address TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                last_used_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL,
                idle_seconds INTEGER NOT NULL CHECK (idle_seconds > 0)
            ) STRICT, WITHOUT ROWID;
            INSERT INTO session_new SELECT token_hash, session.id, session.account_id, volunteer.id, method, device, address,
                session.created_at, last_used_at, expires_at, idle_seconds
            FROM session LEFT JOIN volunteer ON volunteer.account_id = session.account_id ORDER BY token_hash;
            DROP TABLE session;
            ALTER TABLE session_new RENAME TO session;
            CREATE INDEX session_account ON session (account_id, id);
            CREATE INDEX session_expiry ON session (expires_at);
            CREATE TRIGGER session_opens AFTER INSERT ON session BEGIN
                UPDATE session SET volunteer_id = (SELECT id FROM volunteer WHERE account_id = new.account_id)
                WHERE token_hash = new.token_hash;
            END;
            CREATE TRIGGER volunteer_registers AFTER INSERT ON volunteer BEGIN
                UPDATE session SET volunteer_id = new.id WHERE account_id = new.account_id;
            END;
            CREATE TRIGGER volunteer_moves AFTER UPDATE OF account_id ON volunteer BEGIN
                UPDATE session SET volunteer_id = NULL WHERE account_id = old.account_id;
                UPDATE session SET volunteer_id = new.id WHERE account_id = new.account_id;
            END;
            """)
}
