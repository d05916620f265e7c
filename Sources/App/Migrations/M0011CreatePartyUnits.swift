import SQLite

extension Migrations {
    /// Party units, who acts for them, and the check-ins of units and members. `party_membership` is sensitive personal
    /// data (个人信息保护法 art. 28): one row of each member, without history, deleted with the consent it rests on.
    static let createPartyUnits = Migration(
        number: 11, name: "create party units",
        statements: """
            CREATE TABLE party_unit (
                id INTEGER PRIMARY KEY,
                name TEXT NOT NULL CHECK (length(name) BETWEEN 2 AND 80),
                credit_code TEXT UNIQUE CHECK (length(credit_code) = 18),
                kind TEXT NOT NULL CHECK (kind IN ('agency', 'publicInstitution', 'stateEnterprise',
                    'privateEnterprise', 'socialOrganisation', 'community', 'other')),
                parent_id INTEGER REFERENCES party_unit,
                seat_id INTEGER NOT NULL REFERENCES station,
                contact_name TEXT NOT NULL CHECK (length(contact_name) BETWEEN 2 AND 30),
                contact_phone TEXT NOT NULL CHECK (contact_phone GLOB '+[1-9]*'),
                version INTEGER NOT NULL DEFAULT 1,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                UNIQUE (seat_id, name),
                CHECK (parent_id <> id)
            ) STRICT;
            CREATE INDEX party_unit_parent ON party_unit (parent_id, id) WHERE parent_id IS NOT NULL;
            CREATE INDEX party_unit_seat ON party_unit (seat_id, id);
            CREATE VIRTUAL TABLE party_unit_fts USING fts5 (words, tokenize = 'unicode61');

            CREATE TABLE unit_representative (
                unit_id INTEGER NOT NULL REFERENCES party_unit,
                account_id INTEGER NOT NULL REFERENCES account,
                linked_by INTEGER NOT NULL REFERENCES account,
                linked_at INTEGER NOT NULL,
                PRIMARY KEY (unit_id, account_id)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX unit_representative_account ON unit_representative (account_id, unit_id);

            CREATE TABLE unit_check_in (
                id INTEGER PRIMARY KEY,
                unit_id INTEGER NOT NULL REFERENCES party_unit,
                station_id INTEGER NOT NULL REFERENCES station,
                state TEXT NOT NULL CHECK (state IN ('proposed', 'accepted', 'refused', 'ended')),
                proposed_by INTEGER NOT NULL REFERENCES account,
                proposed_at INTEGER NOT NULL,
                accepted_at INTEGER,
                ended_at INTEGER,
                reason TEXT CHECK (length(reason) <= 500),
                CHECK ((state IN ('refused', 'ended')) = (ended_at IS NOT NULL)),
                CHECK ((state IN ('refused', 'ended')) = (reason IS NOT NULL)),
                CHECK (state <> 'accepted' OR accepted_at IS NOT NULL),
                CHECK (state NOT IN ('proposed', 'refused') OR accepted_at IS NULL)
            ) STRICT;
            CREATE UNIQUE INDEX unit_check_in_one_live ON unit_check_in (unit_id)
                WHERE state IN ('proposed', 'accepted');
            CREATE INDEX unit_check_in_unit ON unit_check_in (unit_id, id);
            CREATE INDEX unit_check_in_station ON unit_check_in (station_id, state, id);

            CREATE TABLE party_membership (
                volunteer_id INTEGER PRIMARY KEY REFERENCES volunteer,
                unit_id INTEGER NOT NULL REFERENCES party_unit,
                state TEXT NOT NULL CHECK (state IN ('declared', 'confirmed', 'refused')),
                consent_version TEXT NOT NULL CHECK (length(consent_version) BETWEEN 1 AND 40),
                consented_at INTEGER NOT NULL,
                decided_at INTEGER,
                reason TEXT CHECK (length(reason) <= 500),
                CHECK ((state = 'declared') = (decided_at IS NULL)),
                CHECK ((state = 'refused') = (reason IS NOT NULL))
            ) STRICT;
            CREATE INDEX party_membership_unit ON party_membership (unit_id, volunteer_id);

            CREATE TABLE member_check_in (
                id INTEGER PRIMARY KEY,
                volunteer_id INTEGER NOT NULL REFERENCES volunteer,
                unit_id INTEGER NOT NULL REFERENCES party_unit,
                station_id INTEGER NOT NULL REFERENCES station,
                state TEXT NOT NULL CHECK (state IN ('proposed', 'accepted', 'refused', 'ended')),
                proposed_at INTEGER NOT NULL,
                accepted_at INTEGER,
                ended_at INTEGER,
                reason TEXT CHECK (length(reason) <= 500),
                CHECK ((state IN ('refused', 'ended')) = (ended_at IS NOT NULL)),
                CHECK ((state IN ('refused', 'ended')) = (reason IS NOT NULL)),
                CHECK (state <> 'accepted' OR accepted_at IS NOT NULL),
                CHECK (state NOT IN ('proposed', 'refused') OR accepted_at IS NULL)
            ) STRICT;
            CREATE UNIQUE INDEX member_check_in_one_live ON member_check_in (volunteer_id)
                WHERE state IN ('proposed', 'accepted');
            CREATE INDEX member_check_in_volunteer ON member_check_in (volunteer_id, id);
            CREATE INDEX member_check_in_station ON member_check_in (station_id, state, id);
            CREATE INDEX member_check_in_unit ON member_check_in (unit_id, station_id);

            CREATE TABLE community_post (
                id INTEGER PRIMARY KEY,
                station_id INTEGER NOT NULL REFERENCES station,
                title TEXT NOT NULL CHECK (length(title) BETWEEN 2 AND 60),
                duties TEXT NOT NULL CHECK (length(duties) BETWEEN 1 AND 2000),
                category TEXT NOT NULL CHECK (length(category) = 2),
                places INTEGER NOT NULL CHECK (places BETWEEN 1 AND 1000),
                taken INTEGER NOT NULL DEFAULT 0,
                begins_on TEXT NOT NULL CHECK (begins_on GLOB '????-??-??'),
                ends_on TEXT NOT NULL CHECK (ends_on GLOB '????-??-??'),
                risk_notice TEXT NOT NULL CHECK (length(risk_notice) BETWEEN 1 AND 1000),
                state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
                close_reason TEXT CHECK (length(close_reason) <= 500),
                version INTEGER NOT NULL DEFAULT 1,
                created_by INTEGER NOT NULL REFERENCES account,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                CHECK (taken BETWEEN 0 AND places),
                CHECK (begins_on <= ends_on),
                CHECK ((state = 'closed') = (close_reason IS NOT NULL))
            ) STRICT;
            CREATE INDEX community_post_station ON community_post (station_id, state, id);
            CREATE INDEX community_post_term ON community_post (ends_on) WHERE state = 'open';

            CREATE TABLE post_claim (
                id INTEGER PRIMARY KEY,
                post_id INTEGER NOT NULL REFERENCES community_post,
                volunteer_id INTEGER REFERENCES volunteer,
                unit_id INTEGER NOT NULL REFERENCES party_unit,
                state TEXT NOT NULL CHECK (state IN ('claimed', 'resigned', 'ended')),
                claimed_at INTEGER NOT NULL,
                ended_at INTEGER,
                reason TEXT CHECK (length(reason) <= 500),
                CHECK ((state = 'claimed') = (ended_at IS NULL)),
                CHECK (volunteer_id IS NOT NULL OR state <> 'claimed')
            ) STRICT;
            CREATE UNIQUE INDEX post_claim_once ON post_claim (post_id, volunteer_id) WHERE state = 'claimed';
            CREATE INDEX post_claim_post ON post_claim (post_id, id);
            CREATE INDEX post_claim_volunteer ON post_claim (volunteer_id, id) WHERE volunteer_id IS NOT NULL;
            CREATE INDEX post_claim_unit ON post_claim (unit_id, id);

            CREATE TABLE post_service (
                id INTEGER PRIMARY KEY,
                claim_id INTEGER NOT NULL REFERENCES post_claim,
                served_on TEXT NOT NULL CHECK (served_on GLOB '????-??-??'),
                minutes INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 1440),
                note TEXT CHECK (length(note) BETWEEN 1 AND 500),
                state TEXT NOT NULL CHECK (state IN ('reported', 'confirmed', 'refused')),
                reported_at INTEGER NOT NULL,
                decided_by INTEGER REFERENCES account,
                decided_at INTEGER,
                reason TEXT CHECK (length(reason) <= 500),
                CHECK ((state = 'reported') = (decided_at IS NULL)),
                CHECK ((state = 'refused') = (reason IS NOT NULL))
            ) STRICT;
            CREATE UNIQUE INDEX post_service_day ON post_service (claim_id, served_on) WHERE state <> 'refused';
            CREATE INDEX post_service_claim ON post_service (claim_id, id);
            """)
}
