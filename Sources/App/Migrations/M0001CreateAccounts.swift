import SQLite

extension Migrations {
    /// Accounts and the ways in, sessions, grants, and the two records every write may leave: its answer under an
    /// idempotency key and its audit row.
    static let createAccounts = Migration(
        number: 1, name: "create accounts",
        statements: """
            CREATE TABLE account (
                id INTEGER PRIMARY KEY,
                phone TEXT UNIQUE CHECK (phone GLOB '+[1-9]*' AND length(phone) BETWEEN 8 AND 16),
                name TEXT CHECK (length(name) BETWEEN 1 AND 60),
                created_at INTEGER NOT NULL
            ) STRICT;

            CREATE TABLE wechat_identity (
                app_id TEXT NOT NULL CHECK (length(app_id) BETWEEN 1 AND 64),
                open_id TEXT NOT NULL CHECK (length(open_id) BETWEEN 1 AND 64),
                union_id TEXT CHECK (length(union_id) BETWEEN 1 AND 64),
                account_id INTEGER NOT NULL REFERENCES account,
                created_at INTEGER NOT NULL,
                PRIMARY KEY (app_id, open_id)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX wechat_identity_account ON wechat_identity (account_id);

            CREATE TABLE staff_credential (
                account_id INTEGER PRIMARY KEY REFERENCES account,
                name TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (length(name) BETWEEN 2 AND 40),
                password_hash TEXT NOT NULL,
                failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
                locked_until INTEGER NOT NULL DEFAULT 0,
                must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
                changed_at INTEGER NOT NULL
            ) STRICT;

            CREATE TABLE role_grant (
                id INTEGER PRIMARY KEY,
                account_id INTEGER NOT NULL REFERENCES account,
                role TEXT NOT NULL CHECK (role IN ('administrator', 'stationManager', 'dispatcher', 'auditor')),
                station_id INTEGER REFERENCES station,
                granted_by INTEGER REFERENCES account,
                granted_at INTEGER NOT NULL
            ) STRICT;
            CREATE UNIQUE INDEX role_grant_once ON role_grant (account_id, role, coalesce(station_id, 0));
            CREATE INDEX role_grant_station ON role_grant (station_id);

            CREATE TABLE session (
                id INTEGER PRIMARY KEY,
                token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
                account_id INTEGER NOT NULL REFERENCES account,
                method TEXT NOT NULL CHECK (method IN ('phone', 'wechat', 'staff')),
                device TEXT NOT NULL CHECK (length(device) <= 200),
                address TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                last_used_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL,
                idle_seconds INTEGER NOT NULL CHECK (idle_seconds > 0)
            ) STRICT;
            CREATE INDEX session_account ON session (account_id, id);
            CREATE INDEX session_expiry ON session (expires_at);

            CREATE TABLE phone_code (
                phone TEXT PRIMARY KEY,
                code_hash BLOB NOT NULL CHECK (length(code_hash) = 32),
                expires_at INTEGER NOT NULL,
                tries INTEGER NOT NULL CHECK (tries >= 0),
                sent_at INTEGER NOT NULL,
                day_began_at INTEGER NOT NULL,
                sent_in_day INTEGER NOT NULL CHECK (sent_in_day > 0)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE idempotent_answer (
                account_id INTEGER NOT NULL REFERENCES account,
                key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 64),
                fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
                status INTEGER NOT NULL,
                fields TEXT NOT NULL,
                body BLOB NOT NULL,
                created_at INTEGER NOT NULL,
                PRIMARY KEY (account_id, key)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX idempotent_answer_age ON idempotent_answer (created_at);

            CREATE TABLE audit_entry (
                id INTEGER PRIMARY KEY,
                at INTEGER NOT NULL,
                account_id INTEGER REFERENCES account,
                operation TEXT NOT NULL,
                subject TEXT NOT NULL,
                reason TEXT,
                address TEXT NOT NULL,
                request_id TEXT NOT NULL
            ) STRICT;

            CREATE TABLE backup_run (
                id INTEGER PRIMARY KEY,
                at INTEGER NOT NULL,
                bytes INTEGER NOT NULL CHECK (bytes > 0)
            ) STRICT;

            CREATE TRIGGER audit_entry_is_final BEFORE UPDATE ON audit_entry
            BEGIN SELECT raise(ABORT, 'audit entries are never changed'); END;
            CREATE TRIGGER audit_entry_is_kept BEFORE DELETE ON audit_entry WHEN old.at > unixepoch() - 180 * 86400
            BEGIN SELECT raise(ABORT, 'audit entries are kept for 180 days'); END;
            """)
}
