import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Changes of the team tree") struct TeamChangeTests {
    /// A brigade of the street over a squad of the community, each with its own leader, and a member of the squad.
    private struct Family {
        var scene: TeamScene
        var people: [TeamScene.Volunteer]
        var brigade: Int64
        var squad: Int64

        var above: TestClient.Person { people[0].person }
        var leader: TestClient.Person { people[1].person }

        func rename(_ name: String, as person: TestClient.Person) async -> TestClient.Answer {
            await scene.propose(#"{"kind": "rename", "teamId": \#(squad), "name": "\#(name)"}"#, as: person)
        }

        func decide(_ change: Int64, _ decision: String, as person: TestClient.Person) async -> TestClient.Answer {
            let reason = decision == "refusal" ? #"{"reason": "名称不妥"}"# : nil
            return await scene.put("/team-changes/\(change)/\(decision)", reason, as: person)
        }

        func state(of team: Int64) async -> JSONValue { await scene.get("/teams/\(team)", as: scene.city).json }
    }

    private func family() async throws -> Family {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...3)
        let brigade = try await scene.team("街道大队", people[0], station: TestClient.street, level: "brigade")
        let squad = try await scene.team("社区小队", people[1], parent: brigade)
        try await scene.add(people[2], to: squad)
        return Family(scene: scene, people: people, brigade: brigade, squad: squad)
    }

    @Test func `a leader proposes, the leader above approves, and old and new are kept`() async throws {
        let family = try await family()
        let proposed = await family.rename("红马甲小队", as: family.leader)
        #expect(proposed.status == .created && proposed.json["state"]?.string == "proposed")
        #expect(await family.state(of: family.squad)["name"]?.string == "社区小队")
        let change = try #require(proposed.json["id"]?.integer)
        for _ in 1...2 {
            let answer = await family.decide(change, "approval", as: family.above)
            #expect(answer.json["state"]?.string == "applied")
            #expect(answer.json["oldValues"]?["name"]?.string == "社区小队")
            #expect(answer.json["newValues"]?["name"]?.string == "红马甲小队")
            #expect(answer.json["decidedBy"]?.integer == family.above.account)
        }
        #expect(await family.state(of: family.squad)["name"]?.string == "红马甲小队")
        #expect(await family.scene.get("/teams?q=\(TestClient.escaped("马甲"))").ids == [family.squad])
        let late = await family.decide(change, "refusal", as: family.above)
        #expect(late.status == .conflict && late.json["state"]?.string == "applied")
    }

    @Test func `whoever stands above has it applied at once, and it is a row all the same`() async throws {
        let family = try await family()
        for (name, person) in [("一小队", family.scene.street), ("二小队", family.above), ("三小队", family.scene.city)] {
            #expect(await family.rename(name, as: person).json["state"]?.string == "applied")
            #expect(await family.state(of: family.squad)["name"]?.string == name)
        }
        let rows = await family.scene.get("/team-changes?side=staff&teamId=\(family.squad)", as: family.scene.street)
        #expect(rows.json["items"]?.array.compactMap { $0["kind"]?.string } == ["rename", "rename", "rename", "found"])
    }

    @Test func `who may not propose, decide or see a change`() async throws {
        let family = try await family()
        for person in [family.people[2].person, family.scene.stranger, try family.scene.client.resident(66)] {
            #expect(await family.rename("红马甲小队", as: person).problem == "not-a-team-manager")
        }
        let change = try #require(await family.rename("红马甲小队", as: family.scene.community).json["id"]?.integer)
        for person in [family.leader, family.scene.community] {
            #expect(await family.decide(change, "approval", as: person).problem == "level-above-decides")
            #expect(await family.decide(change, "refusal", as: person).problem == "level-above-decides")
            #expect(await family.scene.get("/team-changes/\(change)", as: person).status == .ok)
        }
        for person in [family.people[2].person, family.scene.stranger] {
            #expect(await family.decide(change, "approval", as: person).status == .notFound)
            #expect(await family.decide(change, "refusal", as: person).status == .notFound)
            #expect(await family.decide(change, "withdrawal", as: person).status == .notFound)
            #expect(await family.scene.get("/team-changes/\(change)", as: person).status == .notFound)
        }
        #expect(await family.scene.get("/team-changes/999", as: family.scene.city).status == .notFound)
    }

    @Test func `one change of a team waits at a time, until it is refused or taken back`() async throws {
        let family = try await family()
        let first = try #require(await family.rename("甲小队", as: family.leader).json["id"]?.integer)
        for person in [family.leader, family.scene.community, family.scene.city] {
            #expect(await family.rename("乙小队", as: person).problem == "team-change-pending")
        }
        let refused = await family.decide(first, "refusal", as: family.scene.street)
        #expect(refused.json["state"]?.string == "refused")
        #expect(refused.json["decisionReason"]?.string == "名称不妥")
        #expect(await family.decide(first, "refusal", as: family.scene.street).status == .ok)
        let second = try #require(await family.rename("乙小队", as: family.leader).json["id"]?.integer)
        for _ in 1...2 {
            #expect(await family.decide(second, "withdrawal", as: family.leader).json["state"]?.string == "withdrawn")
        }
        #expect(await family.decide(second, "approval", as: family.above).status == .conflict)
        #expect(await family.rename("丙小队", as: family.leader).status == .created)
        let own = await family.scene.get("/team-changes?limit=2", as: family.leader)
        #expect(own.json["items"]?.array.compactMap { $0["state"]?.string } == ["proposed", "withdrawn"])
        let above = await family.scene.get("/team-changes?side=leader&state=proposed", as: family.above)
        #expect(above.json["items"]?.array.count == 1)
        #expect(await family.scene.get("/team-changes?side=staff", as: family.leader).status == .forbidden)
        #expect(await family.scene.get("/team-changes?side=staff", as: family.scene.stranger).ids == [])
        #expect(await family.scene.get("/team-changes?side=any", as: family.leader).status == .badRequest)
    }

    @Test func `two proposals at once: one waits, one is refused`() async throws {
        let family = try await family()
        async let first = family.rename("甲小队", as: family.leader)
        async let second = family.rename("乙小队", as: family.scene.community)
        let answers = [await first, await second]
        #expect(answers.count { $0.status == .created } == 1)
        #expect(answers.count { $0.problem == "team-change-pending" } == 1)
    }

    @Test func `approval and refusal at once: the first wins`() async throws {
        let family = try await family()
        let change = try #require(await family.rename("甲小队", as: family.leader).json["id"]?.integer)
        async let yes = family.decide(change, "approval", as: family.above)
        async let no = family.decide(change, "refusal", as: family.scene.street)
        let answers = [await yes, await no]
        #expect(answers.count { $0.status == .ok } == 1 && answers.count { $0.status == .conflict } == 1)
        let name = await family.state(of: family.squad)["name"]?.string
        #expect(name == (answers[0].status == .ok ? "甲小队" : "社区小队"))
    }

    @Test(arguments: [
        (#"{"kind": "rename", "teamId": 1}"#, "/name"), (#"{"kind": "close", "teamId": 1}"#, "/reason"),
        (#"{"kind": "merge", "teamId": 1, "reason": "精简"}"#, "/successorId"),
        (#"{"kind": "leader", "teamId": 1, "leaderId": 1, "name": "多余"}"#, "/name"), (#"{"kind": "found"}"#, "/team"),
        (#"{"kind": "found", "team": {"stationId": 6, "name": "一", "leaderId": 1}}"#, "/team/name"),
        (#"{"kind": "found", "team": {"stationId": 99, "name": "一队", "leaderId": 1}}"#, "/team/stationId"),
        (#"{"kind": "found", "team": {"stationId": 6, "name": "一队", "leaderId": 99}}"#, "/team/leaderId"),
        (#"{"kind": "move", "teamId": 1, "parentId": 99}"#, "/parentId"),
        (#"{"kind": "move", "teamId": 99}"#, "/teamId"),
        (#"{"kind": "merge", "teamId": 1, "successorId": 99, "reason": "精简"}"#, "/successorId"),
        (#"{"kind": "leader", "teamId": 1, "leaderId": 99}"#, "/leaderId"),
    ]) func `a proposal has the fields of its kind, and they name something`(json: String, pointer: String) async throws
    {
        let family = try await family()
        let answer = await family.scene.propose(json, as: family.scene.city)
        #expect(answer.status == .unprocessableContent)
        #expect(answer.json["errors"]?[0]?["pointer"]?.string == pointer)
    }

    @Test func `a team below another is founded by review`() async throws {
        let family = try await family()
        let draft = TeamScene.draft("二小队", family.people[2], parent: family.brigade)
        let direct = await family.scene.post("/teams", draft, as: family.scene.community)
        #expect(direct.problem == "level-above-decides")
        let proposed = await family.scene.propose(#"{"kind": "found", "team": \#(draft)}"#, as: family.scene.community)
        #expect(proposed.json["state"]?.string == "proposed" && proposed.json["teamId"] == .null)
        let change = try #require(proposed.json["id"]?.integer)
        let applied = await family.decide(change, "approval", as: family.above)
        let team = try #require(applied.json["teamId"]?.integer)
        #expect(await family.state(of: team)["parentId"]?.integer == family.brigade)
        #expect(await family.state(of: team)["leaderId"]?.integer == family.people[2].id)
    }

    @Test func `a leader founds teams below their own, within their part of the city`() async throws {
        let family = try await family()
        let near = TeamScene.draft("二小队", family.people[2], parent: family.brigade)
        let made = await family.scene.propose(#"{"kind": "found", "team": \#(near)}"#, as: family.above)
        #expect(made.json["state"]?.string == "applied")
        let far = TeamScene.draft(
            "三小队", family.people[2], station: TestClient.otherCommunity, parent: family.brigade)
        for person in [family.above, family.leader] {
            let answer = await family.scene.propose(#"{"kind": "found", "team": \#(far)}"#, as: person)
            #expect(answer.problem == "not-a-team-manager")
        }
        let upside = TeamScene.draft("四队", family.people[2], level: "general", parent: family.brigade)
        let refused = await family.scene.propose(#"{"kind": "found", "team": \#(upside)}"#, as: family.scene.community)
        #expect(refused.problem == "team-structure")
    }

    @Test func `staff of a team run it and what is below, and decide for the level above`() async throws {
        let family = try await family()
        let scene = family.scene
        let staff = try scene.client.staff(.stationManager, at: TestClient.otherCommunity)
        try scene.client.services.writer.writeAndWait { db in
            try db.run(
                "UPDATE role_grant SET station_id = NULL, team_id = \(family.brigade) WHERE account_id = \(staff.account)"
            )
        }
        scene.client.services.sessions.advance()
        let change = try #require(await family.rename("红马甲小队", as: family.leader).json["id"]?.integer)
        #expect(await scene.get("/team-changes?side=staff&state=proposed", as: staff).ids == [change])
        #expect(await family.decide(change, "approval", as: staff).json["state"]?.string == "applied")
        let path = "/teams/\(family.squad)/members/\(family.people[0].id)"
        #expect(await scene.put(path, as: staff).status == .ok)
        let below = TeamScene.draft("二小队", family.people[2], parent: family.brigade)
        #expect(await scene.post("/teams", below, as: staff).status == .created)
        #expect(await scene.post("/teams", TeamScene.draft("三小队", family.people[2]), as: staff).status == .forbidden)
        let other = try await scene.team("别的队", family.people[0])
        #expect(await scene.put("/teams/\(other)/members/\(family.people[2].id)", as: staff).status == .forbidden)
    }

    @Test func `a waiting foundation is judged by what is then`() async throws {
        let family = try await family()
        let draft = TeamScene.draft("二小队", family.people[2], parent: family.brigade)
        let proposed = await family.scene.propose(#"{"kind": "found", "team": \#(draft)}"#, as: family.scene.community)
        let change = try #require(proposed.json["id"]?.integer)
        _ = await family.scene.propose(#"{"kind": "move", "teamId": \#(family.squad)}"#, as: family.scene.street)
        let closed = await family.scene.propose(
            #"{"kind": "close", "teamId": \#(family.brigade), "reason": "机构调整"}"#, as: family.scene.street)
        #expect(closed.json["state"]?.string == "applied")
        #expect(await family.decide(change, "approval", as: family.scene.street).problem == "team-closed")
        #expect(await family.decide(change, "refusal", as: family.above).status == .notFound, "leads nothing any more")
        #expect(await family.decide(change, "refusal", as: family.scene.street).status == .ok)
    }

    @Test func `a new leader comes from the members`() async throws {
        let family = try await family()
        func hand(to person: Int) async -> TestClient.Answer {
            await family.scene.propose(
                #"{"kind": "leader", "teamId": \#(family.squad), "leaderId": \#(family.people[person].id)}"#,
                as: family.leader)
        }
        #expect(await hand(to: 0).status == .conflict)
        let change = try #require(await hand(to: 2).json["id"]?.integer)
        #expect(await family.decide(change, "approval", as: family.above).status == .ok)
        #expect(await family.state(of: family.squad)["leaderId"]?.integer == family.people[2].id)
        #expect(await family.scene.teams(of: family.people[1]).map(\.role) == ["member"])
        #expect(await family.scene.delete("/me/teams/\(family.squad)", as: family.leader).status == .noContent)
        let left = await family.scene.delete("/me/teams/\(family.squad)", as: family.people[2].person)
        #expect(left.problem == "leader-must-hand-over")
    }

    @Test func `a new leader who left meanwhile is not made one`() async throws {
        let family = try await family()
        let proposed = await family.scene.propose(
            #"{"kind": "leader", "teamId": \#(family.squad), "leaderId": \#(family.people[2].id)}"#, as: family.leader)
        let change = try #require(proposed.json["id"]?.integer)
        _ = await family.scene.delete("/me/teams/\(family.squad)", as: family.people[2].person)
        #expect(await family.decide(change, "approval", as: family.above).status == .conflict)
        #expect(
            await family.scene.get("/team-changes/\(change)", as: family.leader).json["state"]?.string == "proposed")
        #expect(await family.state(of: family.squad)["leaderId"]?.integer == family.people[1].id)
    }

    @Test func `a name that is taken is refused, and free again when its team is closed`() async throws {
        let family = try await family()
        let other = try await family.scene.team("红马甲小队", family.people[0])
        #expect(await family.rename("红马甲小队", as: family.leader).status == .conflict)
        #expect(await family.rename("红马甲小队", as: family.scene.city).status == .conflict)
        _ = await family.scene.propose(
            #"{"kind": "close", "teamId": \#(other), "reason": "任务完成"}"#, as: family.scene.city)
        #expect(await family.rename("红马甲小队", as: family.leader).status == .created)
    }
}
