import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Party units") struct PartyUnitTests {
    @Test func `staff enter a unit and change it by its version`() async throws {
        let scene = try await PartyScene()
        let found = await scene.send(.get, "party-units/\(scene.unit)", as: scene.manager)
        #expect(found.status == .ok)
        #expect(found.json["contactPhone"]?.string == "+8613900009999")
        #expect(found.value(of: .etag) != nil)
        let path = "party-units/\(scene.unit)"
        #expect(await scene.send(.put, path, PartyScene.draft("水务局"), as: scene.manager).status.code == 428)
        #expect(await scene.send(.put, path, PartyScene.draft("水务局"), as: scene.manager, version: 9).status.code == 412)
        let changed = await scene.send(.put, path, PartyScene.draft("水务局"), as: scene.manager, version: 1)
        #expect(changed.json["name"]?.string == "水务局")
        #expect(changed.json["version"]?.integer == 2)
        let listed = await scene.send(.get, "party-units?q=\(TestClient.escaped("水务"))&kind=agency", as: scene.manager)
        #expect(listed.json["items"]?.array.count == 1)
    }

    @Test func `nobody but staff of the seat and the unit's own people reads a unit`() async throws {
        let scene = try await PartyScene()
        let path = "party-units/\(scene.unit)"
        #expect(await scene.send(.get, path, as: nil).status == .unauthorized)
        #expect(await scene.send(.get, path, as: try await scene.client.volunteer(5)).status == .notFound)
        #expect(await scene.send(.get, path, as: scene.stranger).status == .notFound)
        let own = await scene.send(.get, path, as: scene.representative)
        #expect(own.status == .ok)
        #expect(own.json["contactPhone"] == .null, "the phone is for staff")
        let mine = await scene.send(.get, "me/party-units", as: scene.representative)
        #expect(mine.json["items"]?.array.count == 1)
        #expect(mine.json["items"]?[0]?["contactPhone"] == .null)
        let others = await scene.send(.get, "party-units", as: scene.stranger)
        #expect(others.json["items"]?.array.isEmpty == true)
        #expect(await scene.send(.get, "party-units", as: scene.representative).status == .forbidden)
    }

    @Test func `a unit is entered and changed only within one's part of the city`() async throws {
        let scene = try await PartyScene()
        let created = await scene.send(.post, "party-units", PartyScene.draft("别处"), as: scene.stranger)
        #expect(created.status == .forbidden)
        let draft = PartyScene.draft()
        let changed = await scene.send(.put, "party-units/\(scene.unit)", draft, as: scene.stranger, version: 1)
        #expect(changed.status == .forbidden)
        let moved = PartyScene.draft(seat: TestClient.otherCommunity)
        let away = await scene.send(.put, "party-units/\(scene.unit)", moved, as: scene.manager, version: 1)
        #expect(away.status == .forbidden, "nor moved out of it")
    }

    @Test(arguments: [
        (#", "creditCode": "11510106XX00000D7X""#, "/creditCode"), (#", "parentId": 99"#, "/parentId"),
    ]) func `what is wrong with a unit is named`(more: String, pointer: String) async throws {
        let scene = try await PartyScene()
        let answer = await scene.send(.post, "party-units", PartyScene.draft("另一", more: more), as: scene.manager)
        #expect(answer.status == .unprocessableContent)
        #expect(answer.json["errors"]?[0]?["pointer"]?.string == pointer)
    }

    @Test func `a seat is a community's station`() async throws {
        let scene = try await PartyScene()
        for seat in [TestClient.street, 99] {
            let answer = await scene.send(.post, "party-units", PartyScene.draft("另一", seat: seat), as: scene.manager)
            #expect(answer.json["errors"]?[0]?["pointer"]?.string == "/seatId")
        }
        let bad = #"{"name": "局", "kind": "agency", "seatId": 6, "contactName": "1", "contactPhone": "12"}"#
        let answer = await scene.send(.post, "party-units", bad, as: scene.manager)
        #expect(answer.json["errors"]?.array.count == 3)
    }

    @Test func `one credit code, and one name in a community, is one unit's`() async throws {
        let scene = try await PartyScene()
        let again = await scene.send(.post, "party-units", PartyScene.draft(), as: scene.manager)
        #expect(again.status == .conflict)
        let more = #", "creditCode": "11510106XX00000D7M""#
        _ = try await PartyScene.unit("甲单位", of: scene.client, by: scene.manager, more: more)
        let double = await scene.send(.post, "party-units", PartyScene.draft("乙单位", more: more), as: scene.manager)
        #expect(double.status == .conflict)
    }

    @Test func `the tree of units has no loops and is no deeper than eight`() async throws {
        let scene = try await PartyScene()
        var line = [scene.unit]
        for level in 2...PartyUnitRules.depthMax {
            line.append(
                try await PartyScene.unit(
                    "第\(level)级支部", of: scene.client, by: scene.manager, more: #", "parentId": \#(line[level - 2])"#))
        }
        let deeper = PartyScene.draft("第九级", more: #", "parentId": \#(line[7])"#)
        #expect(await scene.send(.post, "party-units", deeper, as: scene.manager).status == .unprocessableContent)
        let loop = PartyScene.draft(more: #", "parentId": \#(line[3])"#)
        let looped = await scene.send(.put, "party-units/\(scene.unit)", loop, as: scene.manager, version: 1)
        #expect(looped.status == .unprocessableContent)
        let top = try await PartyScene.unit("更上级", of: scene.client, by: scene.manager)
        let lowered = PartyScene.draft(more: #", "parentId": \#(top)"#)
        let tooDeep = await scene.send(.put, "party-units/\(scene.unit)", lowered, as: scene.manager, version: 1)
        #expect(tooDeep.status == .unprocessableContent, "what hangs below counts too")
        let children = await scene.send(.get, "party-units?parentId=\(scene.unit)", as: scene.manager)
        #expect(children.json["items"]?.array.count == 1)
    }

    @Test func `representatives are linked by phone and masked, and lose everything when unlinked`() async throws {
        let scene = try await PartyScene()
        let path = "party-units/\(scene.unit)/representatives"
        let listed = await scene.send(.get, path, as: scene.manager)
        #expect(listed.json["items"]?[0]?["phone"]?.string?.contains("****") == true)
        #expect(await scene.send(.post, path, PartyScene.link(77), as: scene.manager).status == .unprocessableContent)
        #expect(await scene.send(.post, path, PartyScene.link(900), as: scene.manager).status == .created)
        #expect(await scene.send(.get, path, as: scene.manager).json["items"]?.array.count == 1)
        #expect(await scene.send(.post, path, PartyScene.link(900), as: scene.stranger).status == .forbidden)
        #expect(await scene.send(.get, path, as: scene.stranger).status == .forbidden)
        let one = "\(path)/\(scene.representative.account)"
        #expect(await scene.send(.delete, one, as: scene.stranger).status == .forbidden)
        #expect(await scene.send(.delete, one, as: scene.manager).status == .noContent)
        #expect(await scene.send(.delete, one, as: scene.manager).status == .notFound)
        let after = await scene.send(.get, "party-units/\(scene.unit)", as: scene.representative)
        #expect(after.status == .notFound)
    }

    @Test func `the phone of an account merged away links the one it was merged into`() async throws {
        let scene = try await PartyScene()
        let (old, kept) = (try scene.client.resident(901), try scene.client.resident(902))
        try scene.client.run("UPDATE account SET merged_into = \(kept.account) WHERE id = \(old.account)")
        let path = "party-units/\(scene.unit)/representatives"
        let linked = await scene.send(.post, path, PartyScene.link(901), as: scene.manager)
        #expect(linked.json["accountId"]?.integer == kept.account, "\(linked.text)")
        #expect(await scene.send(.get, "party-units/\(scene.unit)", as: kept).status == .ok)
    }

    @Test func `a unit has ten representatives at most`() async throws {
        let scene = try await PartyScene()
        for number in 901..<910 {
            _ = try scene.client.resident(number)
            try await PartyScene.link(number, to: scene.unit, of: scene.client, by: scene.manager)
        }
        _ = try scene.client.resident(910)
        let answer = await scene.send(
            .post, "party-units/\(scene.unit)/representatives", PartyScene.link(910), as: scene.manager)
        #expect(answer.status == .conflict)
    }

    @Test func `volunteers find a unit's name and nothing else`() async throws {
        let scene = try await PartyScene()
        let person = try await scene.client.volunteer(1)
        let found = await scene.send(.get, "party-unit-choices?q=\(TestClient.escaped("水务局"))", as: person)
        #expect(found.json["items"]?[0]?["id"]?.integer == scene.unit)
        #expect(await scene.send(.get, "party-unit-choices", as: person).status == .badRequest)
        let resident = try scene.client.resident(3)
        #expect(await scene.send(.get, "party-unit-choices?q=ab", as: resident).status == .forbidden)
    }
}
