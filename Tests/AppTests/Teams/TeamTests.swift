import App
import HTTP
import Support
import Testing

@Suite("Teams") struct TeamTests {
    @Test func `which level may stand under which`() {
        let allowed: [(Team.Level, Set<Team.Level?>)] = [
            (.general, [nil, .general]), (.brigade, [nil, .general]), (.squad, [nil, .general, .brigade]),
            (.branch, [.general, .brigade, .squad]),
        ]
        for (level, parents) in allowed {
            for parent in Team.Level.allCases.map(Optional.some) + [nil] {
                #expect(level.mayStand(under: parent) == parents.contains(parent))
            }
        }
    }

    @Test func `teams stand under each other down to five levels`() async throws {
        let scene = try TeamScene()
        let leader = try await scene.volunteer(1)
        var path: [Int64] = []
        for (name, level) in [
            ("市总队", "general"), ("区总队", "general"), ("大队", "brigade"), ("小队", "squad"), ("分队", "branch"),
        ] {
            path.append(try await scene.team(name, leader, level: level, parent: path.last))
        }
        let branch = await scene.get("/teams/\(path[4])")
        #expect(branch.json["path"]?.array.compactMap(\.integer) == path)
        #expect(branch.json["parentId"]?.integer == path[3])
        #expect(await scene.get("/teams?parentId=\(path[1])").ids == [path[2]])
    }

    @Test func `a team that may not stand there is refused`() async throws {
        let scene = try TeamScene { $0.teamsPerVolunteer = 20 }
        let leader = try await scene.volunteer(1)
        let squad = try await scene.team("小队", leader)
        let alone = await scene.post("/teams", TeamScene.draft("分队", leader, level: "branch"), as: scene.city)
        #expect(alone.problem == "team-structure")
        let upside = await scene.post(
            "/teams", TeamScene.draft("大队", leader, level: "brigade", parent: squad), as: scene.city)
        #expect(upside.problem == "team-structure")
        var parent: Int64?
        for (name, level) in [("一", "general"), ("二", "general"), ("三", "general"), ("四", "brigade"), ("五", "squad")] {
            parent = try await scene.team("\(name)队", leader, level: level, parent: parent)
        }
        let deep = await scene.post(
            "/teams", TeamScene.draft("六队", leader, level: "branch", parent: parent), as: scene.city)
        #expect(deep.problem == "team-structure")
        let nowhere = await scene.post("/teams", TeamScene.draft("七队", leader, parent: 999), as: scene.city)
        #expect(nowhere.json["errors"]?[0]?["pointer"]?.string == "/parentId")
    }

    @Test func `a draft without the new fields is an ordinary squad`() async throws {
        let scene = try TeamScene()
        let leader = try await scene.volunteer(1)
        let made = await scene.post(
            "/teams", #"{"stationId": 6, "name": "邻里帮帮队", "leaderId": \#(leader.id)}"#, as: scene.street)
        #expect(made.status == .created)
        #expect(made.json["level"]?.string == "squad" && made.json["kind"]?.string == "ordinary")
        #expect(made.json["memberCount"]?.integer == 1)
        #expect(made.value(of: .etag)?.hasPrefix("\"1-") == true)
        let again = await scene.post(
            "/teams", #"{"stationId": 6, "name": "邻里帮帮队", "leaderId": \#(leader.id)}"#, as: scene.street)
        #expect(again.status == .conflict)
    }

    @Test(arguments: [
        (#", "kind": "themed""#, "/theme"), (#", "kind": "ordinary", "theme": "law""#, "/theme"),
        (
            #", "supervisingBody": {"name": "区委社会工作部", "creditCode": "51510100XX0000019M"}"#,
            "/supervisingBody/creditCode"
        ),
        (#", "categories": ["01", "23"]"#, "/categories/1"), (#", "categories": ["01", "01"]"#, "/categories"),
        (#", "contactPhone": "12""#, "/contactPhone"), (#", "contactName": "王""#, "/contactName"),
    ]) func `what breaks a rule is named`(more: String, pointer: String) async throws {
        let scene = try TeamScene()
        let leader = try await scene.volunteer(1)
        let answer = await scene.post("/teams", TeamScene.draft("帮帮队", leader, more: more), as: scene.city)
        #expect(answer.status == .unprocessableContent)
        #expect(answer.json["errors"]?[0]?["pointer"]?.string == pointer)
    }

    @Test func `staff found teams in their part of the city only`() async throws {
        let scene = try TeamScene()
        let leader = try await scene.volunteer(1)
        #expect(await scene.post("/teams", TeamScene.draft("甲队", leader), as: scene.stranger).status == .forbidden)
        #expect(await scene.post("/teams", TeamScene.draft("甲队", leader), as: leader.person).status == .forbidden)
        #expect(await scene.post("/teams", TeamScene.draft("甲队", leader), as: scene.community).status == .created)
    }

    @Test func `lists are filtered by place, kind, theme, level and words`() async throws {
        let scene = try TeamScene()
        let leader = try await scene.volunteer(1)
        let helpers = try await scene.team("邻里帮帮队", leader)
        let lecturers = try await scene.team(
            "巾帼宣讲团", leader, station: TestClient.street, more: #", "kind": "lecture", "theme": "women""#)
        let lawyers = try await scene.team(
            "律师队", leader, station: TestClient.otherCommunity, level: "brigade",
            more: #", "kind": "themed", "theme": "law", "supervisingBody": {"name": "武侯区司法局"}"#)
        let filters: [(String, [Int64])] = [
            ("", [helpers, lecturers, lawyers]), ("stationId=4", [lecturers]),
            ("stationId=4&includeSubtree=true", [helpers, lecturers]), ("stationId=99&includeSubtree=true", []),
            ("kind=themed", [lawyers]), ("theme=women", [lecturers]), ("level=brigade", [lawyers]),
            ("level=squad&kind=ordinary", [helpers]), ("state=closed", []),
            ("q=\(TestClient.escaped("帮帮"))", [helpers]), ("q=\(TestClient.escaped("司法局"))", [lawyers]),
            ("q=\(TestClient.escaped("没有"))", []),
        ]
        for (query, ids) in filters { #expect(await scene.get("/teams?\(query)").ids == ids, "\(query)") }
        for query in ["includeSubtree=true", "kind=good", "theme=any", "level=1", "state=gone", "parentId=x"] {
            #expect(await scene.get("/teams?\(query)").status == .badRequest, "\(query)")
        }
        let first = await scene.get("/teams?limit=2")
        #expect(first.ids == [helpers, lecturers])
        let next = try #require(first.json["next"]?.string)
        #expect(await scene.get("/teams?limit=2&cursor=\(next)").ids == [lawyers])
    }

    @Test func `the contact's telephone is for members and staff`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...2)
        let team = try await scene.team(
            "帮帮队", people[0], more: #", "contactName": "王小明", "contactPhone": "13900000009""#)
        for insider in [people[0].person, scene.community, scene.city] {
            #expect(await scene.get("/teams/\(team)", as: insider).json["contactPhone"]?.string == "+8613900000009")
        }
        for outsider in [nil, people[1].person, scene.stranger] {
            let answer = await scene.get("/teams/\(team)", as: outsider)
            #expect(answer.json["contactPhone"] == .null)
            #expect(answer.json["contactName"]?.string == "王小明")
        }
        #expect(!(await scene.get("/teams", as: scene.city).text.contains("13900000009")))
        #expect(await scene.get("/me/teams", as: people[0].person).text.contains("13900000009"))
    }

    private static let edit = #"{"kind": "lecture", "introduction": "周末宣讲", "categories": ["02"]}"#

    @Test func `an edit names the version it was made from`() async throws {
        let scene = try TeamScene()
        let leader = try await scene.volunteer(1)
        let team = try await scene.team("帮帮队", leader)
        #expect(await scene.put("/teams/\(team)", Self.edit, as: leader.person).status == .preconditionRequired)
        let tag = try #require(await scene.get("/teams/\(team)", as: leader.person).value(of: .etag))
        let changed = await scene.put("/teams/\(team)", Self.edit, as: leader.person, fields: [("If-Match", tag)])
        #expect(changed.status == .ok && changed.json["version"]?.integer == 2)
        #expect(changed.json["kind"]?.string == "lecture" && changed.json["categories"]?.array.count == 1)
        let stale = await scene.put("/teams/\(team)", Self.edit, as: leader.person, fields: [("If-Match", tag)])
        #expect(stale.status == .preconditionFailed)
        let same = await scene.client.send(
            .get, "/api/v1/teams/\(team)", fields: [("If-None-Match", "\"1-0\"")])
        #expect(same.status == .ok)
    }

    @Test func `leader, deputy and staff edit a team, and nobody else`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...3)
        let team = try await scene.team("帮帮队", people[0])
        for member in people.dropFirst() { try await scene.add(member, to: team) }
        _ = await scene.put("/teams/\(team)/members/\(people[1].id)/role", #"{"role": "deputy"}"#, as: people[0].person)
        let any = [("If-Match", "*")]
        for person in [people[0].person, people[1].person, scene.community] {
            #expect(await scene.put("/teams/\(team)", Self.edit, as: person, fields: any).status == .ok)
        }
        for person in [people[2].person, scene.stranger, try scene.client.resident(77)] {
            let answer = await scene.put("/teams/\(team)", Self.edit, as: person, fields: any)
            #expect(answer.problem == "not-a-team-manager")
        }
        #expect(await scene.put("/teams/999", Self.edit, as: scene.city, fields: any).status == .notFound)
    }
}
