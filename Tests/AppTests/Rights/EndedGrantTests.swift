import App
import HTTP
import Support
import Testing

@Suite("Grants that have ended") struct EndedGrantTests {
    /// Everybody's grant but the administrator's own ends within the hour.
    private struct Scene {
        var client: TestClient
        var admin: TestClient.Person

        func grant(_ role: String, at station: Int64?, to person: TestClient.Person) async -> TestClient.Answer {
            let place = station.map(String.init) ?? "null"
            return await client.send(
                .post, "/api/v1/staff/\(person.account)/grants",
                #"{"role": "\#(role)", "stationId": \#(place), "endsAt": "\#(client.now + 3_600)"}"#,
                token: admin.token)
        }
    }

    private func scene() throws -> Scene {
        let client = try TestClient()
        try client.stations()
        return Scene(client: client, admin: try client.staff())
    }

    @Test func `what has ended is granted anew, and what has not is there already`() async throws {
        let scene = try scene()
        let member = try scene.client.staff(.auditor)
        for station in [TestClient.street, nil] {
            #expect(await scene.grant("dispatcher", at: station, to: member).status == .created)
            #expect(await scene.grant("dispatcher", at: station, to: member).status == .conflict)
        }
        scene.client.advance(minutes: 60)
        #expect(await scene.client.send(.get, "/api/v1/demand-tickets", token: member.token).status == .forbidden)
        let seen = await scene.client.send(.get, "/api/v1/staff/\(member.account)", token: scene.admin.token)
        #expect(seen.json["grants"]?.array.count == 3, "it is told what was, with its end")
        let anew = await scene.grant("dispatcher", at: TestClient.street, to: member)
        #expect(anew.status == .created)
        #expect(anew.json["grants"]?.array.count == 3)
        #expect(await scene.client.send(.get, "/api/v1/demand-tickets", token: member.token).status == .ok)
    }

    @Test func `what somebody held in the whole city keeps their district's manager from nothing`() async throws {
        let scene = try scene()
        let district = try scene.client.staff(.administrator, at: TestClient.district)
        let member = try scene.client.staff(.dispatcher, at: TestClient.street)
        #expect(await scene.grant("dispatcher", at: nil, to: member).status == .created)
        let path = "/api/v1/staff/\(member.account)/first-passwords"
        #expect(await scene.client.send(.post, path, "{}", token: district.token).status == .forbidden)
        scene.client.advance(minutes: 60)
        #expect(await scene.client.send(.post, path, "{}", token: district.token).status == .created)
    }

    @Test func `whoever holds nothing any more is seen by the whole city's managers alone`() async throws {
        let scene = try scene()
        let district = try scene.client.staff(.administrator, at: TestClient.district)
        let member = try scene.client.staff(.dispatcher, at: TestClient.otherStreet)
        #expect(await scene.grant("dispatcher", at: TestClient.street, to: member).status == .created)
        let path = "/api/v1/staff/\(member.account)"
        #expect(await scene.client.send(.get, path, token: district.token).status == .ok)
        #expect(await scene.client.send(.get, "/api/v1/staff", token: district.token).json["items"]?.array.count == 2)
        scene.client.advance(minutes: 60)
        #expect(await scene.client.send(.get, path, token: district.token).status == .forbidden)
        #expect(await scene.client.send(.get, "/api/v1/staff", token: district.token).json["items"]?.array.count == 1)
        #expect(await scene.client.send(.get, path, token: scene.admin.token).status == .ok)
    }

    @Test func `a role that was only held can be deleted, and nothing of it is left`() async throws {
        let scene = try scene()
        let security = try scene.client.staff(.securityAdministrator)
        let clerk = #"{"name": "clerk", "title": "值班员", "permissions": ["dispatchTickets"]}"#
        _ = await scene.client.send(.post, "/api/v1/roles", clerk, token: security.token)
        let member = try scene.client.staff(.dispatcher, at: TestClient.street)
        #expect(await scene.grant("clerk", at: TestClient.street, to: member).status == .created)
        #expect(await scene.client.send(.delete, "/api/v1/roles/clerk", token: security.token).status == .conflict)
        scene.client.advance(minutes: 60)
        #expect(await scene.client.send(.delete, "/api/v1/roles/clerk", token: security.token).status == .noContent)
        let seen = await scene.client.send(.get, "/api/v1/staff/\(member.account)", token: scene.admin.token)
        #expect(seen.json["grants"]?.array.compactMap { $0["role"]?.string } == ["dispatcher"])
    }
}
