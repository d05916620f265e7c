import App
import HTTP
import SQLite
import Support
import Testing

/// Answers that show a secret once are not kept: a retry is told that it was done.
@Suite("Retries of what makes a secret") struct IdempotentSecretTests {
    private static let draft = #"{"staffName": "chunxi", "name": "李主任", "role": "dispatcher", "stationId": 4}"#
    private static let key = [("Idempotency-Key", "retry-1")]

    private func isReceipt(_ answer: TestClient.Answer) -> Bool {
        answer.status == .conflict && answer.json["type"]?.string == "/problems/answer-not-kept"
            && answer.value(of: .idempotencyReplayed) == "true"
    }

    /// Everything that is kept for retries, as text.
    private func kept(_ client: TestClient) throws -> String {
        try client.services.writer.writeAndWait { db in
            let rows = try db.values("SELECT fields || CAST(body AS TEXT) FROM idempotent_answer", as: String.self)
            return rows.joined(separator: "\n")
        }
    }

    @Test func `a member of staff made twice under one key is made once, and told where`() async throws {
        let client = try TestClient()
        try client.stations()
        let admin = try client.staff()
        let first = await client.send(.post, "/api/v1/staff", Self.draft, token: admin.token, fields: Self.key)
        let password = try #require(first.json["firstPassword"]?.string)
        let again = await client.send(.post, "/api/v1/staff", Self.draft, token: admin.token, fields: Self.key)
        #expect(isReceipt(again), "\(again.text)")
        #expect(again.value(of: .location) == first.value(of: .location))
        #expect(!again.text.contains(password))
        #expect(try !kept(client).contains(password) && kept(client).contains("/api/v1/staff/"))
        let other = Self.draft.replacing("chunxi", with: "yulin")
        let misuse = await client.send(.post, "/api/v1/staff", other, token: admin.token, fields: Self.key)
        #expect(misuse.json["type"]?.string == "/problems/idempotency-key-reused")
        let taken = await client.send(.post, "/api/v1/staff", Self.draft, token: admin.token)
        #expect(taken.json["type"]?.string == "/problems/conflict", "without the key it is another request")
        #expect(try client.audited("createStaff").count == 1)
    }

    @Test func `of many calls at once one makes the account, and all others learn of it`() async throws {
        let client = try TestClient()
        try client.stations()
        let admin = try client.staff()
        let answers = await withTaskGroup(of: TestClient.Answer.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    await client.send(.post, "/api/v1/staff", Self.draft, token: admin.token, fields: Self.key)
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count { $0.status == .created } == 1)
        for answer in answers where answer.status != .created {
            #expect(isReceipt(answer) || answer.json["type"]?.string == "/problems/request-under-way", "\(answer.text)")
        }
        #expect(try client.audited("createStaff").count == 1)
    }

    @Test func `a password reset twice under one key is reset once`() async throws {
        let client = try TestClient()
        try client.stations()
        let admin = try client.staff()
        let made = await client.send(.post, "/api/v1/staff", Self.draft, token: admin.token)
        let path = try #require(made.value(of: .location)) + "/first-passwords"
        let first = await client.send(.post, path, "{}", token: admin.token, fields: Self.key)
        let password = try #require(first.json["firstPassword"]?.string)
        let again = await client.send(.post, path, "{}", token: admin.token, fields: Self.key)
        #expect(isReceipt(again) && again.value(of: .location) == nil)
        #expect(try !kept(client).contains(password))
        let opened = await client.send(
            .post, "/api/v1/sessions/staff", #"{"name": "chunxi", "password": "\#(password)"}"#)
        #expect(opened.status == .created, "the first one still opens")
    }

    @Test func `a service token issued twice under one key is issued once`() async throws {
        let client = try TestClient()
        try client.stations()
        let security = try client.staff(.securityAdministrator)
        let body = """
            {"name": "数据大屏", "permissions": ["dispatchTickets"], "stationId": 4,
             "expiresAt": "\((client.now + 86_400).description)"}
            """
        let first = await client.send(.post, "/api/v1/service-tokens", body, token: security.token, fields: Self.key)
        let token = try #require(first.json["token"]?.string)
        let again = await client.send(.post, "/api/v1/service-tokens", body, token: security.token, fields: Self.key)
        #expect(isReceipt(again), "\(again.text)")
        #expect(again.value(of: .location) == first.value(of: .location))
        #expect(try !kept(client).contains(token))
        let list = await client.send(.get, "/api/v1/service-tokens", token: security.token)
        #expect(list.json["items"]?.array.count == 1)
    }
}
