import App
import HTTP
import Support
import Testing

@Suite("Importing files that lack columns") struct LackingColumnTests {
    private func client() throws -> TestClient {
        let client = try TestClient()
        try client.stations()
        return client
    }

    @Test func `what staff entered for a station stays, and an empty field takes it away`() async throws {
        let client = try client()
        let entered = await client.send(
            .put, "/api/v1/stations/6",
            #"{"name": "总府路站", "address": "总府路2号", "openingHours": "9:00", "phone": "028-86660000", "managerName": "王小明"}"#,
            token: try client.staff().token, fields: [("If-Match", "*")])
        #expect(entered.status == .ok, "\(entered.text)")
        func fields() async -> [String?] {
            let answer = await client.send(.get, "/api/v1/stations/6")
            return ["name", "address", "openingHours", "phone", "managerName"].map { answer.json[$0]?.string }
        }
        let row = "510104020007,510104020000,station,总府路社区站"
        let header = "code,parentCode,kind,name"
        #expect(try client.importing(StationImporter(), "\(header)\n\(row)\n").record.updated == 1)
        #expect(await fields() == ["总府路社区站", "总府路2号", "9:00", "028-86660000", "王小明"])
        #expect(try client.importing(StationImporter(), "\(header),phone\n\(row),028-86661111\n").record.updated == 1)
        #expect(await fields() == ["总府路社区站", "总府路2号", "9:00", "028-86661111", "王小明"])
        #expect(try client.importing(StationImporter(), "\(header),phone,address\n\(row),,总府路2号\n").record.updated == 1)
        #expect(await fields() == ["总府路社区站", "总府路2号", "9:00", nil, "王小明"])
        #expect(
            try client.importing(
                StationImporter(), "\(header),address,openingHours,managerName,longitude,latitude\n\(row),,,,,\n"
            ).record.updated == 1)
        #expect(await fields() == ["总府路社区站", nil, nil, nil, nil])
        let kept = await client.send(.get, "/api/v1/stations/6")
        #expect(kept.json["isPositionApproximate"] == .bool(false), "a position is never taken away")
    }

    @Test func `a city is taken in with all that its row says`() async throws {
        let client = try TestClient()
        let file = "code,parentCode,kind,name,address,phone\nc,,city,市中心,天府大道1号,028-12345\n"
        #expect(try client.importing(StationImporter(), file).record.created == 1)
        let city = await client.send(.get, "/api/v1/stations/1")
        #expect(city.json["address"]?.string == "天府大道1号" && city.json["phone"]?.string == "028-12345")
    }

    @Test func `a chat group keeps its grid and its owner`() async throws {
        let client = try client()
        let manager = try client.staff()
        _ = try client.importing(GridImporter(), "code,communityCode,name\nW1,510104020007,一号网格\n")
        let header = "communityCode,name,kind"
        _ = try client.importing(
            ChatGroupImporter(), "\(header),gridCode,ownerName\n510104020007,居民一群,居民群,W1,赵铁柱\n"
        )
        func group() async -> JSONValue {
            await client.send(.get, "/api/v1/chat-groups/1", token: manager.token).json
        }
        let changed = try client.importing(ChatGroupImporter(), "\(header),memberCount\n510104020007,居民一群,owners,480\n")
            .record
        #expect(changed.updated == 1)
        let kept = await group()
        #expect(kept["kind"]?.string == "owners" && kept["memberCount"]?.integer == 480)
        #expect(kept["gridId"]?.integer == 1 && kept["ownerName"]?.string == "赵铁柱")
        let emptied = try client.importing(
            ChatGroupImporter(), "\(header),gridCode,ownerName\n510104020007,居民一群,owners,,\n"
        ).record
        #expect(emptied.updated == 1)
        #expect(await group()["gridId"] == .null)
        #expect(await group()["ownerName"] == .null)
    }

    @Test func `a grid keeps its kind, and a place its position and its households`() async throws {
        let client = try client()
        let manager = try client.staff()
        _ = try client.importing(GridImporter(), "code,communityCode,name,kind\nW1,510104020007,市场网格,special\n")
        #expect(
            try client.importing(GridImporter(), "code,communityCode,name\nW1,510104020007,大市场网格\n").record.updated == 1
        )
        func grid() async -> String? {
            await client.send(.get, "/api/v1/grids/1", token: manager.token).json["kind"]?.string
        }
        #expect(await grid() == "special")
        #expect(
            try client.importing(GridImporter(), "code,communityCode,name,kind\nW1,510104020007,大市场网格,\n").record
                .updated == 1)
        #expect(await grid() == "general")

        let header = "gridCode,kind,name,address"
        _ = try client.importing(
            GridPlaceImporter(),
            "\(header),longitude,latitude,households\nW1,院落,华兴院,华兴街12号,104.079,30.655,120\n"
        )
        func place() async -> JSONValue? {
            await client.send(.get, "/api/v1/grids/1/places", token: manager.token).json["items"]?[0]
        }
        #expect(try client.importing(GridPlaceImporter(), "\(header)\nW1,院落,华兴院,华兴街14号\n").record.updated == 1)
        #expect(await place()?["address"]?.string == "华兴街14号")
        #expect(await place()?["households"]?.integer == 120)
        #expect(await place()?["position"]?["latitude"] == .real(30.655))
        let emptied = "\(header),longitude,latitude,households\nW1,院落,华兴院,华兴街14号,,,\n"
        #expect(try client.importing(GridPlaceImporter(), emptied).record.updated == 1)
        #expect(await place()?["households"] == .null)
        #expect(await place()?["position"] == .null)
    }
}
