import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Moving, closing and merging teams") struct TeamEndTests {
    private func ticket(for team: Int64, in scene: TeamScene, accepted leader: TestClient.Person?) async throws -> Int64
    {
        let resident = try scene.client.resident(Int(900 + team))
        let draft = """
            {"stationId": 6, "title": "陪诊", "detail": "老人周三去医院复查", "category": "17", "address": "总府路1号"}
            """
        let made = await scene.post("/demand-tickets", draft, as: resident)
        let id = try #require(made.json["id"]?.integer)
        let dispatched = await scene.put("/demand-tickets/\(id)/dispatch", #"{"teamId": \#(team)}"#, as: scene.city)
        #expect(dispatched.status == .ok)
        if let leader { #expect(await scene.put("/demand-tickets/\(id)/acceptance", as: leader).status == .ok) }
        return id
    }

    @Test func `a team moves with all below it, and never below itself`() async throws {
        let scene = try TeamScene()
        let leader = try await scene.volunteer(1)
        let first = try await scene.team("一大队", leader, level: "brigade")
        let second = try await scene.team("二大队", leader, level: "brigade")
        let squad = try await scene.team("小队", leader, parent: first)
        let branch = try await scene.team("分队", leader, level: "branch", parent: squad)
        func move(_ team: Int64, _ rest: String, as person: TestClient.Person) async -> TestClient.Answer {
            await scene.propose(#"{"kind": "move", "teamId": \#(team)\#(rest)}"#, as: person)
        }
        let moved = await move(squad, #", "parentId": \#(second)"#, as: scene.city)
        #expect(moved.json["oldValues"]?["parentId"]?.integer == first)
        #expect(
            await scene.get("/teams/\(branch)").json["path"]?.array.compactMap(\.integer) == [second, squad, branch])
        #expect(await scene.get("/teams?parentId=\(first)").ids == [])
        #expect(await move(second, #", "parentId": \#(branch)"#, as: scene.city).problem == "team-structure")
        #expect(await move(squad, #", "level": "branch""#, as: scene.city).problem == "team-structure")
        #expect(
            await move(squad, #", "parentId": \#(second), "level": "branch""#, as: scene.city).problem
                == "team-structure")
        let alone = await move(squad, "", as: scene.city)
        #expect(alone.json["state"]?.string == "applied")
        #expect(await scene.get("/teams/\(squad)").json["parentId"] == .null)
        #expect(await scene.get("/teams/\(branch)").json["path"]?.array.compactMap(\.integer) == [squad, branch])
    }

    @Test func `a move takes the agreement of both places`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...3)
        let here = try await scene.team("春熙路大队", people[0], station: TestClient.street, level: "brigade")
        let there = try await scene.team("玉林大队", people[1], station: TestClient.otherStreet, level: "brigade")
        let squad = try await scene.team("小队", people[2], parent: here)
        let proposed = await scene.propose(
            #"{"kind": "move", "teamId": \#(squad), "parentId": \#(there)}"#, as: people[2].person)
        let change = try #require(proposed.json["id"]?.integer)
        for person in [scene.street, scene.stranger, people[0].person, people[1].person] {
            let answer = await scene.put("/team-changes/\(change)/approval", as: person)
            #expect(answer.problem == "level-above-decides")
        }
        #expect(await scene.get("/team-changes?side=staff&state=proposed", as: scene.stranger).ids == [change])
        #expect(await scene.put("/team-changes/\(change)/approval", as: scene.city).status == .ok)
        #expect(await scene.get("/teams/\(squad)").json["parentId"]?.integer == there)
    }

    @Test func `a team closes only when it is empty`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...3)
        let team = try await scene.team("大队", people[0], level: "brigade")
        let squad = try await scene.team("小队", people[1], parent: team)
        try await scene.add(people[2], to: team)
        let ticket = try await ticket(for: team, in: scene, accepted: people[0].person)
        let close = #"{"kind": "close", "teamId": \#(team), "reason": "任务完成"}"#
        let refused = await scene.propose(close, as: scene.city)
        #expect(refused.problem == "team-not-empty")
        #expect(refused.json["reasons"]?.array.compactMap(\.string) == ["members", "teams", "tickets"])
        _ = await scene.delete("/me/teams/\(team)", as: people[2].person)
        _ = await scene.propose(#"{"kind": "close", "teamId": \#(squad), "reason": "任务完成"}"#, as: scene.city)
        _ = await scene.put(
            "/demand-tickets/\(ticket)/completion", #"{"report": "已陪同", "serviceMinutes": 60}"#, as: people[0].person)
        #expect(await scene.propose(close, as: scene.city).json["state"]?.string == "applied")
        #expect(await scene.get("/teams/\(team)").json["state"]?.string == "closed")
        #expect(await scene.get("/teams").ids == [])
        #expect(await scene.get("/teams?state=closed").ids == [team, squad])
        #expect(await scene.teams(of: people[0]).isEmpty)
        #expect(await scene.propose(close, as: scene.city).problem == "team-closed")
        let edit = await scene.put(
            "/teams/\(team)", #"{"kind": "ordinary", "categories": []}"#, as: scene.city, fields: [("If-Match", "*")])
        #expect(edit.problem == "team-closed")
    }

    @Test func `no order goes to a closed team`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...2)
        let team = try await scene.team("小队", people[0])
        _ = try await scene.team("二小队", people[1])
        _ = await scene.propose(#"{"kind": "close", "teamId": \#(team), "reason": "任务完成"}"#, as: scene.community)
        let resident = try scene.client.resident(950)
        let made = await scene.post(
            "/demand-tickets",
            #"{"stationId": 6, "title": "陪诊", "detail": "复查", "category": "17", "address": "总府路1号"}"#, as: resident)
        let id = try #require(made.json["id"]?.integer)
        let answer = await scene.put("/demand-tickets/\(id)/dispatch", #"{"teamId": \#(team)}"#, as: scene.city)
        #expect(answer.json["errors"]?[0]?["pointer"]?.string == "/teamId")
    }

    @Test func `a merger takes people, teams and open orders along, and leaves a row that points on`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...5)
        let source = try await scene.team("一大队", people[0], level: "brigade")
        let target = try await scene.team("二大队", people[1], level: "brigade")
        let squad = try await scene.team("小队", people[2], parent: source)
        for person in people[3...4] { try await scene.add(person, to: source) }
        try await scene.add(people[4], to: target)
        let ticket = try await ticket(for: source, in: scene, accepted: people[0].person)
        let waiting = try await scene.request(people[2], to: source)
        let merged = await scene.propose(
            #"{"kind": "merge", "teamId": \#(source), "successorId": \#(target), "reason": "精简队伍"}"#, as: scene.city)
        #expect(merged.json["state"]?.string == "applied")
        let row = await scene.get("/teams/\(source)").json
        #expect(row["state"]?.string == "merged" && row["successorId"]?.integer == target)
        #expect(row["memberCount"]?.integer == 0)
        #expect(await scene.get("/teams/\(target)").json["memberCount"]?.integer == 4)
        #expect(await scene.get("/teams/\(squad)").json["path"]?.array.compactMap(\.integer) == [target, squad])
        for person in [people[0], people[3], people[4]] {
            let teams = await scene.teams(of: person)
            #expect(teams.map(\.id) == [target] && teams.map(\.isMain) == [true] && teams.map(\.role) == ["member"])
        }
        let order = await scene.get("/demand-tickets/\(ticket)", as: people[1].person).json
        #expect(order["teamId"]?.integer == target && order["state"]?.string == "accepted")
        #expect(order["moves"]?.array.last?["reason"]?.string == "精简队伍")
        #expect(await scene.get("/demand-tickets/\(ticket)", as: people[0].person).status == .notFound)
        let lapsed = await scene.put("/join-requests/\(waiting)/approval", as: scene.city)
        #expect(lapsed.json["state"]?.string == "lapsed")
    }

    @Test func `who came to a team by their own wish has come to what it became part of`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...7)
        let leaders = people[0...2]
        var teams: [Int64] = []
        for (name, leader) in zip(["一队", "二队", "三队"], leaders) { teams.append(try await scene.team(name, leader)) }
        try await scene.join(people[3], teams[0])
        try await scene.add(people[4], to: teams[0])
        // Somebody who left before the merger, and was put into the team by staff after it.
        try await scene.join(people[5], teams[0])
        _ = await scene.delete("/me/teams/\(teams[0])", as: people[5].person)
        try await scene.add(people[6], to: teams[2])
        for (team, target) in [(teams[0], teams[1]), (teams[1], teams[2])] {
            let merged = await scene.propose(
                #"{"kind": "merge", "teamId": \#(team), "successorId": \#(target), "reason": "精简队伍"}"#, as: scene.city)
            #expect(merged.json["state"]?.string == "applied", "\(merged.text)")
        }
        try await scene.add(people[5], to: teams[2])
        let members = await scene.get("/teams/\(teams[2])/members", as: people[2].person).json["items"]?.array ?? []
        func isNamed(_ volunteer: TeamScene.Volunteer) -> Bool {
            members.contains { $0["volunteerId"]?.integer == volunteer.id && $0["name"]?.string == "李志愿" }
        }
        #expect(members.count == 7)
        #expect(people[3...6].map(isNamed) == [true, false, false, false])
        let otherCommunity = try scene.client.staff(.stationManager, at: TestClient.otherCommunity)
        try scene.client.run("UPDATE team SET station_id = \(TestClient.otherCommunity) WHERE id = \(teams[2])")
        for (person, isReached) in zip(people[3...5], [true, false, false]) {
            let seen = await scene.get("/volunteers/\(person.id)", as: otherCommunity)
            #expect(seen.status == (isReached ? .ok : .forbidden))
        }
    }

    @Test func `open requests of those a merger moves are settled, or go along with them`() async throws {
        let scene = try TeamScene { $0.teamsPerVolunteer = 2 }
        let people = try await scene.volunteers(1...6)
        let source = try await scene.team("一队", people[0])
        let target = try await scene.team("二队", people[1])
        let third = try await scene.team("三队", people[2])
        for person in people[3...5] { try await scene.add(person, to: source) }
        try await scene.add(people[5], to: target)
        let toTarget = try await scene.request(people[3], to: target)
        let changing = try await scene.request(people[4], to: third, from: source)
        let leavingOne = try await scene.request(people[5], to: third, from: source)
        let merged = await scene.propose(
            #"{"kind": "merge", "teamId": \#(source), "successorId": \#(target), "reason": "精简队伍"}"#, as: scene.city)
        #expect(merged.json["state"]?.string == "applied", "\(merged.text)")
        #expect(await scene.get("/me/join-requests?state=approved", as: people[3].person).ids == [toTarget])
        #expect(await scene.get("/teams/\(target)/join-requests?state=open", as: people[1].person).ids == [])
        for request in [changing, leavingOne] {
            let answer = await scene.put("/join-requests/\(request)/approval", as: people[2].person)
            #expect(answer.json["state"]?.string == "approved", "\(answer.text)")
        }
        #expect(await scene.teams(of: people[4]).map(\.id) == [third], "changed from where the merger took them")
        #expect(await scene.teams(of: people[5]).map(\.id) == [target, third], "was in both and left one")
    }

    @Test func `a merger is refused below oneself, into a full team, and into one that has ended`() async throws {
        let scene = try TeamScene { $0.teamMembers = 2 }
        let people = try await scene.volunteers(1...4)
        let brigade = try await scene.team("大队", people[0], level: "brigade")
        let squad = try await scene.team("小队", people[1], parent: brigade)
        let full = try await scene.team("满员队", people[2])
        try await scene.add(people[3], to: full)
        func merge(_ team: Int64, into target: Int64) async -> TestClient.Answer {
            await scene.propose(
                #"{"kind": "merge", "teamId": \#(team), "successorId": \#(target), "reason": "精简"}"#, as: scene.city)
        }
        #expect(await merge(brigade, into: squad).problem == "team-structure")
        #expect(await merge(squad, into: squad).problem == "team-structure")
        #expect(await merge(squad, into: full).problem == "team-full")
        #expect(await merge(brigade, into: full).status == .conflict)
        _ = await merge(squad, into: brigade)
        #expect(await merge(full, into: squad).problem == "team-closed")
        #expect(await scene.get("/teams?state=merged").ids == [squad])
    }

    @Test func `a team whose own teams may not stand under the other is not merged`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...3)
        let brigade = try await scene.team("大队", people[0], level: "brigade")
        let squad = try await scene.team("小队", people[1], parent: brigade)
        let other = try await scene.team("另一小队", people[2])
        let answer = await scene.propose(
            #"{"kind": "merge", "teamId": \#(brigade), "successorId": \#(other), "reason": "精简"}"#, as: scene.city)
        #expect(answer.problem == "team-structure")
        #expect(await scene.get("/teams/\(brigade)").json["memberCount"]?.integer == 1)
        #expect(await scene.get("/teams/\(squad)").json["parentId"]?.integer == brigade)
    }

    @Test func `two teams that merge into each other at once: one goes, one stays`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...2)
        let first = try await scene.team("一队", people[0])
        let second = try await scene.team("二队", people[1])
        func merge(_ team: Int64, into target: Int64) async -> TestClient.Answer {
            await scene.propose(
                #"{"kind": "merge", "teamId": \#(team), "successorId": \#(target), "reason": "精简"}"#, as: scene.city)
        }
        async let one = merge(first, into: second)
        async let other = merge(second, into: first)
        let answers = [await one, await other]
        #expect(answers.count { $0.status == .created } == 1 && answers.count { $0.problem == "team-closed" } == 1)
        #expect(await scene.get("/teams").ids.count == 1)
    }
}
