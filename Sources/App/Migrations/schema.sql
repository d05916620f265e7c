-- The schema after migration 8, for reading: scripts/schema writes it, a test compares it.
-- The database is made by the migrations beside this file.

CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    phone TEXT UNIQUE CHECK (phone GLOB '+[1-9]*' AND length(phone) BETWEEN 8 AND 16),
    name TEXT CHECK (length(name) BETWEEN 1 AND 60),
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE activity (
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
    capacity INTEGER NOT NULL CHECK (capacity BETWEEN 1 AND 100000),
    taken INTEGER NOT NULL DEFAULT 0,
    age_min INTEGER NOT NULL CHECK (age_min BETWEEN 6 AND 100),
    person_in_charge TEXT NOT NULL CHECK (length(person_in_charge) BETWEEN 2 AND 30),
    state TEXT NOT NULL CHECK (state IN ('published', 'cancelled')),
    cancel_reason TEXT,
    code_secret BLOB NOT NULL CHECK (length(code_secret) = 32),
    version INTEGER NOT NULL DEFAULT 1,
    created_by INTEGER NOT NULL REFERENCES account,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK (taken BETWEEN 0 AND capacity),
    CHECK (starts_at < ends_at AND sign_up_closes_at <= ends_at),
    CHECK ((state = 'cancelled') = (cancel_reason IS NOT NULL)),
    CHECK ((longitude IS NULL) = (latitude IS NULL))
) STRICT;

CREATE INDEX activity_created ON activity (created_at);

CREATE INDEX activity_open ON activity (starts_at, id) WHERE state = 'published';

CREATE INDEX activity_station ON activity (station_id, starts_at, id);

CREATE VIRTUAL TABLE activity_fts USING fts5 (words, tokenize = 'unicode61');

CREATE TABLE audit_anchor (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    entry_id INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TABLE "audit_entry" (
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

CREATE INDEX audit_entry_account ON audit_entry (account_id, id);

CREATE INDEX audit_entry_subject ON audit_entry (subject, id);

CREATE INDEX audit_entry_time ON audit_entry (at);

CREATE TRIGGER audit_entry_is_final BEFORE UPDATE ON audit_entry
BEGIN SELECT raise(ABORT, 'audit entries are never changed'); END;

CREATE TRIGGER audit_entry_is_kept BEFORE DELETE ON audit_entry
WHEN old.at > unixepoch() - 180 * 86400 OR EXISTS (SELECT 1 FROM audit_entry WHERE id < old.id)
BEGIN SELECT raise(ABORT, 'audit entries are kept for 180 days and go in order'); END;

CREATE TABLE backup_run (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    bytes INTEGER NOT NULL CHECK (bytes > 0)
) STRICT;

CREATE TABLE demand_ticket (
    id INTEGER PRIMARY KEY,
    requester_id INTEGER NOT NULL REFERENCES account,
    station_id INTEGER NOT NULL REFERENCES station,
    title TEXT NOT NULL CHECK (length(title) BETWEEN 2 AND 60),
    detail TEXT NOT NULL CHECK (length(detail) BETWEEN 1 AND 2000),
    category TEXT NOT NULL CHECK (length(category) = 2),
    address TEXT NOT NULL CHECK (length(address) BETWEEN 1 AND 120),
    contact_phone TEXT NOT NULL CHECK (contact_phone GLOB '+[1-9]*'),
    wished_at INTEGER,
    state TEXT NOT NULL CHECK (state IN
        ('ordered', 'dispatched', 'accepted', 'completed', 'rated', 'refused', 'cancelled')),
    team_id INTEGER REFERENCES team,
    volunteer_id INTEGER REFERENCES volunteer,
    report TEXT CHECK (length(report) BETWEEN 1 AND 2000),
    service_minutes INTEGER CHECK (service_minutes BETWEEN 1 AND 14400),
    stars INTEGER CHECK (stars BETWEEN 1 AND 5),
    comment TEXT CHECK (length(comment) <= 500),
    version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK (team_id IS NULL OR volunteer_id IS NULL),
    CHECK ((state IN ('dispatched', 'accepted', 'completed', 'rated')) =
        (team_id IS NOT NULL OR volunteer_id IS NOT NULL)),
    CHECK ((state IN ('completed', 'rated')) = (report IS NOT NULL)),
    CHECK ((state = 'rated') = (stars IS NOT NULL))
) STRICT;

CREATE INDEX demand_ticket_created ON demand_ticket (created_at);

CREATE INDEX demand_ticket_requester ON demand_ticket (requester_id, id);

CREATE INDEX demand_ticket_state ON demand_ticket (state, id);

CREATE INDEX demand_ticket_station ON demand_ticket (station_id, state, id);

CREATE INDEX demand_ticket_team ON demand_ticket (team_id, id) WHERE team_id IS NOT NULL;

CREATE INDEX demand_ticket_volunteer ON demand_ticket (volunteer_id, id) WHERE volunteer_id IS NOT NULL;

CREATE TABLE demand_ticket_move (
    id INTEGER PRIMARY KEY,
    ticket_id INTEGER NOT NULL REFERENCES demand_ticket,
    from_state TEXT,
    to_state TEXT NOT NULL,
    actor_id INTEGER NOT NULL REFERENCES account,
    at INTEGER NOT NULL,
    reason TEXT CHECK (length(reason) <= 500)
) STRICT;

CREATE INDEX demand_ticket_move_ticket ON demand_ticket_move (ticket_id, id);

CREATE TABLE feedback (
    id INTEGER PRIMARY KEY,
    reporter_id INTEGER NOT NULL REFERENCES account,
    station_id INTEGER NOT NULL REFERENCES station,
    office_id INTEGER NOT NULL REFERENCES station,
    category TEXT NOT NULL CHECK (category IN ('hygiene', 'order', 'traffic', 'community', 'tourism',
        'network', 'facility', 'street', 'green', 'hazard', 'praise', 'suggestion', 'other')),
    title TEXT CHECK (length(title) BETWEEN 2 AND 100),
    text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 5000),
    address TEXT CHECK (length(address) <= 120),
    longitude REAL NOT NULL,
    latitude REAL NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('submitted', 'accepted', 'answered', 'refused', 'rated')),
    reply TEXT CHECK (length(reply) BETWEEN 1 AND 10000),
    replied_by INTEGER REFERENCES account,
    replied_at INTEGER,
    stars INTEGER CHECK (stars BETWEEN 1 AND 5),
    comment TEXT CHECK (length(comment) <= 500),
    is_hidden INTEGER NOT NULL DEFAULT 0 CHECK (is_hidden IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK ((reply IS NULL) = (replied_at IS NULL)),
    CHECK (state NOT IN ('answered', 'refused', 'rated') OR reply IS NOT NULL),
    CHECK ((state = 'rated') = (stars IS NOT NULL))
) STRICT;

CREATE INDEX feedback_created ON feedback (created_at, state);

CREATE INDEX feedback_office ON feedback (office_id, state, id);

CREATE INDEX feedback_public ON feedback (id) WHERE is_hidden = 0 AND state <> 'refused';

CREATE INDEX feedback_reporter ON feedback (reporter_id, id);

CREATE INDEX feedback_station ON feedback (station_id, id);

CREATE VIRTUAL TABLE feedback_fts USING fts5 (words, tokenize = 'unicode61');

CREATE TABLE feedback_move (
    id INTEGER PRIMARY KEY,
    feedback_id INTEGER NOT NULL REFERENCES feedback,
    from_state TEXT,
    to_state TEXT NOT NULL,
    actor_id INTEGER NOT NULL REFERENCES account,
    at INTEGER NOT NULL,
    reason TEXT CHECK (length(reason) <= 500)
) STRICT;

CREATE INDEX feedback_move_feedback ON feedback_move (feedback_id, id);

CREATE TABLE feedback_photo (
    feedback_id INTEGER NOT NULL REFERENCES feedback,
    place INTEGER NOT NULL CHECK (place BETWEEN 0 AND 8),
    upload_id INTEGER NOT NULL UNIQUE REFERENCES upload,
    PRIMARY KEY (feedback_id, place)
) STRICT, WITHOUT ROWID;

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

CREATE INDEX guardianship_account ON guardianship (account_id) WHERE account_id IS NOT NULL;

CREATE UNIQUE INDEX guardianship_consented ON guardianship (account_id, volunteer_id)
    WHERE state = 'consented';

CREATE UNIQUE INDEX guardianship_invited ON guardianship (volunteer_id) WHERE state = 'invited';

CREATE INDEX guardianship_phone ON guardianship (phone, id) WHERE state = 'invited';

CREATE INDEX guardianship_volunteer ON guardianship (volunteer_id, id);

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

CREATE TABLE identity_document (
    volunteer_id INTEGER PRIMARY KEY REFERENCES volunteer,
    kind TEXT NOT NULL,
    number TEXT NOT NULL CHECK (length(number) BETWEEN 5 AND 18),
    number_hash BLOB NOT NULL UNIQUE CHECK (length(number_hash) = 32)
) STRICT;

CREATE TABLE phone_code (
    phone TEXT PRIMARY KEY,
    code_hash BLOB NOT NULL CHECK (length(code_hash) = 32),
    expires_at INTEGER NOT NULL,
    tries INTEGER NOT NULL CHECK (tries >= 0),
    sent_at INTEGER NOT NULL,
    day_began_at INTEGER NOT NULL,
    sent_in_day INTEGER NOT NULL CHECK (sent_in_day > 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE role (
    name TEXT PRIMARY KEY CHECK (length(name) BETWEEN 2 AND 40 AND name NOT GLOB '*[^A-Za-z0-9]*'),
    title TEXT NOT NULL CHECK (length(title) BETWEEN 2 AND 40),
    permissions TEXT NOT NULL CHECK (permissions GLOB '[[]*]'),
    version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE "role_grant" (
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

CREATE UNIQUE INDEX role_grant_once
    ON role_grant (account_id, role, coalesce(station_id, 0), coalesce(team_id, 0));

CREATE INDEX role_grant_role ON role_grant (role);

CREATE INDEX role_grant_station ON role_grant (station_id, id);

CREATE INDEX role_grant_team ON role_grant (team_id) WHERE team_id IS NOT NULL;

CREATE TABLE service_record (
    id INTEGER PRIMARY KEY,
    volunteer_id INTEGER NOT NULL REFERENCES volunteer,
    sign_up_id INTEGER NOT NULL REFERENCES sign_up,
    corrects_id INTEGER REFERENCES service_record,
    activity_name TEXT NOT NULL,
    date TEXT NOT NULL CHECK (date GLOB '????-??-??'),
    place TEXT NOT NULL,
    content TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    organiser TEXT NOT NULL,
    person_in_charge TEXT NOT NULL,
    evidence TEXT NOT NULL CHECK (evidence IN ('checkedInAndOut', 'byHand')),
    reason TEXT CHECK (length(reason) <= 200),
    recorded_by INTEGER NOT NULL REFERENCES account,
    recorded_at INTEGER NOT NULL,
    CHECK (corrects_id IS NOT NULL OR minutes > 0),
    CHECK (reason IS NOT NULL OR (corrects_id IS NULL AND evidence = 'checkedInAndOut'))
) STRICT;

CREATE INDEX service_record_corrects ON service_record (corrects_id) WHERE corrects_id IS NOT NULL;

CREATE UNIQUE INDEX service_record_once ON service_record (sign_up_id) WHERE corrects_id IS NULL;

CREATE INDEX service_record_time ON service_record (recorded_at, minutes);

CREATE INDEX service_record_volunteer ON service_record (volunteer_id, id);

CREATE TRIGGER service_record_is_final BEFORE UPDATE ON service_record
BEGIN SELECT raise(ABORT, 'service records are never changed: write a correction'); END;

CREATE TRIGGER service_record_is_kept BEFORE DELETE ON service_record
BEGIN SELECT raise(ABORT, 'service records are never deleted'); END;

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

CREATE TABLE "session" (
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

CREATE INDEX session_account ON session (account_id, id);

CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE sign_up (
    id INTEGER PRIMARY KEY,
    activity_id INTEGER NOT NULL REFERENCES activity,
    volunteer_id INTEGER NOT NULL REFERENCES volunteer,
    state TEXT NOT NULL
        CHECK (state IN ('signedUp', 'checkedIn', 'checkedOut', 'confirmed', 'absent', 'cancelled')),
    created_at INTEGER NOT NULL,
    checked_in_at INTEGER,
    checked_out_at INTEGER,
    cancelled_at INTEGER,
    cancel_reason TEXT CHECK (length(cancel_reason) <= 200),
    code_failures INTEGER NOT NULL DEFAULT 0 CHECK (code_failures >= 0), companion_name TEXT CHECK (length(companion_name) BETWEEN 2 AND 30),
    CHECK (checked_out_at IS NULL OR checked_out_at >= checked_in_at),
    CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL)),
    CHECK (state NOT IN ('checkedIn', 'checkedOut') OR checked_in_at IS NOT NULL)
) STRICT;

CREATE UNIQUE INDEX sign_up_once ON sign_up (activity_id, volunteer_id) WHERE state <> 'cancelled';

CREATE UNIQUE INDEX sign_up_one_presence ON sign_up (volunteer_id) WHERE state = 'checkedIn';

CREATE INDEX sign_up_volunteer ON sign_up (volunteer_id, id);

CREATE TABLE staff_credential (
    account_id INTEGER PRIMARY KEY REFERENCES account,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (length(name) BETWEEN 2 AND 40),
    password_hash TEXT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
    locked_until INTEGER NOT NULL DEFAULT 0,
    must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
    changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE station (
    id INTEGER PRIMARY KEY,
    parent_id INTEGER REFERENCES station,
    path TEXT NOT NULL UNIQUE CHECK (path GLOB '/*/'),
    district_id INTEGER REFERENCES station,
    kind TEXT NOT NULL
        CHECK (kind IN ('city', 'center', 'institute', 'station', 'point', 'base', 'home')),
    code TEXT UNIQUE CHECK (length(code) BETWEEN 1 AND 32),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 2 AND 60),
    address TEXT CHECK (length(address) <= 120),
    longitude REAL,
    latitude REAL,
    is_position_approximate INTEGER NOT NULL CHECK (is_position_approximate IN (0, 1)),
    opening_hours TEXT CHECK (length(opening_hours) <= 120),
    phone TEXT CHECK (length(phone) <= 20),
    manager_name TEXT CHECK (length(manager_name) <= 30),
    version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK ((longitude IS NULL) = (latitude IS NULL)),
    CHECK ((parent_id IS NULL) = (kind = 'city'))
) STRICT;

CREATE INDEX station_district ON station (district_id, id);

CREATE INDEX station_kind ON station (kind, id);

CREATE UNIQUE INDEX station_one_city ON station (kind) WHERE kind = 'city';

CREATE INDEX station_parent ON station (parent_id, id);

CREATE INDEX station_updated ON station (updated_at, id);

CREATE VIRTUAL TABLE station_fts USING fts5 (words, tokenize = 'unicode61');

CREATE VIRTUAL TABLE station_rtree
    USING rtree (id, longitude_min, longitude_max, latitude_min, latitude_max);

CREATE TABLE team (
    id INTEGER PRIMARY KEY,
    station_id INTEGER NOT NULL REFERENCES station,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 2 AND 60),
    leader_id INTEGER NOT NULL REFERENCES volunteer,
    created_at INTEGER NOT NULL,
    UNIQUE (station_id, name)
) STRICT;

CREATE INDEX team_leader ON team (leader_id);

CREATE TABLE team_member (
    team_id INTEGER NOT NULL REFERENCES team,
    volunteer_id INTEGER NOT NULL REFERENCES volunteer,
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (team_id, volunteer_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX team_member_volunteer ON team_member (volunteer_id);

CREATE TABLE upload (
    id INTEGER PRIMARY KEY,
    token TEXT NOT NULL UNIQUE CHECK (length(token) = 43),
    account_id INTEGER NOT NULL REFERENCES account,
    type TEXT NOT NULL CHECK (type IN ('image/jpeg', 'image/png', 'image/webp')),
    bytes INTEGER NOT NULL CHECK (bytes > 0),
    created_at INTEGER NOT NULL,
    is_used INTEGER NOT NULL DEFAULT 0 CHECK (is_used IN (0, 1))
) STRICT;

CREATE INDEX upload_unused ON upload (created_at) WHERE is_used = 0;

CREATE TABLE volunteer (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL UNIQUE REFERENCES account,
    number TEXT UNIQUE,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 2 AND 30),
    sex TEXT NOT NULL CHECK (sex IN ('male', 'female')),
    birth_date TEXT NOT NULL CHECK (birth_date GLOB '????-??-??'),
    phone TEXT NOT NULL CHECK (phone GLOB '+[1-9]*'),
    residence_code TEXT NOT NULL CHECK (residence_code NOT GLOB '*[^0-9]*' AND length(residence_code) IN (6, 9, 12)),
    categories TEXT NOT NULL CHECK (categories GLOB '[[]*]'),
    skills TEXT NOT NULL CHECK (skills GLOB '[[]*]'),
    guardian_name TEXT CHECK (length(guardian_name) BETWEEN 2 AND 30),
    guardian_phone TEXT CHECK (guardian_phone GLOB '+[1-9]*'),
    verification TEXT NOT NULL DEFAULT 'unverified' CHECK (verification IN ('unverified', 'verified', 'failed')),
    version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK ((guardian_name IS NULL) = (guardian_phone IS NULL))
) STRICT;

CREATE INDEX volunteer_created ON volunteer (created_at);

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

CREATE TABLE wechat_identity (
    app_id TEXT NOT NULL CHECK (length(app_id) BETWEEN 1 AND 64),
    open_id TEXT NOT NULL CHECK (length(open_id) BETWEEN 1 AND 64),
    union_id TEXT CHECK (length(union_id) BETWEEN 1 AND 64),
    account_id INTEGER NOT NULL REFERENCES account,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (app_id, open_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX wechat_identity_account ON wechat_identity (account_id);
