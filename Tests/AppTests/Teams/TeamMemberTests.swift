import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Team members") struct TeamMemberTests {
    @Test func `the public sees leader and deputies with masked names`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...3)
        let team = try await scene.team("帮帮队", people[0])
        for member in people.dropFirst() { try await scene.add(member, to: team) }
        _ = await scene.put("/teams/\(team)/members/\(people[1].id)/role", #"{"role": "deputy"}"#, as: people[0].person)
        for outsider in [nil, scene.stranger] {
            let seen = await scene.get("/teams/\(team)/members", as: outsider).json["items"]?.array ?? []
            #expect(seen.compactMap { $0["role"]?.string } == ["leader", "deputy"])
            #expect(seen.allSatisfy { $0["name"]?.string == "李*愿" && $0["volunteerId"] == .null })
            #expect(seen.allSatisfy { $0["phone"] == .null && $0["number"] == .null })
        }
        #expect(await scene.get("/teams/\(team)/members?role=member").json["items"]?.array == [])
        let short = await scene.get("/teams/\(team)/members?limit=1")
        #expect(short.json["items"]?.array.count == 2)
        #expect(short.json["next"] == .null, "a cursor would be somebody's id")
        #expect(short.value(of: .link) == nil)
    }

    @Test func `members see names, minors' masked, and those who run the team see numbers`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...3)
        let team = try await scene.team("帮帮队", people[0])
        for member in people.dropFirst() { try await scene.join(member, team) }
        try scene.client.services.writer.writeAndWait { db in
            try db.run("UPDATE volunteer SET birth_date = '2012-01-01' WHERE id = \(people[2].id)")
        }
        let inside = await scene.get("/teams/\(team)/members", as: people[1].person).json["items"]?.array ?? []
        #expect(inside.compactMap { $0["name"]?.string } == ["李*愿", "李志愿", "李*愿"], "the city named the leader")
        #expect(inside.allSatisfy { $0["phone"] == .null && $0["number"] == .null })
        for (manager, minor) in [(people[0].person, "李志愿"), (scene.city, "李志愿"), (scene.district, "李*愿")] {
            let all = await scene.get("/teams/\(team)/members", as: manager).json["items"]?.array ?? []
            #expect(all.compactMap { $0["name"]?.string } == ["李志愿", "李志愿", minor])
            #expect(all.allSatisfy { $0["phone"]?.string?.contains("****") == true })
            #expect(all.allSatisfy { $0["number"]?.string?.count == 12 })
        }
        let page = await scene.get("/teams/\(team)/members?limit=2", as: scene.city)
        let next = try #require(page.json["next"]?.string)
        let rest = await scene.get("/teams/\(team)/members?limit=2&cursor=\(next)", as: scene.city)
        #expect(rest.json["items"]?.array.compactMap { $0["volunteerId"]?.integer } == [people[2].id])
        #expect(await scene.get("/teams/\(team)/members?role=chief").status == .badRequest)
        #expect(await scene.get("/teams/999/members").status == .notFound)
    }

    @Test func `whom staff put into a team stays unknown to all who may not look them up`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...4)
        let made = await scene.post("/teams", TeamScene.draft("帮帮队", people[0]), as: scene.community)
        let team = try #require(made.json["id"]?.integer)
        let (asker, deputy, added) = (people[1], people[2], people[3])
        for person in [asker, deputy] { try await scene.join(person, team) }
        #expect(await scene.put("/teams/\(team)/members/\(added.id)", as: scene.community).status == .ok)
        _ = await scene.put("/teams/\(team)/members/\(deputy.id)/role", #"{"role": "deputy"}"#, as: scene.community)
        func numbered(_ viewer: TestClient.Person) async -> [Bool] {
            let items = await scene.get("/teams/\(team)/members", as: viewer).json["items"]?.array ?? []
            #expect(items.allSatisfy { ($0["number"] == .null) == ($0["phone"] == .null) })
            #expect(items.allSatisfy { $0["number"] == .null || $0["name"]?.string == "李志愿" })
            return items.map { $0["number"] != .null }
        }
        #expect(await numbered(scene.community) == [false, true, true, false])
        #expect(await numbered(deputy.person) == [false, true, true, false])
        #expect(await numbered(people[0].person) == [true, true, true, false])
        #expect(await numbered(scene.district) == [true, true, true, true], "they live there")
        let seen = await scene.get("/teams/\(team)/members", as: asker.person).json["items"]?.array ?? []
        #expect(seen.map { $0["name"]?.string } == ["李*愿", "李志愿", "李志愿", "李*愿"])
        // What a volunteer does there of their own makes them known.
        let activity = try await scene.client.activity(by: scene.community)
        let signedUp = await scene.post("/activities/\(activity)/sign-ups", "{}", as: added.person)
        #expect(signedUp.status == .created, "\(signedUp.text)")
        #expect(await numbered(scene.community) == [false, true, true, true])
    }

    @Test func `a minor whom staff put into a team they lead themselves stays unknown to them`() async throws {
        let scene = try TeamScene()
        let (leader, minor) = (try await scene.volunteer(1), try await scene.volunteer(2))
        try scene.client.run("UPDATE volunteer SET birth_date = '2012-01-01' WHERE id = \(minor.id)")
        try scene.client.consent(for: minor.id)
        try scene.client.promote(leader.person, .stationManager, at: TestClient.district)
        let made = await scene.post("/teams", TeamScene.draft("帮帮队", leader), as: leader.person)
        let team = try #require(made.json["id"]?.integer, "\(made.text)")
        #expect(await scene.put("/teams/\(team)/members/\(minor.id)", as: leader.person).status == .ok)
        let seen = await scene.get("/teams/\(team)/members", as: leader.person).json["items"]?.array ?? []
        #expect(seen.map { $0["name"]?.string } == ["李志愿", "李*愿"])
    }

    @Test func `who leads a team is told to those inside, by id, and to nobody else`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...2)
        let team = try await scene.team("帮帮队", people[0])
        try await scene.join(people[1], team)
        for insider in [people[0].person, people[1].person, scene.community] {
            #expect(await scene.get("/teams/\(team)", as: insider).json["leaderId"]?.integer == people[0].id)
        }
        for outsider in [nil, scene.stranger] {
            #expect(await scene.get("/teams/\(team)", as: outsider).json["leaderId"] == .null)
        }
        #expect(await scene.get("/teams").json["items"]?[0]?["leaderId"] == .null)
    }

    @Test func `staff add and remove members, and doing it again changes nothing`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...2)
        let team = try await scene.team("帮帮队", people[0])
        let path = "/teams/\(team)/members/\(people[1].id)"
        for _ in 1...2 { #expect(await scene.put(path, as: scene.community).json["memberCount"]?.integer == 2) }
        #expect(await scene.put(path, as: scene.stranger).status == .forbidden)
        #expect(await scene.put(path, as: people[0].person).status == .forbidden)
        #expect(await scene.put("/teams/\(team)/members/999", as: scene.city).status == .notFound)
        #expect(await scene.delete(path, as: scene.stranger).status == .forbidden)
        func removeAsSeen() async -> TestClient.Answer {
            await scene.client.send(
                .delete, "/api/v1\(path)", token: scene.community.token, fields: [("If-Match", "\"9-0\"")])
        }
        #expect(await removeAsSeen().problem == "stale", "the version of the team, as adding answers with it")
        for _ in 1...2 { #expect(await scene.delete(path, as: scene.community).status == .noContent) }
        #expect(await removeAsSeen().status == .noContent, "what is done already is answered as before")
        let leader = await scene.delete("/teams/\(team)/members/\(people[0].id)", as: scene.community)
        #expect(leader.problem == "leader-must-hand-over")
    }

    @Test func `roles are given by leader and staff, to members, within the limit`() async throws {
        let scene = try TeamScene { $0.teamDeputies = 1 }
        let people = try await scene.volunteers(1...4)
        let team = try await scene.team("帮帮队", people[0])
        for member in people[1...2] { try await scene.add(member, to: team) }
        func give(_ role: String, to person: Int, as giver: TestClient.Person) async -> TestClient.Answer {
            await scene.put("/teams/\(team)/members/\(people[person].id)/role", #"{"role": "\#(role)"}"#, as: giver)
        }
        for _ in 1...2 { #expect(await give("deputy", to: 1, as: people[0].person).status == .noContent) }
        #expect(await give("deputy", to: 2, as: people[0].person).problem == "deputies-full")
        #expect(await give("recorder", to: 2, as: scene.community).status == .noContent)
        #expect(await give("recorder", to: 2, as: people[1].person).problem == "not-a-team-manager")
        #expect(await give("member", to: 1, as: scene.stranger).status == .forbidden)
        #expect(await give("member", to: 0, as: scene.community).problem == "leader-must-hand-over")
        #expect(await give("deputy", to: 3, as: scene.community).status == .notFound)
        #expect(await give("leader", to: 1, as: scene.community).status == .badRequest)
    }

    @Test func `leaving and removal are noted, with the reason`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...3)
        let team = try await scene.team("帮帮队", people[0])
        for member in people.dropFirst() { try await scene.add(member, to: team) }
        for _ in 1...2 { #expect(await scene.delete("/me/teams/\(team)", as: people[1].person).status == .noContent) }
        let leader = await scene.delete("/me/teams/\(team)", as: people[0].person)
        #expect(leader.problem == "leader-must-hand-over")
        let removal = "/teams/\(team)/members/\(people[2].id)/removal"
        let reason = #"{"reason": "长期不参加活动"}"#
        #expect(await scene.put(removal, reason, as: people[2].person).status == .forbidden)
        #expect(await scene.put(removal, reason, as: people[1].person).status == .forbidden)
        #expect(await scene.put(removal, #"{"reason": ""}"#, as: people[0].person).status == .unprocessableContent)
        #expect(await scene.put(removal, reason, as: people[0].person).status == .noContent)
        let own = "/teams/\(team)/members/\(people[0].id)/removal"
        #expect(await scene.put(own, reason, as: scene.city).problem == "leader-must-hand-over")
        let events = await scene.get("/teams/\(team)/member-events", as: people[0].person).json["items"]?.array ?? []
        #expect(events.compactMap { $0["kind"]?.string } == ["removed", "left", "added", "added", "founded"])
        #expect(events.first?["reason"]?.string == "长期不参加活动")
        #expect(await scene.get("/teams/\(team)/member-events", as: people[1].person).status == .forbidden)
        #expect(await scene.get("/teams/\(team)/member-events", as: scene.stranger).status == .forbidden)
    }

    @Test func `the first team is the main one, until another is chosen or it is left`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...2)
        let member = people[1]
        var teams: [Int64] = []
        for name in ["甲队", "乙队", "丙队"] {
            teams.append(try await scene.team(name, people[0]))
            try await scene.add(member, to: teams[teams.count - 1])
            scene.client.advance(minutes: 1)
        }
        #expect(await scene.teams(of: member).map(\.id) == teams)
        #expect(await scene.teams(of: member).map(\.isMain) == [true, false, false])
        let chosen = await scene.put("/me/main-team", #"{"teamId": \#(teams[2])}"#, as: member.person)
        #expect(chosen.json["items"]?.array.first?["team"]?["id"]?.integer == teams[2])
        _ = await scene.delete("/me/teams/\(teams[2])", as: member.person)
        #expect(await scene.teams(of: member).map(\.id) == [teams[0], teams[1]])
        #expect(await scene.teams(of: member).map(\.isMain) == [true, false])
        let foreign = await scene.put("/me/main-team", #"{"teamId": \#(teams[2])}"#, as: member.person)
        #expect(foreign.json["errors"]?[0]?["pointer"]?.string == "/teamId")
        for team in teams { _ = await scene.delete("/me/teams/\(team)", as: member.person) }
        #expect(await scene.teams(of: member).isEmpty)
    }

    @Test func `nobody is in more teams than allowed, not even as leader`() async throws {
        let scene = try TeamScene { $0.teamsPerVolunteer = 1 }
        let people = try await scene.volunteers(1...2)
        _ = try await scene.team("甲队", people[0])
        let second = try await scene.team("乙队", people[1])
        let added = await scene.put("/teams/\(second)/members/\(people[0].id)", as: scene.city)
        #expect(added.problem == "too-many-teams")
        let founded = await scene.post("/teams", TeamScene.draft("丙队", people[0]), as: scene.city)
        #expect(founded.problem == "too-many-teams")
        #expect(await scene.get("/teams").ids.count == 2, "the refused team is not there")
    }

    @Test func `the last place goes to one of those who come at once`() async throws {
        let scene = try TeamScene { $0.teamMembers = 3 }
        let people = try await scene.volunteers(1...6)
        let team = try await scene.team("帮帮队", people[0])
        let answers = await withTaskGroup(of: TestClient.Answer.self) { group in
            for person in people.dropFirst() {
                group.addTask { await scene.put("/teams/\(team)/members/\(person.id)", as: scene.city) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count { $0.status == .ok } == 2)
        #expect(answers.count { $0.problem == "team-full" } == 3)
    }
}

@Suite("Teams of older databases") struct TeamMigrationTests {
    @Test func `teams become ordinary squads with leader, main team and search`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/old.db"
        let older = Array(Migrations.all.prefix { $0.name != "grow teams" })
        try Migrator(migrations: older, applicationID: Migrations.migrator.applicationID).migrate(path: path) { 0 }
        let writer = try Writer(path: path, clock: { 100 })
        try writer.writeAndWait { db in
            try db.run(
                "INSERT INTO station (path, kind, name, is_position_approximate, created_at, updated_at) VALUES ('/1/', 'city', '指导中心', 0, 1, 1)"
            )
            for id in 1...3 {
                try db.run("INSERT INTO account (created_at) VALUES (1)")
                try db.run(
                    """
                    INSERT INTO volunteer (account_id, name, sex, birth_date, phone, residence_code, categories, skills,
                        created_at, updated_at)
                    VALUES (\(id), '李志愿', 'male', '1990-01-01', '+8613900000001', '510104', '[]', '[]', 1, 1)
                    """)
            }
            for (name, leader) in [("邻里帮帮队", 1), ("巾帼队", 2)] {
                try db.run(
                    "INSERT INTO team (station_id, name, leader_id, created_at) VALUES (1, \(name), \(leader), 5)")
            }
            for (team, volunteer, at) in [(1, 1, 5), (1, 3, 9), (2, 3, 7)] {
                try db.run("INSERT INTO team_member VALUES (\(team), \(volunteer), \(at))")
            }
            try db.run(
                """
                INSERT INTO demand_ticket (requester_id, station_id, title, detail, category, address, contact_phone, state,
                    team_id, created_at, updated_at)
                VALUES (1, 1, '陪诊', '陪诊', '17', '一号', '+8613900000001', 'dispatched', 1, 1, 1)
                """)
        }
        writer.stop()
        try Migrations.migrator.migrate(path: path) { 0 }
        let database = try Database(path: path)
        let members: [String] = try database.values(
            """
            SELECT team_id || ' ' || volunteer_id || ' ' || role || ' ' || is_main FROM team_member
            ORDER BY team_id, volunteer_id
            """)
        #expect(members == ["1 1 leader 1", "1 3 member 0", "2 2 leader 1", "2 3 member 1"])
        let teams: [String] = try database.values("SELECT path || level || kind || state FROM team ORDER BY id")
        #expect(teams == ["/1/squadordinaryactive", "/2/squadordinaryactive"])
        let query = try #require(Bigrams.query("帮帮"))
        #expect(try database.values("SELECT rowid FROM team_fts WHERE team_fts MATCH \(query)", as: Int.self) == [1])
        #expect(try IntegrityCheck(of: database).damage == [])
    }
}
