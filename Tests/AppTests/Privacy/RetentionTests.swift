import App
import HTTP
import SQLite
import Support
import Synchronization
import Testing

@Suite("Retention") struct RetentionTests {
    private func rule(_ code: String) throws -> RetentionRule {
        try #require(RetentionRule.all.first { $0.code == code })
    }

    private func drop(_ code: String, _ client: TestClient) throws -> Int {
        try rule(code).job.run(client.services.writer, client.services.configuration)
    }

    @Test func `each rule counts and drops what its time has passed, and nothing else`() async throws {
        let client = try TestClient()
        try client.stations()
        let person = try await PrivacyScene.busyPerson(client)
        _ = await client.send(.put, "/api/v1/me/consents/1/withdrawal", token: person.token)
        _ = await client.send(.put, "/api/v1/me/corrections/1/withdrawal", token: person.token)
        try client.run(
            """
            INSERT INTO phone_code (phone, code_hash, expires_at, tries, sent_at, day_began_at, sent_in_day)
            VALUES ('+8613900000001', randomblob(32), 0, 0, \(client.now), 0, 1)
            """)
        try client.run(
            """
            INSERT INTO idempotent_answer (account_id, key, fingerprint, status, fields, body, created_at)
            VALUES (\(person.account), 'key', randomblob(32), 201, '', x'', \(client.now))
            """)
        let admin = try client.staff()
        let now = await client.send(.get, "/api/v1/retention", token: admin.token)
        #expect(now.json["items"]?.array.count == RetentionRule.all.count)
        #expect(now.json["items"]?.array.allSatisfy { $0["rows"]?.integer == 0 } == true)
        for rule in RetentionRule.all { #expect(try drop(rule.code, client) == 0, "\(rule.code)") }
        client.advance(minutes: 3 * 1_440)
        let later = try client.services.writer.writeAndWait { db in
            try RetentionRule.all.map {
                try $0.count(client.services.configuration, now: client.now, limit: 10, in: db)
            }
        }
        let codes = zip(RetentionRule.all.map(\.code), later).filter { $0.1 > 0 }.map(\.0)
        #expect(codes == ["oneTimeCodes", "idempotentAnswers"])
        for code in codes { #expect(try drop(code, client) == 1) }
        #expect(try client.count("SELECT count(*) FROM phone_code") == 0)
    }

    /// A database with void codes for two full rounds and ten more.
    private func backlog() throws -> TestClient {
        let client = try TestClient()
        let rows = RetentionRule.batch * 2 + 10
        try client.run(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(rows))
            INSERT INTO phone_code (phone, code_hash, expires_at, tries, sent_at, day_began_at, sent_in_day)
            SELECT printf('+86139%08d', i), randomblob(32), 0, 0, 0, 0, 1 FROM n
            """)
        return client
    }

    @Test func `a run takes batch after batch until nothing is left`() throws {
        let client = try backlog()
        #expect(try drop("oneTimeCodes", client) == RetentionRule.batch * 2 + 10)
        #expect(try drop("oneTimeCodes", client) == 0)
    }

    @Test func `a run has so many rounds, and the next one takes the rest`() throws {
        let client = try backlog()
        let (job, services) = (try rule("oneTimeCodes").job, client.services)
        #expect(try job.run(services.writer, services.configuration, rounds: 2) == RetentionRule.batch * 2)
        #expect(try job.run(services.writer, services.configuration, rounds: 2) == 10)
    }

    @Test func `each round is a transaction of its own`() throws {
        let client = try backlog()
        let commits = Atomic<Int>(0)
        let configuration = client.services.configuration
        let writer = try Writer(
            path: configuration.databasePath, clock: { TestClient.start.seconds },
            observe: { commits.add($0.kept, ordering: .relaxed) })
        _ = try rule("oneTimeCodes").job.run(writer, configuration)
        writer.stop()
        #expect(commits.load(ordering: .relaxed) == 3)
    }

    @Test func `a picture goes once its row's end is committed, and not before`() throws {
        let client = try TestClient()
        let person = try client.resident()
        let token = String(repeating: "b", count: 43)
        let path = client.services.configuration.uploadsPath + "/" + token
        #expect(FileSystem.write([1], to: path))
        try client.run(
            """
            INSERT INTO upload (token, account_id, type, bytes, created_at)
            VALUES (\(token), \(person.account), 'image/png', 1, 0)
            """)
        let job = try rule("unusedUploads").job
        #expect(throws: LostCommit.self) { try client.loseCommit(of: job) }
        #expect(try client.count("SELECT count(*) FROM upload") == 1)
        #expect(FileSystem.size(of: path) == 1)
        #expect(try drop("unusedUploads", client) == 1)
        #expect(FileSystem.size(of: path) == nil)
    }

    @Test func `no setting makes audit rows younger than 180 days go`() async throws {
        let client = try TestClient { $0.auditDays = 0 }
        let person = try await client.volunteer(1)
        #expect(person.account == 1)
        #expect(try client.count("SELECT count(*) FROM audit_entry") == 1)
        client.advance(minutes: 179 * 1_440)
        #expect(try drop("auditEntries", client) == 0)
        #expect(throws: ConfigurationError.self) {
            try Configuration(environment: ["WENMING_AUDIT_DAYS": "179"], arguments: [])
        }
    }

    /// The schema's own guard goes by the machine's clock, so the row does too.
    @Test(arguments: [(days: 179, isKept: true), (181, false)])
    func `the schema itself refuses to let go of a younger audit row`(days: Int, isKept: Bool) throws {
        let client = try TestClient()
        try client.run(
            """
            INSERT INTO audit_entry (at, operation, subject, address, request_id)
            VALUES (unixepoch() - \(days) * 86400, 'createRole', 'roles/r', '127.0.0.1', 'x')
            """)
        if isKept {
            #expect(throws: SQLiteError.self) { try client.run("DELETE FROM audit_entry") }
        } else {
            try client.run("DELETE FROM audit_entry")
        }
        #expect(try client.count("SELECT count(*) FROM audit_entry") == (isKept ? 1 : 0))
    }

    @Test func `evidence goes a month after the decision, and its file with the next unused uploads`() throws {
        let client = try TestClient()
        try client.stations()
        let person = try client.resident()
        let token = String(repeating: "b", count: 43)
        let path = client.services.configuration.uploadsPath + "/" + token
        #expect(FileSystem.write([1], to: path))
        try client.run(
            """
            INSERT INTO volunteer (account_id, name, sex, birth_date, phone, residence_code, categories, skills,
                created_at, updated_at)
            VALUES (\(person.account), '李志愿', 'male', '1990-01-01', '+8613900000001', '510104', '[]', '[]', 0, 0)
            """)
        try client.run(
            """
            INSERT INTO upload (token, account_id, type, bytes, created_at, is_used)
            VALUES (\(token), \(person.account), 'image/png', 1, 0, 1)
            """)
        try client.run(
            """
            INSERT INTO correction_request (account_id, volunteer_id, station_id, field, wished, reason, upload_id,
                state, due_at, decided_at, decision_reason, created_at)
            VALUES (\(person.account), 1, 6, 'name', '李四', '有误', 1, 'refused', 0, \(client.now), '不符', 0)
            """)
        client.advance(minutes: 29 * 1_440)
        #expect(try drop("correctionEvidence", client) == 0)
        client.advance(minutes: 1_440)
        #expect(try drop("correctionEvidence", client) == 1)
        #expect(try drop("unusedUploads", client) == 1)
        #expect(FileSystem.size(of: path) == nil)
        #expect(try client.count("SELECT count(*) FROM correction_request") == 1, "the decision stays longer")
    }

    @Test func `the forecast is for who looks after the machine`() async throws {
        let client = try TestClient()
        try client.stations()
        let manager = try client.staff(.stationManager, at: TestClient.street)
        #expect(await client.send(.get, "/api/v1/retention", token: manager.token).status == .forbidden)
        #expect(await client.send(.get, "/api/v1/retention", token: try client.staff(.auditor).token).status == .ok)
    }
}

@Suite("The log of shared data") struct DataSharingTests {
    private static let draft = """
        {"recipient": "民政部全国志愿服务信息系统", "purpose": "归集志愿服务记录", "basis": "legalDuty",
         "basisDetail": "志愿服务条例第八条", "fields": ["志愿者编号", "服务时长"], "people": 120}
        """

    @Test func `what was shared is noted for good, by those who may`() async throws {
        let client = try TestClient()
        try client.stations()
        let admin = try client.staff()
        let made = await client.send(.post, "/api/v1/data-sharings", Self.draft, token: admin.token)
        #expect(made.status == .created)
        #expect(made.json["accountId"]?.integer == admin.account)
        let list = await client.send(.get, "/api/v1/data-sharings", token: admin.token)
        #expect(list.json["items"]?[0]?["fields"]?.array == [.string("志愿者编号"), .string("服务时长")])
        for person in [
            try client.staff(.stationManager, at: TestClient.street),
            try client.staff(.administrator, at: TestClient.district),
        ] {
            #expect(
                await client.send(.post, "/api/v1/data-sharings", Self.draft, token: person.token).status == .forbidden)
            #expect(await client.send(.get, "/api/v1/data-sharings", token: person.token).status == .forbidden)
        }
        let bad = Self.draft.replacing("120", with: "-1").replacing(#""服务时长""#, with: #""""#)
        let refused = await client.send(.post, "/api/v1/data-sharings", bad, token: admin.token)
        #expect(refused.json["errors"]?.array.compactMap { $0["pointer"]?.string } == ["/fields/1", "/people"])
        #expect(throws: SQLiteError.self) { try client.run("UPDATE data_sharing SET people = 1") }
        // The schema goes by the machine's clock, and so do these rows, a day short of three years and a day beyond.
        for days in [1_095, 1_097] {
            try client.run(
                """
                INSERT INTO data_sharing (at, account_id, recipient, purpose, basis, basis_detail, fields, people)
                SELECT unixepoch() - \(days) * 86400, account_id, recipient, purpose, basis, basis_detail, fields, people
                FROM data_sharing WHERE id = 1
                """)
        }
        #expect(throws: SQLiteError.self) { try client.run("DELETE FROM data_sharing WHERE id = 2") }
        try client.run("DELETE FROM data_sharing WHERE id = 3")
    }

    @Test func `other code notes what the program shares by itself`() throws {
        let client = try TestClient()
        let draft = DataSharing.Draft(
            recipient: "市民热线", purpose: "转办诉求", basis: .otherLaw, basisDetail: "地方条例", fields: ["正文"], people: 1)
        let made = try client.services.writer.writeAndWait { try DataSharing.log(draft, by: nil, in: $0) }
        #expect(made.accountId == nil)
        #expect(made.people == 1)
    }
}
