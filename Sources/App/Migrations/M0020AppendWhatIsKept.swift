import SQLite

extension Migrations {
    /// What each write leaves behind goes to the end of a table, where the writes of one commit share pages. The indexes of
    /// the audit log become tables that are filled by the thousand, and answers kept for retries lie in order of time
    /// instead of by account, with a narrow index to find them.
    static let appendWhatIsKept = Migration(
        number: 20, name: "append what is kept",
        statements: """
            CREATE TABLE audit_subject (
                subject TEXT NOT NULL,
                entry_id INTEGER NOT NULL,
                PRIMARY KEY (subject, entry_id)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE audit_account (
                account_id INTEGER NOT NULL,
                entry_id INTEGER NOT NULL,
                PRIMARY KEY (account_id, entry_id)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE audit_index_progress (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                entry_id INTEGER NOT NULL
            ) STRICT;
            INSERT INTO audit_subject SELECT subject, id FROM audit_entry ORDER BY subject, id;
            INSERT INTO audit_account SELECT account_id, id FROM audit_entry WHERE account_id IS NOT NULL
                ORDER BY account_id, id;
            INSERT INTO audit_index_progress SELECT 1, coalesce(max(id), 0) FROM audit_entry;
            DROP INDEX audit_entry_subject;
            DROP INDEX audit_entry_account;
            DROP INDEX audit_entry_time;

            CREATE TABLE idempotent_answer_new (
                id INTEGER PRIMARY KEY,
                account_id INTEGER NOT NULL REFERENCES account,
                key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 64),
                fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
                status INTEGER NOT NULL,
                fields TEXT NOT NULL,
                body BLOB NOT NULL,
                created_at INTEGER NOT NULL,
                UNIQUE (account_id, key)
            ) STRICT;
            INSERT INTO idempotent_answer_new (account_id, key, fingerprint, status, fields, body, created_at)
                SELECT account_id, key, fingerprint, status, fields, body, created_at FROM idempotent_answer
                ORDER BY created_at;
            DROP TABLE idempotent_answer;
            ALTER TABLE idempotent_answer_new RENAME TO idempotent_answer;
            """)
}
