import App
import HTTP
import Support
import Testing

extension PartyScene {
    static func bond(_ unit: Int64, station: Int64 = TestClient.community, side: String = "community") -> String {
        """
        {"unitId": \(unit), "stationId": \(station), "side": "\(side)", "contactName": "钱联络",
         "contactPhone": "13900008888"}
        """
    }

    /// An active bond between the scene's unit and community 6.
    func bonded() async throws -> Int64 {
        let proposed = await send(.post, "unit-bonds", Self.bond(unit), as: manager)
        let id = try #require(proposed.json["id"]?.integer, "\(proposed.text)")
        let active = await send(.put, "unit-bonds/\(id)/activation", as: representative)
        try #require(active.json["state"]?.string == "active", "\(active.text)")
        return id
    }
}

@Suite("Unit bonds") struct UnitBondTests {
    @Test(arguments: ["community", "unit"]) func `one side proposes a bond, the other agrees, either ends it`(
        side: String
    ) async throws {
        let scene = try await PartyScene()
        let isCommunity = side == "community"
        let proposer = isCommunity ? scene.manager : scene.representative
        let other = isCommunity ? scene.representative : scene.manager
        let proposed = await scene.send(.post, "unit-bonds", PartyScene.bond(scene.unit, side: side), as: proposer)
        #expect(proposed.status == .created)
        #expect(proposed.json["since"] == .null)
        let path = "unit-bonds/\(try #require(proposed.json["id"]?.integer))"
        let own = await scene.send(.put, "\(path)/activation", as: proposer)
        #expect(own.status == .forbidden)
        #expect(own.json["type"]?.string == "/problems/other-side")
        for _ in 0..<2 {
            let active = await scene.send(.put, "\(path)/activation", as: other)
            #expect(active.json["since"]?.string == "\(scene.client.now)")
        }
        for person in [other, proposer] {
            let ended = await scene.send(.put, "\(path)/end", PartyScene.reason, as: person)
            #expect(ended.json["state"]?.string == "ended")
            #expect(ended.json["endReason"]?.string == "情况不符")
        }
        #expect(await scene.send(.put, "\(path)/activation", as: other).status == .conflict)
    }

    @Test func `nobody speaks for a side that is not theirs, or sees a bond of others`() async throws {
        let scene = try await PartyScene()
        let community = PartyScene.bond(scene.unit)
        let unit = PartyScene.bond(scene.unit, side: "unit")
        for (json, person) in [
            (community, scene.representative), (community, scene.stranger), (unit, scene.manager),
            (unit, try scene.client.resident(5)),
        ] {
            #expect(await scene.send(.post, "unit-bonds", json, as: person).status == .forbidden)
        }
        let bond = try await scene.bonded()
        for person in [scene.stranger, try await scene.client.volunteer(6)] {
            #expect(await scene.send(.get, "unit-bonds/\(bond)", as: person).status == .notFound)
            #expect(
                await scene.send(.put, "unit-bonds/\(bond)/end", PartyScene.reason, as: person).status == .notFound)
        }
        let seen = await scene.send(.get, "unit-bonds/\(bond)", as: scene.representative)
        #expect(seen.json["contactPhone"]?.string == "+8613900008888")
        #expect(await scene.send(.get, "unit-bonds", as: scene.stranger).json["items"]?.array.isEmpty == true)
        let listed = await scene.send(.get, "unit-bonds?stationId=6&state=active", as: scene.manager)
        #expect(listed.json["items"]?.array.count == 1)
        let own = await scene.send(.get, "party-units/\(scene.unit)/bonds", as: scene.representative)
        #expect(own.json["items"]?.array.count == 1)
        #expect(await scene.send(.get, "party-units/\(scene.unit)/bonds", as: scene.manager).status == .notFound)
    }

    @Test func `what is wrong with a bond is named`() async throws {
        let scene = try await PartyScene()
        for (json, pointer) in [
            (PartyScene.bond(99), "/unitId"), (PartyScene.bond(scene.unit, station: 4), "/stationId"),
            (
                #"{"unitId": 1, "stationId": 6, "side": "unit", "contactName": "1", "contactPhone": "1"}"#,
                "/contactName"
            ),
        ] {
            let answer = await scene.send(.post, "unit-bonds", json, as: scene.manager)
            #expect(answer.status == .unprocessableContent)
            #expect(answer.json["errors"]?[0]?["pointer"]?.string == pointer)
        }
        let side = PartyScene.bond(scene.unit, side: "city")
        #expect(await scene.send(.post, "unit-bonds", side, as: scene.manager).status == .badRequest)
    }

    @Test func `of bonds proposed by both sides at once one lives`() async throws {
        let scene = try await PartyScene()
        let unit = PartyScene.bond(scene.unit, side: "unit")
        async let first = scene.send(.post, "unit-bonds", PartyScene.bond(scene.unit), as: scene.manager)
        async let second = scene.send(.post, "unit-bonds", unit, as: scene.representative)
        let statuses = [await first.status.code, await second.status.code].sorted()
        #expect(statuses == [201, 409])
    }
}
