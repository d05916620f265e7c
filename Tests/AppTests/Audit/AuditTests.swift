import App
import HTTP
import SQLite
import Support
import Testing

@Suite("The audit log") struct AuditTests {
    private func entries(_ client: TestClient, _ query: String = "") async throws -> TestClient.Answer {
        await client.send(.get, "/api/v1/audit-entries\(query)", token: try client.staff(.auditor).token)
    }

    private func makeTeam(_ client: TestClient, _ token: String, station: Int = 6) async throws -> TestClient.Answer {
        let leader = try #require(
            try client.services.writer.writeAndWait { db in
                try db.value("SELECT id FROM volunteer LIMIT 1", as: Int64.self)
            })
        return await client.send(
            .post, "/api/v1/teams", #"{"stationId": \#(station), "name": "小红帽\#(station)", "leaderId": \#(leader)}"#,
            token: token)
    }

    @Test func `what staff did and what they tried in vain stands there with its request`() async throws {
        let client = try TestClient { $0.auditedWrites = .staff }
        try client.stations()
        _ = try await client.volunteer()
        let manager = try client.staff(.stationManager, at: 6)
        #expect(try await makeTeam(client, manager.token).status == .created)
        let refused = try await makeTeam(client, manager.token, station: 7)
        #expect(refused.status == .forbidden)
        #expect(await client.send(.get, "/api/v1/staff", token: manager.token).status == .forbidden)
        let all = try await entries(client, "?accountId=\(manager.account)")
        #expect(
            all.json["items"]?.array.compactMap { $0["operation"]?.string } == [
                "listStaff", "createTeam", "createTeam",
            ])
        #expect(all.json["items"]?.array.compactMap { $0["outcome"]?.string } == ["refused", "refused", "done"])
        #expect(all.json["items"]?[1]?["requestId"]?.string == refused.value(of: .requestID))
        let some = try await entries(client, "?operation=createTeam&outcome=done&subject=teams")
        #expect(some.json["items"]?.array.count == 1)
        let later = try await entries(client, "?from=\(TestClient.escaped((client.now + 1).description))")
        #expect(later.json["items"]?.array.isEmpty == true)
        #expect(await client.send(.get, "/api/v1/audit-entries", token: try client.staff().token).status == .forbidden)
    }

    @Test func `a password that was right or wrong leaves a row, and that of a name nobody has names nobody`()
        async throws
    {
        let client = try TestClient()
        try client.stations()
        let body = #"{"staffName": "chunxi", "name": "李主任", "role": "dispatcher", "stationId": 4}"#
        let made = await client.send(.post, "/api/v1/staff", body, token: try client.staff().token)
        let password = try #require(made.json["firstPassword"]?.string)
        for (name, password) in [("chunxi", "wrong"), ("chunxi", password), ("no-such-name", "wrong")] {
            _ = await client.send(
                .post, "/api/v1/sessions/staff", #"{"name": "\#(name)", "password": "\#(password)"}"#)
        }
        let all = try await entries(client, "?operation=signInAsStaff")
        #expect(all.json["items"]?.array.compactMap { $0["outcome"]?.string } == ["refused", "done", "refused"])
        #expect(all.json["items"]?[0]?["accountId"] == .null)
        #expect(!all.text.contains("wrong") && !all.text.contains("no-such-name"))
    }

    @Test func `a changed, missing or added row breaks the chain`() async throws {
        let changes: [SQL] = [
            "UPDATE audit_entry SET subject = 'other' WHERE id = 3", "DELETE FROM audit_entry WHERE id = 3",
            "DELETE FROM audit_entry WHERE id = 1", "UPDATE audit_entry SET id = 99 WHERE id = 3",
        ]
        for change in changes {
            let client = try TestClient()
            let faults = try client.services.writer.writeAndWait { db in
                for number in 1...5 {
                    try db.run("INSERT INTO account (created_at) VALUES (\(number))")
                }
                return try AuditChain.faults(in: db)
            }
            #expect(faults == [])
            let security = try client.staff(.securityAdministrator)
            for number in 1...5 {
                _ = await client.send(
                    .post, "/api/v1/roles", #"{"name": "r\#(number)", "title": "角色", "permissions": ["manageTeams"]}"#,
                    token: security.token)
            }
            let (before, after) = try client.services.writer.writeAndWait { db in
                let before = try AuditChain.faults(in: db)
                try db.run("DROP TRIGGER audit_entry_is_final")
                try db.run("DROP TRIGGER audit_entry_is_kept")
                try db.run(change)
                return (before, try AuditChain.faults(in: db))
            }
            #expect(before == [])
            #expect(!after.isEmpty)
        }
    }

    @Test func `rows younger than 180 days stay, older ones go in order and the chain goes on`() async throws {
        let client = try TestClient()
        let security = try client.staff(.securityAdministrator)
        for number in 1...3 {
            _ = await client.send(
                .post, "/api/v1/roles", #"{"name": "r\#(number)", "title": "角色", "permissions": ["manageTeams"]}"#,
                token: security.token)
        }
        let now = client.now.seconds
        #expect(throws: SQLiteError.self) {
            try client.services.writer.writeAndWait { try $0.run("DELETE FROM audit_entry WHERE id = 2") }
        }
        #expect(throws: SQLiteError.self) {
            try client.services.writer.writeAndWait { try $0.run("UPDATE audit_entry SET reason = 'x'") }
        }
        let early = try client.services.writer.writeAndWait { try AuditChain.drop(before: now + 1, limit: 10, in: $0) }
        #expect(early == 0)
        client.advance(minutes: 181 * 1_440)
        let dropped = try client.services.writer.writeAndWait { db in
            // The schema's own guard goes by the machine's clock, which this test does not move.
            try db.run("DROP TRIGGER audit_entry_is_kept")
            return try AuditChain.drop(before: now + 1, limit: 2, in: db)
        }
        #expect(dropped == 2)
        let faults = try client.services.writer.writeAndWait { try AuditChain.faults(in: $0) }
        #expect(faults == [])
    }
}
