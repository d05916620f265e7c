import App
import HTTP
import SQLite
import Support
import Testing

/// A bond, a need and a resource.
private struct ProjectScene {
    static let entry = #"{"title": "消防器材", "detail": "老旧院落缺灭火器 20 套", "category": "07"}"#

    let scene: PartyScene
    let bond: Int64
    let need: Int64
    let resource: Int64

    init(_ scene: PartyScene) async throws {
        self.scene = scene
        bond = try await scene.bonded()
        need = try await Self.need(scene)
        resource = try await Self.resource(scene)
    }

    static func need(_ scene: PartyScene) async throws -> Int64 {
        let answer = await scene.send(.post, "stations/6/needs", entry, as: scene.manager)
        return try #require(answer.json["id"]?.integer, "\(answer.text)")
    }

    static func resource(_ scene: PartyScene) async throws -> Int64 {
        let answer = await scene.send(
            .post, "party-units/\(scene.unit)/resources", entry, as: scene.representative)
        return try #require(answer.json["id"]?.integer, "\(answer.text)")
    }

    func draft(need: Int64? = nil, resource: Int64? = nil, side: String = "unit") -> String {
        """
        {"needId": \(need ?? self.need), "resourceId": \(resource ?? self.resource), "side": "\(side)",
         "title": "消防进院落", "plan": "四月完成采购与安装"}
        """
    }

    func propose(_ json: String? = nil) async throws -> Int64 {
        let answer = await scene.send(.post, "unit-projects", json ?? draft(), as: scene.representative)
        return try #require(answer.json["id"]?.integer, "\(answer.text)")
    }

    func move(
        _ project: Int64, _ step: String, _ json: String? = nil, as person: TestClient.Person
    ) async -> TestClient.Answer {
        await scene.send(.put, "unit-projects/\(project)/\(step)", json, as: person)
    }
}

@Suite("Needs, resources and projects") struct UnitProjectTests {
    private static let report = #"{"report": "已安装 20 套"}"#

    @Test func `a project is proposed, agreed, begun and done, and the need is met: every step leaves a row`()
        async throws
    {
        let scene = try await PartyScene()
        let all = try await ProjectScene(scene)
        let project = try await all.propose()
        #expect(await all.move(project, "agreement", as: scene.representative).status == .forbidden)
        let steps: [(String, String?, TestClient.Person, String)] = [
            ("agreement", nil, scene.manager, "agreed"), ("start", nil, scene.representative, "running"),
            ("completion", Self.report, scene.manager, "done"),
        ]
        for (step, json, person, state) in steps {
            for _ in 0..<2 {
                let answer = await all.move(project, step, json, as: person)
                #expect(answer.json["state"]?.string == state, "\(step): \(answer.text)")
            }
        }
        let found = await scene.send(.get, "unit-projects/\(project)", as: scene.representative)
        let moves = found.json["moves"]?.array.compactMap { $0["toState"]?.string }
        #expect(moves == ["proposed", "agreed", "running", "done"])
        #expect(found.json["report"]?.string == "已安装 20 套")
        let need = await scene.send(.get, "community-needs/\(all.need)", as: scene.representative)
        #expect(need.json["state"]?.string == "met")
        #expect(
            await scene.send(.put, "community-needs/\(all.need)/withdrawal", as: scene.manager).status == .conflict)
        #expect(await all.move(project, "drop", PartyScene.reason, as: scene.manager).status == .conflict)
        let late = all.draft(resource: try await ProjectScene.resource(scene))
        #expect(await scene.send(.post, "unit-projects", late, as: scene.representative).status == .conflict)
    }

    @Test func `a step out of order, or by the wrong side, is refused`() async throws {
        let scene = try await PartyScene()
        let all = try await ProjectScene(scene)
        let project = try await all.propose()
        let early = await all.move(project, "start", as: scene.manager)
        #expect(early.status == .conflict)
        #expect(early.json["state"]?.string == "proposed")
        #expect(await all.move(project, "completion", Self.report, as: scene.manager).status == .conflict)
        #expect(await all.move(project, "completion", Self.report, as: scene.representative).status == .forbidden)
        for person in [scene.stranger, try scene.client.resident(7)] {
            for (step, json) in [
                ("agreement", nil), ("start", nil), ("completion", Self.report), ("drop", PartyScene.reason),
            ] {
                #expect(await all.move(project, step, json, as: person).status == .notFound)
            }
            #expect(await scene.send(.get, "unit-projects/\(project)", as: person).status == .notFound)
        }
        for _ in 0..<2 {
            let dropped = await all.move(project, "drop", PartyScene.reason, as: scene.representative)
            #expect(dropped.json["state"]?.string == "dropped")
            #expect(dropped.json["moves"]?.array.last?["reason"]?.string == "情况不符")
        }
        _ = try await all.propose()
    }

    @Test func `a project needs a bond, a need and a resource that are to be had`() async throws {
        let scene = try await PartyScene()
        let need = try await ProjectScene.need(scene)
        let resource = try await ProjectScene.resource(scene)
        let draft = """
            {"needId": \(need), "resourceId": \(resource), "side": "unit", "title": "消防", "plan": "四月"}
            """
        let without = await scene.send(.post, "unit-projects", draft, as: scene.representative)
        #expect(without.json["type"]?.string == "/problems/no-bond")
        let all = try await ProjectScene(scene)
        let lost = await scene.send(
            .post, "unit-projects", all.draft(need: 99, resource: 99), as: scene.representative)
        #expect(lost.json["errors"]?.array.count == 2)
        let side = await scene.send(.post, "unit-projects", all.draft(side: "community"), as: scene.representative)
        #expect(side.status == .forbidden)
        let project = try await all.propose()
        #expect(await scene.send(.post, "unit-projects", all.draft(), as: scene.representative).status == .conflict)
        let withdrawal = "unit-resources/\(all.resource)/withdrawal"
        for _ in 0..<2 {
            #expect(await scene.send(.put, withdrawal, as: scene.representative).json["state"]?.string == "withdrawn")
        }
        let late = await all.move(project, "agreement", as: scene.manager)
        #expect(late.json["state"]?.string == "withdrawn")
        let more = all.draft(need: try await ProjectScene.need(scene))
        #expect(await scene.send(.post, "unit-projects", more, as: scene.representative).status == .conflict)
    }

    @Test func `a project is agreed to only while the bond lives, and stays agreed after it`() async throws {
        let scene = try await PartyScene()
        let all = try await ProjectScene(scene)
        let project = try await all.propose()
        func end(_ bond: Int64) async {
            let answer = await scene.send(.put, "unit-bonds/\(bond)/end", PartyScene.reason, as: scene.manager)
            #expect(answer.json["state"]?.string == "ended", "\(answer.text)")
        }
        await end(all.bond)
        let refused = await all.move(project, "agreement", as: scene.manager)
        #expect(refused.status == .conflict && refused.json["type"]?.string == "/problems/no-bond")
        let waiting = await scene.send(.get, "unit-projects/\(project)", as: scene.representative)
        #expect(waiting.json["state"]?.string == "proposed")
        let renewed = try await scene.bonded()
        #expect(await all.move(project, "agreement", as: scene.manager).json["state"]?.string == "agreed")
        await end(renewed)
        #expect(await all.move(project, "agreement", as: scene.manager).status == .ok, "a repeated one changes nothing")
    }

    @Test func `of two projects for one need that are agreed at once the first wins`() async throws {
        let scene = try await PartyScene()
        let all = try await ProjectScene(scene)
        let first = try await all.propose()
        let second = try await all.propose(all.draft(resource: try await ProjectScene.resource(scene)))
        async let one = all.move(first, "agreement", as: scene.manager)
        async let two = all.move(second, "agreement", as: scene.manager)
        let statuses = [await one.status.code, await two.status.code].sorted()
        #expect(statuses == [200, 409])
        #expect(
            await scene.send(.put, "community-needs/\(all.need)/withdrawal", as: scene.manager).status == .conflict)
        let agreed = await scene.send(.get, "unit-projects?state=agreed&stationId=6", as: scene.manager)
        let resource = try #require(agreed.json["items"]?[0]?["resourceId"]?.integer)
        let used = await scene.send(.put, "unit-resources/\(resource)/withdrawal", as: scene.representative)
        #expect(used.json["type"]?.string == "/problems/list-entry-in-use")
    }

    @Test func `projects are listed to their sides alone`() async throws {
        let scene = try await PartyScene()
        _ = try await ProjectScene(scene).propose()
        #expect(await scene.send(.get, "unit-projects", as: scene.manager).json["items"]?.array.count == 1)
        #expect(await scene.send(.get, "unit-projects", as: scene.stranger).json["items"]?.array.isEmpty == true)
        let path = "party-units/\(scene.unit)/projects?state=proposed"
        #expect(await scene.send(.get, path, as: scene.representative).json["items"]?.array.count == 1)
        #expect(await scene.send(.get, path, as: scene.manager).status == .notFound)
    }

    @Test func `needs are for the community's staff and the units that have to do with it`() async throws {
        let scene = try await PartyScene()
        let need = try await ProjectScene.need(scene)
        let paths = ["stations/6/needs?state=open", "community-needs/\(need)"]
        for path in paths {
            #expect(await scene.send(.get, path, as: scene.manager).status == .ok)
            #expect(await scene.send(.get, path, as: scene.representative).status == .notFound)
            #expect(await scene.send(.get, path, as: scene.stranger).status == .notFound)
        }
        _ = try await scene.bonded()
        for path in paths { #expect(await scene.send(.get, path, as: scene.representative).status == .ok) }
        let entry = ProjectScene.entry
        #expect(await scene.send(.post, "stations/6/needs", entry, as: scene.stranger).status == .forbidden)
        #expect(await scene.send(.post, "stations/4/needs", entry, as: scene.manager).status == .notFound)
        let bad = await scene.send(.post, "stations/6/needs", entry.replacing("消防器材", with: "缺"), as: scene.manager)
        #expect(bad.status == .unprocessableContent)
        let withdrawal = "community-needs/\(need)/withdrawal"
        #expect(await scene.send(.put, withdrawal, as: scene.stranger).status == .forbidden)
        for _ in 0..<2 {
            #expect(await scene.send(.put, withdrawal, as: scene.manager).json["state"]?.string == "withdrawn")
        }
    }

    @Test func `a list has two hundred entries at most`() async throws {
        let scene = try await PartyScene()
        let unit = scene.unit
        try scene.client.services.writer.writeAndWait { db in
            for _ in 0..<UnitListEntry.liveMax {
                try db.run(
                    """
                    INSERT INTO community_need (station_id, title, detail, category, state, created_at, updated_at)
                    VALUES (6, '路灯', '坏了', '04', 'open', \(db.now), \(db.now))
                    """)
                try db.run(
                    """
                    INSERT INTO unit_resource (unit_id, title, detail, category, state, created_at, updated_at)
                    VALUES (\(unit), '会议室', '可借用', '04', 'offered', \(db.now), \(db.now))
                    """)
            }
        }
        let entry = ProjectScene.entry
        let need = await scene.send(.post, "stations/6/needs", entry, as: scene.manager)
        #expect(need.json["type"]?.string == "/problems/list-full")
        let resource = await scene.send(
            .post, "party-units/\(unit)/resources", entry, as: scene.representative)
        #expect(resource.json["type"]?.string == "/problems/list-full")
    }

    @Test func `resources are for the unit and the communities that have to do with it`() async throws {
        let scene = try await PartyScene()
        let resource = try await ProjectScene.resource(scene)
        let paths = ["party-units/\(scene.unit)/resources?state=offered", "unit-resources/\(resource)"]
        for path in paths {
            #expect(await scene.send(.get, path, as: scene.manager).status == .ok, "staff of the seat")
            #expect(await scene.send(.get, path, as: scene.representative).status == .ok)
            #expect(await scene.send(.get, path, as: scene.stranger).status == .notFound)
        }
        let bond = PartyScene.bond(scene.unit, station: TestClient.otherCommunity)
        let proposed = await scene.send(.post, "unit-bonds", bond, as: scene.stranger)
        let id = try #require(proposed.json["id"]?.integer)
        #expect(await scene.send(.put, "unit-bonds/\(id)/activation", as: scene.representative).status == .ok)
        for path in paths { #expect(await scene.send(.get, path, as: scene.stranger).status == .ok) }
        let entry = ProjectScene.entry
        let path = "party-units/\(scene.unit)/resources"
        #expect(await scene.send(.post, path, entry, as: scene.manager).status == .notFound)
        #expect(
            await scene.send(.put, "unit-resources/\(resource)/withdrawal", as: scene.manager).status == .notFound)
    }
}
