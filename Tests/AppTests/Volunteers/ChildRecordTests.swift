import App
import HTTP
import SQLite
import Support
import Testing

@Suite("A child's record in the guardian's hands") struct ChildRecordTests {
    private static let match = [("If-Match", "*")]

    @Test func `a guardian changes residence, categories and skills, with the version in hand`() async throws {
        let client = try TestClient()
        let (guardian, child) = try await client.family()
        let path = "/api/v1/me/children/\(child)"
        let edit = #"{"residenceCode": "510107", "categories": ["06"], "skills": ["围棋"]}"#
        #expect(await client.send(.put, path, edit, token: guardian.token).status == .preconditionRequired)
        let changed = await client.send(.put, path, edit, token: guardian.token, fields: Self.match)
        #expect(changed.json["residenceCode"]?.string == "510107")
        #expect(changed.json["skills"]?.array == [.string("围棋")])
        let stale = await client.send(.put, path, edit, token: guardian.token, fields: [("If-Match", "\"1-x\"")])
        #expect(stale.status == .preconditionFailed)
        let bad = #"{"residenceCode": "5", "categories": [], "skills": []}"#
        let refused = await client.send(.put, path, bad, token: guardian.token, fields: Self.match)
        #expect(refused.json["errors"]?[0]?["pointer"]?.string == "/residenceCode")
    }

    @Test func `a guardian writes the child's times and whom to call`() async throws {
        let client = try TestClient()
        let (guardian, child) = try await client.family()
        let path = "/api/v1/me/children/\(child)/profile"
        let empty = await client.send(.get, path, token: guardian.token)
        #expect(empty.json["availability"]?.array.isEmpty == true)
        let edit = """
            {"languages": [], "availability": [{"weekday": 6, "fromMinute": 540, "toMinute": 690}],
             "emergencyContact": {"name": "陈建国", "relation": "parent", "phone": "13900000080"}}
            """
        let written = await client.send(.put, path, edit, token: guardian.token, fields: Self.match)
        #expect(written.status == .ok, "\(written.text)")
        let shown = await client.send(.get, path, token: guardian.token)
        #expect(shown.json["availability"]?.array.count == 1)
        #expect(shown.json["emergencyContact"]?["name"]?.string == "陈建国")
    }

    private func team(_ client: TestClient) async throws -> (id: Int64, leader: TestClient.Person) {
        try client.stations()
        let admin = try client.staff()
        let leader = try await client.volunteer(7)
        let me = await client.send(.get, "/api/v1/me/volunteer", token: leader.token)
        let draft = #"{"stationId": 6, "name": "小小志愿者队", "leaderId": \#(try #require(me.json["id"]?.integer))}"#
        let made = await client.send(.post, "/api/v1/teams", draft, token: admin.token)
        return (try #require(made.json["id"]?.integer), leader)
    }

    @Test func `a guardian asks a team, which takes the child, and takes the child out again`() async throws {
        let client = try TestClient()
        let (team, leader) = try await team(client)
        let (guardian, child) = try await client.family()
        let path = "/api/v1/me/children/\(child)"
        let body = #"{"teamId": \#(team), "note": "周末有空"}"#
        let asked = await client.send(.post, path + "/join-requests", body, token: guardian.token)
        #expect(asked.status == .created, "\(asked.text)")
        let again = await client.send(.post, path + "/join-requests", body, token: guardian.token)
        #expect(again.status == .conflict)
        let listed = await client.send(.get, path + "/join-requests", token: guardian.token)
        #expect(listed.json["items"]?[0]?["state"]?.string == "open")
        let request = try #require(asked.json["id"]?.integer)
        let approved = await client.send(.put, "/api/v1/join-requests/\(request)/approval", token: leader.token)
        #expect(approved.json["state"]?.string == "approved")
        let teams = await client.send(.get, path + "/teams", token: guardian.token)
        #expect(teams.json["items"]?.array.count == 1)
        #expect(await client.send(.delete, path + "/teams/\(team)", token: guardian.token).status == .noContent)
        let left = await client.send(.get, path + "/teams", token: guardian.token)
        #expect(left.json["items"]?.array.isEmpty == true)
    }

    @Test func `what was asked for a child can be taken back, until it is decided`() async throws {
        let client = try TestClient()
        let (team, leader) = try await team(client)
        let (guardian, child) = try await client.family()
        let path = "/api/v1/me/children/\(child)/join-requests"
        let asked = await client.send(.post, path, #"{"teamId": \#(team)}"#, token: guardian.token)
        let request = try #require(asked.json["id"]?.integer)
        for _ in 1...2 {
            let back = await client.send(.put, "\(path)/\(request)/cancellation", token: guardian.token)
            #expect(back.json["state"]?.string == "cancelled")
        }
        let late = await client.send(.put, "/api/v1/join-requests/\(request)/approval", token: leader.token)
        #expect(late.status == .conflict)
    }

    @Test func `nobody else acts for the child, nor the guardian once it is of age`() async throws {
        let client = try TestClient()
        let (team, _) = try await team(client)
        let (guardian, child) = try await client.family(born: "2009-03-02")
        let path = "/api/v1/me/children/\(child)"
        let edit = #"{"residenceCode": "510107", "categories": [], "skills": []}"#
        let stranger = try client.resident(81)
        func statuses(_ person: TestClient.Person) async -> Set<Status> {
            [
                await client.send(.put, path, edit, token: person.token, fields: Self.match).status,
                await client.send(.get, path + "/profile", token: person.token).status,
                await client.send(.get, path + "/teams", token: person.token).status,
                await client.send(
                    .post, path + "/join-requests", #"{"teamId": \#(team)}"#, token: person.token
                ).status,
                await client.send(.delete, path + "/teams/\(team)", token: person.token).status,
            ]
        }
        #expect(await statuses(stranger) == [.notFound])
        #expect(await !statuses(guardian).contains(.notFound))
        client.advance(minutes: 1_440)
        #expect(await statuses(guardian) == [.notFound], "eighteen today")
    }
}
