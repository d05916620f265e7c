import App
import HTTP
import Support
import Testing

@Suite("Stations") struct StationTests {
    @Test func `the nearest come first with their distance`() async throws {
        let client = try TestClient()
        try client.stations()
        let answer = await client.send(.get, "/api/v1/stations?near=104.055,30.629&kind=station&limit=2")
        #expect(answer.json["items"]?[0]?["id"]?.integer == TestClient.otherCommunity)
        #expect((answer.json["items"]?[0]?["distanceMetres"]?.integer ?? -1) < 100)
        #expect(answer.json["items"]?[1]?["id"]?.integer == TestClient.community)
        let near = await client.send(.get, "/api/v1/stations?near=104.055,30.629&radiusMetres=50")
        #expect(near.json["items"]?.array.count == 1)
    }

    @Test func `two characters find a name`() async throws {
        let client = try TestClient()
        try client.stations()
        let answer = await client.send(.get, "/api/v1/stations?q=\(TestClient.escaped("玉林"))")
        #expect(answer.json["items"]?.array.count == 2)
    }

    @Test func `children are listed under their parent`() async throws {
        let client = try TestClient()
        try client.stations()
        let answer = await client.send(.get, "/api/v1/stations?parentId=1")
        #expect(
            answer.json["items"]?.array.compactMap { $0["id"]?.integer } == [
                TestClient.district, TestClient.otherDistrict,
            ])
    }

    @Test func `a manager adds a point below and nothing above`() async throws {
        let client = try TestClient()
        try client.stations()
        let manager = try client.staff(.stationManager, at: TestClient.street)
        let made = await client.send(
            .post, "/api/v1/stations", #"{"parentId": 6, "kind": "home", "name": "清流微家"}"#, token: manager.token)
        #expect(made.status == .created)
        #expect(made.json["isPositionApproximate"] == .bool(true))
        #expect(made.json["path"]?.array.compactMap(\.integer).prefix(4) == [1, 2, 4, 6])
        let outside = await client.send(
            .post, "/api/v1/stations", #"{"parentId": 2, "kind": "institute", "name": "新街道"}"#, token: manager.token)
        #expect(outside.status == .forbidden)
        let wrong = await client.send(
            .post, "/api/v1/stations", #"{"parentId": 6, "kind": "center", "name": "中心"}"#, token: manager.token)
        #expect(wrong.status == .unprocessableContent)
    }

    @Test func `an unchanged page is not sent again`() async throws {
        let client = try TestClient()
        try client.stations()
        let first = await client.send(.get, "/api/v1/stations/4")
        let tag = try #require(first.value(of: .etag))
        let again = await client.send(.get, "/api/v1/stations/4", fields: [("If-None-Match", tag)])
        #expect(again.status == .notModified)
        #expect(again.body.isEmpty)
    }

    @Test func `a position left out stays, and one that is null gives way to the parent's`() async throws {
        let client = try TestClient()
        try client.stations()
        let manager = try client.staff()
        func edit(_ position: String) async -> TestClient.Answer {
            await client.send(
                .put, "/api/v1/stations/6", #"{"name": "总府路社区新时代文明实践站"\#(position)}"#, token: manager.token,
                fields: [("If-Match", "*")])
        }
        let kept = await edit("")
        #expect(kept.json["position"]?["longitude"] == .real(104.0785))
        #expect(kept.json["isPositionApproximate"] == .bool(false))
        let removed = await edit(#", "position": null"#)
        #expect(removed.status == .ok, "\(removed.text)")
        #expect(removed.json["position"]?["longitude"] == .real(104.078), "the street's")
        #expect(removed.json["isPositionApproximate"] == .bool(true))
        let near = await client.send(.get, "/api/v1/stations?near=104.078,30.656&radiusMetres=10&kind=station")
        #expect(near.json["items"]?[0]?["id"]?.integer == 6, "it is found at its new place")
        let set = await edit(#", "position": {"longitude": 104.1, "latitude": 30.7}"#)
        #expect(set.json["isPositionApproximate"] == .bool(false))
        #expect(await edit(#", "position": {"longitude": 1, "latitude": 30.7}"#).status == .badRequest)
    }

    @Test func `a city without a parent is left without a position`() async throws {
        let client = try TestClient()
        try client.stations()
        let removed = await client.send(
            .put, "/api/v1/stations/1", #"{"name": "成都市新时代文明实践指导中心", "position": null}"#,
            token: try client.staff().token, fields: [("If-Match", "*")])
        #expect(removed.json["position"] == .null)
        #expect(removed.json["isPositionApproximate"] == .bool(false))
    }

    @Test func `changes since a time are listed in order of change`() async throws {
        let client = try TestClient()
        try client.stations()
        client.advance(minutes: 5)
        let since = client.now
        let manager = try client.staff()
        _ = await client.send(
            .put, "/api/v1/stations/4", #"{"name": "春熙路街道新时代文明实践所", "phone": "028-86660000"}"#,
            token: manager.token, fields: [("If-Match", "\"1\"")])
        let answer = await client.send(.get, "/api/v1/stations?updatedSince=\(TestClient.escaped(since.description))")
        #expect(answer.json["items"]?.array.compactMap { $0["id"]?.integer } == [4])
    }
}
