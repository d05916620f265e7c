import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Minors without a guardian's consent") struct ConsentTests {
    private static let missing = "guardian-consent-missing"
    private static let order = """
        {"stationId": 6, "title": "陪诊", "detail": "老人周三去医院复查", "category": "17", "address": "总府路1号"}
        """

    private func minor(_ scene: TeamScene, _ number: Int = 5) async throws -> TeamScene.Volunteer {
        let minor = try await scene.volunteer(number)
        try scene.client.run("UPDATE volunteer SET birth_date = '2010-05-01' WHERE id = \(minor.id)")
        return minor
    }

    /// Ends the consent without what a withdrawal ends with it.
    private func lose(_ scene: TeamScene) throws {
        try scene.client.run("UPDATE guardianship SET state = 'ended', ended_at = 1 WHERE state = 'consented'")
    }

    private func withdraw(_ guardian: TestClient.Person, from minor: TeamScene.Volunteer, _ scene: TeamScene) async {
        let path = "/me/children/\(minor.id)/withdrawal"
        #expect(await scene.put(path, as: guardian).status == .noContent)
    }

    private func ticket(_ scene: TeamScene) async throws -> String {
        let resident = try scene.client.resident(900)
        let made = await scene.post("/demand-tickets", Self.order, as: resident)
        return "/demand-tickets/\(try #require(made.json["id"]?.integer))"
    }

    @Test func `nobody dispatches an order to them, and they accept none`() async throws {
        let scene = try TeamScene()
        let (minor, ticket) = (try await minor(scene), try await ticket(scene))
        let dispatch = #"{"volunteerId": \#(minor.id)}"#
        #expect(await scene.put("\(ticket)/dispatch", dispatch, as: scene.city).problem == Self.missing)
        try scene.client.consent(for: minor.id)
        #expect(await scene.put("\(ticket)/dispatch", dispatch, as: scene.city).status == .ok)
        try lose(scene)
        #expect(await scene.put("\(ticket)/acceptance", as: minor.person).problem == Self.missing)
        #expect(await scene.put("\(ticket)/declination", #"{"reason": "无监护人同意"}"#, as: minor.person).status == .ok)
    }

    @Test func `they join no team, asked or added`() async throws {
        let scene = try TeamScene()
        let (leader, minor) = (try await scene.volunteer(1), try await minor(scene))
        let team = try await scene.team("帮帮队", leader)
        let refused = await scene.post("/teams/\(team)/join-requests", "{}", as: minor.person)
        #expect(refused.problem == Self.missing)
        #expect(await scene.put("/teams/\(team)/members/\(minor.id)", as: scene.city).problem == Self.missing)
        try scene.client.consent(for: minor.id)
        let request = try await scene.request(minor, to: team)
        try lose(scene)
        #expect(await scene.put("/join-requests/\(request)/approval", as: leader.person).problem == Self.missing)
        #expect(await scene.get("/teams/\(team)").json["memberCount"]?.integer == 1)
    }

    @Test func `they lead no team, founded or handed over`() async throws {
        let scene = try TeamScene()
        let (leader, minor) = (try await scene.volunteer(1), try await minor(scene))
        #expect(await scene.post("/teams", TeamScene.draft("少年队", minor), as: scene.city).problem == Self.missing)
        let team = try await scene.team("帮帮队", leader)
        try scene.client.consent(for: minor.id)
        try await scene.add(minor, to: team)
        let change = #"{"kind": "leader", "teamId": \#(team), "leaderId": \#(minor.id)}"#
        try lose(scene)
        #expect(await scene.propose(change, as: scene.city).problem == Self.missing)
        try scene.client.run("UPDATE guardianship SET state = 'consented', ended_at = NULL")
        #expect(await scene.propose(change, as: scene.city).json["state"]?.string == "applied")
    }

    @Test func `with the last consent an accepted order waits for others, and a place in what has begun is free`()
        async throws
    {
        let scene = try TeamScene()
        let (minor, ticket) = (try await minor(scene), try await ticket(scene))
        let guardian = try scene.client.consent(for: minor.id)
        let dispatch = #"{"volunteerId": \#(minor.id)}"#
        #expect(await scene.put("\(ticket)/dispatch", dispatch, as: scene.city).status == .ok)
        #expect(await scene.put("\(ticket)/acceptance", as: minor.person).status == .ok)
        let activity = try await scene.client.activity(by: scene.city)
        #expect(await scene.post("/activities/\(activity)/sign-ups", "{}", as: minor.person).status == .created)
        scene.client.advance(minutes: 61)
        await withdraw(guardian, from: minor, scene)
        let waiting = await scene.get(ticket, as: scene.city)
        #expect(waiting.json["state"]?.string == "ordered" && waiting.json["volunteerId"] == .null)
        #expect(await scene.get("/activities/\(activity)").json["taken"]?.integer == 0)
    }

    @Test func `they check in no longer, wherever their place was kept`() async throws {
        let scene = try await CheckInScene()
        let id = try await scene.client.volunteerID(of: scene.person)
        try scene.client.run("UPDATE volunteer SET birth_date = '2010-05-01' WHERE id = \(id)")
        scene.client.advance(minutes: 61)
        #expect(await scene.markAbsent().status == .ok)
        let code = await scene.code()
        #expect(await scene.check("in", code).problem == Self.missing)
        let path = "/api/v1/activities/\(scene.activity)"
        let shown = await scene.client.send(.get, path, token: scene.person.token)
        #expect(shown.json["viewer"]?["allowedActions"]?.array.contains(.string("checkIn")) == false)
        try scene.client.consent(for: id)
        #expect(await scene.check("in", code).status == .ok)
    }

    @Test func `a child who leads when the consent is withdrawn leads in name alone until another is named`()
        async throws
    {
        let scene = try TeamScene()
        let (minor, other) = (try await minor(scene), try await scene.volunteer(1))
        let guardian = try scene.client.consent(for: minor.id)
        let team = try await scene.team("少年队", minor)
        try await scene.add(other, to: team)
        let ticket = try await ticket(scene)
        #expect(await scene.put("\(ticket)/dispatch", #"{"teamId": \#(team)}"#, as: scene.city).status == .ok)
        let requests = "/teams/\(team)/join-requests"
        #expect(await scene.get(requests, as: minor.person).status == .ok)
        await withdraw(guardian, from: minor, scene)
        #expect(await scene.get(requests, as: minor.person).problem == "not-a-team-manager")
        #expect(await scene.put("\(ticket)/acceptance", as: minor.person).problem == Self.missing)
        let below = TeamScene.draft("少年分队", other, level: "branch", parent: team)
        let founded = await scene.propose(#"{"kind": "found", "team": \#(below)}"#, as: minor.person)
        #expect(founded.problem == "not-a-team-manager")
        let change = #"{"kind": "leader", "teamId": \#(team), "leaderId": \#(other.id)}"#
        #expect(await scene.propose(change, as: scene.city).json["state"]?.string == "applied")
        #expect(await scene.teams(of: minor).isEmpty)
        #expect(await scene.put("\(ticket)/acceptance", as: other.person).status == .ok)
    }
}
