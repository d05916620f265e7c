import App
import HTTP
import Support
import Testing

@Suite("Importing stations") struct StationImporterTests {
    private static let header = "code,parentCode,kind,name,longitude,latitude\n"

    private func run(_ text: String, _ client: TestClient, isNew: Bool = false) throws -> Importing.Result {
        try Importing.run(StationImporter(), Self.header + text, in: client.folder.path, client.services.writer) {
            $0.isNew = isNew
        }
    }

    @Test func `every bad row is named by its line and column and no good one is lost`() throws {
        let client = try TestClient()
        let result = try run(
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
        #expect(result.record.created == 3 && result.record.refused == 6)
        #expect(
            Set(result.places) == ["5 kind", "6 longitude", "7 parentCode", "8 code", "9 ", "10 kind"])
    }

    @Test func `importing the same file again changes nothing, a changed row changes its site`() throws {
        let client = try TestClient()
        let file = "c,,city,市中心,104.0,30.5\nd,c,center,一区中心,104.1,30.6\n"
        #expect(try run(file, client).record.created == 2)
        #expect(try run(file, client, isNew: true).record.unchanged == 2)
        #expect(try run(file.replacing("一区中心", with: "第一区中心"), client).record.updated == 1)
    }

    @Test func `a site that is there keeps its parent, and a row that says otherwise is refused`() throws {
        let client = try TestClient()
        let file = "c,,city,市中心,104.0,30.5\nd,c,center,一区中心,104.1,30.6\ne,c,center,二区中心,104.2,30.6\n"
        _ = try run(file + "s,d,institute,街道所,104.1,30.6\n", client)
        for parent in ["e", "nowhere"] {
            let moved = try run("s,\(parent),institute,街道所,104.1,30.6\n", client, isNew: true)
            #expect(moved.places == ["2 parentCode"])
        }
        #expect(
            try run("s,,institute,街道所,104.1,30.6\n", client).record.unchanged == 1, "left out it is not asked about")
    }

    @Test func `a circle of parents is refused and hangs nobody`() throws {
        let client = try TestClient()
        let result = try run("a,b,station,甲站,,\nb,a,institute,乙所,,\n", client)
        #expect(result.record.created == 0 && result.record.refused == 2)
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
