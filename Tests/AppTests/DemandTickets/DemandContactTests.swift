import App
import HTTP
import Support
import Testing

@Suite("Who sees what of a demand ticket") struct DemandContactTests {
    @Test func `the telephone is whole for the requester, and for the volunteer while the order is accepted`()
        async throws
    {
        let scene = try await DemandScene()
        let (whole, masked) = ("+8613900010002", "139****0002")
        #expect(await scene.phone(as: scene.resident) == whole)
        #expect(await scene.phone(as: scene.dispatcher) == masked)
        let listed = await scene.client.send(.get, "/api/v1/demand-tickets", token: scene.dispatcher.token)
        #expect(listed.json["items"]?[0]?["contactPhone"]?.string == masked)
        let dispatched = await scene.move("dispatch", scene.toVolunteer, as: scene.dispatcher)
        #expect(dispatched.json["contactPhone"]?.string == masked)
        #expect(await scene.phone(as: scene.volunteer) == masked, "before acceptance")
        let own = "/api/v1/me/demand-tickets?side=handler"
        let before = await scene.client.send(.get, own, token: scene.volunteer.token)
        #expect(before.json["items"]?[0]?["contactPhone"]?.string == masked)
        let accepted = await scene.move("acceptance", as: scene.volunteer)
        #expect(accepted.json["contactPhone"]?.string == whole)
        #expect(await scene.phone(as: scene.volunteer) == whole)
        let done = await scene.move("completion", #"{"report": "已陪诊", "serviceMinutes": 60}"#, as: scene.volunteer)
        #expect(done.json["contactPhone"]?.string == masked, "and no longer")
        #expect(await scene.phone(as: scene.resident) == whole)
    }

    @Test func `a dispatcher of the place sees it whole once they ask, which is noted`() async throws {
        let scene = try await DemandScene()
        let seen = await scene.client.send(.post, "\(scene.path)/contact-views", token: scene.dispatcher.token)
        #expect(seen.status == .created, "\(seen.text)")
        #expect(seen.json["phone"]?.string == "+8613900010002")
        #expect(seen.json["address"]?.string == "总府路1号")
        #expect(try scene.client.audited("viewDemandContact").count == 1)
        let elsewhere = try scene.client.staff(.dispatcher, at: TestClient.otherDistrict)
        for person in [elsewhere, scene.volunteer, scene.resident] {
            let refused = await scene.client.send(.post, "\(scene.path)/contact-views", token: person.token)
            #expect(refused.status == .forbidden)
        }
        #expect(try scene.client.audited("viewDemandContact").count == 1)
    }

    @Test func `the requester reads why it was refused, and not what those who handle it tell each other`() async throws
    {
        let scene = try await DemandScene()
        let dispatch = #"{"volunteerId": \#(scene.volunteerID), "note": "该住户情绪不稳"}"#
        let dispatched = await scene.move("dispatch", dispatch, as: scene.dispatcher)
        #expect(dispatched.json["moves"]?.array.last?["reason"]?.string == "该住户情绪不稳")
        _ = await scene.move("declination", #"{"reason": "路太远"}"#, as: scene.volunteer)
        let middle = await scene.seen(by: scene.resident)
        #expect(middle.json["moves"]?.array.allSatisfy { $0["reason"] == .null } == true, "\(middle.text)")
        _ = await scene.move("refusal", #"{"reason": "不属于志愿服务"}"#, as: scene.dispatcher)
        let end = await scene.seen(by: scene.resident)
        #expect(end.json["moves"]?.array.compactMap { $0["reason"]?.string } == ["不属于志愿服务"])
    }

    @Test func `a declination repeated changes nothing, and tells no more where the resident lives`() async throws {
        let scene = try await DemandScene()
        _ = await scene.move("dispatch", scene.toVolunteer, as: scene.dispatcher)
        for _ in 1...2 {
            let declined = await scene.move("declination", #"{"reason": "周三有事"}"#, as: scene.volunteer)
            #expect(declined.status == .ok, "\(declined.text)")
            #expect(declined.json["state"]?.string == "ordered")
            #expect(declined.json["address"] == .null && declined.json["contactPhone"] == .null)
            #expect(declined.json["moves"]?.array.count == 3)
        }
        let other = try await scene.client.volunteer(2)
        let foreign = await scene.move("declination", #"{"reason": "周三有事"}"#, as: other)
        #expect(foreign.status == .notFound)
    }

    @Test func `nobody serves themselves`() async throws {
        let scene = try await DemandScene()
        let own = await scene.client.send(
            .post, "/api/v1/demand-tickets", DemandScene.draft, token: scene.volunteer.token)
        let id = try #require(own.json["id"]?.integer)
        let refused = await scene.client.send(
            .put, "/api/v1/demand-tickets/\(id)/dispatch", scene.toVolunteer, token: scene.dispatcher.token)
        #expect(refused.status == .unprocessableContent)
        #expect(refused.json["errors"]?[0]?["pointer"]?.string == "/volunteerId")
    }

    @Test func `a wish for a time that has passed is refused`() async throws {
        let scene = try await DemandScene()
        let draft = DemandScene.draft.dropLast() + #", "wishedAt": "1999-01-01T08:00:00+08:00"}"#
        let refused = await scene.client.send(
            .post, "/api/v1/demand-tickets", String(draft), token: scene.resident.token)
        #expect(refused.status == .unprocessableContent)
        #expect(refused.json["errors"]?[0]?["pointer"]?.string == "/wishedAt")
    }
}
