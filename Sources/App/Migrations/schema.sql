-- The schema after migration 25, for reading: scripts/schema writes it, a test compares it.
-- The database is made by the migrations beside this file.

CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    phone TEXT UNIQUE CHECK (phone GLOB '+[1-9]*' AND length(phone) BETWEEN 8 AND 16),
    name TEXT CHECK (length(name) BETWEEN 1 AND 60),
    created_at INTEGER NOT NULL
, merged_into INTEGER REFERENCES account CHECK (merged_into <> id)) STRICT;

CREATE INDEX account_merged ON account (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE account_closure (
    account_id INTEGER PRIMARY KEY REFERENCES account,
    requested_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL CHECK (due_at >= requested_at),
    closed_at INTEGER
) STRICT;

CREATE INDEX account_closure_due ON account_closure (due_at) WHERE closed_at IS NULL;

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

CREATE TABLE "activity" (
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
    age_min INTEGER NOT NULL CHECK (age_min BETWEEN 6 AND 100),
    person_in_charge TEXT NOT NULL CHECK (length(person_in_charge) BETWEEN 2 AND 30),
    state TEXT NOT NULL CHECK (state IN ('published', 'cancelled')),
    cancel_reason TEXT,
    code_secret BLOB NOT NULL CHECK (length(code_secret) = 32),
    version INTEGER NOT NULL DEFAULT 1,
    created_by INTEGER NOT NULL REFERENCES account,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL, open_until INTEGER
    GENERATED ALWAYS AS (max(starts_at, sign_up_closes_at)) VIRTUAL,
    CHECK (starts_at < ends_at AND sign_up_closes_at <= ends_at),
    CHECK ((state = 'cancelled') = (cancel_reason IS NOT NULL)),
    CHECK ((longitude IS NULL) = (latitude IS NULL))
) STRICT;

CREATE INDEX activity_created ON activity (created_at);

CREATE INDEX activity_open ON activity (starts_at, id) WHERE state = 'published';

CREATE INDEX activity_open_until ON activity (open_until, id) WHERE state = 'published';

CREATE INDEX activity_station ON activity (station_id, starts_at, id);

CREATE INDEX activity_station_until ON activity (station_id, open_until, id) WHERE state = 'published';

CREATE INDEX activity_terms ON activity (id, state, starts_at, ends_at, sign_up_closes_at, age_min);

CREATE TRIGGER activity_moves AFTER UPDATE OF starts_at, ends_at ON activity
WHEN old.starts_at <> new.starts_at OR old.ends_at <> new.ends_at BEGIN
    UPDATE sign_up SET starts_at = new.starts_at, ends_at = new.ends_at
    WHERE activity_id = new.id AND state <> 'cancelled';
END;

CREATE VIRTUAL TABLE activity_fts USING fts5 (words, tokenize = 'unicode61');

CREATE TABLE activity_places (
    activity_id INTEGER PRIMARY KEY REFERENCES activity,
    capacity INTEGER NOT NULL CHECK (capacity BETWEEN 1 AND 100000),
    taken INTEGER NOT NULL DEFAULT 0,
    CHECK (taken BETWEEN 0 AND capacity)
) STRICT;

CREATE TABLE audit_account (
    account_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    PRIMARY KEY (account_id, entry_id)
) STRICT, WITHOUT ROWID;

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

CREATE TRIGGER audit_entry_is_final BEFORE UPDATE ON audit_entry
BEGIN SELECT raise(ABORT, 'audit entries are never changed'); END;

CREATE TRIGGER audit_entry_is_kept BEFORE DELETE ON audit_entry
WHEN old.at > unixepoch() - 180 * 86400 OR EXISTS (SELECT 1 FROM audit_entry WHERE id < old.id)
BEGIN SELECT raise(ABORT, 'audit entries are kept for 180 days and go in order'); END;

CREATE TABLE audit_index_progress (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    entry_id INTEGER NOT NULL
) STRICT;

CREATE TABLE audit_subject (
    subject TEXT NOT NULL,
    entry_id INTEGER NOT NULL,
    PRIMARY KEY (subject, entry_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE availability (
    volunteer_id INTEGER NOT NULL REFERENCES volunteer_profile,
    weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    from_minute INTEGER NOT NULL CHECK (from_minute >= 0),
    to_minute INTEGER NOT NULL CHECK (to_minute <= 1440),
    PRIMARY KEY (volunteer_id, weekday, from_minute),
    CHECK (from_minute < to_minute)
) STRICT, WITHOUT ROWID;

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

CREATE INDEX award_record_state ON award_record (state, id);

CREATE INDEX award_record_station ON award_record (station_id, state, id);

CREATE INDEX award_record_volunteer ON award_record (volunteer_id, id);

CREATE TRIGGER award_record_is_final BEFORE UPDATE OF volunteer_id, station_id, name, granted_on,
    granting_body, level, upload_id, entered_by, entered_at ON award_record
BEGIN SELECT raise(ABORT, 'award records are never changed: withdraw it and record another'); END;

CREATE TRIGGER award_record_is_kept BEFORE DELETE ON award_record WHEN old.state IN ('verified', 'withdrawn')
BEGIN SELECT raise(ABORT, 'verified award records are never deleted'); END;

CREATE TABLE backup_run (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    bytes INTEGER NOT NULL CHECK (bytes > 0)
) STRICT;

CREATE TABLE chat_group (
    id INTEGER PRIMARY KEY,
    station_id INTEGER NOT NULL REFERENCES station,
    grid_id INTEGER REFERENCES grid,
    source_code TEXT NOT NULL UNIQUE CHECK (length(source_code) BETWEEN 8 AND 16),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    kind TEXT NOT NULL
        CHECK (kind IN ('residents', 'volunteers', 'owners', 'shops', 'partyMembers', 'grid', 'other')),
    owner_name TEXT CHECK (length(owner_name) BETWEEN 2 AND 30),
    is_public INTEGER NOT NULL CHECK (is_public IN (0, 1)),
    member_count INTEGER CHECK (member_count BETWEEN 0 AND 100000),
    counted_at INTEGER,
    state TEXT NOT NULL CHECK (state IN ('active', 'dissolved')),
    dissolve_reason TEXT CHECK (length(dissolve_reason) BETWEEN 2 AND 500),
    version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK ((member_count IS NULL) = (counted_at IS NULL)),
    CHECK ((state = 'dissolved') = (dissolve_reason IS NOT NULL))
) STRICT;

CREATE INDEX chat_group_grid ON chat_group (grid_id) WHERE grid_id IS NOT NULL;

CREATE INDEX chat_group_station ON chat_group (station_id, id);

CREATE VIRTUAL TABLE chat_group_fts USING fts5 (words, tokenize = 'unicode61');

CREATE TABLE community_need (
    id INTEGER PRIMARY KEY,
    station_id INTEGER NOT NULL REFERENCES station,
    title TEXT NOT NULL CHECK (length(title) BETWEEN 2 AND 60),
    detail TEXT NOT NULL CHECK (length(detail) BETWEEN 1 AND 2000),
    category TEXT NOT NULL CHECK (length(category) = 2),
    state TEXT NOT NULL CHECK (state IN ('open', 'met', 'withdrawn')),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX community_need_station ON community_need (station_id, id);

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

CREATE INDEX consent_account ON consent (account_id, id);

CREATE UNIQUE INDEX consent_living ON consent (account_id, policy_id, purpose) WHERE withdrawn_at IS NULL;

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

CREATE INDEX correction_request_account ON correction_request (account_id, id);

CREATE INDEX correction_request_decided ON correction_request (decided_at) WHERE decided_at IS NOT NULL;

CREATE UNIQUE INDEX correction_request_open ON correction_request (account_id, field) WHERE state = 'open';

CREATE INDEX correction_request_state ON correction_request (state, id);

CREATE INDEX correction_request_station ON correction_request (station_id, state, id);

CREATE INDEX correction_request_volunteer ON correction_request (volunteer_id);

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

CREATE INDEX data_sharing_time ON data_sharing (at);

CREATE TRIGGER data_sharing_is_final BEFORE UPDATE ON data_sharing
BEGIN SELECT raise(ABORT, 'the log of shared data is never changed'); END;

CREATE TRIGGER data_sharing_is_kept BEFORE DELETE ON data_sharing
WHEN old.at > unixepoch() - 1096 * 86400
BEGIN SELECT raise(ABORT, 'the log of shared data is kept for three years'); END;

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
    updated_at INTEGER NOT NULL, chat_group_id INTEGER REFERENCES chat_group,
    CHECK (team_id IS NULL OR volunteer_id IS NULL),
    CHECK ((state IN ('dispatched', 'accepted', 'completed', 'rated')) =
        (team_id IS NOT NULL OR volunteer_id IS NOT NULL)),
    CHECK ((state IN ('completed', 'rated')) = (report IS NOT NULL)),
    CHECK ((state = 'rated') = (stars IS NOT NULL))
) STRICT;

CREATE INDEX demand_ticket_chat_group ON demand_ticket (chat_group_id) WHERE chat_group_id IS NOT NULL;

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

CREATE INDEX demand_ticket_move_completed ON demand_ticket_move (at) WHERE to_state = 'completed';

CREATE INDEX demand_ticket_move_ticket ON demand_ticket_move (ticket_id, id);

CREATE TABLE expert_field (
    volunteer_id INTEGER NOT NULL REFERENCES expert_listing,
    field TEXT NOT NULL CHECK (length(field) BETWEEN 3 AND 20),
    PRIMARY KEY (field, volunteer_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX expert_field_volunteer ON expert_field (volunteer_id);

CREATE VIRTUAL TABLE expert_fts USING fts5 (words, tokenize = 'unicode61');

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

CREATE INDEX expert_invitation_open ON expert_invitation (expires_at) WHERE state = 'invited';

CREATE INDEX expert_invitation_station ON expert_invitation (station_id, created_at);

CREATE INDEX expert_invitation_volunteer ON expert_invitation (volunteer_id, id);

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

CREATE TABLE expert_station (
    volunteer_id INTEGER NOT NULL REFERENCES expert_listing,
    station_id INTEGER NOT NULL REFERENCES station,
    PRIMARY KEY (station_id, volunteer_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX expert_station_volunteer ON expert_station (volunteer_id);

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

CREATE INDEX feedback_move_answered ON feedback_move (at)
    WHERE to_state IN ('answered', 'refused') AND from_state IN ('submitted', 'accepted');

CREATE INDEX feedback_move_feedback ON feedback_move (feedback_id, id);

CREATE TABLE feedback_photo (
    feedback_id INTEGER NOT NULL REFERENCES feedback,
    place INTEGER NOT NULL CHECK (place BETWEEN 0 AND 8),
    upload_id INTEGER NOT NULL UNIQUE REFERENCES upload,
    PRIMARY KEY (feedback_id, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE grid (
    id INTEGER PRIMARY KEY,
    station_id INTEGER NOT NULL REFERENCES station,
    code TEXT NOT NULL UNIQUE CHECK (length(code) BETWEEN 1 AND 32),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 2 AND 60),
    kind TEXT NOT NULL CHECK (kind IN ('general', 'special')),
    version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    retired_at INTEGER,
    retire_reason TEXT CHECK (length(retire_reason) BETWEEN 2 AND 500),
    CHECK ((retired_at IS NULL) = (retire_reason IS NULL))
) STRICT;

CREATE INDEX grid_station ON grid (station_id, id);

CREATE TABLE grid_place (
    id INTEGER PRIMARY KEY,
    grid_id INTEGER NOT NULL REFERENCES grid,
    kind TEXT NOT NULL CHECK (kind IN ('compound', 'shop', 'building')),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    address TEXT NOT NULL CHECK (length(address) BETWEEN 1 AND 120),
    longitude REAL,
    latitude REAL,
    households INTEGER CHECK (households BETWEEN 0 AND 100000),
    version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK ((longitude IS NULL) = (latitude IS NULL))
) STRICT;

CREATE INDEX grid_place_grid ON grid_place (grid_id, id);

CREATE TABLE grid_worker (
    id INTEGER PRIMARY KEY,
    grid_id INTEGER NOT NULL REFERENCES grid,
    account_id INTEGER REFERENCES account,
    volunteer_id INTEGER REFERENCES volunteer,
    role TEXT NOT NULL CHECK (role IN ('leader', 'fullTime', 'partTime')),
    office_phone TEXT CHECK (length(office_phone) BETWEEN 5 AND 20),
    since INTEGER NOT NULL,
    until INTEGER,
    replaces_id INTEGER REFERENCES grid_worker,
    end_reason TEXT CHECK (length(end_reason) BETWEEN 2 AND 500),
    appointed_by INTEGER NOT NULL REFERENCES account,
    ended_by INTEGER REFERENCES account,
    CHECK ((account_id IS NULL) <> (volunteer_id IS NULL)),
    CHECK ((until IS NULL) = (end_reason IS NULL) AND (until IS NULL) = (ended_by IS NULL)),
    CHECK (until >= since)
) STRICT;

CREATE INDEX grid_worker_account ON grid_worker (account_id, id) WHERE account_id IS NOT NULL;

CREATE INDEX grid_worker_grid ON grid_worker (grid_id, id);

CREATE UNIQUE INDEX grid_worker_once_account ON grid_worker (account_id, grid_id)
    WHERE account_id IS NOT NULL AND until IS NULL;

CREATE UNIQUE INDEX grid_worker_once_volunteer ON grid_worker (volunteer_id, grid_id)
    WHERE volunteer_id IS NOT NULL AND until IS NULL;

CREATE UNIQUE INDEX grid_worker_one_leader ON grid_worker (grid_id) WHERE role = 'leader' AND until IS NULL;

CREATE INDEX grid_worker_volunteer ON grid_worker (volunteer_id, id) WHERE volunteer_id IS NOT NULL;

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

CREATE TABLE "idempotent_answer" (
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

CREATE TABLE identity_document (
    volunteer_id INTEGER PRIMARY KEY REFERENCES volunteer,
    kind TEXT NOT NULL,
    number TEXT NOT NULL CHECK (length(number) BETWEEN 5 AND 18),
    number_hash BLOB NOT NULL UNIQUE CHECK (length(number_hash) = 32)
) STRICT;

CREATE TABLE identity_wish (
    request_id INTEGER PRIMARY KEY REFERENCES correction_request,
    kind TEXT NOT NULL,
    number TEXT NOT NULL CHECK (length(number) BETWEEN 5 AND 18)
) STRICT;

CREATE TABLE import_problem (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES import_run,
    line INTEGER NOT NULL,
    column_name TEXT NOT NULL,
    zh TEXT NOT NULL,
    en TEXT NOT NULL
) STRICT;

CREATE INDEX import_problem_run ON import_problem (run_id, id);

CREATE TABLE import_run (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN 
        ('stations', 'grids', 'gridPlaces', 'chatGroups', 'staff', 'volunteers', 'teams')),
    file_hash BLOB NOT NULL CHECK (length(file_hash) = 32),
    account_id INTEGER REFERENCES account,
    row_reached INTEGER NOT NULL DEFAULT 0 CHECK (row_reached >= 0),
    line_reached INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL DEFAULT 0,
    updated INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    problems INTEGER NOT NULL DEFAULT 0,
    started_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    completed_at INTEGER,
    CHECK (row_reached = created + updated + unchanged + refused)
) STRICT;

CREATE UNIQUE INDEX import_run_file ON import_run (kind, file_hash);

CREATE TABLE imported_volunteer (
    volunteer_id INTEGER PRIMARY KEY REFERENCES volunteer,
    run_id INTEGER NOT NULL REFERENCES import_run,
    station_id INTEGER NOT NULL REFERENCES station,
    line INTEGER NOT NULL,
    has_consented INTEGER NOT NULL CHECK (has_consented = 1)
) STRICT;

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

CREATE INDEX member_check_in_station ON member_check_in (station_id, state, id);

CREATE INDEX member_check_in_unit ON member_check_in (unit_id, station_id);

CREATE INDEX member_check_in_volunteer ON member_check_in (volunteer_id, id);

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

CREATE TABLE phone_code (
    phone TEXT PRIMARY KEY,
    code_hash BLOB NOT NULL CHECK (length(code_hash) = 32),
    expires_at INTEGER NOT NULL,
    tries INTEGER NOT NULL CHECK (tries >= 0),
    sent_at INTEGER NOT NULL,
    day_began_at INTEGER NOT NULL,
    sent_in_day INTEGER NOT NULL CHECK (sent_in_day > 0)
) STRICT, WITHOUT ROWID;

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

CREATE TRIGGER policy_is_final BEFORE UPDATE ON policy
BEGIN SELECT raise(ABORT, 'a published policy is never changed: publish a version'); END;

CREATE TRIGGER policy_is_kept BEFORE DELETE ON policy
BEGIN SELECT raise(ABORT, 'a published policy is never deleted'); END;

CREATE TABLE policy_purpose (
    policy_id INTEGER NOT NULL REFERENCES policy,
    place INTEGER NOT NULL CHECK (place >= 0),
    code TEXT NOT NULL CHECK (length(code) BETWEEN 2 AND 40 AND code NOT GLOB '*[^A-Za-z0-9]*'),
    label_zh TEXT NOT NULL CHECK (length(label_zh) BETWEEN 2 AND 200),
    label_en TEXT CHECK (length(label_en) BETWEEN 2 AND 200),
    is_required INTEGER NOT NULL CHECK (is_required IN (0, 1)),
    PRIMARY KEY (policy_id, code)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER policy_purpose_is_final BEFORE UPDATE ON policy_purpose
BEGIN SELECT raise(ABORT, 'a published policy is never changed: publish a version'); END;

CREATE TRIGGER policy_purpose_is_kept BEFORE DELETE ON policy_purpose
BEGIN SELECT raise(ABORT, 'a published policy is never deleted'); END;

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

CREATE INDEX post_claim_unit ON post_claim (unit_id, id);

CREATE INDEX post_claim_volunteer ON post_claim (volunteer_id, id) WHERE volunteer_id IS NOT NULL;

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

CREATE INDEX post_service_claim ON post_service (claim_id, id);

CREATE UNIQUE INDEX post_service_day ON post_service (claim_id, served_on) WHERE state <> 'refused';

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

CREATE INDEX practice_volunteer_volunteer ON practice_volunteer (volunteer_id, id);

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

CREATE INDEX qualification_replaces ON qualification (replaces_id) WHERE replaces_id IS NOT NULL;

CREATE INDEX qualification_state ON qualification (state, id);

CREATE INDEX qualification_station ON qualification (station_id, state, id);

CREATE INDEX qualification_volunteer ON qualification (volunteer_id, id);

CREATE TRIGGER qualification_says_what_was_submitted
BEFORE UPDATE OF volunteer_id, kind, title, issuer, number, issued_on, expires_on, upload_id ON qualification
BEGIN SELECT raise(ABORT, 'qualifications are never edited: submit another'); END;

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

CREATE INDEX service_record_minutes ON service_record (volunteer_id, minutes);

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

CREATE INDEX session_account ON session (account_id, id);

CREATE INDEX session_expiry ON session (expires_at);

CREATE TRIGGER session_opens AFTER INSERT ON session BEGIN
    UPDATE session SET volunteer_id = (SELECT id FROM volunteer WHERE account_id = new.account_id)
    WHERE token_key = new.token_key;
END;

CREATE TABLE "sign_up" (
    id INTEGER PRIMARY KEY,
    activity_id INTEGER NOT NULL REFERENCES activity_places,
    volunteer_id INTEGER NOT NULL REFERENCES volunteer,
    state TEXT NOT NULL CHECK (state = 'signedUp' OR state = 'checkedIn' OR state = 'checkedOut'
        OR state = 'confirmed' OR state = 'absent' OR state = 'cancelled'),
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    checked_in_at INTEGER,
    checked_out_at INTEGER,
    cancelled_at INTEGER,
    cancel_reason TEXT CHECK (length(cancel_reason) <= 200),
    code_failures INTEGER NOT NULL DEFAULT 0 CHECK (code_failures >= 0),
    companion_name TEXT CHECK (length(companion_name) BETWEEN 2 AND 30),
    chat_group_id INTEGER REFERENCES chat_group,
    CHECK (starts_at < ends_at),
    CHECK (checked_out_at IS NULL OR checked_out_at >= checked_in_at),
    CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL)),
    CHECK (state NOT IN ('checkedIn', 'checkedOut') OR checked_in_at IS NOT NULL)
) STRICT;

CREATE INDEX sign_up_chat_group ON sign_up (chat_group_id) WHERE chat_group_id IS NOT NULL;

CREATE UNIQUE INDEX sign_up_once ON sign_up (activity_id, volunteer_id) WHERE state <> 'cancelled';

CREATE UNIQUE INDEX sign_up_one_presence ON sign_up (volunteer_id) WHERE state = 'checkedIn';

CREATE INDEX sign_up_volunteer ON sign_up (volunteer_id, id, starts_at, ends_at, state, activity_id);

CREATE TABLE staff_credential (
    account_id INTEGER PRIMARY KEY REFERENCES account,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (length(name) BETWEEN 2 AND 40),
    password_hash TEXT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
    locked_until INTEGER NOT NULL DEFAULT 0,
    must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
    changed_at INTEGER NOT NULL
) STRICT;

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

CREATE INDEX star_application_volunteer ON star_application (volunteer_id, id);

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

CREATE TRIGGER star_award_is_kept BEFORE DELETE ON star_award
BEGIN SELECT raise(ABORT, 'star awards are never deleted'); END;

CREATE TRIGGER star_award_is_revoked_once BEFORE UPDATE ON star_award WHEN old.revoked_at IS NOT NULL
BEGIN SELECT raise(ABORT, 'a revoked star stays revoked'); END;

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

CREATE TABLE "team" (
    id INTEGER PRIMARY KEY,
    station_id INTEGER NOT NULL REFERENCES station,
    parent_id INTEGER REFERENCES team,
    path TEXT NOT NULL UNIQUE CHECK (path GLOB '/*/'),
    level TEXT NOT NULL CHECK (level IN ('general', 'brigade', 'squad', 'branch')),
    kind TEXT NOT NULL CHECK (kind IN ('ordinary', 'themed', 'lecture')),
    theme TEXT CHECK (length(theme) BETWEEN 1 AND 32),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 2 AND 480),
    leader_id INTEGER NOT NULL REFERENCES volunteer,
    supervising_body TEXT CHECK (length(supervising_body) BETWEEN 2 AND 480),
    credit_code TEXT CHECK (length(credit_code) = 18),
    introduction TEXT CHECK (length(introduction) BETWEEN 1 AND 16000),
    categories TEXT NOT NULL CHECK (categories GLOB '[[]*]'),
    contact_name TEXT CHECK (length(contact_name) BETWEEN 2 AND 240),
    contact_phone TEXT CHECK (contact_phone GLOB '+[1-9]*'),
    state TEXT NOT NULL CHECK (state IN ('active', 'closed', 'merged')),
    successor_id INTEGER REFERENCES team,
    version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK (kind <> 'themed' OR theme IS NOT NULL),
    CHECK (kind <> 'ordinary' OR theme IS NULL),
    CHECK (level <> 'branch' OR parent_id IS NOT NULL),
    CHECK (credit_code IS NULL OR supervising_body IS NOT NULL),
    CHECK ((state = 'merged') = (successor_id IS NOT NULL))
) STRICT;

CREATE INDEX team_kind ON team (kind, id);

CREATE INDEX team_leader ON team (leader_id);

CREATE INDEX team_level ON team (level, id);

CREATE UNIQUE INDEX team_name ON team (station_id, name) WHERE state = 'active';

CREATE INDEX team_parent ON team (parent_id, id) WHERE parent_id IS NOT NULL;

CREATE INDEX team_station ON team (station_id, id);

CREATE INDEX team_theme ON team (theme, id) WHERE theme IS NOT NULL;

CREATE TABLE team_change (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('found', 'move', 'rename', 'leader', 'close', 'merge')),
    team_id INTEGER REFERENCES team,
    review_station_id INTEGER NOT NULL REFERENCES station,
    review_team_id INTEGER REFERENCES team,
    state TEXT NOT NULL CHECK (state IN ('proposed', 'applied', 'refused', 'withdrawn')),
    reason TEXT CHECK (length(reason) BETWEEN 1 AND 4000),
    old_values TEXT NOT NULL CHECK (old_values GLOB '{*}'),
    new_values TEXT NOT NULL CHECK (new_values GLOB '{*}'),
    proposed_by INTEGER NOT NULL REFERENCES account,
    proposed_at INTEGER NOT NULL,
    decided_by INTEGER REFERENCES account,
    decided_at INTEGER,
    decision_reason TEXT CHECK (length(decision_reason) BETWEEN 1 AND 4000),
    CHECK ((state = 'proposed') = (decided_at IS NULL)),
    CHECK (state <> 'refused' OR decision_reason IS NOT NULL),
    CHECK (team_id IS NOT NULL OR (kind = 'found' AND state <> 'applied'))
) STRICT;

CREATE UNIQUE INDEX team_change_one_open ON team_change (team_id) WHERE state = 'proposed';

CREATE INDEX team_change_proposer ON team_change (proposed_by, id);

CREATE INDEX team_change_review_team ON team_change (review_team_id, id) WHERE review_team_id IS NOT NULL;

CREATE INDEX team_change_station ON team_change (review_station_id, id);

CREATE INDEX team_change_team ON team_change (team_id, id) WHERE team_id IS NOT NULL;

CREATE VIRTUAL TABLE team_fts USING fts5 (words, tokenize = 'unicode61');

CREATE TABLE team_join_request (
    id INTEGER PRIMARY KEY,
    team_id INTEGER NOT NULL REFERENCES team,
    volunteer_id INTEGER NOT NULL REFERENCES volunteer,
    from_team_id INTEGER REFERENCES team,
    note TEXT CHECK (length(note) BETWEEN 1 AND 4000),
    state TEXT NOT NULL CHECK (state IN ('open', 'approved', 'refused', 'cancelled', 'lapsed')),
    reason TEXT CHECK (length(reason) BETWEEN 1 AND 4000),
    decided_by INTEGER REFERENCES account,
    created_at INTEGER NOT NULL,
    decided_at INTEGER,
    CHECK ((state = 'open') = (decided_at IS NULL)),
    CHECK (state <> 'refused' OR reason IS NOT NULL)
) STRICT;

CREATE UNIQUE INDEX team_join_request_one_open ON team_join_request (team_id, volunteer_id)
    WHERE state = 'open';

CREATE INDEX team_join_request_team ON team_join_request (team_id, id);

CREATE INDEX team_join_request_volunteer ON team_join_request (volunteer_id, id);

CREATE TABLE team_member (
    team_id INTEGER NOT NULL REFERENCES team,
    volunteer_id INTEGER NOT NULL REFERENCES volunteer,
    joined_at INTEGER NOT NULL, role TEXT NOT NULL DEFAULT 'member'
    CHECK (role IN ('leader', 'deputy', 'recorder', 'member')), is_main INTEGER NOT NULL DEFAULT 0 CHECK (is_main IN (0, 1)),
    PRIMARY KEY (team_id, volunteer_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX team_member_one_leader ON team_member (team_id) WHERE role = 'leader';

CREATE UNIQUE INDEX team_member_one_main ON team_member (volunteer_id) WHERE is_main = 1;

CREATE INDEX team_member_volunteer ON team_member (volunteer_id);

CREATE TABLE team_member_event (
    id INTEGER PRIMARY KEY,
    team_id INTEGER NOT NULL REFERENCES team,
    volunteer_id INTEGER NOT NULL REFERENCES volunteer,
    kind TEXT NOT NULL CHECK (kind IN
        ('founded', 'joined', 'added', 'transferred', 'role', 'left', 'removed', 'merged', 'closed')),
    role TEXT CHECK (role IN ('leader', 'deputy', 'recorder', 'member')),
    actor_id INTEGER NOT NULL REFERENCES account,
    reason TEXT CHECK (length(reason) BETWEEN 1 AND 4000),
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX team_member_event_team ON team_member_event (team_id, id);

CREATE INDEX team_member_event_volunteer ON team_member_event (volunteer_id, id);

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

CREATE INDEX training_record_station ON training_record (station_id, id);

CREATE INDEX training_record_volunteer ON training_record (volunteer_id, id);

CREATE TRIGGER training_record_is_final BEFORE UPDATE OF volunteer_id, station_id, name, content, minutes,
    organiser, date, recorded_by, recorded_at ON training_record
BEGIN SELECT raise(ABORT, 'training records are never changed: withdraw it and record another'); END;

CREATE TRIGGER training_record_is_kept BEFORE DELETE ON training_record
BEGIN SELECT raise(ABORT, 'training records are never deleted'); END;

CREATE TRIGGER training_record_is_withdrawn_once BEFORE UPDATE ON training_record
    WHEN old.withdrawn_at IS NOT NULL
BEGIN SELECT raise(ABORT, 'a withdrawn training record stays withdrawn'); END;

CREATE TABLE unit_bond (
    id INTEGER PRIMARY KEY,
    unit_id INTEGER NOT NULL REFERENCES party_unit,
    station_id INTEGER NOT NULL REFERENCES station,
    proposed_by TEXT NOT NULL CHECK (proposed_by IN ('community', 'unit')),
    state TEXT NOT NULL CHECK (state IN ('proposed', 'active', 'ended')),
    contact_name TEXT NOT NULL CHECK (length(contact_name) BETWEEN 2 AND 30),
    contact_phone TEXT NOT NULL CHECK (contact_phone GLOB '+[1-9]*'),
    since INTEGER,
    until INTEGER,
    end_reason TEXT CHECK (length(end_reason) <= 500),
    created_by INTEGER NOT NULL REFERENCES account,
    created_at INTEGER NOT NULL,
    CHECK ((state = 'ended') = (until IS NOT NULL)),
    CHECK ((state = 'ended') = (end_reason IS NOT NULL)),
    CHECK (state <> 'active' OR since IS NOT NULL),
    CHECK (state <> 'proposed' OR since IS NULL)
) STRICT;

CREATE UNIQUE INDEX unit_bond_one_live ON unit_bond (unit_id, station_id) WHERE state <> 'ended';

CREATE INDEX unit_bond_station ON unit_bond (station_id, id);

CREATE INDEX unit_bond_unit ON unit_bond (unit_id, id);

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

CREATE INDEX unit_check_in_station ON unit_check_in (station_id, state, id);

CREATE INDEX unit_check_in_unit ON unit_check_in (unit_id, id);

CREATE TABLE unit_evaluation (
    id INTEGER PRIMARY KEY,
    unit_id INTEGER NOT NULL REFERENCES party_unit,
    station_id INTEGER NOT NULL REFERENCES station,
    year INTEGER NOT NULL CHECK (year BETWEEN 2000 AND 9999),
    rated_by TEXT NOT NULL CHECK (rated_by IN ('community', 'unit')),
    grade TEXT NOT NULL CHECK (grade IN ('excellent', 'good', 'fair', 'poor')),
    remarks TEXT CHECK (length(remarks) BETWEEN 1 AND 2000),
    made_by INTEGER NOT NULL REFERENCES account,
    made_at INTEGER NOT NULL,
    UNIQUE (unit_id, station_id, year, rated_by)
) STRICT;

CREATE INDEX unit_evaluation_station ON unit_evaluation (station_id, id);

CREATE TRIGGER unit_evaluation_is_final BEFORE UPDATE ON unit_evaluation
BEGIN SELECT raise(ABORT, 'an evaluation is never changed'); END;

CREATE TRIGGER unit_evaluation_is_kept BEFORE DELETE ON unit_evaluation
BEGIN SELECT raise(ABORT, 'an evaluation is never deleted'); END;

CREATE TABLE unit_feedback (
    id INTEGER PRIMARY KEY,
    unit_id INTEGER NOT NULL REFERENCES party_unit,
    station_id INTEGER NOT NULL REFERENCES station,
    year INTEGER NOT NULL CHECK (year BETWEEN 2000 AND 9999),
    quarter INTEGER NOT NULL CHECK (quarter BETWEEN 1 AND 4),
    members_checked_in INTEGER NOT NULL CHECK (members_checked_in >= 0),
    posts_served INTEGER NOT NULL CHECK (posts_served >= 0),
    projects_done INTEGER NOT NULL CHECK (projects_done >= 0),
    remarks TEXT CHECK (length(remarks) BETWEEN 1 AND 2000),
    sent_by INTEGER NOT NULL REFERENCES account,
    sent_at INTEGER NOT NULL,
    UNIQUE (unit_id, station_id, year, quarter)
) STRICT;

CREATE INDEX unit_feedback_station ON unit_feedback (station_id, id);

CREATE TRIGGER unit_feedback_is_final BEFORE UPDATE ON unit_feedback
BEGIN SELECT raise(ABORT, 'feedback that was sent is never changed'); END;

CREATE TRIGGER unit_feedback_is_kept BEFORE DELETE ON unit_feedback
BEGIN SELECT raise(ABORT, 'feedback that was sent is never deleted'); END;

CREATE TABLE unit_project (
    id INTEGER PRIMARY KEY,
    need_id INTEGER NOT NULL REFERENCES community_need,
    resource_id INTEGER NOT NULL REFERENCES unit_resource,
    unit_id INTEGER NOT NULL REFERENCES party_unit,
    station_id INTEGER NOT NULL REFERENCES station,
    title TEXT NOT NULL CHECK (length(title) BETWEEN 2 AND 60),
    plan TEXT NOT NULL CHECK (length(plan) BETWEEN 1 AND 2000),
    proposed_by TEXT NOT NULL CHECK (proposed_by IN ('community', 'unit')),
    state TEXT NOT NULL CHECK (state IN ('proposed', 'agreed', 'running', 'done', 'dropped')),
    report TEXT CHECK (length(report) BETWEEN 1 AND 2000),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK ((state = 'done') = (report IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX unit_project_need ON unit_project (need_id) WHERE state IN ('agreed', 'running', 'done');

CREATE UNIQUE INDEX unit_project_once ON unit_project (need_id, resource_id) WHERE state <> 'dropped';

CREATE INDEX unit_project_resource ON unit_project (resource_id);

CREATE INDEX unit_project_station ON unit_project (station_id, id);

CREATE INDEX unit_project_unit ON unit_project (unit_id, id);

CREATE TABLE unit_project_move (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES unit_project,
    from_state TEXT,
    to_state TEXT NOT NULL,
    actor_id INTEGER NOT NULL REFERENCES account,
    at INTEGER NOT NULL,
    reason TEXT CHECK (length(reason) <= 500)
) STRICT;

CREATE INDEX unit_project_move_project ON unit_project_move (project_id, id);

CREATE TABLE unit_representative (
    unit_id INTEGER NOT NULL REFERENCES party_unit,
    account_id INTEGER NOT NULL REFERENCES account,
    linked_by INTEGER NOT NULL REFERENCES account,
    linked_at INTEGER NOT NULL,
    PRIMARY KEY (unit_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX unit_representative_account ON unit_representative (account_id, unit_id);

CREATE TABLE unit_resource (
    id INTEGER PRIMARY KEY,
    unit_id INTEGER NOT NULL REFERENCES party_unit,
    title TEXT NOT NULL CHECK (length(title) BETWEEN 2 AND 60),
    detail TEXT NOT NULL CHECK (length(detail) BETWEEN 1 AND 2000),
    category TEXT NOT NULL CHECK (length(category) = 2),
    state TEXT NOT NULL CHECK (state IN ('offered', 'withdrawn')),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX unit_resource_unit ON unit_resource (unit_id, id);

CREATE TABLE unknown_staff_name (
    id INTEGER PRIMARY KEY,
    name_hash BLOB NOT NULL UNIQUE CHECK (length(name_hash) = 32),
    failures INTEGER NOT NULL CHECK (failures >= 0),
    locked_until INTEGER NOT NULL
) STRICT;

CREATE TABLE upload (
    id INTEGER PRIMARY KEY,
    token TEXT NOT NULL UNIQUE CHECK (length(token) = 43),
    account_id INTEGER NOT NULL REFERENCES account,
    type TEXT NOT NULL CHECK (type IN ('image/jpeg', 'image/png', 'image/webp')),
    bytes INTEGER NOT NULL CHECK (bytes > 0),
    created_at INTEGER NOT NULL,
    is_used INTEGER NOT NULL DEFAULT 0 CHECK (is_used IN (0, 1))
) STRICT;

CREATE INDEX upload_account ON upload (account_id, id);

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
    updated_at INTEGER NOT NULL, identity_kind TEXT, identity_masked TEXT, merged_into INTEGER REFERENCES volunteer CHECK (merged_into <> id),
    CHECK ((guardian_name IS NULL) = (guardian_phone IS NULL))
) STRICT;

CREATE INDEX volunteer_created ON volunteer (created_at);

CREATE INDEX volunteer_merged ON volunteer (merged_into) WHERE merged_into IS NOT NULL;

CREATE TRIGGER volunteer_moves AFTER UPDATE OF account_id ON volunteer BEGIN
    UPDATE session SET volunteer_id = NULL WHERE account_id = old.account_id;
    UPDATE session SET volunteer_id = new.id WHERE account_id = new.account_id;
END;

CREATE TRIGGER volunteer_registers AFTER INSERT ON volunteer BEGIN
    UPDATE session SET volunteer_id = new.id WHERE account_id = new.account_id;
END;

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

CREATE INDEX wechat_identity_union ON wechat_identity (union_id) WHERE union_id IS NOT NULL;
