import SQLite

extension Migrations {
    /// The tree of sites with its two indexes: words for search, boxes for nearness.
    static let createStations = Migration(
        number: 2, name: "create stations",
        statements: """
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
            CREATE INDEX station_parent ON station (parent_id, id);
            CREATE INDEX station_kind ON station (kind, id);
            CREATE INDEX station_district ON station (district_id, id);
            CREATE INDEX station_updated ON station (updated_at, id);
            CREATE UNIQUE INDEX station_one_city ON station (kind) WHERE kind = 'city';

            CREATE VIRTUAL TABLE station_fts USING fts5 (words, tokenize = 'unicode61');
            CREATE VIRTUAL TABLE station_rtree
                USING rtree (id, longitude_min, longitude_max, latitude_min, latitude_max);
            """)
}
