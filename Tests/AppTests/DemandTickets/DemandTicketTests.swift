import App
import HTTP
import Support
import Testing

@Suite("Demand tickets") struct DemandTicketTests {
    @Test func `order, dispatch, accept, complete, rate: every step leaves a row`() async throws {
        let scene = try await DemandScene()
        let steps: [(String, String?, TestClient.Person, String)] = [
            ("dispatch", scene.toTeam, scene.dispatcher, "dispatched"),
            ("acceptance", nil, scene.volunteer, "accepted"),
            ("completion", #"{"report": "已陪同就诊", "serviceMinutes": 180}"#, scene.volunteer, "completed"),
            ("rating", #"{"stars": 5, "comment": "谢谢"}"#, scene.resident, "rated"),
        ]
        for (step, json, person, state) in steps {
            let answer = await scene.move(step, json, as: person)
            #expect(answer.status == .ok, "\(step): \(answer.text)")
            #expect(answer.json["state"]?.string == state)
        }
        let ticket = await scene.seen(by: scene.resident)
        let moves = ticket.json["moves"]?.array.compactMap { $0["toState"]?.string }
        #expect(moves == ["ordered", "dispatched", "accepted", "completed", "rated"])
    }

    @Test func `a declined order goes back with the reason and can be dispatched anew`() async throws {
        let scene = try await DemandScene()
        _ = await scene.move("dispatch", scene.toTeam, as: scene.dispatcher)
        let declined = await scene.move("declination", #"{"reason": "周三人手不足"}"#, as: scene.volunteer)
        #expect(declined.json["state"]?.string == "ordered")
        #expect(declined.json["teamId"] == .null)
        #expect(declined.json["moves"]?.array.last?["reason"]?.string == "周三人手不足")
        #expect(await scene.move("dispatch", scene.toTeam, as: scene.dispatcher).status == .ok)
    }

    @Test func `whoever accepted may still decline, and the order waits to be dispatched anew`() async throws {
        let scene = try await DemandScene()
        _ = await scene.move("dispatch", scene.toTeam, as: scene.dispatcher)
        _ = await scene.move("acceptance", as: scene.volunteer)
        #expect(await scene.move("declination", "{}", as: scene.volunteer).status == .badRequest, "without a reason")
        let declined = await scene.move("declination", #"{"reason": "陪同人生病"}"#, as: scene.volunteer)
        #expect(declined.json["state"]?.string == "ordered")
        #expect(declined.json["teamId"] == .null)
        #expect(declined.json["moves"]?.array.last?["fromState"]?.string == "accepted")
        #expect(declined.json["moves"]?.array.last?["reason"]?.string == "陪同人生病")
        #expect(await scene.move("dispatch", scene.toTeam, as: scene.dispatcher).status == .ok)
    }

    @Test func `an accepted order nobody cares for is dispatched to somebody else`() async throws {
        let scene = try await DemandScene()
        let other = try await scene.client.volunteer(2)
        let otherID = try await scene.client.volunteerID(of: other)
        _ = await scene.move("dispatch", scene.toTeam, as: scene.dispatcher)
        _ = await scene.move("acceptance", as: scene.volunteer)
        let repeated = await scene.move("dispatch", scene.toTeam, as: scene.dispatcher)
        #expect(repeated.json["state"]?.string == "accepted", "a retry undoes no acceptance")
        let anew = await scene.move("dispatch", #"{"volunteerId": \#(otherID)}"#, as: scene.dispatcher)
        #expect(anew.json["state"]?.string == "dispatched")
        #expect(anew.json["moves"]?.array.last?["fromState"]?.string == "accepted")
        let report = #"{"report": "已陪同就诊", "serviceMinutes": 180}"#
        #expect(await scene.move("completion", report, as: scene.volunteer).status == .notFound)
        #expect(await scene.move("acceptance", as: other).status == .ok)
        #expect(await scene.move("completion", report, as: other).json["state"]?.string == "completed")
        #expect(await scene.move("declination", #"{"reason": "太晚"}"#, as: other).status == .conflict)
    }

    @Test func `a step out of order is refused with the present state`() async throws {
        let scene = try await DemandScene()
        let answer = await scene.move("rating", #"{"stars": 5}"#, as: scene.resident)
        #expect(answer.status == .conflict)
        #expect(answer.json["state"]?.string == "ordered")
    }

    @Test func `only the one it was dispatched to may accept, and only its place's manager dispatch`() async throws {
        let scene = try await DemandScene()
        let other = try await scene.client.volunteer(2)
        let stranger = try scene.client.staff(.stationManager, at: TestClient.otherStreet)
        #expect(await scene.move("dispatch", scene.toTeam, as: stranger).status == .forbidden)
        _ = await scene.move("dispatch", scene.toTeam, as: scene.dispatcher)
        #expect(await scene.move("acceptance", as: other).status == .notFound)
        #expect(await scene.seen(by: other).status == .notFound)
    }

    @Test func `two answers to one dispatch: the first wins`() async throws {
        let scene = try await DemandScene()
        _ = await scene.move("dispatch", scene.toTeam, as: scene.dispatcher)
        async let accepted = scene.move("acceptance", as: scene.volunteer)
        async let cancelled = scene.move("cancellation", #"{"reason": "家人回来了"}"#, as: scene.resident)
        let (first, second) = (await accepted, await cancelled)
        #expect(second.status == .ok, "cancelling is possible before and after acceptance")
        #expect(first.status == .ok || first.status == .notFound)
        let ticket = await scene.seen(by: scene.resident)
        #expect(ticket.json["state"]?.string == "cancelled")
    }

    @Test func `a dispatch names a team or a volunteer, not both and not nobody`() async throws {
        let scene = try await DemandScene()
        for json in ["{}", #"{"teamId": 1, "volunteerId": 1}"#, #"{"teamId": 99}"#] {
            #expect(await scene.move("dispatch", json, as: scene.dispatcher).status == .unprocessableContent)
        }
    }

    @Test func `a dispatcher sees the orders of their part of the city`() async throws {
        let scene = try await DemandScene()
        let elsewhere = try scene.client.staff(.dispatcher, at: TestClient.otherDistrict)
        let own = await scene.client.send(.get, "/api/v1/demand-tickets", token: scene.dispatcher.token)
        #expect(own.json["items"]?.array.count == 1)
        let others = await scene.client.send(.get, "/api/v1/demand-tickets", token: elsewhere.token)
        #expect(others.json["items"]?.array.isEmpty == true)
    }
}
