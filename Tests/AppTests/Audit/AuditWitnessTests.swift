import App
import HTTP
import SQLite
import Support
import Testing

@Suite("The witness of the audit log") struct AuditWitnessTests {
    private struct Failure: Error {}

    private func addRows(_ count: Int, _ client: TestClient) async throws {
        let security = try client.staff(.securityAdministrator)
        for number in 1...count {
            let body = #"{"name": "r\#(number)", "title": "角色", "permissions": ["manageTeams"]}"#
            #expect(await client.send(.post, "/api/v1/roles", body, token: security.token).status == .created)
        }
    }

    private func newest(_ client: TestClient) throws -> AuditChain.Head {
        try client.services.writer.writeAndWait { try AuditChain.newest(in: $0) }
    }

    private func contradiction(_ head: AuditChain.Head, _ client: TestClient) throws -> String? {
        try client.services.writer.writeAndWait { try AuditChain.contradiction(to: head, in: $0) }
    }

    @Test func `there is a line at the start and one for each day in Shanghai`() {
        var witness = AuditWitness()
        let head = AuditChain.Head(id: 7, hash: [UInt8](repeating: 0xA5, count: 32))
        let morning = TestClient.start
        let lastSecond = morning.startOfDay + 86_399
        #expect(witness.statement(at: morning) { head } == head)
        #expect(witness.statement(at: lastSecond) { head } == nil)
        #expect(witness.statement(at: lastSecond + 1) { head } == head)
        #expect(witness.statement(at: lastSecond + 2) { head } == nil)
        #expect(witness.statement(at: lastSecond + 10 * 86_400) { head } == head, "days missed are not made up for")
    }

    @Test func `a day whose line failed is tried again`() {
        var witness = AuditWitness()
        #expect(throws: Failure.self) { try witness.statement(at: TestClient.start) { throw Failure() } }
        let head = AuditChain.Head(id: 1, hash: [UInt8](repeating: 1, count: 32))
        #expect(witness.statement(at: TestClient.start) { head } == head)
    }

    @Test func `what the log says is read as it was written, and nothing else is`() {
        let head = AuditChain.Head(id: 42, hash: (0..<32).map { UInt8($0) * 8 })
        #expect(AuditChain.Head(text: head.description) == head)
        let hash = head.hexadecimal
        for text in [
            "", "42", "42:", ":\(hash)", "-1:\(hash)", "42:\(hash.dropLast())", "42:\(hash)0", "x:\(hash)",
            "42:\(String(repeating: "g", count: 64))", "42:\(hash):",
        ] {
            #expect(AuditChain.Head(text: text) == nil, "\(text)")
        }
    }

    @Test func `what was the newest row stays true while rows are added`() async throws {
        let client = try TestClient()
        let empty = try newest(client)
        #expect(empty.id == 0)
        try await addRows(3, client)
        let head = try newest(client)
        #expect(head.id == 3)
        _ = await client.send(.delete, "/api/v1/roles/r1", token: try client.staff(.securityAdministrator).token)
        for known in [empty, head, try newest(client)] { #expect(try contradiction(known, client) == nil) }
    }

    @Test func `a log whose newest rows were cut off, or that was written anew, contradicts it`() async throws {
        let client = try TestClient()
        try await addRows(3, client)
        let head = try newest(client)
        try client.services.writer.writeAndWait { db in
            try db.run("DROP TRIGGER audit_entry_is_kept")
            try db.run("DELETE FROM audit_entry WHERE id = 3")
        }
        let faults = try client.services.writer.writeAndWait { try AuditChain.faults(in: $0) }
        #expect(faults == [], "the chain by itself does not show it")
        #expect(try contradiction(head, client)?.contains("entries 3 to 3 are missing") == true)
        _ = await client.send(.delete, "/api/v1/roles/r1", token: try client.staff(.securityAdministrator).token)
        #expect(try newest(client).id == 3)
        #expect(try contradiction(head, client)?.contains("rewritten") == true)
    }

    @Test func `a row that was dropped after its time is not called a fault of the log`() async throws {
        let client = try TestClient()
        try await addRows(3, client)
        let heads = try client.services.writer.writeAndWait { db in
            try (1...2).map { id in
                AuditChain.Head(id: id, hash: try db.value("SELECT hash FROM audit_entry WHERE id = \(id)") ?? [])
            }
        }
        let now = client.now.seconds
        client.advance(minutes: 181 * 1_440)
        try client.services.writer.writeAndWait { db in
            try db.run("DROP TRIGGER audit_entry_is_kept")
            #expect(try AuditChain.drop(before: now + 1, limit: 2, in: db) == 2)
        }
        #expect(try contradiction(heads[1], client) == nil, "the anchor still knows it")
        #expect(try contradiction(heads[0], client)?.contains("later line") == true)
    }
}
