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

@Suite("Importing stations") struct StationImportTests {
    private static let header = "code,parentCode,kind,name,longitude,latitude\n"

    private func run(_ text: String, _ client: TestClient) throws -> StationImport.Report {
        var batch = StationImport(Array((Self.header + text).utf8))
        try batch.run(client.services.writer)
        return batch.report
    }

    @Test func `every bad row is named by its line and no good one is lost`() throws {
        let client = try TestClient()
        let report = try run(
            """
            x,d,station,社区站,,
            d,c,center,一区中心,104.1,30.6
            c,,city,市中心,104.0,30.5
            bad1,c,palace,宫殿,,
            bad2,c,center,二区中心,2.3,48.8
            bad3,nowhere,center,三区中心,,
            d,c,center,重复,104.1,30.6
            short,c
            bad4,d,center,套娃中心,,
            """, client)
        #expect(report.created == 3)
        let lines = report.faults.map { String($0.prefix { $0 != ":" }) }
        #expect(Set(lines) == ["line 5", "line 6", "line 7", "line 8", "line 9", "line 10"])
    }

    @Test func `importing the same file again changes nothing, a changed row changes its site`() throws {
        let client = try TestClient()
        let file = "c,,city,市中心,104.0,30.5\nd,c,center,一区中心,104.1,30.6\n"
        #expect(try run(file, client).created == 2)
        #expect(try run(file, client).unchanged == 2)
        #expect(try run(file.replacing("一区中心", with: "第一区中心"), client).updated == 1)
    }

    @Test func `a circle of parents is refused and hangs nobody`() throws {
        let client = try TestClient()
        let report = try run("a,b,station,甲站,,\nb,a,institute,乙所,,\n", client)
        #expect(report.created == 0 && report.faults.count == 2)
    }

    @Test func `a site without a position takes its parent's`() async throws {
        let client = try TestClient()
        _ = try run("c,,city,市中心,104.0,30.5\nd,c,center,一区中心,,\n", client)
        let answer = await client.send(.get, "/api/v1/stations/2")
        #expect(answer.json["isPositionApproximate"] == .bool(true))
        #expect(
            answer.json["position"]?["longitude"] == .real(104.0)
                || answer.json["position"]?["longitude"] == .integer(104))
    }
}
