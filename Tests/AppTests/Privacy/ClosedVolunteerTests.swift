import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Volunteers whose account was closed") struct ClosedVolunteerTests {
    private struct Scene {
        var client: TestClient
        var admin: TestClient.Person
        /// Of the volunteer who is gone.
        var id: Int64
        var number: String

        func send(_ method: HTTP.Method, _ path: String, _ json: String? = nil) async -> TestClient.Answer {
            await client.send(method, "/api/v1/\(path)", json, token: admin.token)
        }
    }

    private func close(_ person: TestClient.Person, _ client: TestClient) async throws {
        let asked = await client.send(
            .post, "/api/v1/me/closure", #"{"confirmation": "注销我的账号"}"#, token: person.token)
        #expect(asked.status == .created)
        client.advance(minutes: 7 * 1_440)
        #expect(try AccountClosure.housekeeping.run(client.services.writer, client.services.configuration) == 1)
    }

    private func scene() async throws -> Scene {
        let client = try TestClient()
        try client.stations()
        let person = try await client.volunteer()
        let me = await client.send(.get, "/api/v1/me/volunteer", token: person.token)
        try await close(person, client)
        return Scene(
            client: client, admin: try client.staff(), id: try #require(me.json["id"]?.integer),
            number: try #require(me.json["number"]?.string))
    }

    @Test func `nobody who is gone is given an order, a team, a grid or a mark`() async throws {
        let scene = try await scene()
        let resident = try scene.client.resident(9)
        let order = #"{"stationId": 6, "title": "陪诊", "detail": "周三", "category": "17", "address": "总府路1号"}"#
        _ = await scene.client.send(.post, "/api/v1/demand-tickets", order, token: resident.token)
        let grid = #"{"stationId": 6, "code": "W001", "name": "总府路第一网格", "kind": "general"}"#
        #expect(await scene.send(.post, "grids", grid).status == .created)
        let bodies = [
            (HTTP.Method.put, "demand-tickets/1/dispatch", #"{"volunteerId": \#(scene.id)}"#, "/volunteerId"),
            (.post, "teams", #"{"stationId": 6, "name": "邻里帮帮队", "leaderId": \#(scene.id)}"#, "/leaderId"),
            (.post, "grids/1/workers", #"{"volunteerId": \#(scene.id), "role": "leader"}"#, "/volunteerId"),
        ]
        for (method, path, json, pointer) in bodies {
            let answer = await scene.send(method, path, json)
            #expect(answer.json["errors"]?[0]?["pointer"]?.string == pointer, "\(path): \(answer.text)")
        }
        let leader = try await scene.client.volunteerID(of: scene.client.volunteer(2))
        let made = await scene.send(.post, "teams", #"{"stationId": 6, "name": "邻里帮帮队", "leaderId": \#(leader)}"#)
        let team = try #require(made.json["id"]?.integer, "\(made.text)")
        #expect(await scene.send(.put, "teams/\(team)/members/\(scene.id)").status == .notFound)
        let mark = #"{"isPracticeVolunteer": true, "stationId": 6, "reason": "站点骨干"}"#
        #expect(await scene.send(.put, "volunteers/\(scene.id)/practice-status", mark).status == .notFound)
    }

    @Test func `a training or an award of somebody who is gone is of nobody known`() async throws {
        let scene = try await scene()
        let drafts = [
            ("training-records", #""content": "心肺复苏", "minutes": 180, "organiser": "市红十字会", "date": "2027-02-20""#),
            ("award-records", #""grantedOn": "2027-02-28""#),
        ]
        for (path, members) in drafts {
            let made = await scene.send(
                .post, path, #"{"stationId": 6, "name": "急救先锋", \#(members), "volunteerIds": [\#(scene.id)]}"#)
            #expect(made.json["items"]?[0]?["outcome"]?.string == "unknownVolunteer", "\(made.text)")
        }
    }

    @Test func `a list of teams names no leader who is gone`() async throws {
        let scene = try await scene()
        let result = try scene.client.importing(
            TeamImporter(limits: Configuration().teamLimits),
            "stationCode,name,leaderNumber\n510104020007,邻里队,\(scene.number)\n")
        #expect(result.places == ["2 leaderNumber"])
    }

    @Test func `a foundation that waited is refused once the leader to be is gone`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...2)
        let brigade = try await scene.team("大队", people[0], station: TestClient.street, level: "brigade")
        let draft = TeamScene.draft("小队", people[1], parent: brigade)
        let proposed = await scene.propose(#"{"kind": "found", "team": \#(draft)}"#, as: scene.community)
        let change = try #require(proposed.json["id"]?.integer, "\(proposed.text)")
        try await close(people[1].person, scene.client)
        let refused = await scene.put("/team-changes/\(change)/approval", as: scene.street)
        #expect(refused.problem == "leader-is-gone", "\(refused.text)")
    }
}
