import SQLite

extension Migrations {
    /// An activity that has begun is found for as long as it can be joined. Whether it can is no span of one column and
    /// no order of another: the later of its start and the closing of its sign-up is one key for both, so that the list
    /// stays a walk along an index. The two indexes by start serve whoever asks for a span.
    static let listWhatIsOpen = Migration(
        number: 25, name: "list what is open",
        statements: """
            ALTER TABLE activity ADD COLUMN open_until INTEGER
                GENERATED ALWAYS AS (max(starts_at, sign_up_closes_at)) VIRTUAL;
            CREATE INDEX activity_open_until ON activity (open_until, id) WHERE state = 'published';
            CREATE INDEX activity_station_until ON activity (station_id, open_until, id) WHERE state = 'published';
            """)
}
