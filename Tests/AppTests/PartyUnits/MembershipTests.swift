import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Party membership") struct MembershipTests {
    @Test func `nothing is kept without consent, and consent is kept with its time`() async throws {
        let scene = try await PartyScene()
        let person = try await scene.client.volunteer(1)
        let path = "me/party-membership"
        #expect(await scene.send(.get, path, as: person).status == .notFound)
        let without = #"{"unitId": 1, "consent": false, "consentVersion": "2027-01"}"#
        let refused = await scene.send(.put, path, without, as: person)
        #expect(refused.json["errors"]?[0]?["pointer"]?.string == "/consent")
        #expect(await scene.send(.put, path, scene.declaration(99), as: person).status == .unprocessableContent)
        #expect(await scene.send(.get, path, as: person).status == .notFound)
        let declared = await scene.send(.put, path, scene.declaration(), as: person)
        #expect(declared.json["state"]?.string == "declared")
        #expect(declared.json["consentedAt"]?.string == "\(scene.client.now)")
        #expect(await scene.send(.get, path, as: person).body == declared.body)
        let resident = try scene.client.resident(4)
        #expect(await scene.send(.put, path, scene.declaration(), as: resident).status == .forbidden)
    }

    @Test func `a minor cannot declare`() async throws {
        let scene = try await PartyScene()
        let person = try await scene.client.volunteer(1)
        let volunteer = try await scene.volunteerID(person)
        try scene.client.services.writer.writeAndWait { db in
            try db.run("UPDATE volunteer SET birth_date = '2009-03-02' WHERE id = \(volunteer)")
        }
        let answer = await scene.send(.put, "me/party-membership", scene.declaration(), as: person)
        #expect(answer.status == .unprocessableContent)
    }

    @Test func `the unit's own people see masked names and decide; nobody else sees anything`() async throws {
        let scene = try await PartyScene()
        let person = try await scene.client.volunteer(1)
        _ = await scene.send(.put, "me/party-membership", scene.declaration(), as: person)
        let volunteer = try await scene.volunteerID(person)
        let path = "party-units/\(scene.unit)/members"
        let listed = await scene.send(.get, "\(path)?state=declared", as: scene.representative)
        #expect(listed.json["items"]?[0]?["name"]?.string == "李*愿")
        for other in [scene.manager, person, try scene.client.staff()] {
            #expect(await scene.send(.get, path, as: other).status == .notFound)
            let confirmed = await scene.send(.put, "\(path)/\(volunteer)/confirmation", as: other)
            #expect(confirmed.status == .notFound)
        }
        #expect(await scene.send(.get, path, as: nil).status == .unauthorized)
        #expect(
            await scene.send(.put, "\(path)/999/confirmation", as: scene.representative).status == .notFound)
        for _ in 0..<2 {
            let confirmed = await scene.send(.put, "\(path)/\(volunteer)/confirmation", as: scene.representative)
            #expect(confirmed.json["state"]?.string == "confirmed")
        }
        let repeated = await scene.send(.put, "me/party-membership", scene.declaration(), as: person)
        #expect(repeated.json["state"]?.string == "confirmed", "declaring again changes nothing")
    }

    @Test func `who acts for a unit decides nothing about their own membership, but a second one does`() async throws {
        let scene = try await PartyScene()
        let person = try await scene.client.volunteer(1)
        try await PartyScene.link(1, to: scene.unit, of: scene.client, by: scene.manager)
        _ = await scene.send(.put, "me/party-membership", scene.declaration(), as: person)
        let path = "party-units/\(scene.unit)/members/\(try await scene.volunteerID(person))"
        let decisions = [
            await scene.send(.put, "\(path)/confirmation", as: person),
            await scene.send(.put, "\(path)/refusal", PartyScene.reason, as: person),
        ]
        for own in decisions {
            #expect(own.status == .forbidden && own.json["type"]?.string == "/problems/own-case", "\(own.text)")
        }
        #expect(await scene.send(.put, "\(path)/confirmation", as: scene.representative).status == .ok)
    }

    @Test func `a unit that takes back its word ends the check-in`() async throws {
        let scene = try await PartyScene()
        let (person, _) = try await scene.checkedIn()
        let volunteer = try await scene.volunteerID(person)
        let path = "party-units/\(scene.unit)/members/\(volunteer)"
        for _ in 0..<2 {
            let refused = await scene.send(.put, "\(path)/refusal", PartyScene.reason, as: scene.representative)
            #expect(refused.json["state"]?.string == "refused")
        }
        #expect(await scene.send(.put, "\(path)/confirmation", as: scene.representative).status == .conflict)
        let own = await scene.send(.get, "me/member-check-ins", as: person)
        #expect(own.json["items"]?[0]?["state"]?.string == "ended")
        #expect(await scene.send(.get, "me/party-membership", as: person).json["reason"]?.string == "情况不符")
    }

    @Test func `another unit takes the place of the first and has to confirm anew`() async throws {
        let scene = try await PartyScene()
        let (person, _) = try await scene.checkedIn()
        let other = try await PartyScene.unit("市图书馆党支部", of: scene.client, by: scene.manager)
        let answer = await scene.send(.put, "me/party-membership", scene.declaration(other), as: person)
        #expect(answer.json["state"]?.string == "declared")
        let own = await scene.send(.get, "me/member-check-ins", as: person)
        #expect(own.json["items"]?[0]?["state"]?.string == "ended")
        let left = await scene.send(.get, "party-units/\(scene.unit)/members", as: scene.representative)
        #expect(left.json["items"]?.array.isEmpty == true)
    }

    @Test func `withdrawing wipes every row that says so`() async throws {
        let scene = try await PartyScene()
        let (person, _) = try await scene.checkedIn()
        let volunteer = try await scene.volunteerID(person)
        let post = try await PostScene(scene).post
        let claimed = await scene.send(.put, "community-posts/\(post)/claim", as: person)
        let claim = try #require(claimed.json["id"]?.integer)
        let report = #"{"minutes": 60, "note": "巡河一次"}"#
        #expect(await scene.send(.put, "post-claims/\(claim)/services/2027-03-01", report, as: person).status == .ok)
        for _ in 0..<2 { #expect(await scene.send(.delete, "me/party-membership", as: person).status == .noContent) }
        #expect(await scene.send(.get, "me/party-membership", as: person).status == .notFound)
        #expect(await scene.send(.get, "me/member-check-ins", as: person).json["items"]?.array.isEmpty == true)
        #expect(await scene.send(.get, "me/post-claims", as: person).json["items"]?.array.isEmpty == true)
        let claims = await scene.send(.get, "community-posts/\(post)/claims", as: scene.manager)
        #expect(claims.json["items"]?[0]?["memberName"] == .null)
        #expect(await scene.send(.get, "community-posts/\(post)", as: scene.manager).json["taken"]?.integer == 0)
        let left = try scene.client.services.writer.writeAndWait { db in
            try db.value(
                """
                SELECT (SELECT count(*) FROM party_membership WHERE volunteer_id = \(volunteer))
                    + (SELECT count(*) FROM member_check_in WHERE volunteer_id = \(volunteer))
                    + (SELECT count(*) FROM post_claim WHERE volunteer_id = \(volunteer))
                    + (SELECT count(*) FROM post_service WHERE note IS NOT NULL)
                """, as: Int.self)
        }
        #expect(left == 0)
    }
}
