import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Chat groups") struct ChatGroupTests {
    private struct Scene {
        var client: TestClient
        var manager: TestClient.Person
        var outsider: TestClient.Person

        func send(
            _ method: HTTP.Method, _ path: String, _ json: String? = nil, as person: TestClient.Person? = nil,
            match: String? = nil
        ) async -> TestClient.Answer {
            await client.send(
                method, "/api/v1/\(path)", json, token: (person ?? manager).token,
                fields: match.map { [("If-Match", $0)] } ?? [])
        }
    }

    private func scene() throws -> Scene {
        let client = try TestClient()
        try client.stations()
        return Scene(
            client: client, manager: try client.staff(.stationManager, at: TestClient.street),
            outsider: try client.staff(.stationManager, at: TestClient.otherStreet))
    }

    private static func draft(
        _ name: String = "总府路居民一群", station: Int64 = TestClient.community, _ more: String = ""
    ) -> String {
        #"{"stationId": \#(station), "name": "\#(name)", "kind": "residents", "ownerName": "赵铁柱"\#(more)}"#
    }

    private func made(_ scene: Scene, _ json: String = draft()) async throws -> (id: Int64, code: String) {
        let answer = await scene.send(.post, "chat-groups", json)
        #expect(answer.status == .created, "\(answer.text)")
        return (try #require(answer.json["id"]?.integer), try #require(answer.json["sourceCode"]?.string))
    }

    @Test func `a group is entered in a community of one's own, and gets a code of ours`() async throws {
        let scene = try scene()
        let (first, second) = (try await made(scene), try await made(scene))
        #expect(first.code != second.code)
        #expect((8...16).contains(first.code.count))
        for (json, status) in [
            (Self.draft(station: TestClient.otherCommunity), Status.forbidden),
            (Self.draft(station: TestClient.street), .unprocessableContent),
            (Self.draft(station: 99), .unprocessableContent),
            (Self.draft(""), .unprocessableContent),
            (Self.draft("群", #", "memberCount": -1"#), .unprocessableContent),
            (Self.draft("群", #", "gridId": 99"#), .unprocessableContent),
        ] {
            #expect(await scene.send(.post, "chat-groups", json).status == status, "\(json)")
        }
        let grid = await scene.send(
            .post, "grids", #"{"stationId": 6, "code": "W1", "name": "一号网格", "kind": "general"}"#)
        let id = try #require(grid.json["id"]?.integer)
        let bound = await scene.send(.post, "chat-groups", Self.draft("网格群", #", "gridId": \#(id), "memberCount": 88"#))
        #expect(bound.json["gridId"]?.integer == id)
        #expect(bound.json["countedAt"]?.string != nil)
    }

    @Test func `a source code has only characters that nobody takes for another`() {
        let codes = (0..<1_000).map { _ in ChatGroup.newSourceCode() }
        #expect(Set(codes).count == 1_000)
        #expect(codes.allSatisfy { $0.count == 10 && $0.allSatisfy { "23456789ABCDEFGHJKMNPQRSTUVWXYZ".contains($0) } })
    }

    @Test func `nothing of a group is public unless it is said, and then with a masked owner`() async throws {
        let scene = try scene()
        let group = try await made(scene)
        let path = "/api/v1/stations/\(TestClient.community)/chat-groups"
        #expect(await scene.client.send(.get, path).json["items"]?.array.isEmpty == true)
        let edit = #"{"name": "总府路居民群", "kind": "residents", "ownerName": "赵铁柱", "isPublic": true}"#
        #expect(await scene.send(.put, "chat-groups/\(group.id)", edit, match: "\"1\"").status == .ok)
        let shown = await scene.client.send(.get, path)
        #expect(shown.json["items"]?[0]?["ownerName"]?.string == "赵*柱")
        #expect(!shown.text.contains(group.code))
        let resident = try scene.client.resident()
        #expect(await scene.send(.get, "chat-groups", as: resident).status == .forbidden)
        #expect(await scene.client.send(.get, "/api/v1/stations/99/chat-groups").status == .notFound)
    }

    @Test func `the register is searched by place, kind, state and two characters`() async throws {
        let scene = try scene()
        let administrator = try scene.client.staff()
        _ = try await made(scene)
        let volunteers = try await made(
            scene, #"{"stationId": 6, "name": "春熙志愿者之家", "kind": "volunteers"}"#)
        let elsewhere = await scene.send(
            .post, "chat-groups", Self.draft("玉林居民群", station: TestClient.otherCommunity), as: administrator)
        #expect(elsewhere.status == .created)
        for (query, mine, all) in [
            ("", 2, 3), ("?stationId=6", 2, 2), ("?stationId=2", 2, 2), ("?stationId=3", 0, 1),
            ("?kind=volunteers", 1, 1), ("?q=\(TestClient.escaped("居民"))", 1, 2),
            ("?q=\(TestClient.escaped("志愿"))", 1, 1), ("?state=dissolved", 0, 0), ("?stationId=99", 0, 0),
        ] {
            let own = await scene.send(.get, "chat-groups\(query)")
            #expect(own.json["items"]?.array.count == mine, "\(query)")
            let city = await scene.send(.get, "chat-groups\(query)", as: administrator)
            #expect(city.json["items"]?.array.count == all, "\(query)")
        }
        let renamed = #"{"name": "便民小组", "kind": "volunteers"}"#
        #expect(await scene.send(.put, "chat-groups/\(volunteers.id)", renamed, match: "*").status == .ok)
        let old = await scene.send(.get, "chat-groups?q=\(TestClient.escaped("志愿"))")
        #expect(old.json["items"]?.array.isEmpty == true, "the old name finds nothing")
        let first = await scene.send(.get, "chat-groups?limit=1", as: administrator)
        let cursor = try #require(first.json["next"]?.string)
        let rest = await scene.send(.get, "chat-groups?limit=5&cursor=\(cursor)", as: administrator)
        #expect(rest.json["items"]?.array.count == 2)
    }

    @Test func `an edit names its version, and a dissolved group takes none`() async throws {
        let scene = try scene()
        let group = try await made(scene)
        let path = "chat-groups/\(group.id)"
        let edit = #"{"name": "新群名", "kind": "owners"}"#
        #expect(await scene.send(.put, path, edit).status == .preconditionRequired)
        #expect(await scene.send(.put, path, edit, match: "\"2\"").status == .preconditionFailed)
        #expect(await scene.send(.put, path, edit, as: scene.outsider, match: "*").status == .forbidden)
        #expect(await scene.send(.get, path, as: scene.outsider).status == .forbidden)
        let other = await scene.send(.put, path, #"{"name": "群", "kind": "owners", "gridId": 9}"#, match: "*")
        #expect(other.json["errors"]?[0]?["pointer"]?.string == "/gridId")
        #expect(await scene.send(.put, path, edit, match: "\"1\"").json["ownerName"] == .null)
        let end = #"{"reason": "小区拆迁"}"#
        #expect(await scene.send(.put, "\(path)/dissolution", end, as: scene.outsider).status == .forbidden)
        let gone = await scene.send(.put, "\(path)/dissolution", end)
        #expect(gone.json["state"]?.string == "dissolved")
        #expect(
            await scene.send(.put, "\(path)/dissolution", #"{"reason": "再说"}"#).json["dissolveReason"]?.string == "小区拆迁"
        )
        #expect(await scene.send(.put, path, edit, match: "*").status == .conflict)
        #expect(await scene.send(.get, "chat-groups/99").status == .notFound)
    }

    @Test func `sign-ups and tickets that carry the code are counted for the group`() async throws {
        let scene = try scene()
        let group = try await made(scene)
        let activity = try await scene.client.activity(by: scene.manager)
        let path = "activities/\(activity)/sign-ups"
        let people = [try await scene.client.volunteer(1), try await scene.client.volunteer(2)]
        let unknown = await scene.send(.post, path, #"{"sourceCode": "2222222222"}"#, as: people[0])
        #expect(unknown.json["errors"]?[0]?["pointer"]?.string == "/sourceCode")
        #expect(await scene.send(.post, path, #"{"sourceCode": "O0"}"#, as: people[0]).status == .unprocessableContent)
        #expect(await scene.send(.post, path, #"{"code": 1}"#, as: people[0]).status == .badRequest)
        #expect(await scene.send(.post, path, #"{"sourceCode": "\#(group.code)"}"#, as: people[0]).status == .created)
        #expect(await scene.send(.post, path, as: people[1]).status == .created, "no body, no code")
        let ticket = """
            "stationId": 6, "title": "陪诊", "detail": "老人看病", "category": "17", "address": "总府路1号"
            """
        let resident = try scene.client.resident(900)
        let wrong = await scene.send(
            .post, "demand-tickets", #"{\#(ticket), "sourceCode": "2222222222"}"#, as: resident)
        #expect(wrong.json["errors"]?[0]?["pointer"]?.string == "/sourceCode")
        #expect(await scene.send(.post, "demand-tickets", "{\(ticket)}", as: resident).status == .created)
        #expect(
            await scene.send(.put, "chat-groups/\(group.id)/dissolution", #"{"reason": "并群"}"#).status == .ok)
        let late = await scene.send(
            .post, "demand-tickets", #"{\#(ticket), "sourceCode": "\#(group.code)"}"#, as: resident)
        #expect(late.status == .created, "a card posted before goes on travelling")
        let shown = await scene.send(.get, "chat-groups/\(group.id)")
        #expect(shown.json["signUpCount"]?.integer == 1)
        #expect(shown.json["ticketCount"]?.integer == 1)
    }

    @Test func `members of many groups are entered together, all or none, and no older count wins`() async throws {
        let scene = try scene()
        let administrator = try scene.client.staff()
        let (first, second) = (try await made(scene), try await made(scene))
        let foreign = await scene.send(
            .post, "chat-groups", Self.draft("玉林群", station: TestClient.otherCommunity), as: administrator)
        let other = try #require(foreign.json["id"]?.integer)
        let now = scene.client.now
        func counts(_ time: Timestamp, _ items: [(Int64, Int)]) -> String {
            let list = items.map { #"{"id": \#($0.0), "memberCount": \#($0.1)}"# }.joined(separator: ", ")
            return #"{"countedAt": "\#(time)", "items": [\#(list)]}"#
        }
        let path = "chat-group-member-counts"
        let mixed = await scene.send(.put, path, counts(now, [(first.id, 1), (other, 2), (99, 3)]))
        #expect(mixed.json["errors"]?.array.compactMap { $0["pointer"]?.string } == ["/items/1/id", "/items/2/id"])
        #expect(await scene.send(.get, "chat-groups/\(first.id)").json["memberCount"] == .null)
        let taken = await scene.send(.put, path, counts(now, [(first.id, 120), (second.id, 80)]))
        #expect(taken.json["updated"]?.integer == 2)
        let older = await scene.send(.put, path, counts(now + -60, [(first.id, 5)]))
        #expect(older.json["older"]?.integer == 1)
        let shown = await scene.send(.get, "chat-groups/\(first.id)")
        #expect(shown.json["memberCount"]?.integer == 120)
        #expect(shown.json["version"]?.integer == 1, "a count is no edit")
        for body in [
            counts(now, []), counts(now + 60, [(first.id, 1)]), counts(now, [(first.id, 1), (first.id, 2)]),
            counts(now, [(first.id, -1)]), counts(now, (1...501).map { (Int64($0), 1) }),
        ] {
            #expect(await scene.send(.put, path, body).status == .unprocessableContent, "\(body.prefix(60))")
        }
    }

    @Test func `lists of a large register and counts of a group use an index`() throws {
        let client = try TestClient()
        let database = try Database(path: client.services.configuration.databasePath)
        for query: SQL in [
            "EXPLAIN QUERY PLAN SELECT count(*) FROM sign_up WHERE chat_group_id = \(1)",
            "EXPLAIN QUERY PLAN SELECT count(*) FROM demand_ticket WHERE chat_group_id = \(1)",
            "EXPLAIN QUERY PLAN SELECT id FROM chat_group WHERE source_code = \("2222222222")",
        ] {
            var plan: [String] = []
            try database.forEach(query) { row in plan.append(try row[3]) }
            #expect(plan.allSatisfy { $0.contains("USING") && $0.contains("INDEX") }, "\(plan)")
        }
    }
}
