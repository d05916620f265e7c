import SQLite

extension Migrations {
    /// Wrong passwords for names that nobody has, which lock as others do.
    static let countUnknownNames = Migration(
        number: 23, name: "count unknown names",
        statements: """
            CREATE TABLE unknown_staff_name (
                id INTEGER PRIMARY KEY,
                name_hash BLOB NOT NULL UNIQUE CHECK (length(name_hash) = 32),
                failures INTEGER NOT NULL CHECK (failures >= 0),
                locked_until INTEGER NOT NULL
            ) STRICT;
            """)
}
