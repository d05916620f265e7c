import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Check-ins of units and members") struct PartyCheckInTests {
    @Test func `a unit checks in to its seat once, and the community decides`() async throws {
        let scene = try await PartyScene()
        let path = "party-units/\(scene.unit)/check-in"
        #expect(await scene.send(.put, path, as: scene.manager).status == .notFound, "only the unit proposes")
        let first = await scene.send(.put, path, as: scene.representative)
        #expect(first.json["state"]?.string == "proposed")
        let again = await scene.send(.put, path, as: scene.representative)
        #expect(again.body == first.body)
        let id = try #require(first.json["id"]?.integer)
        let listed = await scene.send(.get, "unit-check-ins?state=proposed&stationId=6", as: scene.manager)
        #expect(listed.json["items"]?.array.count == 1)
        #expect(await scene.send(.get, "unit-check-ins", as: scene.stranger).json["items"]?.array.isEmpty == true)
        #expect(await scene.send(.put, "unit-check-ins/\(id)/acceptance", as: scene.stranger).status == .forbidden)
        #expect(await scene.send(.put, "unit-check-ins/99/acceptance", as: scene.manager).status == .notFound)
        for _ in 0..<2 {
            let accepted = await scene.send(.put, "unit-check-ins/\(id)/acceptance", as: scene.manager)
            #expect(accepted.json["state"]?.string == "accepted")
        }
        let refused = await scene.send(.put, "unit-check-ins/\(id)/refusal", PartyScene.reason, as: scene.manager)
        #expect(refused.status == .conflict)
        #expect(refused.json["state"]?.string == "accepted")
        for person in [scene.representative, scene.manager] {
            let ended = await scene.send(.put, "unit-check-ins/\(id)/end", PartyScene.reason, as: person)
            #expect(ended.json["state"]?.string == "ended")
        }
        let stranger = try scene.client.resident(8)
        #expect(
            await scene.send(.put, "unit-check-ins/\(id)/end", PartyScene.reason, as: stranger).status == .notFound)
    }

    @Test func `a refused unit learns why and may try again`() async throws {
        let scene = try await PartyScene()
        let path = "party-units/\(scene.unit)/check-in"
        let first = try #require(await scene.send(.put, path, as: scene.representative).json["id"]?.integer)
        let short = await scene.send(.put, "unit-check-ins/\(first)/refusal", #"{"reason": ""}"#, as: scene.manager)
        #expect(short.status == .unprocessableContent)
        for _ in 0..<2 {
            let refused = await scene.send(
                .put, "unit-check-ins/\(first)/refusal", PartyScene.reason, as: scene.manager)
            #expect(refused.json["reason"]?.string == "情况不符")
        }
        #expect(await scene.send(.put, path, as: scene.representative).json["id"]?.integer != first)
        let history = await scene.send(
            .get, "party-units/\(scene.unit)/check-ins?limit=1", as: scene.representative)
        #expect(history.json["items"]?[0]?["state"]?.string == "proposed")
        let cursor = try #require(history.json["next"]?.string)
        let older = await scene.send(
            .get, "party-units/\(scene.unit)/check-ins?limit=1&cursor=\(cursor)", as: scene.representative)
        #expect(older.json["items"]?[0]?["state"]?.string == "refused")
    }

    @Test func `a new seat ends the check-in to the old one`() async throws {
        let scene = try await PartyScene()
        let city = try scene.client.staff()
        _ = await scene.send(.put, "party-units/\(scene.unit)/check-in", as: scene.representative)
        let draft = PartyScene.draft(seat: TestClient.otherCommunity)
        #expect(await scene.send(.put, "party-units/\(scene.unit)", draft, as: city, version: 1).status == .ok)
        let all = await scene.send(.get, "party-units/\(scene.unit)/check-ins", as: scene.representative)
        #expect(all.json["items"]?[0]?["state"]?.string == "ended")
        let next = await scene.send(.put, "party-units/\(scene.unit)/check-in", as: scene.representative)
        #expect(next.json["stationId"]?.integer == TestClient.otherCommunity)
    }

    @Test func `two members of staff who decide at once: one decision stands`() async throws {
        let scene = try await PartyScene()
        let made = await scene.send(.put, "party-units/\(scene.unit)/check-in", as: scene.representative)
        let id = try #require(made.json["id"]?.integer)
        async let accepted = scene.send(.put, "unit-check-ins/\(id)/acceptance", as: scene.manager)
        async let refused = scene.send(.put, "unit-check-ins/\(id)/refusal", PartyScene.reason, as: scene.manager)
        let statuses = [await accepted.status.code, await refused.status.code].sorted()
        #expect(statuses == [200, 409])
    }

    @Test func `two check-ins of a unit at once make one`() async throws {
        let scene = try await PartyScene()
        let path = "party-units/\(scene.unit)/check-in"
        let ids = await withTaskGroup(of: Int64?.self) { group in
            for _ in 0..<8 {
                group.addTask { await scene.send(.put, path, as: scene.representative).json["id"]?.integer }
            }
            return await group.reduce(into: Set<Int64?>()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
    }

    @Test func `only a confirmed member checks in, and the community of residence decides`() async throws {
        let scene = try await PartyScene()
        let person = try await scene.client.volunteer(1)
        let home = #"{"stationId": 7}"#
        let early = await scene.send(.put, "me/member-check-in", home, as: person)
        #expect(early.status == .conflict)
        #expect(early.json["type"]?.string == "/problems/membership-not-confirmed")
        _ = await scene.send(.put, "me/party-membership", scene.declaration(), as: person)
        #expect(await scene.send(.put, "me/member-check-in", home, as: person).status == .conflict)
        let volunteer = try await scene.volunteerID(person)
        _ = await scene.send(
            .put, "party-units/\(scene.unit)/members/\(volunteer)/confirmation", as: scene.representative)
        let proposed = await scene.send(.put, "me/member-check-in", home, as: person)
        let id = try #require(proposed.json["id"]?.integer)
        #expect(await scene.send(.put, "me/member-check-in", home, as: person).body == proposed.body)
        let street = #"{"stationId": 5}"#
        #expect(await scene.send(.put, "me/member-check-in", street, as: person).status == .unprocessableContent)
        let path = "member-check-ins/\(id)"
        #expect(await scene.send(.put, "\(path)/acceptance", as: scene.manager).status == .forbidden, "not the seat's")
        #expect(await scene.send(.put, "\(path)/acceptance", as: scene.stranger).status == .ok)
        #expect(await scene.send(.put, "\(path)/acceptance", as: scene.stranger).status == .ok)
        #expect(await scene.send(.put, "\(path)/refusal", PartyScene.reason, as: scene.stranger).status == .conflict)
        let ended = await scene.send(.put, "\(path)/end", PartyScene.reason, as: scene.stranger)
        #expect(ended.json["state"]?.string == "ended")
        let retried = await scene.send(.put, "\(path)/end", #"{"reason": "已迁出"}"#, as: scene.stranger)
        #expect(retried.body == ended.body, "a retry changes nothing")
        #expect(await scene.send(.put, "\(path)/refusal", PartyScene.reason, as: scene.stranger).status == .conflict)
    }

    @Test func `staff decide nothing about a check-in of their own, but end it like any member`() async throws {
        let scene = try await PartyScene()
        let person = try await scene.member()
        let proposed = await scene.send(.put, "me/member-check-in", #"{"stationId": 6}"#, as: person)
        let path = "member-check-ins/\(try #require(proposed.json["id"]?.integer))"
        try scene.client.promote(person, .stationManager, at: TestClient.street)
        let decisions = [
            await scene.send(.put, "\(path)/acceptance", as: person),
            await scene.send(.put, "\(path)/refusal", PartyScene.reason, as: person),
        ]
        for own in decisions {
            #expect(own.status == .forbidden && own.json["type"]?.string == "/problems/own-case", "\(own.text)")
        }
        #expect(await scene.send(.put, "\(path)/acceptance", as: scene.manager).status == .ok)
        #expect(await scene.send(.put, "\(path)/end", PartyScene.reason, as: person).status == .ok)
    }

    @Test func `a refused member reads the reason`() async throws {
        let scene = try await PartyScene()
        let person = try await scene.member()
        let proposed = await scene.send(.put, "me/member-check-in", #"{"stationId": 6}"#, as: person)
        let id = try #require(proposed.json["id"]?.integer)
        for _ in 0..<2 {
            let refused = await scene.send(
                .put, "member-check-ins/\(id)/refusal", PartyScene.reason, as: scene.manager)
            #expect(refused.status == .ok)
            #expect(refused.json["state"]?.string == "refused")
        }
        let own = await scene.send(.get, "me/member-check-ins", as: person)
        #expect(own.json["items"]?[0]?["reason"]?.string == "情况不符")
    }

    @Test func `moving ends the old check-in, and the old community sees nobody any more`() async throws {
        let scene = try await PartyScene()
        let (person, _) = try await scene.checkedIn()
        let before = await scene.send(.get, "member-check-ins?stationId=6", as: scene.manager)
        #expect(before.json["items"]?[0]?["memberName"]?.string == "李*愿")
        #expect(await scene.send(.get, "member-check-ins", as: scene.stranger).json["items"]?.array.isEmpty == true)
        _ = await scene.send(.put, "me/member-check-in", #"{"stationId": 7}"#, as: person)
        #expect(await scene.send(.get, "member-check-ins", as: scene.manager).json["items"]?.array.isEmpty == true)
        let own = await scene.send(.get, "me/member-check-ins", as: person)
        #expect(own.json["items"]?.array.compactMap { $0["state"]?.string } == ["proposed", "ended"])
        for _ in 0..<2 { #expect(await scene.send(.delete, "me/member-check-in", as: person).status == .noContent) }
        #expect(await scene.send(.get, "member-check-ins", as: scene.stranger).json["items"]?.array.isEmpty == true)
    }

    @Test func `a member checks in a dozen times a year at most, a unit too`() async throws {
        let scene = try await PartyScene()
        let person = try await scene.member()
        for number in 0..<PartyUnitRules.checkInsPerYear {
            let home = #"{"stationId": \#(6 + number % 2)}"#
            #expect(await scene.send(.put, "me/member-check-in", home, as: person).status == .ok)
            let unit = await scene.send(.put, "party-units/\(scene.unit)/check-in", as: scene.representative)
            let id = try #require(unit.json["id"]?.integer)
            let end = "unit-check-ins/\(id)/end"
            #expect(await scene.send(.put, end, PartyScene.reason, as: scene.representative).status == .ok)
        }
        let often = await scene.send(.put, "me/member-check-in", #"{"stationId": 6}"#, as: person)
        #expect(often.json["type"]?.string == "/problems/too-many-check-ins")
        let own = await scene.send(.get, "me/member-check-ins", as: person)
        #expect(own.json["items"]?[0]?["state"]?.string == "proposed", "a refusal changes nothing")
        let unit = await scene.send(.put, "party-units/\(scene.unit)/check-in", as: scene.representative)
        #expect(unit.json["type"]?.string == "/problems/too-many-check-ins")
    }

    @Test func `however often a member moves at once, one check-in lives`() async throws {
        let scene = try await PartyScene()
        let person = try await scene.member()
        await withTaskGroup(of: Void.self) { group in
            for station in [6, 7, 6, 7, 6, 7] {
                group.addTask {
                    let answer = await scene.send(
                        .put, "me/member-check-in", #"{"stationId": \#(station)}"#, as: person)
                    #expect(answer.status == .ok)
                }
            }
        }
        let own = await scene.send(.get, "me/member-check-ins", as: person)
        #expect(own.json["items"]?.array.count { $0["state"]?.string == "proposed" } == 1)
    }
}
