import App
import HTTP
import SQLite
import Support
import Testing

@Suite("The copy of one's data") struct ExportTests {
    private struct Reference: RowDecodable {
        var table: String
        var column: String

        init(row: borrowing Row) throws {
            table = try row[0]
            column = try row[1]
        }
    }

    /// Every column of the real schema that names a person, in person or through a table with one row for a person.
    private func references(_ client: TestClient) throws -> Set<String> {
        let found: [Reference] = try client.services.writer.writeAndWait { db in
            try db.all(
                """
                SELECT m.name, f."from" FROM sqlite_schema AS m JOIN pragma_foreign_key_list(m.name) AS f
                WHERE m.type = 'table' AND (f."table" IN ('account', 'volunteer') OR f."table" IN (
                    SELECT s.name FROM sqlite_schema AS s JOIN pragma_table_info(s.name) AS c
                        JOIN pragma_foreign_key_list(s.name) AS k ON k."from" = c.name
                    WHERE s.type = 'table' AND c.pk = 1 AND k."table" = 'volunteer'
                        AND (SELECT count(*) FROM pragma_table_info(s.name) WHERE pk > 0) = 1))
                """)
        }
        return Set(found.map { "\($0.table).\($0.column)" })
    }

    @Test func `every table that knows a person is in the copy, or left out for a reason`() throws {
        let client = try TestClient()
        let references = try references(client)
        #expect(references.count > 40)
        let exported = Set(PersonalData.all.compactMap { data in data.reference.map { "\(data.table).\($0)" } })
        let withheld = Set(PersonalData.withheld.keys)
        #expect(references.subtracting(exported).subtracting(withheld).sorted() == [], "neither copied nor left out")
        #expect(exported.union(withheld).subtracting(references).sorted() == [], "nothing in the schema")
        #expect(exported.intersection(withheld).sorted() == [])
    }

    @Test func `names of sections differ, and hashes and secrets are in none`() {
        let names = PersonalData.all.map { "\($0.section)" }
        #expect(Set(names).count == names.count)
        let columns = Set(PersonalData.all.flatMap { $0.columns.map { "\($0)" } })
        #expect(columns.filter { $0.contains("hash") || $0.contains("secret") || $0.contains("password") } == [])
    }

    @Test func `every section is found by an index`() throws {
        let client = try TestClient()
        let person = PersonalData.Person(account: ID(1), volunteer: ID(1))
        for section in PersonalData.all {
            let query = try #require(section.query(of: person, after: .integer(1), limit: 50))
            let plan = try client.services.writer.writeAndWait { db in
                var lines: [String] = []
                try db.forEach("EXPLAIN QUERY PLAN \(query)") { row in lines.append(try row[3]) }
                return lines
            }
            // A subquery that is one page of an index is walked whole.
            let scans = plan.filter { $0.hasPrefix("SCAN") && !$0.hasPrefix("SCAN (subquery") }
            #expect(scans == [], "\(section.section)")
        }
    }

    @Test func `a person with data in many services gets all of it, the number in full, and a trace stays`()
        async throws
    {
        let client = try TestClient()
        try client.stations()
        let other = try await client.volunteer(2)
        let person = try await PrivacyScene.busyPerson(client)
        let copy = await client.send(.get, "/api/v1/me/export", token: person.token)
        #expect(copy.status == .ok)
        #expect(copy.json["identityDocuments"]?[0]?["number"]?.string == TestClient.identityNumber(1))
        let sections = copy.json["sections"]
        for name in [
            "sessions", "account", "volunteer", "signUps", "teamMemberships", "demandTickets", "demandTicketMoves",
            "feedback", "feedbackMoves", "consents", "corrections", "profile", "auditEntries",
        ] {
            #expect(sections?[name]?.array.isEmpty == false, "\(name)")
        }
        #expect(sections?["volunteer"]?[0]?["categories"]?[0]?.string == "01")
        #expect(sections?["demandTickets"]?[0]?["contactPhone"]?.string == "+8613900000001")
        #expect(sections?["account"]?[0]?["createdAt"]?.string == client.now.description)
        let theirs = await client.send(.get, "/api/v1/me/export", token: other.token)
        #expect(theirs.json["sections"]?["demandTickets"]?.array.isEmpty == true)
        #expect(!theirs.text.contains(TestClient.identityNumber(1)))
        #expect(try client.count("SELECT count(*) FROM audit_entry WHERE operation = 'exportMyData'") == 2)
    }

    @Test func `memory holds a page, however much there is`() async throws {
        let client = try TestClient()
        try client.stations()
        let person = try client.resident()
        let rows = 1_000
        try client.run(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(rows))
            INSERT INTO feedback (reporter_id, station_id, office_id, category, text, longitude, latitude, state,
                created_at, updated_at)
            SELECT \(person.account), 6, 4, 'other', printf('%.*c', 500, 'x'), 104.0, 30.0, 'submitted', 0, 0 FROM n
            """)
        let stream = PersonalDataStream(
            path: client.services.configuration.databasePath,
            people: [.init(account: ID(person.account), volunteer: nil)], documents: [], language: .zh, now: client.now)
        stream.start {}
        var bytes: [UInt8] = []
        var largest = 0
        while case .bytes(let piece) = stream.next() {
            largest = max(largest, piece.count)
            bytes += piece
        }
        #expect(largest < 100_000)
        let copy = try JSON.parse(bytes)
        let feedback = copy["sections"]?["feedback"]?.array ?? []
        #expect(feedback.count == rows)
        #expect(Set(feedback.compactMap { $0["id"]?.integer }).count == rows)
    }

    @Test func `a copy for several people that have become one is whole, though some of them have nothing left`() throws
    {
        let client = try TestClient()
        try client.stations()
        let accounts = try (1...4).map { try client.resident($0).account }
        try client.run(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(PersonalDataStream.pageRows))
            INSERT INTO feedback (reporter_id, station_id, office_id, category, text, longitude, latitude, state,
                created_at, updated_at)
            SELECT \(accounts[0]), 6, 4, 'other', '路灯坏了', 104.0, 30.0, 'submitted', 0, 0 FROM n
            """)
        let stream = PersonalDataStream(
            path: client.services.configuration.databasePath,
            people: accounts.map { .init(account: ID($0), volunteer: nil) }, documents: [], language: .zh,
            now: client.now)
        stream.start {}
        var bytes: [UInt8] = []
        while case .bytes(let piece) = stream.next() {
            #expect(!piece.isEmpty, "an empty piece would end the answer")
            bytes += piece
        }
        let sections = try JSON.parse(bytes)["sections"]
        #expect(sections?["feedback"]?.array.count == PersonalDataStream.pageRows)
        #expect(sections?["account"]?.array.count == 4)
    }

    @Test func `audit rows are copied page by page, indexed or not, each once`() throws {
        let client = try TestClient()
        let account = try client.resident().account
        let (indexed, all) = (AuditIndex.batch, AuditIndex.batch + 70)
        try client.services.writer.writeAndWait { db in
            try db.run(
                """
                WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < \(all))
                INSERT INTO audit_entry (id, at, account_id, operation, subject, address, request_id, hash)
                SELECT id, 0, iif(id % 100 = 0 OR id > \(indexed), \(account), NULL), 'signUp', 'sign-ups', '', '',
                    zeroblob(32) FROM n
                """)
            try db.run(
                """
                INSERT INTO audit_account SELECT account_id, id FROM audit_entry
                WHERE id <= \(indexed) AND account_id IS NOT NULL
                """)
            try db.run("UPDATE audit_index_progress SET entry_id = \(indexed)")
        }
        let stream = PersonalDataStream(
            path: client.services.configuration.databasePath,
            people: [.init(account: ID(account), volunteer: nil)], documents: [], language: .zh, now: client.now)
        stream.start {}
        var bytes: [UInt8] = []
        while case .bytes(let piece) = stream.next() { bytes += piece }
        let ids = try JSON.parse(bytes)["sections"]?["auditEntries"]?.array.compactMap { $0["id"]?.integer }
        #expect(ids == (1...all).filter { $0 % 100 == 0 || $0 > indexed })
    }

    @Test func `a copy that cannot be read to its end does not end as if it were whole`() {
        let stream = PersonalDataStream(
            path: "/nowhere/wenming.db", people: [.init(account: ID(1), volunteer: nil)], documents: [], language: .zh,
            now: Timestamp(seconds: 0))
        stream.start {}
        guard case .failed = stream.next() else {
            Issue.record("the copy does not say that it failed")
            return
        }
    }

    @Test func `a copy that is taken too often is refused, and nobody but its owner takes one`() async throws {
        let client = try TestClient { $0.rateExports = RateLimit(calls: 1, seconds: 86_400) }
        let person = try client.resident()
        #expect(await client.send(.get, "/api/v1/me/export", token: person.token).status == .ok)
        #expect(await client.send(.get, "/api/v1/me/export", token: person.token).status == .tooManyRequests)
        #expect(await client.send(.get, "/api/v1/me/export").status == .unauthorized)
    }
}
