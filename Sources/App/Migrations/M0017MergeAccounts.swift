import SQLite

extension Migrations {
    /// Two accounts of one person become one: the merged-away account and volunteer point to the kept ones, and each
    /// merge keeps what it moved. The indexes are for what a merge and a sign-in search by.
    static let mergeAccounts = Migration(
        number: 17, name: "merge accounts",
        statements: """
            ALTER TABLE account ADD COLUMN merged_into INTEGER REFERENCES account CHECK (merged_into <> id);
            CREATE INDEX account_merged ON account (merged_into) WHERE merged_into IS NOT NULL;
            ALTER TABLE volunteer ADD COLUMN merged_into INTEGER REFERENCES volunteer CHECK (merged_into <> id);
            CREATE INDEX volunteer_merged ON volunteer (merged_into) WHERE merged_into IS NOT NULL;
            CREATE INDEX wechat_identity_union ON wechat_identity (union_id) WHERE union_id IS NOT NULL;

            CREATE TABLE account_merge (
                id INTEGER PRIMARY KEY,
                from_id INTEGER NOT NULL REFERENCES account,
                into_id INTEGER NOT NULL REFERENCES account,
                reason TEXT NOT NULL CHECK (length(reason) BETWEEN 2 AND 500),
                moved TEXT NOT NULL CHECK (moved GLOB '{*}'),
                merged_by INTEGER NOT NULL REFERENCES account,
                merged_at INTEGER NOT NULL,
                reversal_reason TEXT CHECK (length(reversal_reason) BETWEEN 2 AND 500),
                reversed_by INTEGER REFERENCES account,
                reversed_at INTEGER,
                CHECK (from_id <> into_id),
                CHECK ((reversed_at IS NULL) = (reversed_by IS NULL)),
                CHECK ((reversed_at IS NULL) = (reversal_reason IS NULL))
            ) STRICT;
            CREATE INDEX account_merge_into ON account_merge (into_id, id);
            CREATE UNIQUE INDEX account_merge_standing ON account_merge (from_id) WHERE reversed_at IS NULL;
            """)
}
