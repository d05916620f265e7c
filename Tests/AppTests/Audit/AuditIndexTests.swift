import App
import HTTP
import SQLite
import Support
import Testing

@Suite("The index of the audit log") struct AuditIndexTests {
    /// A city with a manager, and a log that lacks `missing` rows before the next batch is indexed.
    private static func city(missing: Int64) async throws -> (client: TestClient, manager: TestClient.Person) {
        let client = try TestClient { $0.auditedWrites = .staff }
        try client.stations()
        _ = try await client.volunteer()
        let manager = try client.staff(.stationManager, at: 6)
        try client.services.writer.writeAndWait { db in
            try db.run(
                """
                WITH RECURSIVE number(id) AS (
                    SELECT 1 + coalesce((SELECT max(id) FROM audit_entry), 0)
                    UNION ALL SELECT id + 1 FROM number WHERE id < \(AuditIndex.batch - missing))
                INSERT INTO audit_entry (id, at, operation, subject, address, request_id, hash)
                SELECT id, \(db.now), 'updateStation', 'stations/' || (id % 100), '', '', zeroblob(32) FROM number
                """)
        }
        return (client, manager)
    }

    private static func makeTeam(_ client: TestClient, _ manager: TestClient.Person, at station: Int) async throws
        -> TestClient.Answer
    {
        let leader = try client.count("SELECT min(id) FROM volunteer")
        return await client.send(
            .post, "/api/v1/teams", #"{"stationId": \#(station), "name": "小红帽\#(station)", "leaderId": \#(leader)}"#,
            token: manager.token)
    }

    private static func ids(_ client: TestClient, _ query: String) async throws -> [Int64] {
        let auditor = try client.staff(.auditor).token
        var ids: [Int64] = []
        var cursor = ""
        repeat {
            let page = await client.send(.get, "/api/v1/audit-entries?\(query)\(cursor)", token: auditor)
            #expect(page.status == .ok)
            ids += page.json["items"]?.array.compactMap { $0["id"]?.integer } ?? []
            cursor = page.json["next"]?.string.map { "&cursor=\(TestClient.escaped($0))" } ?? ""
        } while !cursor.isEmpty && ids.count < 1_000
        return ids
    }

    private static func indexed(_ client: TestClient) throws -> Int64 {
        try client.services.writer.writeAndWait { try AuditIndex.indexed(in: $0) }
    }

    @Test(arguments: [.min, .max, -1, 0] as [Int64])
    func `a cursor no page has given ends the list, and nothing else`(_ row: Int64) async throws {
        let (client, _) = try await Self.city(missing: 2)
        let cursor = Cursor(row).text(mark: Cursor.mark(of: "listAuditEntries"))
        let auditor = try client.staff(.auditor).token
        for filter in ["", "subject=teams&"] {
            let page = await client.send(.get, "/api/v1/audit-entries?\(filter)cursor=\(cursor)", token: auditor)
            #expect(page.status == .ok)
            if row < 0 { #expect(page.json["items"]?.array.isEmpty == true) }
        }
    }

    @Test func `rows are found from the first moment, newest first, indexed or not, page by page`() async throws {
        let (client, manager) = try await Self.city(missing: 2)
        let last = AuditIndex.batch
        #expect(try await Self.makeTeam(client, manager, at: 6).status == .created)
        #expect(try Self.indexed(client) == 0)
        #expect(try await Self.ids(client, "subject=teams") == [last - 1])
        #expect(try await Self.makeTeam(client, manager, at: 7).status == .forbidden)
        #expect(try Self.indexed(client) == last)
        #expect(try await Self.ids(client, "subject=teams") == [last, last - 1])
        #expect(try await Self.makeTeam(client, manager, at: 7).status == .forbidden)
        #expect(try Self.indexed(client) == last)
        for limit in 1...4 {
            #expect(try await Self.ids(client, "subject=teams&limit=\(limit)") == [last + 1, last, last - 1])
        }
        #expect(try await Self.ids(client, "subject=teams&outcome=done") == [last - 1])
        #expect(try await Self.ids(client, "subject=teams&accountId=\(manager.account)").count == 3)
        #expect(try await Self.ids(client, "accountId=\(manager.account)&limit=2") == [last + 1, last, last - 1])
        #expect(try await Self.ids(client, "accountId=\(manager.account)&outcome=refused") == [last + 1, last])
        let stations = try await Self.ids(client, "subject=stations/7&limit=50")
        let written = try client.count("SELECT count(*) FROM audit_entry WHERE subject = 'stations/7'")
        #expect(stations.count == written)
        #expect(stations == stations.sorted(by: >))
        #expect(try await Self.ids(client, "subject=nothing") == [])
    }

    @Test func `a search without an index looks through so many rows and says where to go on`() async throws {
        let client = try TestClient()
        let rows = AuditEntry.walkedMax + 100
        try client.run(
            """
            WITH RECURSIVE number(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM number WHERE id < \(rows))
            INSERT INTO audit_entry (id, at, operation, subject, address, request_id, hash)
            SELECT id, 0, iif(id IN (50, 60), 'createRole', 'signUp'), '', '', '', x'' FROM number
            """)
        let auditor = try client.staff(.auditor).token
        let first = await client.send(.get, "/api/v1/audit-entries?operation=createRole", token: auditor)
        #expect(first.json["items"]?.array.isEmpty == true)
        #expect(first.json["next"]?.string != nil && first.value(of: .link) != nil)
        #expect(try await Self.ids(client, "operation=createRole") == [60, 50])
        #expect(try await Self.ids(client, "operation=createRole&limit=1") == [60, 50])
        #expect(try await Self.ids(client, "outcome=refused") == [])
        let full = await client.send(.get, "/api/v1/audit-entries?operation=signUp&limit=2", token: auditor)
        #expect(full.json["items"]?.array.count == 2)
    }

    @Test func `a row that is not written leaves the index as it was`() async throws {
        let (client, manager) = try await Self.city(missing: 1)
        let before = try client.count("SELECT count(*) FROM audit_entry")
        try client.services.writer.writeAndWait { db in
            try db.run(
                """
                CREATE TRIGGER refuses BEFORE UPDATE ON audit_index_progress BEGIN SELECT raise(ABORT, 'no'); END
                """)
        }
        #expect(try await Self.makeTeam(client, manager, at: 6).status == .internalServerError)
        #expect(try client.count("SELECT count(*) FROM audit_subject") == 0)
        #expect(try client.count("SELECT count(*) FROM audit_entry") == before)
        #expect(try client.count("SELECT count(*) FROM team") == 0)
        try client.services.writer.writeAndWait { _ = try $0.run("DROP TRIGGER refuses") }
        #expect(try await Self.makeTeam(client, manager, at: 6).status == .created)
        #expect(try Self.indexed(client) == AuditIndex.batch)
    }

    @Test func `what leaves the log leaves the index`() async throws {
        let (client, manager) = try await Self.city(missing: 1)
        #expect(try await Self.makeTeam(client, manager, at: 6).status == .created)
        let now = client.now.seconds
        client.advance(minutes: 181 * 1_440)
        let dropped = try client.services.writer.writeAndWait { db in
            // The schema's own guard goes by the machine's clock, which this test does not move.
            try db.run("DROP TRIGGER audit_entry_is_kept")
            return try AuditChain.drop(before: now + 1, limit: 1_000, in: db)
        }
        #expect(dropped == 1_000)
        #expect(try client.count("SELECT count(*) FROM audit_subject") == Int(AuditIndex.batch) - 1_000)
        #expect(try client.count("SELECT min(entry_id) FROM audit_subject") == 1_001)
        #expect(
            try client.count("SELECT count(*) FROM audit_account")
                == client.count("SELECT count(*) FROM audit_entry WHERE account_id IS NOT NULL"))
    }

    @Test func `a search by time finds the rows of that time, also where the clock was set back`() async throws {
        let client = try TestClient { $0.auditedWrites = .staff }
        let auditor = try client.staff(.auditor).token
        let start = client.now.seconds
        try client.services.writer.writeAndWait { db in
            let first = try db.value("SELECT coalesce(max(id), 0) FROM audit_entry", as: Int64.self) ?? 0
            for number in 1...200 {
                // Every tenth row was written while the clock was half an hour behind.
                let at = start + Int64(number * 60 - (number % 10 == 0 ? 1_800 : 0))
                try db.run(
                    """
                    INSERT INTO audit_entry (id, at, operation, subject, address, request_id, hash)
                    VALUES (\(first + Int64(number)), \(at), 'timed', 'x', '', '', zeroblob(32))
                    """)
            }
        }
        func count(_ from: Int64, _ to: Int64) async -> Int? {
            let times = [from, to].map { TestClient.escaped(Timestamp(seconds: start + $0).description) }
            let answer = await client.send(
                .get, "/api/v1/audit-entries?operation=timed&limit=100&from=\(times[0])&to=\(times[1])", token: auditor)
            return answer.json["items"]?.array.count
        }
        for (from, to) in [(0, 60), (60, 61), (600, 1_200), (3_000, 6_000), (11_940, 20_000), (20_000, 30_000)] {
            let expected = try client.count(
                """
                SELECT count(*) FROM audit_entry
                WHERE operation = 'timed' AND at >= \(start + Int64(from)) AND at < \(start + Int64(to))
                """)
            #expect(await count(Int64(from), Int64(to)) == expected, "\(from) to \(to)")
        }
    }

    @Test func `rows from before there was such an index are found`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/old.db"
        let before = Migrations.all.filter { $0.number < 20 }
        try Migrator(migrations: before, applicationID: Migrations.migrator.applicationID).migrate(path: path) { 0 }
        let writer = try Writer(path: path, clock: { 1_000 })
        try writer.writeAndWait { db in
            try db.run("INSERT INTO account (name, created_at) VALUES ('王小明', 1)")
            for id in 1...3 {
                try db.run(
                    """
                    INSERT INTO audit_entry (id, at, account_id, operation, subject, address, request_id, hash)
                    VALUES (\(id), 1, \(id == 3 ? nil : 1), 'x', \(id == 2 ? "b" : "a"), '', '', zeroblob(32))
                    """)
                try db.run(
                    """
                    INSERT INTO idempotent_answer (account_id, key, fingerprint, status, fields, body, created_at)
                    VALUES (1, \("key \(id)"), zeroblob(32), 201, '', \(Array("\(id)".utf8)), \(10 - id))
                    """)
            }
        }
        writer.stop()
        try Migrations.migrator.migrate(path: path) { 0 }
        let database = try Database(path: path)
        #expect(try AuditIndex.indexed(in: database) == 3)
        let indexed: [Int64] = try database.values("SELECT entry_id FROM audit_subject WHERE subject = 'a'")
        #expect(indexed == [1, 3])
        let ofAccount: [Int64] = try database.values("SELECT entry_id FROM audit_account WHERE account_id = 1")
        #expect(ofAccount == [1, 2])
        let answers: [String] = try database.values("SELECT CAST(body AS TEXT) FROM idempotent_answer ORDER BY id")
        #expect(answers == ["3", "2", "1"])
    }
}
