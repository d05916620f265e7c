import App
import HTTP
import Support
import Testing

@Suite("Roles") struct RoleTests {
    private static let clerk =
        #"{"name": "clerk", "title": "值班员", "permissions": ["dispatchTickets", "readVolunteers"]}"#

    private func staff(_ client: TestClient, _ name: String, _ admin: TestClient.Person) async throws -> Int64 {
        let body = #"{"staffName": "\#(name)", "name": "李主任", "role": "dispatcher", "stationId": 4}"#
        let made = await client.send(.post, "/api/v1/staff", body, token: admin.token)
        return try #require(made.json["account"]?["id"]?.integer)
    }

    @Test func `a city makes a role of its own, grants it, changes it, and it counts at once`() async throws {
        let client = try TestClient()
        try client.stations()
        let security = try client.staff(.securityAdministrator)
        let made = await client.send(.post, "/api/v1/roles", Self.clerk, token: security.token)
        #expect(made.status == .created)
        #expect(made.json["duty"]?.string == "business")
        let clerk = try client.staff(RoleName(rawValue: "clerk"), at: 4)
        #expect(await client.send(.get, "/api/v1/volunteers", token: clerk.token).status == .ok)
        #expect(await client.send(.get, "/api/v1/roles", token: clerk.token).status == .forbidden)
        let tag = try #require(made.value(of: .etag))
        let changed = await client.send(
            .put, "/api/v1/roles/clerk", #"{"title": "值班员", "permissions": ["dispatchTickets"]}"#,
            token: security.token, fields: [("If-Match", tag)])
        #expect(changed.json["permissions"]?.array.count == 1)
        #expect(await client.send(.get, "/api/v1/volunteers", token: clerk.token).status == .forbidden)
        let stale = await client.send(
            .put, "/api/v1/roles/clerk", #"{"title": "值班员", "permissions": ["dispatchTickets"]}"#,
            token: security.token, fields: [("If-Match", tag)])
        #expect(stale.status == .preconditionFailed)
        let held = await client.send(.delete, "/api/v1/roles/clerk", token: security.token)
        #expect(held.status == .conflict)
    }

    @Test func `a role nobody holds can be deleted, a built-in one neither changed nor deleted`() async throws {
        let client = try TestClient()
        let security = try client.staff(.securityAdministrator)
        _ = await client.send(.post, "/api/v1/roles", Self.clerk, token: security.token)
        #expect(await client.send(.delete, "/api/v1/roles/clerk", token: security.token).status == .noContent)
        #expect(await client.send(.get, "/api/v1/roles/clerk", token: security.token).status == .notFound)
        #expect(await client.send(.delete, "/api/v1/roles/auditor", token: security.token).status == .conflict)
        let body = #"{"title": "站长", "permissions": ["dispatchTickets"]}"#
        let changed = await client.send(.put, "/api/v1/roles/stationManager", body, token: security.token)
        #expect(changed.status == .conflict)
    }

    @Test func `a role that has changed since it was seen is not deleted with its old version`() async throws {
        let client = try TestClient()
        let security = try client.staff(.securityAdministrator)
        let made = await client.send(.post, "/api/v1/roles", Self.clerk, token: security.token)
        let seen = [("If-Match", try #require(made.value(of: .etag)))]
        let path = "/api/v1/roles/clerk"
        let changed = await client.send(
            .put, path, #"{"title": "值班员", "permissions": ["dispatchTickets"]}"#, token: security.token, fields: seen)
        let fresh = [("If-Match", try #require(changed.value(of: .etag)))]
        let stale = await client.send(.delete, path, token: security.token, fields: seen)
        #expect(stale.status == .preconditionFailed && stale.json["type"]?.string == "/problems/stale")
        #expect(await client.send(.get, path, token: security.token).status == .ok)
        #expect(await client.send(.delete, path, token: security.token, fields: fresh).status == .noContent)
    }

    @Test func `a name is taken once, and audit and security rights are not joined`() async throws {
        let client = try TestClient()
        let security = try client.staff(.securityAdministrator)
        #expect(await client.send(.post, "/api/v1/roles", Self.clerk, token: security.token).status == .created)
        #expect(await client.send(.post, "/api/v1/roles", Self.clerk, token: security.token).status == .conflict)
        let joined = #"{"name": "both", "title": "全能", "permissions": ["readAudit", "manageRoles"]}"#
        #expect(
            await client.send(.post, "/api/v1/roles", joined, token: security.token).status == .unprocessableContent)
        let unknown = #"{"name": "odd", "title": "不明", "permissions": ["flyToTheMoon"]}"#
        #expect(await client.send(.post, "/api/v1/roles", unknown, token: security.token).status == .badRequest)
    }

    @Test func `one person holds at most one of the three separated duties, unless the city decides otherwise`()
        async throws
    {
        for separate in [true, false] {
            let client = try TestClient { $0.separateDuties = separate }
            try client.stations()
            let security = try client.staff(.securityAdministrator)
            let account = try await staff(client, "chunxi", security)
            let path = "/api/v1/staff/\(account)/grants"
            let first = await client.send(
                .post, path, #"{"role": "auditor", "stationId": null}"#, token: security.token)
            #expect(first.status == .created)
            let second = await client.send(
                .post, path, #"{"role": "administrator", "stationId": null}"#, token: security.token)
            #expect(second.status == (separate ? .conflict : .created))
            if separate { #expect(second.json["type"]?.string == "/problems/duties-separated") }
        }
    }

    @Test func `the security administrator grants rights without having them`() async throws {
        let client = try TestClient()
        try client.stations()
        let security = try client.staff(.securityAdministrator)
        _ = try await staff(client, "chunxi", security)
        #expect(await client.send(.get, "/api/v1/demand-tickets", token: security.token).status == .forbidden)
        #expect(await client.send(.get, "/api/v1/audit-entries", token: security.token).status == .forbidden)
    }

    @Test func `nobody gives themselves a right, neither by a grant nor through a role they hold`() async throws {
        let client = try TestClient()
        try client.stations()
        let (security, other) = (try client.staff(.securityAdministrator), try client.staff(.securityAdministrator))
        let made = await client.send(.post, "/api/v1/roles", Self.clerk, token: security.token)
        let tag = try #require(made.value(of: .etag))
        func grant(_ role: String, to person: TestClient.Person) async -> TestClient.Answer {
            await client.send(
                .post, "/api/v1/staff/\(person.account)/grants", #"{"role": "\#(role)", "stationId": null}"#,
                token: security.token)
        }
        func change(_ permissions: String, _ tag: String, by person: TestClient.Person) async -> TestClient.Answer {
            await client.send(
                .put, "/api/v1/roles/clerk", #"{"title": "值班员", "permissions": [\#(permissions)]}"#,
                token: person.token, fields: [("If-Match", tag)])
        }
        for role in ["clerk", "stationManager", "securityAdministrator"] {
            let own = await grant(role, to: security)
            #expect(own.status == .forbidden && own.json["type"]?.string == "/problems/own-case")
        }
        #expect(await client.send(.get, "/api/v1/volunteers", token: security.token).status == .forbidden)
        #expect(await grant("clerk", to: other).status == .created)
        let widened = #""dispatchTickets", "readVolunteers", "readPrivateData""#
        let own = await change(widened, tag, by: other)
        #expect(own.status == .forbidden && own.json["type"]?.string == "/problems/own-case")
        let narrowed = await change(#""dispatchTickets""#, tag, by: other)
        #expect(narrowed.status == .ok, "\(narrowed.text)")
        let back = await change(widened, narrowed.value(of: .etag) ?? "", by: security)
        #expect(back.status == .ok, "who does not hold the role may change it: \(back.text)")
    }

    @Test func `a grant ends at its time, in sessions that are open too`() async throws {
        let client = try TestClient()
        try client.stations()
        let admin = try client.staff()
        let account = try client.staff(.auditor)
        let endsAt = (client.now + 3_600).description
        let granted = await client.send(
            .post, "/api/v1/staff/\(account.account)/grants",
            #"{"role": "dispatcher", "stationId": 4, "endsAt": "\#(endsAt)"}"#, token: admin.token)
        #expect(granted.status == .created)
        #expect(await client.send(.get, "/api/v1/demand-tickets", token: account.token).status == .ok)
        client.advance(minutes: 59)
        #expect(await client.send(.get, "/api/v1/demand-tickets", token: account.token).status == .ok)
        client.advance(minutes: 1)
        #expect(await client.send(.get, "/api/v1/demand-tickets", token: account.token).status == .forbidden)
        let past = await client.send(
            .post, "/api/v1/staff/\(account.account)/grants",
            #"{"role": "stationManager", "stationId": 4, "endsAt": "\#(endsAt)"}"#, token: admin.token)
        #expect(past.status == .unprocessableContent)
    }

    @Test func `a place lists who holds what there`() async throws {
        let client = try TestClient()
        try client.stations()
        let manager = try client.staff(.stationManager, at: 4)
        let path = "/api/v1/stations/4/grants"
        let list = await client.send(.get, path, token: try client.staff().token)
        #expect(list.json["items"]?[0]?["accountId"]?.integer == manager.account)
        #expect(list.json["items"]?[0]?["grant"]?["role"]?.string == "stationManager")
        let security = try client.staff(.securityAdministrator, at: 2)
        #expect(await client.send(.get, path, token: security.token).status == .ok)
        let elsewhere = try client.staff(.securityAdministrator, at: 3)
        #expect(await client.send(.get, path, token: elsewhere.token).status == .forbidden)
    }

    @Test func `sessions of a member of staff can be seen and ended by who could take their rights away`() async throws
    {
        let client = try TestClient()
        try client.stations()
        let admin = try client.staff()
        let manager = try client.staff(.stationManager, at: 4)
        let path = "/api/v1/staff/\(manager.account)/sessions"
        #expect(await client.send(.get, path, token: admin.token).json["items"]?.array.count == 1)
        let elsewhere = try client.staff(.securityAdministrator, at: 3)
        #expect(await client.send(.get, path, token: elsewhere.token).status == .forbidden)
        #expect(await client.send(.delete, path, token: elsewhere.token).status == .forbidden)
        #expect(await client.send(.delete, path, token: admin.token).status == .noContent)
        #expect(await client.send(.get, "/api/v1/me", token: manager.token).status == .unauthorized)
    }
}
