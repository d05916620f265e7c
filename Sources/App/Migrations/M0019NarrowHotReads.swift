import SQLite

extension Migrations {
    /// What every sign-up reads lies in few pages. A session's row is found by an integer made of its token's hash: keyed by
    /// the hash itself, every page on the way down held whole rows. Of an activity the times, the state and the age are in
    /// an index that answers without the row's texts.
    static let narrowHotReads = Migration(
        number: 19, name: "narrow hot reads",
        statements: """
            CREATE TABLE session_new (
                token_key INTEGER PRIMARY KEY,
                token_hash BLOB NOT NULL CHECK (length(token_hash) = 32),
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
            ) STRICT;
            INSERT INTO session_new SELECT id, token_hash, id, account_id, volunteer_id, method, device, address, created_at,
                last_used_at, expires_at, idle_seconds FROM session;
            DROP TRIGGER volunteer_registers;
            DROP TRIGGER volunteer_moves;
            DROP TABLE session;
            ALTER TABLE session_new RENAME TO session;
            CREATE INDEX session_account ON session (account_id, id);
            CREATE INDEX session_expiry ON session (expires_at);
            CREATE TRIGGER session_opens AFTER INSERT ON session BEGIN
                UPDATE session SET volunteer_id = (SELECT id FROM volunteer WHERE account_id = new.account_id)
                WHERE token_key = new.token_key;
            END;
            CREATE TRIGGER volunteer_registers AFTER INSERT ON volunteer BEGIN
                UPDATE session SET volunteer_id = new.id WHERE account_id = new.account_id;
            END;
            CREATE TRIGGER volunteer_moves AFTER UPDATE OF account_id ON volunteer BEGIN
                UPDATE session SET volunteer_id = NULL WHERE account_id = old.account_id;
                UPDATE session SET volunteer_id = new.id WHERE account_id = new.account_id;
            END;

            CREATE INDEX activity_terms ON activity (id, state, starts_at, ends_at, sign_up_closes_at, age_min);
            """
    ) { db in
        // Ids stood in for the keys so far: SQL alone cannot read an integer from bytes.
        let ids: [Int64] = try db.values("SELECT id FROM session")
        for id in ids {
            guard let hash: [UInt8] = try db.value("SELECT token_hash FROM session WHERE id = \(id)") else { continue }
            try db.run("UPDATE session SET token_key = \(TokenHash(bytes: hash).key) WHERE id = \(id)")
        }
    }
}
