import SQLite

extension Migrations {
    /// Volunteers, and their identity papers in a table of their own that only `IdentityDocument` names.
    static let createVolunteers = Migration(
        number: 3, name: "create volunteers",
        statements: """
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

            CREATE TABLE identity_document (
                volunteer_id INTEGER PRIMARY KEY REFERENCES volunteer,
                kind TEXT NOT NULL,
                number TEXT NOT NULL CHECK (length(number) BETWEEN 5 AND 18),
                number_hash BLOB NOT NULL UNIQUE CHECK (length(number_hash) = 32)
            ) STRICT;
            """)
}
