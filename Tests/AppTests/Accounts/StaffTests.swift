import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Staff") struct StaffTests {
    private func make(_ client: TestClient, _ admin: TestClient.Person, _ body: String) async -> TestClient.Answer {
        await client.send(.post, "/api/v1/staff", body, token: admin.token)
    }

    private func signIn(_ client: TestClient, _ name: String, _ password: String) async -> TestClient.Answer {
        await client.send(.post, "/api/v1/sessions/staff", #"{"name": "\#(name)", "password": "\#(password)"}"#)
    }

    private static let manager = #"{"staffName": "chunxi", "name": "李主任", "role": "stationManager", "stationId": 4}"#

    @Test func `a password that is replaced while it is checked opens nothing`() async throws {
        let client = try TestClient()
        try client.stations()
        let admin = try client.staff()
        let made = await make(client, admin, Self.manager)
        let first = try #require(made.json["firstPassword"]?.string)
        let account = try #require(made.json["account"]?["id"]?.integer)
        let proof = try StaffCredential.verify("chunxi", first, client.services)
        let again = await client.send(.post, "/api/v1/staff/\(account)/first-passwords", "{}", token: admin.token)
        #expect(again.status == .created)
        #expect(throws: Problem.self) {
            try client.services.writer.writeAndWait { try StaffCredential.accept(proof, in: $0) }
        }
        let second = try #require(again.json["firstPassword"]?.string)
        let right = try StaffCredential.verify("chunxi", second, client.services)
        try client.services.writer.writeAndWait { try StaffCredential.accept(right, in: $0) }
    }

    @Test func `a first password opens nothing but its own change`() async throws {
        let client = try TestClient()
        try client.stations()
        let made = await make(client, try client.staff(), Self.manager)
        #expect(made.status == .created)
        let first = try #require(made.json["firstPassword"]?.string)
        let opened = await signIn(client, "chunxi", first)
        let token = try #require(opened.json["token"]?.string)
        let blocked = await client.send(.get, "/api/v1/demand-tickets", token: token)
        #expect(blocked.json["type"]?.string == "/problems/password-change-required")
        let weak = await client.send(
            .put, "/api/v1/me/password", #"{"currentPassword": "\#(first)", "newPassword": "aaaaaaaaaaaa"}"#,
            token: token)
        #expect(weak.status == .unprocessableContent)
        let changed = await client.send(
            .put, "/api/v1/me/password", #"{"currentPassword": "\#(first)", "newPassword": "Qingyang-2027"}"#,
            token: token)
        #expect(changed.status == .noContent)
        #expect(await client.send(.get, "/api/v1/demand-tickets", token: token).status == .ok)
        #expect(await signIn(client, "chunxi", first).status == .unauthorized)
        #expect(await signIn(client, "CHUNXI", "Qingyang-2027").status == .created)
    }

    @Test func `five wrong passwords lock the account for a while, right ones too`() async throws {
        let client = try TestClient()
        try client.stations()
        let made = await make(client, try client.staff(), Self.manager)
        let first = try #require(made.json["firstPassword"]?.string)
        for _ in 0..<5 { #expect(await signIn(client, "chunxi", "wrong").status == .unauthorized) }
        let locked = await signIn(client, "chunxi", first)
        #expect(locked.status == .tooManyRequests)
        #expect(locked.value(of: .retryAfter) == "900")
        client.advance(minutes: 15)
        #expect(await signIn(client, "chunxi", first).status == .created)
    }

    @Test func `a call a minute keeps the shortest session alive, and five minutes of silence end it`() async throws {
        let client = try TestClient()
        let admin = try client.staff()
        try client.run("UPDATE session SET idle_seconds = 300")
        for _ in 1...12 {
            client.advance(minutes: 1)
            #expect(await client.send(.get, "/api/v1/me", token: admin.token).status == .ok)
            #expect(try client.count("SELECT last_used_at FROM session") == Int(client.now.seconds))
        }
        client.advance(minutes: 5)
        #expect(await client.send(.get, "/api/v1/me", token: admin.token).status == .unauthorized)
    }

    @Test func `nobody grants beyond their own part of the tree`() async throws {
        let client = try TestClient()
        try client.stations()
        let district = try client.staff(.administrator, at: TestClient.district)
        #expect(await make(client, district, Self.manager).status == .created)
        let outside = #"{"staffName": "yulin", "name": "王主任", "role": "stationManager", "stationId": 5}"#
        #expect(await make(client, district, outside).status == .forbidden)
        let city = #"{"staffName": "boss", "name": "王主任", "role": "administrator", "stationId": null}"#
        #expect(await make(client, district, city).status == .forbidden)
        let manager = try client.staff(.stationManager)
        #expect(await make(client, manager, Self.manager).status == .forbidden)
    }

    @Test func `a removed grant stops working at once in open sessions`() async throws {
        let client = try TestClient()
        try client.stations()
        let admin = try client.staff()
        let manager = try client.staff(.stationManager, at: TestClient.street)
        _ = try await client.activity(by: manager)
        let member = await client.send(.get, "/api/v1/staff/\(manager.account)", token: admin.token)
        let grant = try #require(member.json["grants"]?[0]?["id"]?.integer)
        let removed = await client.send(
            .delete, "/api/v1/staff/\(manager.account)/grants/\(grant)", token: admin.token)
        #expect(removed.status == .noContent)
        let answer = await client.send(
            .post, "/api/v1/activities", TestClient.activityDraft(from: client.now + 3_600), token: manager.token)
        #expect(answer.status == .forbidden)
    }

    @Test func `whoever holds no grant any more is the whole city's to manage, and no district's`() async throws {
        let client = try TestClient()
        try client.stations()
        let admin = try client.staff()
        let district = try client.staff(.administrator, at: TestClient.district)
        let manager = try client.staff(.stationManager, at: TestClient.street)
        let path = "/api/v1/staff/\(manager.account)"
        #expect(await client.send(.get, "\(path)/sessions", token: district.token).status == .ok)
        let member = await client.send(.get, path, token: admin.token)
        let grant = try #require(member.json["grants"]?[0]?["id"]?.integer)
        _ = await client.send(.delete, "\(path)/grants/\(grant)", token: admin.token)
        for (person, isAllowed) in [(district, false), (admin, true)] {
            let sessions = await client.send(.get, "\(path)/sessions", token: person.token)
            #expect(sessions.status == (isAllowed ? .ok : .forbidden))
            let reset = await client.send(.post, "\(path)/first-passwords", "{}", token: person.token)
            #expect(reset.status == (isAllowed ? .created : .forbidden))
            let ended = await client.send(.delete, "\(path)/sessions", token: person.token)
            #expect(ended.status == (isAllowed ? .noContent : .forbidden))
        }
    }

    @Test func `a grant is made once and only to staff`() async throws {
        let client = try TestClient()
        try client.stations()
        let admin = try client.staff()
        let manager = try client.staff(.stationManager, at: TestClient.street)
        let path = "/api/v1/staff/\(manager.account)/grants"
        let body = #"{"role": "dispatcher", "stationId": 2}"#
        #expect(await client.send(.post, path, body, token: admin.token).status == .created)
        #expect(await client.send(.post, path, body, token: admin.token).status == .conflict)
        let resident = try client.resident()
        #expect(
            await client.send(.post, "/api/v1/staff/\(resident.account)/grants", body, token: admin.token).status
                == .notFound)
    }

    @Test func `the same login name is taken whatever its case`() async throws {
        let client = try TestClient()
        try client.stations()
        let admin = try client.staff()
        #expect(await make(client, admin, Self.manager).status == .created)
        let again = Self.manager.replacing("chunxi", with: "ChunXi")
        #expect(await make(client, admin, again).status == .conflict)
    }
}
