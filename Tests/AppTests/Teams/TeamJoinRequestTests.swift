import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Requests to join a team") struct TeamJoinRequestTests {
    @Test func `a volunteer asks, the leader agrees, and agreeing again changes nothing`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...2)
        let team = try await scene.team("帮帮队", people[0])
        let request = try await scene.request(people[1], to: team)
        let waiting = await scene.get("/teams/\(team)/join-requests?state=open", as: people[0].person)
        #expect(waiting.ids == [request])
        #expect(waiting.json["items"]?[0]?["volunteerName"]?.string == "李志愿")
        for _ in 1...2 {
            let answer = await scene.put("/join-requests/\(request)/approval", as: people[0].person)
            #expect(answer.json["state"]?.string == "approved")
        }
        #expect(await scene.teams(of: people[1]).map(\.role) == ["member"])
        #expect(await scene.get("/me/join-requests?state=approved", as: people[1].person).ids == [request])
        let events = await scene.get("/teams/\(team)/member-events", as: people[0].person).json["items"]?.array ?? []
        #expect(events.compactMap { $0["kind"]?.string } == ["joined", "founded"])
    }

    @Test func `a refusal has a reason, and only those who run the team decide`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...3)
        let team = try await scene.team("帮帮队", people[0])
        let request = try await scene.request(people[1], to: team)
        for person in [people[1].person, people[2].person, scene.stranger] {
            #expect(await scene.put("/join-requests/\(request)/approval", as: person).status == .notFound)
            #expect(
                await scene.put("/join-requests/\(request)/refusal", #"{"reason": "不行"}"#, as: person).status
                    == .notFound)
            #expect(await scene.get("/teams/\(team)/join-requests", as: person).status == .forbidden)
        }
        let refusal = "/join-requests/\(request)/refusal"
        #expect(await scene.put(refusal, #"{"reason": " "}"#, as: scene.community).status == .unprocessableContent)
        for _ in 1...2 {
            let answer = await scene.put(refusal, #"{"reason": "人员已满"}"#, as: scene.community)
            #expect(answer.json["state"]?.string == "refused" && answer.json["reason"]?.string == "人员已满")
        }
        let late = await scene.put("/join-requests/\(request)/approval", as: people[0].person)
        #expect(late.status == .conflict && late.json["state"]?.string == "refused")
        _ = try await scene.request(people[1], to: team)
    }

    @Test func `one's own request can be taken back, another's does not exist`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...3)
        let team = try await scene.team("帮帮队", people[0])
        let request = try await scene.request(people[1], to: team)
        #expect(await scene.put("/join-requests/\(request)/cancellation", as: people[2].person).status == .notFound)
        for _ in 1...2 {
            let answer = await scene.put("/join-requests/\(request)/cancellation", as: people[1].person)
            #expect(answer.json["state"]?.string == "cancelled")
        }
        let late = await scene.put("/join-requests/\(request)/approval", as: scene.city)
        #expect(late.status == .conflict)
    }

    @Test func `what cannot be asked for`() async throws {
        let scene = try TeamScene { $0.joinRequestsPerVolunteer = 2 }
        let people = try await scene.volunteers(1...2)
        var teams: [Int64] = []
        for name in ["甲队", "乙队", "丙队", "丁队"] { teams.append(try await scene.team(name, people[0])) }
        func ask(_ team: Int64, _ json: String = "{}", as person: TestClient.Person? = nil) async -> TestClient.Answer {
            await scene.post("/teams/\(team)/join-requests", json, as: person ?? people[1].person)
        }
        #expect(await ask(teams[0]).status == .created)
        #expect(await ask(teams[0]).status == .conflict, "one open request for each team")
        #expect(await ask(teams[1]).status == .created)
        #expect(await ask(teams[2]).problem == "too-many-open-requests")
        #expect(await ask(teams[0], as: people[0].person).problem == "already-a-member")
        #expect(await ask(999).status == .notFound)
        #expect(await ask(teams[0], as: try scene.client.resident(88)).problem == "not-a-volunteer")
        #expect(await ask(teams[2], #"{"note": ""}"#).status == .unprocessableContent)
        let foreign = await ask(teams[2], #"{"fromTeamId": \#(teams[3])}"#)
        #expect(foreign.json["errors"]?[0]?["pointer"]?.string == "/fromTeamId")
        let stays = try await scene.volunteer(3)
        let own = try await scene.team("戊队", stays)
        let leader = await ask(teams[2], #"{"fromTeamId": \#(own)}"#, as: stays.person)
        #expect(leader.problem == "leader-must-hand-over")
    }

    @Test func `a request lapses when its team closes, and a closed team takes none`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...2)
        let team = try await scene.team("帮帮队", people[0])
        let request = try await scene.request(people[1], to: team)
        let closed = await scene.propose(
            #"{"kind": "close", "teamId": \#(team), "reason": "任务完成"}"#, as: scene.community)
        #expect(closed.json["state"]?.string == "applied")
        #expect(
            await scene.get("/me/join-requests", as: people[1].person).json["items"]?[0]?["state"]?.string == "lapsed")
        let late = await scene.put("/join-requests/\(request)/approval", as: scene.city)
        #expect(late.status == .conflict && late.json["state"]?.string == "lapsed")
        let again = await scene.post("/teams/\(team)/join-requests", "{}", as: people[1].person)
        #expect(again.problem == "team-closed" && again.json["state"]?.string == "closed")
        #expect(await scene.put("/teams/\(team)/members/\(people[1].id)", as: scene.city).problem == "team-closed")
    }

    @Test func `staff who add somebody settle the request`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...2)
        let team = try await scene.team("帮帮队", people[0])
        _ = try await scene.request(people[1], to: team)
        try await scene.add(people[1], to: team)
        let own = await scene.get("/me/join-requests", as: people[1].person)
        #expect(own.json["items"]?[0]?["state"]?.string == "approved")
    }

    private func asked(_ scene: TeamScene) async throws -> (team: Int64, people: [TeamScene.Volunteer], ids: [Int64]) {
        let people = try await scene.volunteers(1...4)
        try scene.client.run(
            "UPDATE volunteer SET birth_date = '2012-01-01' WHERE id IN (\(people[2].id), \(people[3].id))")
        for minor in people[2...] { try scene.client.consent(for: minor.id) }
        let team = try await scene.team("帮帮队", people[0])
        var ids: [Int64] = []
        for person in people.dropFirst() { ids.append(try await scene.request(person, to: team)) }
        return (team, people, ids)
    }

    @Test func `staff read a minor's name only with the right to, leader and deputies that of whoever asks`()
        async throws
    {
        let scene = try TeamScene()
        let (team, people, ids) = try await asked(scene)
        func names(_ person: TestClient.Person) async -> [String?] {
            let items = await scene.get("/teams/\(team)/join-requests", as: person).json["items"]?.array ?? []
            return items.map { $0["volunteerName"]?.string }
        }
        #expect(await names(scene.district) == ["李*愿", "李*愿", "李志愿"])
        #expect(await names(scene.city) == ["李志愿", "李志愿", "李志愿"])
        #expect(await names(people[0].person) == ["李志愿", "李志愿", "李志愿"])
        let (approval, refusal) = ("/join-requests/\(ids[1])/approval", "/join-requests/\(ids[2])/refusal")
        let reason = #"{"reason": "人员已满"}"#
        for _ in 1...2 {
            let approved = await scene.put(approval, as: scene.district)
            #expect(approved.json["state"]?.string == "approved")
            #expect(approved.json["volunteerName"]?.string == "李*愿")
            let refused = await scene.put(refusal, reason, as: scene.district)
            #expect(refused.json["state"]?.string == "refused")
            #expect(refused.json["volunteerName"]?.string == "李*愿")
        }
        #expect(await scene.put(refusal, reason, as: people[0].person).json["volunteerName"]?.string == "李志愿")
        let own = await scene.get("/me/join-requests", as: people[2].person)
        #expect(own.json["items"]?[0]?["volunteerName"]?.string == "李志愿")
    }

    @Test func `the right to minors opens the name of one from elsewhere once they have joined`() async throws {
        let scene = try TeamScene()
        let (team, _, ids) = try await asked(scene)
        let local = try scene.client.staff(.administrator, at: TestClient.community)
        let waiting = await scene.get("/teams/\(team)/join-requests", as: local)
        #expect(waiting.json["items"]?[1]?["volunteerName"]?.string == "李*愿")
        let approved = await scene.put("/join-requests/\(ids[1])/approval", as: local)
        #expect(approved.json["volunteerName"]?.string == "李志愿")
        let refused = await scene.put("/join-requests/\(ids[2])/refusal", #"{"reason": "人员已满"}"#, as: local)
        #expect(refused.json["volunteerName"]?.string == "李*愿")
    }

    @Test func `a change of teams leaves the old one at the moment the new one agrees`() async throws {
        let scene = try TeamScene { $0.teamsPerVolunteer = 1 }
        let people = try await scene.volunteers(1...3)
        let old = try await scene.team("甲队", people[0])
        let new = try await scene.team("乙队", people[1])
        try await scene.add(people[2], to: old)
        let request = try await scene.request(people[2], to: new, from: old)
        #expect(await scene.teams(of: people[2]).map(\.id) == [old])
        #expect(await scene.put("/join-requests/\(request)/approval", as: people[0].person).status == .notFound)
        #expect(await scene.put("/join-requests/\(request)/approval", as: people[1].person).status == .ok)
        let teams = await scene.teams(of: people[2])
        #expect(teams.map(\.id) == [new] && teams.map(\.isMain) == [true])
        let left = await scene.get("/teams/\(old)/member-events", as: people[0].person)
        #expect(left.json["items"]?[0]?["kind"]?.string == "transferred")
    }

    @Test func `a change into a full team leaves everything as it was`() async throws {
        let scene = try TeamScene { $0.teamMembers = 2 }
        let people = try await scene.volunteers(1...4)
        let old = try await scene.team("甲队", people[0])
        let new = try await scene.team("乙队", people[1])
        try await scene.add(people[2], to: old)
        try await scene.add(people[3], to: new)
        let request = try await scene.request(people[2], to: new, from: old)
        #expect(await scene.put("/join-requests/\(request)/approval", as: people[1].person).problem == "team-full")
        #expect(await scene.teams(of: people[2]).map(\.id) == [old])
        #expect(await scene.get("/me/join-requests?state=open", as: people[2].person).ids == [request])
    }

    @Test func `two who agree at once make one member`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...2)
        let team = try await scene.team("帮帮队", people[0])
        let request = try await scene.request(people[1], to: team)
        async let first = scene.put("/join-requests/\(request)/approval", as: people[0].person)
        async let second = scene.put("/join-requests/\(request)/approval", as: scene.community)
        #expect(await first.status == .ok)
        #expect(await second.status == .ok)
        let events = await scene.get("/teams/\(team)/member-events", as: people[0].person).json["items"]?.array ?? []
        #expect(events.compactMap { $0["kind"]?.string } == ["joined", "founded"])
    }

    @Test func `agreeing and refusing at once: one wins, and membership follows it`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...2)
        let team = try await scene.team("帮帮队", people[0])
        let request = try await scene.request(people[1], to: team)
        async let yes = scene.put("/join-requests/\(request)/approval", as: people[0].person)
        async let no = scene.put("/join-requests/\(request)/refusal", #"{"reason": "人员已满"}"#, as: scene.community)
        let answers = [await yes, await no]
        #expect(answers.count { $0.status == .ok } == 1 && answers.count { $0.status == .conflict } == 1)
        #expect(await scene.teams(of: people[1]).count == (answers[0].status == .ok ? 1 : 0))
    }

    @Test func `agreeing while the team closes: one of both is refused`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...2)
        let team = try await scene.team("帮帮队", people[0])
        let request = try await scene.request(people[1], to: team)
        async let approval = scene.put("/join-requests/\(request)/approval", as: people[0].person)
        async let closing = scene.propose(
            #"{"kind": "close", "teamId": \#(team), "reason": "任务完成"}"#, as: scene.community)
        let (approved, closed) = (await approval, await closing)
        let state = await scene.get("/teams/\(team)").json["state"]?.string
        if approved.status == .ok {
            #expect(closed.problem == "team-not-empty" && state == "active")
        } else {
            // After the closing the leader is no member any more, so the request is none of theirs.
            #expect(approved.status == .notFound && closed.status == .created && state == "closed")
        }
    }

    @Test func `the last place goes to one of two requests`() async throws {
        let scene = try TeamScene { $0.teamMembers = 2 }
        let people = try await scene.volunteers(1...3)
        let team = try await scene.team("帮帮队", people[0])
        let requests = [try await scene.request(people[1], to: team), try await scene.request(people[2], to: team)]
        async let first = scene.put("/join-requests/\(requests[0])/approval", as: people[0].person)
        async let second = scene.put("/join-requests/\(requests[1])/approval", as: scene.community)
        let answers = [await first, await second]
        #expect(answers.count { $0.status == .ok } == 1 && answers.count { $0.problem == "team-full" } == 1)
    }
}
