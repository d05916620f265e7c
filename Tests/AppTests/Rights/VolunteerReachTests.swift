import App
import HTTP
import Support
import Testing

@Suite("Which volunteers staff may see") struct VolunteerReachTests {
    private func status(_ client: TestClient, _ person: TestClient.Person) async -> Status {
        await client.send(.get, "/api/v1/volunteers/1", token: person.token).status
    }

    private func listed(_ client: TestClient, _ person: TestClient.Person) async -> Int? {
        await client.send(.get, "/api/v1/volunteers", token: person.token).json["items"]?.array.count
    }

    @Test func `those who live in their part of the city`() async throws {
        let client = try TestClient()
        try client.stations()
        _ = try await client.volunteer()
        let district = try client.staff(.stationManager, at: TestClient.district)
        let other = try client.staff(.stationManager, at: TestClient.otherDistrict)
        let street = try client.staff(.stationManager, at: TestClient.street)
        #expect(await status(client, district) == .ok)
        #expect(await status(client, try client.staff()) == .ok)
        #expect(await status(client, other) == .forbidden)
        // The volunteer named no more than a district.
        #expect(await status(client, street) == .forbidden)
        #expect(await listed(client, district) == 1)
        #expect(await listed(client, other) == 0)
        #expect(await listed(client, street) == 0)
    }

    @Test func `and those who have come there to serve`() async throws {
        let client = try TestClient()
        try client.stations()
        let volunteer = try await client.volunteer()
        let other = try client.staff(.stationManager, at: TestClient.otherCommunity)
        #expect(await status(client, other) == .forbidden)
        let activity = try await client.activity(by: other, station: TestClient.otherCommunity)
        let joined = await client.send(.post, "/api/v1/activities/\(activity)/sign-ups", token: volunteer.token)
        #expect(joined.status == .created)
        #expect(await status(client, other) == .ok)
    }

    @Test func `whoever can name the number finds the person anywhere`() async throws {
        let client = try TestClient()
        try client.stations()
        _ = try await client.volunteer()
        let other = try client.staff(.stationManager, at: TestClient.otherCommunity)
        let found = await client.send(
            .post, "/api/v1/volunteer-searches", #"{"identityNumber": "\#(TestClient.identityNumber(1))"}"#,
            token: other.token)
        #expect(found.json["items"]?.array.count == 1)
    }
}
