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

    @Test func `sites without a position follow the one above them, down to the first with its own`() async throws {
        let client = try TestClient()
        try client.stations()
        _ = try Importing.run(
            StationImporter(),
            """
            code,parentCode,kind,name,longitude,latitude
            town,510104000000,institute,龙舟路街道所,,
            village,town,station,龙舟路社区站,,
            yard,village,point,龙舟大院,,
            fixed,town,station,东光社区站,104.1,30.63
            below,fixed,home,东光微家,,
            """, in: client.folder.path, client.services.writer)
        let manager = try client.staff()
        client.advance(minutes: 5)
        let since = TestClient.escaped(client.now.description)
        let before = await client.send(.get, "/api/v1/stations/11").value(of: .etag)
        func put(_ position: String) async -> TestClient.Answer {
            await client.send(
                .put, "/api/v1/stations/8", #"{"name": "龙舟路街道所", "position": \#(position)}"#, token: manager.token,
                fields: [("If-Match", "*")])
        }
        #expect(await put(#"{"longitude": 103.9, "latitude": 30.5}"#).status == .ok)
        func near(_ place: String) async -> [Int64?] {
            let found = await client.send(.get, "/api/v1/stations?near=\(place)&radiusMetres=100")
            return found.json["items"]?.array.map { $0["id"]?.integer } ?? []
        }
        #expect(await near("103.9,30.5") == [8, 9, 11])
        #expect(await near("104.08,30.66") == [2], "where they were")
        #expect(await near("104.1,30.63") == [10, 12])
        let yard = await client.send(.get, "/api/v1/stations/11")
        #expect(yard.json["position"]?["longitude"] == .real(103.9))
        #expect(yard.json["isPositionApproximate"] == .bool(true))
        #expect(yard.value(of: .etag) != before, "a copy of it is stale")
        let changed = await client.send(.get, "/api/v1/stations?updatedSince=\(since)")
        #expect(changed.json["items"]?.array.compactMap { $0["id"]?.integer } == [8, 9, 11])
        let message = await client.send(
            .post, "/api/v1/feedback",
            #"{"category": "facility", "text": "路灯不亮", "position": {"longitude": 103.901, "latitude": 30.5}}"#,
            token: try client.resident().token)
        #expect(message.json["officeId"]?.integer == 8, "\(message.text)")
        #expect(await put("null").status == .ok)
        #expect(await near("103.9,30.5") == [])
        #expect(await near("104.08,30.66") == [2, 8, 9, 11], "the district's again")
    }

    @Test func `a position that is first given to a city reaches the sites that wait for one`() async throws {
        let client = try TestClient()
        _ = try Importing.run(
            StationImporter(), "code,parentCode,kind,name\nc,,city,市中心\nd,c,center,一区中心\ns,d,station,社区站\n",
            in: client.folder.path, client.services.writer)
        let nowhere = await client.send(.get, "/api/v1/stations/3")
        #expect(nowhere.json["position"] == .null)
        let manager = try client.staff()
        func put(_ position: String) async {
            let answer = await client.send(
                .put, "/api/v1/stations/1", #"{"name": "市中心", "position": \#(position)}"#, token: manager.token,
                fields: [("If-Match", "*")])
            #expect(answer.status == .ok, "\(answer.text)")
        }
        func near() async -> Int? {
            let found = await client.send(.get, "/api/v1/stations?near=104.1,30.6&radiusMetres=100")
            return found.json["items"]?.array.count
        }
        await put(#"{"longitude": 104.1, "latitude": 30.6}"#)
        #expect(await near() == 3)
        await put("null")
        #expect(await near() == 0)
    }
}
