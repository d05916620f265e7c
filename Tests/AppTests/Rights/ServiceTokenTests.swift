import App
import HTTP
import Support
import Testing

@Suite("Service tokens") struct ServiceTokenTests {
    private func issue(
        _ client: TestClient, _ person: TestClient.Person, _ permissions: String, at station: String = "4",
        days: Int64 = 30
    ) async -> TestClient.Answer {
        let end = (client.now + days * 86_400).description
        return await client.send(
            .post, "/api/v1/service-tokens",
            #"{"name": "数据大屏", "permissions": [\#(permissions)], "stationId": \#(station), "expiresAt": "\#(end)"}"#,
            token: person.token)
    }

    @Test func `a machine does what its token says, where it says, until it ends or is revoked`() async throws {
        let client = try TestClient()
        try client.stations()
        let security = try client.staff(.securityAdministrator)
        let issued = await issue(client, security, #""dispatchTickets""#)
        #expect(issued.status == .created)
        let token = try #require(issued.json["token"]?.string)
        let id = try #require(issued.json["serviceToken"]?["id"]?.integer)
        #expect(await client.send(.get, "/api/v1/demand-tickets", token: token).status == .ok)
        #expect(await client.send(.get, "/api/v1/volunteers", token: token).status == .forbidden)
        let list = await client.send(.get, "/api/v1/service-tokens", token: security.token)
        #expect(list.json["items"]?[0]?["permissions"]?[0]?.string == "dispatchTickets")
        #expect(!list.text.contains(token))
        let path = "/api/v1/service-tokens/\(id)"
        #expect(await client.send(.delete, path, token: security.token).status == .noContent)
        #expect(await client.send(.get, "/api/v1/demand-tickets", token: token).status == .unauthorized)
        let short = await issue(client, security, #""dispatchTickets""#, days: 1)
        let second = try #require(short.json["token"]?.string)
        #expect(await client.send(.get, "/api/v1/demand-tickets", token: second).status == .ok)
        client.advance(minutes: 1_440)
        #expect(await client.send(.get, "/api/v1/demand-tickets", token: second).status == .unauthorized)
    }

    @Test func `no machine gives out rights, and nobody issues what they may not give`() async throws {
        let client = try TestClient()
        try client.stations()
        let security = try client.staff(.securityAdministrator, at: 2)
        #expect(await issue(client, security, #""manageRoles""#).status == .unprocessableContent)
        #expect(await issue(client, security, "").status == .unprocessableContent)
        #expect(await issue(client, security, #""dispatchTickets""#, at: "3").status == .forbidden)
        #expect(await issue(client, security, #""dispatchTickets""#, at: "null").status == .forbidden)
        #expect(await issue(client, security, #""dispatchTickets""#, at: "999").status == .unprocessableContent)
        #expect(await issue(client, security, #""dispatchTickets""#, days: 367).status == .unprocessableContent)
        #expect(await issue(client, security, #""dispatchTickets""#, days: -1).status == .unprocessableContent)
        #expect(await issue(client, try client.staff(), #""dispatchTickets""#).status == .forbidden)
        let far = await issue(client, try client.staff(.securityAdministrator), #""dispatchTickets""#, at: "3")
        let id = try #require(far.json["serviceToken"]?["id"]?.integer)
        #expect(
            await client.send(.delete, "/api/v1/service-tokens/\(id)", token: security.token).status == .forbidden)
    }
}
