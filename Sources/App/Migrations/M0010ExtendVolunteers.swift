import SQLite

extension Migrations {
    /// What the national lists may say of a volunteer, how identities were verified and claimed, and who answers for
    /// minors. Guardians named before this migration are invited to consent: nobody had asked them.
    static let extendVolunteers = Migration(
        number: 10, name: "extend volunteers",
        statements: """
            CREATE TABLE volunteer_particulars (
                volunteer_id INTEGER PRIMARY KEY REFERENCES volunteer,
                ethnicity TEXT CHECK (length(ethnicity) = 2),
                political_status TEXT CHECK (length(political_status) = 2),
                education TEXT CHECK (length(education) = 2),
                employment TEXT CHECK (length(employment) = 2),
                nationality TEXT CHECK (length(nationality) = 3),
                updated_at INTEGER NOT NULL
            ) STRICT;

            CREATE TABLE volunteer_verification (
                id INTEGER PRIMARY KEY,
                volunteer_id INTEGER NOT NULL REFERENCES volunteer,
                method TEXT NOT NULL CHECK (method IN ('manual', 'service', 'correction')),
                result TEXT CHECK (result IN ('unverified', 'verified', 'failed')),
                reason TEXT CHECK (length(reason) BETWEEN 2 AND 200),
                account_id INTEGER NOT NULL REFERENCES account,
                created_at INTEGER NOT NULL,
                CHECK (method = 'service' OR (result IS NOT NULL AND reason IS NOT NULL))
            ) STRICT;
            CREATE INDEX volunteer_verification_volunteer ON volunteer_verification (volunteer_id, id);

            CREATE TABLE volunteer_claim (
                id INTEGER PRIMARY KEY,
                account_id INTEGER NOT NULL REFERENCES account,
                volunteer_id INTEGER REFERENCES volunteer,
                name TEXT NOT NULL CHECK (length(name) BETWEEN 2 AND 30),
                masked_number TEXT NOT NULL,
                reason TEXT NOT NULL CHECK (length(reason) BETWEEN 4 AND 200),
                state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'refused')),
                decided_by INTEGER REFERENCES account,
                decided_at INTEGER,
                decision_reason TEXT CHECK (length(decision_reason) BETWEEN 2 AND 200),
                created_at INTEGER NOT NULL,
                CHECK ((state = 'open') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)),
                CHECK (state <> 'accepted' OR volunteer_id IS NOT NULL),
                CHECK ((state = 'refused') = (decision_reason IS NOT NULL))
            ) STRICT;
            CREATE INDEX volunteer_claim_account ON volunteer_claim (account_id, id);
            CREATE UNIQUE INDEX volunteer_claim_one_of_account ON volunteer_claim (account_id) WHERE state = 'open';
            CREATE UNIQUE INDEX volunteer_claim_one_of_volunteer ON volunteer_claim (volunteer_id) WHERE state = 'open';
            CREATE INDEX volunteer_claim_state ON volunteer_claim (state, id);

            CREATE TABLE guardianship (
                id INTEGER PRIMARY KEY,
                volunteer_id INTEGER NOT NULL REFERENCES volunteer,
                account_id INTEGER REFERENCES account,
                name TEXT NOT NULL CHECK (length(name) BETWEEN 2 AND 30),
                phone TEXT NOT NULL CHECK (phone GLOB '+[1-9]*'),
                relation TEXT CHECK (relation IN ('parent', 'grandparent', 'sibling', 'other')),
                state TEXT NOT NULL CHECK (state IN ('invited', 'consented', 'refused', 'ended')),
                is_separate INTEGER NOT NULL DEFAULT 0 CHECK (is_separate IN (0, 1)),
                document_version TEXT CHECK (length(document_version) BETWEEN 1 AND 40),
                invited_at INTEGER NOT NULL,
                consented_at INTEGER,
                ended_at INTEGER,
                end_reason TEXT CHECK (length(end_reason) BETWEEN 2 AND 200),
                CHECK (state <> 'consented' OR (account_id IS NOT NULL AND relation IS NOT NULL
                    AND document_version IS NOT NULL AND consented_at IS NOT NULL)),
                CHECK ((state IN ('refused', 'ended')) = (ended_at IS NOT NULL))
            ) STRICT;
            CREATE INDEX guardianship_volunteer ON guardianship (volunteer_id, id);
            CREATE UNIQUE INDEX guardianship_consented ON guardianship (account_id, volunteer_id)
                WHERE state = 'consented';
            CREATE INDEX guardianship_account ON guardianship (account_id) WHERE account_id IS NOT NULL;
            CREATE INDEX guardianship_phone ON guardianship (phone, id) WHERE state = 'invited';
            CREATE UNIQUE INDEX guardianship_invited ON guardianship (volunteer_id) WHERE state = 'invited';

            INSERT INTO guardianship (volunteer_id, name, phone, state, invited_at)
                SELECT id, guardian_name, guardian_phone, 'invited', created_at FROM volunteer
                WHERE guardian_name IS NOT NULL;

            ALTER TABLE sign_up ADD COLUMN companion_name TEXT CHECK (length(companion_name) BETWEEN 2 AND 30);
            """)
}
