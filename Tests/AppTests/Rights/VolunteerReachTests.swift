import App
import HTTP
import SQLite
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

    @Test func `to add a stranger to a team or to write down a training opens nobody's file`() async throws {
        let client = try TestClient()
        try client.stations()
        _ = try await client.volunteer(1)
        _ = try await client.volunteer(2)
        let manager = try client.staff(.stationManager, at: TestClient.community)
        #expect(await status(client, manager) == .forbidden)
        let team = await client.send(
            .post, "/api/v1/teams", #"{"stationId": 6, "name": "邻里帮帮队", "leaderId": 2}"#, token: manager.token)
        #expect(team.status == .created)
        let added = await client.send(.put, "/api/v1/teams/1/members/1", token: manager.token)
        #expect(added.status == .ok)
        #expect(await status(client, manager) == .forbidden)
        try client.services.writer.writeAndWait { db in
            try db.run(
                """
                INSERT INTO training_record (volunteer_id, station_id, name, content, minutes, organiser, date,
                    recorded_by, recorded_at)
                VALUES (1, 6, '急救', '心肺复苏', 60, '区红十字会', '2026-01-01', \(manager.account), \(db.now))
                """)
        }
        #expect(await status(client, manager) == .forbidden)
    }

    @Test func `a stranger an order was dispatched to is known once they accept it`() async throws {
        let client = try TestClient()
        try client.stations()
        let person = try await client.volunteer(1)
        let manager = try client.staff(.stationManager, at: TestClient.community)
        let ordered = await client.send(
            .post, "/api/v1/demand-tickets",
            #"{"stationId": 6, "title": "陪诊", "detail": "老人周三复查", "category": "17", "address": "总府路1号"}"#,
            token: try client.resident(900).token)
        #expect(ordered.status == .created)
        let dispatched = await client.send(
            .put, "/api/v1/demand-tickets/1/dispatch", #"{"volunteerId": 1}"#, token: manager.token)
        #expect(dispatched.status == .ok)
        #expect(await status(client, manager) == .forbidden)
        #expect(await client.send(.put, "/api/v1/demand-tickets/1/acceptance", token: person.token).status == .ok)
        #expect(await status(client, manager) == .ok)
    }

    @Test func `whoever joined a team by request is known there`() async throws {
        let client = try TestClient()
        try client.stations()
        let person = try await client.volunteer(1)
        _ = try await client.volunteer(2)
        let manager = try client.staff(.stationManager, at: TestClient.community)
        _ = await client.send(
            .post, "/api/v1/teams", #"{"stationId": 6, "name": "邻里帮帮队", "leaderId": 2}"#, token: manager.token)
        let asked = await client.send(.post, "/api/v1/teams/1/join-requests", "{}", token: person.token)
        #expect(asked.status == .created)
        #expect(await status(client, manager) == .forbidden)
        let approved = await client.send(.put, "/api/v1/join-requests/1/approval", "{}", token: manager.token)
        #expect(approved.status == .ok)
        #expect(await status(client, manager) == .ok)
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
