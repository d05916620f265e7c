import App
import HTTP
import Support
import Testing

@Suite("Overview") struct OverviewTests {
    @Test func `rates have one decimal, half up, and none on an empty base`() {
        #expect(Overview.percent(1_912, of: 2_047) == 93.4)
        #expect(Overview.percent(1, of: 3) == 33.3)
        #expect(Overview.percent(2, of: 3) == 66.7)
        #expect(Overview.percent(1, of: 2_000) == 0.1)
        #expect(Overview.percent(0, of: 5) == 0)
        #expect(Overview.percent(0, of: 0) == nil)
    }

    @Test func `the figures are what happened, in all, today and by district`() async throws {
        let client = try TestClient()
        try client.stations()
        let empty = await client.send(.get, "/api/v1/statistics/overview")
        #expect(empty.json["feedbackAnswerPercent"] == .null)
        #expect(empty.json["stations"]?.integer == 7)
        let manager = try client.staff()
        let person = try await client.volunteer()
        let activity = try await client.activity(by: manager)
        _ = await client.send(.post, "/api/v1/activities/\(activity)/sign-ups", token: person.token)
        for text in ["一", "二", "三"] {
            _ = await client.send(
                .post, "/api/v1/feedback",
                #"{"category": "other", "text": "\#(text)", "position": {"longitude": 104.0551, "latitude": 30.6291}}"#,
                token: person.token)
        }
        _ = await client.send(.put, "/api/v1/feedback/1/reply", #"{"reply": "好"}"#, token: manager.token)
        client.advance(minutes: 60 * 24)
        let overview = await client.send(.get, "/api/v1/statistics/overview")
        #expect(overview.json["total"]?["feedback"]?.integer == 3)
        #expect(overview.json["today"]?["feedback"]?.integer == 0)
        #expect(overview.json["total"]?["signUps"]?.integer == 1)
        #expect(overview.json["feedbackAnswerPercent"] == .real(33.3))
        let districts = overview.json["districts"]?.array ?? []
        #expect(districts.count == 2)
        #expect(districts[0]["figures"]?["activities"]?.integer == 1)
        #expect(districts[1]["figures"]?["feedback"]?.integer == 3)
        #expect(districts[0]["demandCompletionPercent"] == .null)
    }

    @Test func `what is done today counts today, whenever it was asked for, and an answer written anew does not`()
        async throws
    {
        let scene = try await DemandScene { $0.overviewSeconds = 0 }
        let client = scene.client
        for text in ["一", "二", "三"] {
            _ = await client.send(
                .post, "/api/v1/feedback",
                #"{"category": "other", "text": "\#(text)", "position": {"longitude": 104.0551, "latitude": 30.6291}}"#,
                token: scene.resident.token)
        }
        let manager = try client.staff()
        func reply(_ step: String, to id: Int) async -> Status {
            await client.send(.put, "/api/v1/feedback/\(id)/\(step)", #"{"reply": "好"}"#, token: manager.token).status
        }
        func today() async -> [Int64?] {
            let today = await client.send(.get, "/api/v1/statistics/overview").json["today"]
            return ["demandTickets", "demandTicketsCompleted", "feedback", "feedbackAnswered"].map {
                today?[$0]?.integer
            }
        }
        #expect(await reply("reply", to: 1) == .ok)
        #expect(await today() == [1, 0, 3, 1])
        // It is 09:00: one minute before midnight is the same day still.
        client.advance(minutes: 15 * 60 - 1)
        #expect(await today() == [1, 0, 3, 1])
        client.advance(minutes: 1)
        #expect(await today() == [0, 0, 0, 0])
        #expect(await reply("reply", to: 1) == .ok, "anew")
        #expect(await reply("reply", to: 2) == .ok)
        #expect(await reply("refusal", to: 3) == .ok)
        let hidden = await client.send(
            .put, "/api/v1/feedback/2/visibility", #"{"isHidden": true, "reason": "照片里有人"}"#, token: manager.token)
        #expect(hidden.status == .ok)
        _ = await scene.move("dispatch", scene.toVolunteer, as: scene.dispatcher)
        _ = await scene.move("acceptance", as: scene.volunteer)
        let done = await scene.move("completion", #"{"report": "已陪诊", "serviceMinutes": 60}"#, as: scene.volunteer)
        #expect(done.status == .ok)
        #expect(await today() == [0, 1, 0, 2])
        client.advance(minutes: 24 * 60)
        _ = await scene.move("rating", #"{"stars": 5}"#, as: scene.resident)
        #expect(await today() == [0, 0, 0, 0], "a rating completes nothing")
    }

    @Test func `the figures are counted anew when they are old, and asOf says when`() async throws {
        let client = try TestClient { $0.overviewSeconds = 120 }
        try client.stations()
        let path = "/api/v1/statistics/overview"
        let first = await client.send(.get, path)
        _ = try await client.volunteer()
        client.advance(minutes: 1)
        let same = await client.send(.get, path)
        #expect(same.json["asOf"] == first.json["asOf"])
        #expect(same.json["total"]?["volunteers"]?.integer == 0)
        client.advance(minutes: 1)
        let anew = await client.send(.get, path)
        #expect(anew.json["asOf"]?.string == client.now.description)
        #expect(anew.json["total"]?["volunteers"]?.integer == 1)
    }

    @Test func `two registrations that turn out to be one person's count once, in all and today`() async throws {
        let scene = try await MergeScene.ofVolunteers { $0.overviewSeconds = 0 }
        #expect(await scene.merged().status == .created)
        scene.client.advance(minutes: 1)
        let overview = await scene.client.send(.get, "/api/v1/statistics/overview")
        #expect(overview.json["total"]?["volunteers"]?.integer == 1)
        #expect(overview.json["today"]?["volunteers"]?.integer == 1)
    }

    @Test func `many who ask at once all get figures, or are told to ask again`() async throws {
        let client = try TestClient()
        try client.stations()
        let statuses = await withTaskGroup(of: Status.self) { group in
            for _ in 1...16 {
                group.addTask { await client.send(.get, "/api/v1/statistics/overview").status }
            }
            return await group.reduce(into: Set<Status>()) { $0.insert($1) }
        }
        #expect(statuses.isSubset(of: [.ok, .serviceUnavailable]))
        #expect(statuses.contains(.ok))
        #expect(await client.send(.get, "/api/v1/statistics/overview").status == .ok)
    }
}
