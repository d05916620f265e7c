import SQLite

extension Migrations {
    /// Policies and consents, corrections, closings, the log of shared data; and what lists show of an identity number,
    /// kept beside the volunteer so that only the vault opens `identity_document`.
    static let createPrivacy = Migration(
        number: 16, name: "create privacy",
        statements: """
            ALTER TABLE volunteer ADD COLUMN identity_kind TEXT;
            ALTER TABLE volunteer ADD COLUMN identity_masked TEXT;
            UPDATE volunteer SET (identity_kind, identity_masked) = (
                SELECT kind, CASE WHEN length(number) > 10
                    THEN substr(number, 1, 4) || substr('******************', 1, length(number) - 8) || substr(number, -4)
                    ELSE substr('******************', 1, length(number)) END
                FROM identity_document WHERE volunteer_id = volunteer.id);

            CREATE TABLE policy (
                id INTEGER PRIMARY KEY,
                kind TEXT NOT NULL CHECK (kind IN ('privacy', 'terms', 'minors', 'volunteering')),
                version INTEGER NOT NULL CHECK (version > 0),
                effective_at INTEGER NOT NULL,
                title_zh TEXT NOT NULL CHECK (length(title_zh) BETWEEN 2 AND 100),
                text_zh TEXT NOT NULL CHECK (length(text_zh) BETWEEN 1 AND 60000),
                title_en TEXT CHECK (length(title_en) BETWEEN 2 AND 100),
                text_en TEXT CHECK (length(text_en) BETWEEN 1 AND 60000),
                published_by INTEGER NOT NULL REFERENCES account,
                published_at INTEGER NOT NULL,
                UNIQUE (kind, version),
                CHECK ((title_en IS NULL) = (text_en IS NULL))
            ) STRICT;
            CREATE TABLE policy_purpose (
                policy_id INTEGER NOT NULL REFERENCES policy,
                place INTEGER NOT NULL CHECK (place >= 0),
                code TEXT NOT NULL CHECK (length(code) BETWEEN 2 AND 40 AND code NOT GLOB '*[^A-Za-z0-9]*'),
                label_zh TEXT NOT NULL CHECK (length(label_zh) BETWEEN 2 AND 200),
                label_en TEXT CHECK (length(label_en) BETWEEN 2 AND 200),
                is_required INTEGER NOT NULL CHECK (is_required IN (0, 1)),
                PRIMARY KEY (policy_id, code)
            ) STRICT, WITHOUT ROWID;
            CREATE TRIGGER policy_is_final BEFORE UPDATE ON policy
            BEGIN SELECT raise(ABORT, 'a published policy is never changed: publish a version'); END;
            CREATE TRIGGER policy_is_kept BEFORE DELETE ON policy
            BEGIN SELECT raise(ABORT, 'a published policy is never deleted'); END;
            CREATE TRIGGER policy_purpose_is_final BEFORE UPDATE ON policy_purpose
            BEGIN SELECT raise(ABORT, 'a published policy is never changed: publish a version'); END;
            CREATE TRIGGER policy_purpose_is_kept BEFORE DELETE ON policy_purpose
            BEGIN SELECT raise(ABORT, 'a published policy is never deleted'); END;

            CREATE TABLE consent (
                id INTEGER PRIMARY KEY,
                account_id INTEGER NOT NULL REFERENCES account,
                policy_id INTEGER NOT NULL,
                purpose TEXT NOT NULL,
                channel TEXT NOT NULL CHECK (channel IN ('miniProgram', 'website', 'app', 'paper')),
                address TEXT NOT NULL,
                given_at INTEGER NOT NULL,
                withdrawn_at INTEGER CHECK (withdrawn_at >= given_at),
                FOREIGN KEY (policy_id, purpose) REFERENCES policy_purpose (policy_id, code)
            ) STRICT;
            CREATE UNIQUE INDEX consent_living ON consent (account_id, policy_id, purpose) WHERE withdrawn_at IS NULL;
            CREATE INDEX consent_account ON consent (account_id, id);
            CREATE INDEX consent_withdrawn ON consent (withdrawn_at) WHERE withdrawn_at IS NOT NULL;
            CREATE TRIGGER consent_is_final BEFORE UPDATE ON consent
            WHEN (old.id, old.account_id, old.policy_id, old.purpose, old.channel, old.given_at)
                    <> (new.id, new.account_id, new.policy_id, new.purpose, new.channel, new.given_at)
                OR (new.address <> old.address AND new.address <> '')
                OR (old.withdrawn_at IS NOT NULL AND new.withdrawn_at IS NOT old.withdrawn_at)
            BEGIN SELECT raise(ABORT, 'a consent is withdrawn, never changed'); END;
            CREATE TRIGGER consent_is_kept BEFORE DELETE ON consent
            WHEN old.withdrawn_at IS NULL OR old.withdrawn_at > unixepoch() - 1095 * 86400
            BEGIN SELECT raise(ABORT, 'consents are kept for three years after their withdrawal'); END;

            CREATE TABLE correction_request (
                id INTEGER PRIMARY KEY,
                account_id INTEGER NOT NULL REFERENCES account,
                volunteer_id INTEGER NOT NULL REFERENCES volunteer,
                station_id INTEGER NOT NULL REFERENCES station,
                field TEXT NOT NULL CHECK (field IN ('name', 'sex', 'birthDate', 'identityNumber', 'phone')),
                wished TEXT NOT NULL CHECK (length(wished) BETWEEN 1 AND 60),
                reason TEXT NOT NULL CHECK (length(reason) BETWEEN 2 AND 500),
                upload_id INTEGER UNIQUE REFERENCES upload,
                state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'refused', 'withdrawn')),
                due_at INTEGER NOT NULL,
                old_masked TEXT CHECK (length(old_masked) <= 60),
                decided_by INTEGER REFERENCES account,
                decided_at INTEGER,
                decision_reason TEXT CHECK (length(decision_reason) BETWEEN 2 AND 500),
                created_at INTEGER NOT NULL,
                CHECK ((state = 'open') = (decided_at IS NULL)),
                CHECK (state <> 'refused' OR decision_reason IS NOT NULL),
                CHECK (state <> 'accepted' OR old_masked IS NOT NULL)
            ) STRICT;
            CREATE UNIQUE INDEX correction_request_open ON correction_request (account_id, field) WHERE state = 'open';
            CREATE INDEX correction_request_account ON correction_request (account_id, id);
            CREATE INDEX correction_request_station ON correction_request (station_id, state, id);
            CREATE INDEX correction_request_state ON correction_request (state, id);
            CREATE INDEX correction_request_volunteer ON correction_request (volunteer_id);
            CREATE INDEX correction_request_decided ON correction_request (decided_at) WHERE decided_at IS NOT NULL;

            CREATE TABLE identity_wish (
                request_id INTEGER PRIMARY KEY REFERENCES correction_request,
                kind TEXT NOT NULL,
                number TEXT NOT NULL CHECK (length(number) BETWEEN 5 AND 18)
            ) STRICT;

            CREATE TABLE account_closure (
                account_id INTEGER PRIMARY KEY REFERENCES account,
                requested_at INTEGER NOT NULL,
                due_at INTEGER NOT NULL CHECK (due_at >= requested_at),
                closed_at INTEGER
            ) STRICT;
            CREATE INDEX account_closure_due ON account_closure (due_at) WHERE closed_at IS NULL;

            CREATE TABLE data_sharing (
                id INTEGER PRIMARY KEY,
                at INTEGER NOT NULL,
                account_id INTEGER REFERENCES account,
                recipient TEXT NOT NULL CHECK (length(recipient) BETWEEN 2 AND 100),
                purpose TEXT NOT NULL CHECK (length(purpose) BETWEEN 2 AND 200),
                basis TEXT NOT NULL CHECK (basis IN
                    ('consent', 'contract', 'legalDuty', 'emergency', 'publicOversight', 'disclosed', 'otherLaw')),
                basis_detail TEXT NOT NULL CHECK (length(basis_detail) BETWEEN 2 AND 200),
                fields TEXT NOT NULL CHECK (fields GLOB '[[]*]'),
                people INTEGER NOT NULL CHECK (people BETWEEN 0 AND 100000000)
            ) STRICT;
            CREATE TRIGGER data_sharing_is_final BEFORE UPDATE ON data_sharing
            BEGIN SELECT raise(ABORT, 'the log of shared data is never changed'); END;
            CREATE TRIGGER data_sharing_is_kept BEFORE DELETE ON data_sharing
            WHEN old.at > unixepoch() - 1096 * 86400
            BEGIN SELECT raise(ABORT, 'the log of shared data is kept for three years'); END;
            CREATE INDEX data_sharing_time ON data_sharing (at);

            CREATE INDEX grid_worker_account ON grid_worker (account_id, id) WHERE account_id IS NOT NULL;
            CREATE INDEX grid_worker_volunteer ON grid_worker (volunteer_id, id) WHERE volunteer_id IS NOT NULL;
            CREATE INDEX upload_account ON upload (account_id, id);
            CREATE INDEX practice_volunteer_volunteer ON practice_volunteer (volunteer_id, id);
            CREATE INDEX star_application_volunteer ON star_application (volunteer_id, id);
            """)
}
