import SQLite

extension Migrations {
    /// What volunteers hold beside their registration, the pool of experts, and stars.
    static let createProfiles = Migration(
        number: 9, name: "create profiles", statements: profiles + proofs + experts + stars)

    private static let profiles = """
        CREATE TABLE volunteer_profile (
            volunteer_id INTEGER PRIMARY KEY REFERENCES volunteer,
            languages TEXT NOT NULL CHECK (length(languages) <= 200),
            contact_name TEXT CHECK (length(contact_name) BETWEEN 2 AND 30),
            contact_relation TEXT CHECK (contact_relation IN
                ('spouse', 'parent', 'child', 'sibling', 'relative', 'friend', 'colleague', 'other')),
            contact_phone TEXT CHECK (contact_phone GLOB '+[1-9]*'),
            version INTEGER NOT NULL DEFAULT 1,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            CHECK ((contact_name IS NULL) = (contact_phone IS NULL)),
            CHECK ((contact_name IS NULL) = (contact_relation IS NULL))
        ) STRICT;

        CREATE TABLE availability (
            volunteer_id INTEGER NOT NULL REFERENCES volunteer_profile,
            weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7),
            from_minute INTEGER NOT NULL CHECK (from_minute >= 0),
            to_minute INTEGER NOT NULL CHECK (to_minute <= 1440),
            PRIMARY KEY (volunteer_id, weekday, from_minute),
            CHECK (from_minute < to_minute)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE practice_volunteer (
            id INTEGER PRIMARY KEY,
            volunteer_id INTEGER NOT NULL REFERENCES volunteer,
            station_id INTEGER NOT NULL REFERENCES station,
            reason TEXT NOT NULL CHECK (length(reason) BETWEEN 2 AND 200),
            marked_by INTEGER NOT NULL REFERENCES account,
            marked_at INTEGER NOT NULL,
            ended_by INTEGER REFERENCES account,
            ended_at INTEGER,
            end_reason TEXT CHECK (length(end_reason) BETWEEN 2 AND 200),
            CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
            CHECK ((ended_at IS NULL) = (end_reason IS NULL))
        ) STRICT;
        CREATE UNIQUE INDEX practice_volunteer_once ON practice_volunteer (volunteer_id) WHERE ended_at IS NULL;
        CREATE INDEX practice_volunteer_station ON practice_volunteer (station_id) WHERE ended_at IS NULL;

        """

    private static let proofs = """
        CREATE TABLE private_upload (
            upload_id INTEGER PRIMARY KEY REFERENCES upload ON DELETE CASCADE
        ) STRICT;

        CREATE TABLE qualification (
            id INTEGER PRIMARY KEY,
            volunteer_id INTEGER NOT NULL REFERENCES volunteer,
            station_id INTEGER NOT NULL REFERENCES station,
            kind TEXT NOT NULL CHECK (length(kind) BETWEEN 2 AND 30),
            title TEXT NOT NULL CHECK (length(title) BETWEEN 2 AND 60),
            issuer TEXT NOT NULL CHECK (length(issuer) BETWEEN 2 AND 60),
            number TEXT CHECK (length(number) BETWEEN 1 AND 60),
            issued_on TEXT NOT NULL CHECK (issued_on GLOB '????-??-??'),
            expires_on TEXT CHECK (expires_on GLOB '????-??-??' AND expires_on > issued_on),
            upload_id INTEGER NOT NULL UNIQUE REFERENCES upload,
            replaces_id INTEGER REFERENCES qualification ON DELETE SET NULL,
            state TEXT NOT NULL CHECK (state IN ('submitted', 'verified', 'refused', 'replaced')),
            decided_by INTEGER REFERENCES account,
            decided_at INTEGER,
            reason TEXT CHECK (length(reason) BETWEEN 2 AND 500),
            submitted_at INTEGER NOT NULL,
            CHECK ((state = 'submitted') = (decided_by IS NULL) AND (state = 'submitted') = (decided_at IS NULL)),
            CHECK ((state = 'refused') = (reason IS NOT NULL))
        ) STRICT;
        CREATE INDEX qualification_volunteer ON qualification (volunteer_id, id);
        CREATE INDEX qualification_state ON qualification (state, id);
        CREATE INDEX qualification_station ON qualification (station_id, state, id);
        CREATE INDEX qualification_replaces ON qualification (replaces_id) WHERE replaces_id IS NOT NULL;
        CREATE TRIGGER qualification_says_what_was_submitted
        BEFORE UPDATE OF volunteer_id, kind, title, issuer, number, issued_on, expires_on, upload_id ON qualification
        BEGIN SELECT raise(ABORT, 'qualifications are never edited: submit another'); END;

        CREATE TABLE training_record (
            id INTEGER PRIMARY KEY,
            volunteer_id INTEGER NOT NULL REFERENCES volunteer,
            station_id INTEGER NOT NULL REFERENCES station,
            name TEXT NOT NULL CHECK (length(name) BETWEEN 2 AND 60),
            content TEXT NOT NULL CHECK (length(content) BETWEEN 1 AND 1000),
            minutes INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 60000),
            organiser TEXT NOT NULL CHECK (length(organiser) BETWEEN 2 AND 60),
            date TEXT NOT NULL CHECK (date GLOB '????-??-??'),
            recorded_by INTEGER NOT NULL REFERENCES account,
            recorded_at INTEGER NOT NULL,
            withdrawn_by INTEGER REFERENCES account,
            withdrawn_at INTEGER,
            withdrawal_reason TEXT CHECK (length(withdrawal_reason) BETWEEN 2 AND 500),
            CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
            CHECK ((withdrawn_at IS NULL) = (withdrawal_reason IS NULL))
        ) STRICT;
        CREATE UNIQUE INDEX training_record_once ON training_record (volunteer_id, date, name, organiser)
            WHERE withdrawn_at IS NULL;
        CREATE INDEX training_record_volunteer ON training_record (volunteer_id, id);
        CREATE INDEX training_record_station ON training_record (station_id, id);
        CREATE TRIGGER training_record_is_final BEFORE UPDATE OF volunteer_id, station_id, name, content, minutes,
            organiser, date, recorded_by, recorded_at ON training_record
        BEGIN SELECT raise(ABORT, 'training records are never changed: withdraw it and record another'); END;
        CREATE TRIGGER training_record_is_withdrawn_once BEFORE UPDATE ON training_record
            WHEN old.withdrawn_at IS NOT NULL
        BEGIN SELECT raise(ABORT, 'a withdrawn training record stays withdrawn'); END;
        CREATE TRIGGER training_record_is_kept BEFORE DELETE ON training_record
        BEGIN SELECT raise(ABORT, 'training records are never deleted'); END;

        CREATE TABLE award_record (
            id INTEGER PRIMARY KEY,
            volunteer_id INTEGER NOT NULL REFERENCES volunteer,
            station_id INTEGER NOT NULL REFERENCES station,
            name TEXT NOT NULL CHECK (length(name) BETWEEN 2 AND 60),
            granted_on TEXT NOT NULL CHECK (granted_on GLOB '????-??-??'),
            granting_body TEXT NOT NULL CHECK (length(granting_body) BETWEEN 2 AND 60),
            level TEXT NOT NULL CHECK (level IN
                ('national', 'provincial', 'municipal', 'county', 'township', 'community', 'organisation')),
            upload_id INTEGER UNIQUE REFERENCES upload,
            state TEXT NOT NULL CHECK (state IN ('submitted', 'verified', 'refused', 'withdrawn')),
            entered_by INTEGER NOT NULL REFERENCES account,
            entered_at INTEGER NOT NULL,
            decided_by INTEGER REFERENCES account,
            decided_at INTEGER,
            ground TEXT CHECK (length(ground) BETWEEN 2 AND 30),
            reason TEXT CHECK (length(reason) BETWEEN 2 AND 500),
            CHECK ((state = 'submitted') = (decided_by IS NULL) AND (state = 'submitted') = (decided_at IS NULL)),
            CHECK ((state IN ('refused', 'withdrawn')) = (reason IS NOT NULL)),
            CHECK ((state = 'refused') = (ground IS NOT NULL)),
            CHECK (state NOT IN ('submitted', 'refused') OR upload_id IS NOT NULL)
        ) STRICT;
        CREATE UNIQUE INDEX award_record_once ON award_record (volunteer_id, granted_on, name, granting_body)
            WHERE state IN ('submitted', 'verified');
        CREATE INDEX award_record_volunteer ON award_record (volunteer_id, id);
        CREATE INDEX award_record_state ON award_record (state, id);
        CREATE INDEX award_record_station ON award_record (station_id, state, id);
        CREATE TRIGGER award_record_is_final BEFORE UPDATE OF volunteer_id, station_id, name, granted_on,
            granting_body, level, upload_id, entered_by, entered_at ON award_record
        BEGIN SELECT raise(ABORT, 'award records are never changed: withdraw it and record another'); END;
        CREATE TRIGGER award_record_is_kept BEFORE DELETE ON award_record WHEN old.state IN ('verified', 'withdrawn')
        BEGIN SELECT raise(ABORT, 'verified award records are never deleted'); END;

        """

    private static let experts = """
        CREATE TABLE expert_listing (
            volunteer_id INTEGER PRIMARY KEY REFERENCES volunteer,
            introduction TEXT CHECK (length(introduction) BETWEEN 1 AND 500),
            is_retired INTEGER NOT NULL CHECK (is_retired IN (0, 1)),
            consented_at INTEGER NOT NULL,
            withdrawn_at INTEGER,
            version INTEGER NOT NULL DEFAULT 1,
            updated_at INTEGER NOT NULL,
            CHECK ((withdrawn_at IS NULL) = (introduction IS NOT NULL))
        ) STRICT;
        CREATE INDEX expert_listing_living ON expert_listing (volunteer_id) WHERE withdrawn_at IS NULL;
        CREATE VIRTUAL TABLE expert_fts USING fts5 (words, tokenize = 'unicode61');

        CREATE TABLE expert_field (
            volunteer_id INTEGER NOT NULL REFERENCES expert_listing,
            field TEXT NOT NULL CHECK (length(field) BETWEEN 3 AND 20),
            PRIMARY KEY (field, volunteer_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX expert_field_volunteer ON expert_field (volunteer_id);

        CREATE TABLE expert_station (
            volunteer_id INTEGER NOT NULL REFERENCES expert_listing,
            station_id INTEGER NOT NULL REFERENCES station,
            PRIMARY KEY (station_id, volunteer_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX expert_station_volunteer ON expert_station (volunteer_id);

        CREATE TABLE expert_invitation (
            id INTEGER PRIMARY KEY,
            volunteer_id INTEGER NOT NULL REFERENCES volunteer,
            station_id INTEGER NOT NULL REFERENCES station,
            invited_by INTEGER NOT NULL REFERENCES account,
            message TEXT NOT NULL CHECK (length(message) BETWEEN 1 AND 500),
            wished_at INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('invited', 'accepted', 'declined', 'withdrawn', 'expired')),
            reason TEXT CHECK (length(reason) BETWEEN 2 AND 500),
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            answered_at INTEGER
        ) STRICT;
        CREATE UNIQUE INDEX expert_invitation_once ON expert_invitation (volunteer_id, station_id)
            WHERE state = 'invited';
        CREATE INDEX expert_invitation_volunteer ON expert_invitation (volunteer_id, id);
        CREATE INDEX expert_invitation_station ON expert_invitation (station_id, created_at);
        CREATE INDEX expert_invitation_open ON expert_invitation (expires_at) WHERE state = 'invited';

        """

    private static let stars = """
        CREATE TABLE star_award (
            id INTEGER PRIMARY KEY,
            volunteer_id INTEGER NOT NULL REFERENCES volunteer,
            station_id INTEGER NOT NULL REFERENCES station,
            level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 5),
            minutes INTEGER NOT NULL,
            threshold_minutes INTEGER NOT NULL CHECK (threshold_minutes > 0),
            manner TEXT NOT NULL CHECK (manner IN ('automatic', 'application')),
            awarded_by INTEGER NOT NULL REFERENCES account,
            awarded_at INTEGER NOT NULL,
            revoked_by INTEGER REFERENCES account,
            revoked_at INTEGER,
            revocation_reason TEXT CHECK (length(revocation_reason) BETWEEN 2 AND 500),
            CHECK (minutes >= threshold_minutes),
            CHECK ((revoked_at IS NULL) = (revoked_by IS NULL)),
            CHECK ((revoked_at IS NULL) = (revocation_reason IS NULL))
        ) STRICT;
        CREATE UNIQUE INDEX star_award_once ON star_award (volunteer_id, level) WHERE revoked_at IS NULL;
        CREATE INDEX star_award_volunteer ON star_award (volunteer_id, id);
        CREATE TRIGGER star_award_is_final BEFORE UPDATE OF volunteer_id, station_id, level, minutes, threshold_minutes,
            manner, awarded_by, awarded_at ON star_award
        BEGIN SELECT raise(ABORT, 'star awards are never changed'); END;
        CREATE TRIGGER star_award_is_revoked_once BEFORE UPDATE ON star_award WHEN old.revoked_at IS NOT NULL
        BEGIN SELECT raise(ABORT, 'a revoked star stays revoked'); END;
        CREATE TRIGGER star_award_is_kept BEFORE DELETE ON star_award
        BEGIN SELECT raise(ABORT, 'star awards are never deleted'); END;

        CREATE TABLE star_application (
            id INTEGER PRIMARY KEY,
            volunteer_id INTEGER NOT NULL REFERENCES volunteer,
            station_id INTEGER NOT NULL REFERENCES station,
            level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 5),
            state TEXT NOT NULL CHECK (state IN ('submitted', 'approved', 'refused')),
            submitted_at INTEGER NOT NULL,
            decided_by INTEGER REFERENCES account,
            decided_at INTEGER,
            reason TEXT CHECK (length(reason) BETWEEN 2 AND 500),
            CHECK ((state = 'submitted') = (decided_by IS NULL) AND (state = 'submitted') = (decided_at IS NULL)),
            CHECK ((state = 'refused') = (reason IS NOT NULL))
        ) STRICT;
        CREATE UNIQUE INDEX star_application_once ON star_application (volunteer_id) WHERE state = 'submitted';
        CREATE INDEX star_application_state ON star_application (state, id);
        CREATE INDEX star_application_station ON star_application (station_id, state, id);

        CREATE INDEX service_record_minutes ON service_record (volunteer_id, minutes);
        """
}
