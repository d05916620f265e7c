import App
import SQLite
import Support
import Testing

@Suite("What refers to people") struct PersonReferenceTests {
    private func database() throws -> (TemporaryFolder, Database) {
        let folder = try TemporaryFolder()
        let path = folder.path + "/empty.db"
        try Migrations.migrator.migrate(path: path) { 0 }
        return (folder, try Database(path: path))
    }

    @Test func `every foreign key to an account or a volunteer says what a merge does to it`() throws {
        let (_, db) = try database()
        let keys: [String] = try db.values(
            """
            SELECT entry.name || '.' || key."from" || ' ' || key."table"
            FROM sqlite_schema AS entry JOIN pragma_foreign_key_list(entry.name) AS key
            WHERE entry.type = 'table' AND key."table" IN ('account', 'volunteer')
            """)
        let listed = PersonReference.all.map { "\($0.name) \($0.target)" }
        #expect(keys.count > 20)
        #expect(Set(keys).subtracting(listed).sorted() == [], "add these to PersonReference.all")
        #expect(Set(listed).subtracting(keys).sorted() == [], "these are no foreign keys")
        #expect(Set(listed).count == listed.count)
    }

    @Test func `whatever moves, ends or follows is found by an index and its key is one`() throws {
        let (_, db) = try database()
        for reference in PersonReference.all {
            var key: StaticString = "1"
            switch reference.fate {
            case .stays: continue
            case .ends, .follows: break
            case .moves(_, let column): key = column
            }
            var plan: [String] = []
            try db.forEach(
                """
                EXPLAIN QUERY PLAN SELECT CAST(\(raw: key) AS TEXT) FROM \(raw: reference.table)
                WHERE \(raw: reference.column) = 1
                """
            ) { row in plan.append(try row[3]) }
            #expect(plan.allSatisfy { $0.hasPrefix("SEARCH") }, "\(reference.name): \(plan)")
        }
    }

    @Test func `rows a trigger keeps from change do not move`() throws {
        let (_, db) = try database()
        let kept: [String] = try db.values(
            "SELECT tbl_name FROM sqlite_schema WHERE type = 'trigger' AND sql LIKE '%BEFORE UPDATE ON%'")
        #expect(kept.contains("service_record"))
        for reference in PersonReference.all where kept.contains("\(reference.table)") {
            if case .moves = reference.fate { Issue.record("\(reference.name) cannot move") }
        }
    }
}
