import SQLite

extension Migrations {
    static let createFeedback = Migration(
        number: 7, name: "create uploads and feedback",
        statements: """
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
            CREATE INDEX feedback_reporter ON feedback (reporter_id, id);
            CREATE INDEX feedback_office ON feedback (office_id, state, id);
            CREATE INDEX feedback_station ON feedback (station_id, id);
            CREATE INDEX feedback_public ON feedback (id) WHERE is_hidden = 0 AND state <> 'refused';
            CREATE INDEX feedback_created ON feedback (created_at, state);
            CREATE VIRTUAL TABLE feedback_fts USING fts5 (words, tokenize = 'unicode61');

            CREATE TABLE feedback_photo (
                feedback_id INTEGER NOT NULL REFERENCES feedback,
                place INTEGER NOT NULL CHECK (place BETWEEN 0 AND 8),
                upload_id INTEGER NOT NULL UNIQUE REFERENCES upload,
                PRIMARY KEY (feedback_id, place)
            ) STRICT, WITHOUT ROWID;

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
            """)
}
