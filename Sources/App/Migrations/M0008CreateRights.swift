import SQLite

extension Migrations {
    /// A city's own roles, grants that end and grants for teams, tokens for machines, and an audit log that chains its
    /// rows by hash.
    static let createRights = Migration(
        number: 8, name: "create rights",
        statements: """
            CREATE TABLE role (
                name TEXT PRIMARY KEY CHECK (length(name) BETWEEN 2 AND 40 AND name NOT GLOB '*[^A-Za-z0-9]*'),
                title TEXT NOT NULL CHECK (length(title) BETWEEN 2 AND 40),
                permissions TEXT NOT NULL CHECK (permissions GLOB '[[]*]'),
                version INTEGER NOT NULL DEFAULT 1,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE new_role_grant (
                id INTEGER PRIMARY KEY,
                account_id INTEGER NOT NULL REFERENCES account,
                role TEXT NOT NULL CHECK (length(role) BETWEEN 2 AND 40),
                station_id INTEGER REFERENCES station,
                team_id INTEGER REFERENCES team,
                ends_at INTEGER,
                granted_by INTEGER REFERENCES account,
                granted_at INTEGER NOT NULL,
                CHECK (station_id IS NULL OR team_id IS NULL),
                CHECK (ends_at > granted_at)
            ) STRICT;
            INSERT INTO new_role_grant (id, account_id, role, station_id, granted_by, granted_at)
                SELECT id, account_id, role, station_id, granted_by, granted_at FROM role_grant;
            DROP TABLE role_grant;
            ALTER TABLE new_role_grant RENAME TO role_grant;
            CREATE UNIQUE INDEX role_grant_once
                ON role_grant (account_id, role, coalesce(station_id, 0), coalesce(team_id, 0));
            CREATE INDEX role_grant_station ON role_grant (station_id, id);
            CREATE INDEX role_grant_team ON role_grant (team_id) WHERE team_id IS NOT NULL;
            CREATE INDEX role_grant_role ON role_grant (role);

            CREATE TABLE new_session (
                id INTEGER PRIMARY KEY,
                token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
                account_id INTEGER NOT NULL REFERENCES account,
                method TEXT NOT NULL CHECK (method IN ('phone', 'wechat', 'staff', 'service')),
                device TEXT NOT NULL CHECK (length(device) <= 200),
                address TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                last_used_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL,
                idle_seconds INTEGER NOT NULL CHECK (idle_seconds > 0)
            ) STRICT;
            INSERT INTO new_session SELECT id, token_hash, account_id, method, device, address, created_at, last_used_at,
                expires_at, idle_seconds FROM session;
            DROP TABLE session;
            ALTER TABLE new_session RENAME TO session;
            CREATE INDEX session_account ON session (account_id, id);
            CREATE INDEX session_expiry ON session (expires_at);

            CREATE TABLE service_token (
                id INTEGER PRIMARY KEY,
                account_id INTEGER NOT NULL UNIQUE REFERENCES account,
                permissions TEXT NOT NULL CHECK (permissions GLOB '[[]*]'),
                station_id INTEGER REFERENCES station,
                expires_at INTEGER NOT NULL,
                issued_by INTEGER NOT NULL REFERENCES account,
                issued_at INTEGER NOT NULL,
                revoked_at INTEGER
            ) STRICT;
            CREATE INDEX service_token_station ON service_token (station_id);

            CREATE TABLE new_audit_entry (
                id INTEGER PRIMARY KEY,
                at INTEGER NOT NULL,
                account_id INTEGER REFERENCES account,
                operation TEXT NOT NULL,
                subject TEXT NOT NULL,
                reason TEXT,
                outcome TEXT NOT NULL DEFAULT 'done',
                address TEXT NOT NULL,
                request_id TEXT NOT NULL,
                hash BLOB NOT NULL DEFAULT x'' CHECK (length(hash) IN (0, 32))
            ) STRICT;
            INSERT INTO new_audit_entry (id, at, account_id, operation, subject, reason, address, request_id)
                SELECT id, at, account_id, operation, subject, reason, address, request_id FROM audit_entry ORDER BY id;
            DROP TABLE audit_entry;
            ALTER TABLE new_audit_entry RENAME TO audit_entry;
            CREATE TABLE audit_anchor (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                entry_id INTEGER NOT NULL,
                hash BLOB NOT NULL CHECK (length(hash) = 32)
            ) STRICT;
            """,
        data: { db in
            try AuditChain.rehash(in: db)
            for statement in auditGuards { try db.run(statement) }
        })

    /// After the rows that were there before have their hashes: from then on nothing changes one.
    private static let auditGuards: [SQL] = [
        "CREATE INDEX audit_entry_account ON audit_entry (account_id, id)",
        "CREATE INDEX audit_entry_subject ON audit_entry (subject, id)",
        "CREATE INDEX audit_entry_time ON audit_entry (at)",
        """
        CREATE TRIGGER audit_entry_is_final BEFORE UPDATE ON audit_entry
        BEGIN SELECT raise(ABORT, 'audit entries are never changed'); END
        """,
        """
        CREATE TRIGGER audit_entry_is_kept BEFORE DELETE ON audit_entry
        WHEN old.at > unixepoch() - 180 * 86400 OR EXISTS (SELECT 1 FROM audit_entry WHERE id < old.id)
        BEGIN SELECT raise(ABORT, 'audit entries are kept for 180 days and go in order'); END
        """,
    ]
}
