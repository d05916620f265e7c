import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Grids") struct GridTests {
    private struct Scene {
        var client: TestClient
        var manager: TestClient.Person
        var outsider: TestClient.Person
        var grid: Int64

        func send(
            _ method: HTTP.Method, _ path: String, _ json: String? = nil, as person: TestClient.Person? = nil,
            match: String? = nil
        ) async -> TestClient.Answer {
            await client.send(
                method, "/api/v1/\(path)", json, token: (person ?? manager).token,
                fields: match.map { [("If-Match", $0)] } ?? [])
        }

        /// A volunteer's id.
        func volunteer(_ number: Int) async throws -> Int64 {
            let person = try await client.volunteer(number)
            let me = await client.send(.get, "/api/v1/me/volunteer", token: person.token)
            return try #require(me.json["id"]?.integer)
        }
    }

    private static func draft(_ code: String, station: Int64 = TestClient.community) -> String {
        #"{"stationId": \#(station), "code": "\#(code)", "name": "总府路第一网格", "kind": "general"}"#
    }

    private func scene() async throws -> Scene {
        let client = try TestClient()
        try client.stations()
        let manager = try client.staff(.stationManager, at: TestClient.street)
        let outsider = try client.staff(.stationManager, at: TestClient.otherStreet)
        let made = await client.send(.post, "/api/v1/grids", Self.draft("W001"), token: manager.token)
        #expect(made.status == .created, "\(made.text)")
        return Scene(
            client: client, manager: manager, outsider: outsider, grid: try #require(made.json["id"]?.integer))
    }

    private func appointLeader(_ scene: Scene) async throws -> TestClient.Answer {
        let volunteer = try await scene.volunteer(1)
        let appointed = await scene.send(
            .post, "grids/\(scene.grid)/workers",
            #"{"volunteerId": \#(volunteer), "role": "leader", "officePhone": "028-86661234"}"#)
        #expect(appointed.status == .created, "\(appointed.text)")
        return appointed
    }

    @Test func `a grid is laid out in a community, once for each code`() async throws {
        let scene = try await scene()
        let place = await scene.send(.get, "grids/\(scene.grid)")
        #expect(place.json["code"]?.string == "W001")
        #expect(await scene.send(.post, "grids", Self.draft("W001")).status == .conflict)
        let street = await scene.send(.post, "grids", Self.draft("W002", station: TestClient.street))
        #expect(street.json["errors"]?[0]?["pointer"]?.string == "/stationId")
        let elsewhere = await scene.send(.post, "grids", Self.draft("W003", station: TestClient.otherCommunity))
        #expect(elsewhere.status == .forbidden)
        #expect(await scene.send(.post, "grids", Self.draft("W004", station: 99)).status == .unprocessableContent)
        #expect(await scene.send(.post, "grids", Self.draft("")).status == .unprocessableContent)
        let dispatcher = try scene.client.staff(.dispatcher)
        #expect(await scene.send(.post, "grids", Self.draft("W005"), as: dispatcher).status == .forbidden)
    }

    @Test func `of two who claim a code at once one gets it`() async throws {
        let scene = try await scene()
        async let first = scene.send(.post, "grids", Self.draft("W009"))
        async let second = scene.send(.post, "grids", Self.draft("W009"))
        let statuses = await [first.status, second.status]
        #expect(statuses.contains(.created) && statuses.contains(.conflict))
    }

    @Test func `anybody lists the grids of a community or of a whole district`() async throws {
        let scene = try await scene()
        let administrator = try scene.client.staff()
        let special = #"{"stationId": 7, "code": "W100", "name": "玉林菜市场专属网格", "kind": "special"}"#
        #expect(await scene.send(.post, "grids", special, as: administrator).status == .created)
        for (query, count) in [
            ("", 2), ("?stationId=6", 1), ("?stationId=2", 1), ("?stationId=3", 1), ("?stationId=1", 2),
            ("?kind=special", 1), ("?stationId=6&kind=special", 0), ("?stationId=99", 0),
        ] {
            let answer = await scene.client.send(.get, "/api/v1/grids\(query)")
            #expect(answer.json["items"]?.array.count == count, "\(query)")
        }
        let first = await scene.client.send(.get, "/api/v1/grids?limit=1")
        let cursor = try #require(first.json["next"]?.string)
        let second = await scene.client.send(.get, "/api/v1/grids?limit=1&cursor=\(cursor)")
        #expect(second.json["items"]?[0]?["code"]?.string == "W100")
        #expect(await scene.client.send(.get, "/api/v1/grids/99").status == .notFound)
        #expect(await scene.client.send(.get, "/api/v1/grids?kind=round").status == .badRequest)
    }

    @Test func `an edit names the version it was made from`() async throws {
        let scene = try await scene()
        let edit = #"{"name": "总府路一号网格", "kind": "special"}"#
        #expect(await scene.send(.put, "grids/\(scene.grid)", edit).status == .preconditionRequired)
        #expect(await scene.send(.put, "grids/\(scene.grid)", edit, match: "\"7\"").status == .preconditionFailed)
        let outside = await scene.send(.put, "grids/\(scene.grid)", edit, as: scene.outsider, match: "*")
        #expect(outside.status == .forbidden)
        let changed = await scene.send(.put, "grids/\(scene.grid)", edit, match: "\"1\"")
        #expect(changed.json["name"]?.string == "总府路一号网格")
        #expect(changed.json["version"]?.integer == 2)
        #expect(await scene.send(.put, "grids/\(scene.grid)", edit, match: "\"1\"").status == .preconditionFailed)
    }

    @Test func `places of a grid are entered, edited, struck out and listed by kind`() async throws {
        let scene = try await scene()
        let path = "grids/\(scene.grid)/places"
        let compound = #"""
            {"kind": "compound", "name": "华兴院", "address": "华兴街12号", "households": 120,
             "position": {"longitude": 104.079, "latitude": 30.655}}
            """#
        let made = await scene.send(.post, path, compound)
        #expect(made.status == .created, "\(made.text)")
        let id = try #require(made.json["id"]?.integer)
        let shop = #"{"kind": "shop", "name": "老街茶馆", "address": "华兴街14号"}"#
        #expect(await scene.send(.post, path, shop).status == .created)
        #expect(await scene.send(.post, path, shop, as: scene.outsider).status == .forbidden)
        let wrong = await scene.send(.post, path, #"{"kind": "shop", "name": "", "address": "x", "households": -1}"#)
        #expect(wrong.json["errors"]?.array.count == 2)
        let shops = await scene.client.send(.get, "/api/v1/\(path)?kind=shop")
        #expect(shops.json["items"]?.array.count == 1)
        #expect(await scene.send(.get, "grids/\(scene.grid)").json["placeCount"]?.integer == 2)

        let edited = await scene.send(.put, "grid-places/\(id)", shop, match: "\"1\"")
        #expect(edited.json["households"] == .null && edited.json["position"] == .null)
        #expect(await scene.send(.put, "grid-places/\(id)", shop, match: "\"1\"").status == .preconditionFailed)
        #expect(await scene.send(.get, "grid-places/\(id)").json["version"]?.integer == 2)
        #expect(await scene.send(.delete, "grid-places/\(id)", as: scene.outsider).status == .forbidden)
        #expect(await scene.send(.delete, "grid-places/\(id)", match: "\"1\"").status == .preconditionFailed)
        #expect(await scene.send(.delete, "grid-places/\(id)", match: "\"2\"").status == .noContent)
        #expect(await scene.send(.get, "grid-places/\(id)").status == .notFound)
        #expect(await scene.send(.delete, "grid-places/\(id)").status == .notFound)
    }

    @Test func `staff see who looks after a grid masked in every answer`() async throws {
        let scene = try await scene()
        let appointed = try await appointLeader(scene)
        let id = try #require(appointed.json["id"]?.integer)
        let listed = await scene.send(.get, "grids/\(scene.grid)/workers")
        let ended = await scene.send(.put, "grid-workers/\(id)/ending", #"{"reason": "调离"}"#)
        let again = await scene.send(.put, "grid-workers/\(id)/ending", #"{"reason": "调离"}"#)
        for worker in [appointed.json, listed.json["items"]?[0], ended.json, again.json] {
            #expect(worker?["name"]?.string == "李*愿")
            #expect(worker?["phone"]?.string == "139****0001")
        }
    }

    @Test func `the public sees a masked name and the office's phone`() async throws {
        let scene = try await scene()
        _ = try await appointLeader(scene)
        let shown = await scene.client.send(.get, "/api/v1/grids/\(scene.grid)")
        #expect(shown.json["workers"]?[0]?["name"]?.string == "李*愿")
        #expect(shown.json["workers"]?[0]?["officePhone"]?.string == "028-86661234")
        #expect(!shown.text.contains("139"))
        let outside = await scene.send(.get, "grids/\(scene.grid)/workers", as: scene.outsider)
        #expect(outside.status == .forbidden)
    }

    @Test func `a replacement is one step and leaves both rows`() async throws {
        let scene = try await scene()
        let path = "grids/\(scene.grid)/workers"
        let (old, new) = (try await scene.volunteer(1), try await scene.volunteer(2))
        let first = await scene.send(.post, path, #"{"volunteerId": \#(old), "role": "leader"}"#)
        let id = try #require(first.json["id"]?.integer)
        let second = #"{"volunteerId": \#(new), "role": "leader"}"#
        #expect(await scene.send(.post, path, second).status == .conflict, "one leader")
        let lost = await scene.send(
            .post, path, #"{"volunteerId": \#(old), "role": "partTime", "replacesId": 99}"#)
        #expect(lost.json["errors"]?[0]?["pointer"]?.string == "/replacesId")
        scene.client.advance(minutes: 60)
        let replaced = await scene.send(
            .post, path, #"{"volunteerId": \#(new), "role": "leader", "replacesId": \#(id)}"#)
        #expect(replaced.status == .created, "\(replaced.text)")
        let history = await scene.send(.get, path)
        #expect(history.json["items"]?.array.count == 2)
        #expect(history.json["items"]?[0]?["replacesId"]?.integer == id)
        #expect(history.json["items"]?[1]?["until"]?.string == history.json["items"]?[0]?["since"]?.string)
        let again = await scene.send(
            .post, path, #"{"volunteerId": \#(old), "role": "leader", "replacesId": \#(id)}"#)
        #expect(again.status == .unprocessableContent, "replaced already")
        #expect(await scene.send(.get, "grids/\(scene.grid)").json["workers"]?.array.count == 1)
    }

    @Test func `of two who would replace the same worker one does`() async throws {
        let scene = try await scene()
        let path = "grids/\(scene.grid)/workers"
        let people = [try await scene.volunteer(1), try await scene.volunteer(2), try await scene.volunteer(3)]
        let first = await scene.send(.post, path, #"{"volunteerId": \#(people[0]), "role": "leader"}"#)
        let id = try #require(first.json["id"]?.integer)
        func replace(by person: Int64) -> String {
            #"{"volunteerId": \#(person), "role": "leader", "replacesId": \#(id)}"#
        }
        async let left = scene.send(.post, path, replace(by: people[1]))
        async let right = scene.send(.post, path, replace(by: people[2]))
        let statuses = await [left.status, right.status]
        #expect(statuses.contains(.created) && statuses.contains(.unprocessableContent))
        #expect(await scene.send(.get, path).json["items"]?.array.count == 2)
    }

    @Test func `a worker is somebody we know, named once, and may be relieved`() async throws {
        let scene = try await scene()
        let path = "grids/\(scene.grid)/workers"
        for (body, status) in [
            (#"{"role": "leader"}"#, Status.unprocessableContent),
            (#"{"volunteerId": 1, "accountId": 1, "role": "leader"}"#, .unprocessableContent),
            (#"{"volunteerId": 99, "role": "leader"}"#, .unprocessableContent),
            (#"{"accountId": 99, "role": "leader"}"#, .unprocessableContent),
            (#"{"accountId": 1, "role": "king"}"#, .badRequest),
        ] {
            #expect(await scene.send(.post, path, body).status == status, "\(body)")
        }
        let body = #"{"accountId": \#(scene.manager.account), "role": "fullTime"}"#
        #expect(await scene.send(.post, path, body, as: scene.outsider).status == .forbidden)
        let made = await scene.send(.post, path, body)
        #expect(made.json["name"]?.string == "王*明")
        #expect(await scene.send(.post, path, body).status == .conflict)
        let ending = "grid-workers/\(try #require(made.json["id"]?.integer))/ending"
        #expect(await scene.send(.put, ending, #"{"reason": "调岗"}"#, as: scene.outsider).status == .forbidden)
        let ended = await scene.send(.put, ending, #"{"reason": "调岗"}"#)
        #expect(ended.json["endReason"]?.string == "调岗")
        #expect(await scene.send(.put, ending, #"{"reason": "再次"}"#).json["endReason"]?.string == "调岗")
        #expect(await scene.send(.put, "grid-workers/99/ending", #"{"reason": "调岗"}"#).status == .notFound)
        #expect(await scene.send(.post, path, body).status == .created, "may come back")
    }

    @Test func `neither a machine nor an account that became another looks after a grid`() async throws {
        let scene = try await scene()
        let machine = try scene.client.staff(.dispatcher)
        let other = try scene.client.staff(.dispatcher)
        try scene.client.run("UPDATE account SET merged_into = \(scene.manager.account) WHERE id = \(other.account)")
        try scene.client.run(
            """
            INSERT INTO service_token (account_id, permissions, expires_at, issued_by, issued_at)
            VALUES (\(machine.account), '["dispatchTickets"]', \(scene.client.now + 86_400), \(other.account), 0)
            """)
        for account in [machine.account, other.account] {
            let refused = await scene.send(
                .post, "grids/\(scene.grid)/workers", #"{"accountId": \#(account), "role": "leader"}"#)
            #expect(refused.json["errors"]?[0]?["pointer"]?.string == "/accountId", "\(refused.text)")
        }
    }

    @Test func `a worker is of age`() async throws {
        let scene = try await scene()
        let volunteer = try await scene.volunteer(1)
        try scene.client.run("UPDATE volunteer SET birth_date = '2009-03-02' WHERE id = \(volunteer)")
        let body = #"{"volunteerId": \#(volunteer), "role": "partTime"}"#
        let refused = await scene.send(.post, "grids/\(scene.grid)/workers", body)
        #expect(refused.json["errors"]?[0]?["pointer"]?.string == "/volunteerId")
        try scene.client.run("UPDATE volunteer SET birth_date = '2009-03-01' WHERE id = \(volunteer)")
        #expect(await scene.send(.post, "grids/\(scene.grid)/workers", body).status == .created, "eighteen today")
    }

    @Test func `a retired grid leaves the list, keeps its history and takes nothing more`() async throws {
        let scene = try await scene()
        let path = "grids/\(scene.grid)"
        let worker = #"{"accountId": \#(scene.manager.account), "role": "leader"}"#
        #expect(await scene.send(.post, "\(path)/workers", worker).status == .created)
        #expect(
            await scene.send(.put, "\(path)/retirement", #"{"reason": "合并"}"#, as: scene.outsider).status == .forbidden)
        let retired = await scene.send(.put, "\(path)/retirement", #"{"reason": "合并"}"#)
        #expect(retired.json["retiredAt"]?.string != nil)
        #expect(retired.json["workers"]?.array.isEmpty == true)
        #expect(await scene.send(.put, "\(path)/retirement", #"{"reason": "合并"}"#).status == .ok)
        #expect(await scene.send(.get, "grids").json["items"]?.array.isEmpty == true)
        let workers = await scene.send(.get, "\(path)/workers")
        #expect(workers.json["items"]?[0]?["endReason"]?.string == "合并")
        #expect(await scene.send(.post, "\(path)/workers", worker).status == .conflict)
        let shop = #"{"kind": "shop", "name": "茶馆", "address": "街"}"#
        #expect(await scene.send(.post, "\(path)/places", shop).status == .conflict)
        let edit = #"{"name": "新名", "kind": "general"}"#
        #expect(await scene.send(.put, path, edit, match: "*").status == .conflict)
    }
}
