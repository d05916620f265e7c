package import SQLite

extension ImportRecord: RowDecodable {
    private static var columns: SQL {
        """
        id, kind, row_reached, line_reached, created, updated, unchanged, refused, problems, started_at, updated_at,
        completed_at
        """
    }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], kind: try row[1], rowReached: try row[2], lineReached: try row[3], created: try row[4],
            updated: try row[5], unchanged: try row[6], refused: try row[7], problems: try row[8],
            startedAt: try row[9], updatedAt: try row[10], completedAt: try row[11])
    }

    static func find(_ id: ID<ImportRecord>, in db: Database) throws -> ImportRecord? {
        try db.first("SELECT \(columns) FROM import_run WHERE id = \(id)")
    }

    /// The record of this file, made at its first import.
    /// - Parameter isNew: forget how far it came and begin with the first row.
    static func open(
        _ kind: ImportKind, hash: [UInt8], account: ID<Account>?, isNew: Bool, in db: Transaction
    ) throws -> ImportRecord {
        try db.run(
            """
            INSERT INTO import_run (kind, file_hash, account_id, started_at, updated_at)
            VALUES (\(kind), \(hash), \(account), \(db.now), \(db.now)) ON CONFLICT DO NOTHING
            """)
        let record: ImportRecord = try db.one(
            "SELECT \(columns) FROM import_run WHERE kind = \(kind) AND file_hash = \(hash)")
        guard isNew, record.rowReached > 0 || record.completedAt != nil else { return record }
        try db.run("DELETE FROM import_problem WHERE run_id = \(record.id)")
        try db.run(
            """
            UPDATE import_run SET row_reached = 0, line_reached = 0, created = 0, updated = 0, unchanged = 0,
                refused = 0, problems = 0, account_id = \(account), started_at = \(db.now), updated_at = \(db.now),
                completed_at = NULL WHERE id = \(record.id)
            """)
        return try db.one("SELECT \(columns) FROM import_run WHERE id = \(record.id)")
    }

    /// Writes how far the import came now.
    /// - Parameter before: as the batch found it.
    /// - Throws: `ImportFailure.runningElsewhere` when somebody else moved on meanwhile.
    func save(after before: ImportRecord, _ problems: [ImportProblem], in db: Transaction) throws {
        let moved = try db.run(
            """
            UPDATE import_run SET row_reached = \(rowReached), line_reached = \(lineReached), created = \(created),
                updated = \(updated), unchanged = \(unchanged), refused = \(refused), problems = \(self.problems),
                updated_at = \(db.now), completed_at = \(completedAt)
            WHERE id = \(id) AND row_reached = \(before.rowReached) AND completed_at IS NULL
            """)
        guard moved == 1 else { throw ImportFailure.runningElsewhere }
        for problem in problems.prefix(max(0, Self.problemsMax - before.problems)) {
            try db.run(
                """
                INSERT INTO import_problem (run_id, line, column_name, zh, en)
                VALUES (\(id), \(problem.line), \(problem.column), \(problem.zh), \(problem.en))
                """)
        }
    }

    /// Newest first.
    static func list(_ page: Page, in db: Database) throws -> [ImportRecord] {
        let before = page.after?.first ?? .max
        return try db.all(
            "SELECT \(columns) FROM import_run WHERE id < \(before) ORDER BY id DESC LIMIT \(page.limit + 1)")
    }

    /// A page of the problems that were kept.
    func problems(_ page: Page, in db: Database) throws -> [Numbered] {
        try db.all(
            """
            SELECT id, line, column_name, zh, en FROM import_problem
            WHERE run_id = \(id) AND id > \(page.after?.first ?? 0) ORDER BY id LIMIT \(page.limit + 1)
            """)
    }

    /// A problem and its place in the list.
    struct Numbered: RowDecodable {
        var id: Int64
        var problem: ImportProblem

        init(row: borrowing Row) throws {
            id = try row[0]
            problem = ImportProblem(line: try row[1], column: try row[2], zh: try row[3], en: try row[4])
        }
    }

    /// The first problems, in the order they were met.
    package func keptProblems(in db: Database) throws -> [ImportProblem] {
        try db.all("SELECT line, column_name, zh, en FROM import_problem WHERE run_id = \(id) ORDER BY id")
    }
}

extension ImportProblem: RowDecodable {
    package init(row: borrowing Row) throws {
        self.init(line: try row[0], column: try row[1], zh: try row[2], en: try row[3])
    }
}

/// What importers ask of other services' tables, in one place.
enum ImportLookups {
    struct KnownVolunteer: RowDecodable {
        var id: ID<Volunteer>
        var account: ID<Account>

        init(row: borrowing Row) throws {
            id = try row[0]
            account = try row[1]
        }
    }

    /// Whoever has the number, or has become one with the volunteer who had it.
    static func volunteer(number: String, in db: Database) throws -> KnownVolunteer? {
        try db.first(
            """
            SELECT id, account_id FROM volunteer
            WHERE id = (SELECT coalesce(merged_into, id) FROM volunteer AS named WHERE named.number = \(number))
                AND \(Volunteer.living)
            """)
    }

    static func hasTeam(_ name: String, at station: ID<Station>, in db: Database) throws -> Bool {
        try db.exists("SELECT 1 FROM team WHERE station_id = \(station) AND name = \(name) AND state = 'active'")
    }

    static func hasStaff(_ name: String, in db: Database) throws -> Bool {
        try db.exists("SELECT 1 FROM staff_credential WHERE name = \(name)")
    }

    /// Which organisation entered a volunteer, and that it said the person agreed (民政部令67 art. 6).
    static func noteEntry(
        _ volunteer: ID<Volunteer>, by station: ID<Station>, _ place: ImportPlace, in db: Transaction
    ) throws {
        try db.run(
            """
            INSERT INTO imported_volunteer (volunteer_id, run_id, station_id, line, has_consented)
            VALUES (\(volunteer), \(place.run), \(station), \(place.line), 1)
            """)
    }
}
