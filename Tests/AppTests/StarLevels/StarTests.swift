import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Stars") struct StarTests {
    private struct Scene {
        var client: TestClient
        var person: TestClient.Person
        var id: Int64
        var manager: TestClient.Person

        /// Confirms so many minutes of an activity of its own.
        func serve(_ minutes: Int) async throws -> Int64 {
            let staff = try client.staff(.stationManager, at: TestClient.street)
            let activity = try await client.activity(by: staff)
            let signUp = await client.send(.post, "/api/v1/activities/\(activity)/sign-ups", token: person.token)
            let id = try #require(signUp.json["id"]?.integer, "\(signUp.text)")
            client.advance(minutes: 24 * 60)
            let confirming = try client.staff(.stationManager, at: TestClient.street)
            let record = await client.send(
                .put, "/api/v1/sign-ups/\(id)/confirmation", #"{"minutes": \#(minutes), "reason": "现场登记"}"#,
                token: confirming.token)
            return try #require(record.json["id"]?.integer, "\(record.text)")
        }

        func correct(_ record: Int64, to minutes: Int) async throws -> TestClient.Answer {
            await client.send(
                .post, "/api/v1/service-records/\(record)/corrections", #"{"minutes": \#(minutes), "reason": "登记有误"}"#,
                token: try client.staff(.stationManager, at: TestClient.street).token)
        }

        func standing() async -> JSONValue {
            await client.send(.get, "/api/v1/me/star-level", token: person.token).json
        }

        func apply() async -> TestClient.Answer {
            await client.send(.post, "/api/v1/me/star-applications", #"{"stationId": 6}"#, token: person.token)
        }

        func decide(_ path: String, _ json: String? = nil, at station: Int64 = TestClient.street) async throws
            -> TestClient.Answer
        {
            let staff = try client.staff(.stationManager, at: station)
            return await client.send(.put, "/api/v1/\(path)", json, token: staff.token)
        }
    }

    private func scene(_ manner: StarAward.Manner = .automatic) async throws -> Scene {
        let client = try TestClient {
            $0.starMinutes = [100, 200, 300, 400, 500]
            $0.starAwards = manner
        }
        try client.stations()
        let person = try await client.volunteer()
        return Scene(
            client: client, person: person, id: try await client.volunteerID(of: person),
            manager: try client.staff(.stationManager, at: TestClient.street))
    }

    @Test func `a star comes with the minutes it takes, not one before`() async throws {
        let scene = try await scene()
        _ = try await scene.serve(99)
        #expect(await scene.standing()["level"]?.integer == 0)
        #expect(await scene.standing()["nextThresholdMinutes"]?.integer == 100)
        _ = try await scene.serve(1)
        let standing = await scene.standing()
        #expect(standing["level"]?.integer == 1)
        #expect(standing["awards"]?[0]?["minutes"]?.integer == 100)
        #expect(standing["awards"]?[0]?["manner"]?.string == "automatic")
        let seen = await scene.client.send(
            .get, "/api/v1/volunteers/\(scene.id)/profile",
            token: try scene.client.staff(.stationManager, at: TestClient.street).token)
        #expect(seen.json["honours"]?["starLevel"]?.integer == 1)
        let own = await scene.client.send(.get, "/api/v1/me/volunteer", token: scene.person.token)
        #expect(own.json["starLevel"]?.integer == 1)
    }

    @Test func `many minutes at once bring each star in its order, and no sixth`() async throws {
        let scene = try await scene()
        _ = try await scene.serve(1_440)
        let standing = await scene.standing()
        #expect(standing["awards"]?.array.compactMap { $0["level"]?.integer } == [5, 4, 3, 2, 1])
        #expect(standing["nextThresholdMinutes"] == .null)
        _ = try await scene.serve(100)
        #expect(await scene.standing()["awards"]?.array.count == 5)
    }

    @Test func `a correction downwards takes stars, upwards gives them, and every row stays`() async throws {
        let scene = try await scene()
        let record = try await scene.serve(250)
        #expect(await scene.standing()["level"]?.integer == 2)
        #expect(try await scene.correct(record, to: 150).status == .created)
        #expect(await scene.standing()["level"]?.integer == 1)
        _ = try await scene.correct(record, to: 320)
        let standing = await scene.standing()
        #expect(standing["level"]?.integer == 3)
        #expect(standing["awards"]?.array.compactMap { $0["level"]?.integer } == [3, 2, 2, 1])
        #expect(standing["awards"]?[2]?["revocationReason"]?.string?.isEmpty == false)
        for statement: SQL in ["DELETE FROM star_award", "UPDATE star_award SET minutes = 1000"] {
            #expect(throws: SQLiteError.self) {
                try scene.client.services.writer.writeAndWait { try $0.run(statement) }
            }
        }
    }

    @Test func `where stars come by themselves nobody applies`() async throws {
        let scene = try await scene()
        _ = try await scene.serve(100)
        #expect(await scene.apply().status == .conflict)
        let award = await scene.standing()["awards"]?[0]?["id"]?.integer ?? 0
        let reason = #"{"reason": "时长有误"}"#
        #expect(try await scene.decide("star-awards/\(award)/revocation", reason).status == .conflict)
        #expect(try await scene.decide("star-awards/99/revocation", reason).status == .notFound)
    }

    @Test func `by application: too early, once, approved where it was sent`() async throws {
        let scene = try await scene(.application)
        #expect(await scene.apply().json["reasons"]?[0]?.string == "notEnoughMinutes")
        _ = try await scene.serve(250)
        #expect(await scene.standing()["level"]?.integer == 0)
        async let first = scene.apply()
        async let second = scene.apply()
        let answers = [await first, await second]
        #expect(Set(answers.map(\.status)) == [.created, .conflict])
        let id = try #require(answers.first { $0.status == .created }?.json["id"]?.integer)
        let approval = "star-applications/\(id)/approval"
        #expect(try await scene.decide(approval, at: TestClient.otherStreet).status == .forbidden)
        let queue = await scene.client.send(
            .get, "/api/v1/star-applications",
            token: try scene.client.staff(.stationManager, at: TestClient.street).token)
        #expect(queue.json["items"]?[0]?["minutes"]?.integer == 250)
        #expect(queue.json["items"]?[0]?["volunteerName"]?.string == "李*愿")
        #expect(try await scene.decide(approval).json["state"]?.string == "approved")
        #expect(try await scene.decide(approval).status == .ok)
        #expect(await scene.standing()["level"]?.integer == 1)
        #expect(await scene.standing()["awards"]?[0]?["manner"]?.string == "application")
        let refusal = #"{"reason": "材料待核"}"#
        #expect(try await scene.decide("star-applications/\(id)/refusal", refusal).status == .conflict)
        let next = try #require(await scene.apply().json["id"]?.integer)
        #expect(try await scene.decide("star-applications/\(next)/refusal", refusal).json["reason"]?.string == "材料待核")
        #expect(try await scene.decide("star-applications/\(next)/refusal", refusal).status == .ok)
        #expect(await scene.apply().status == .created, "after a refusal one may apply again")
    }

    @Test func `by application: minutes lost since are judged, and staff revoke what is left without`() async throws {
        let scene = try await scene(.application)
        let record = try await scene.serve(250)
        let first = try #require(await scene.apply().json["id"]?.integer)
        _ = try await scene.decide("star-applications/\(first)/approval")
        let second = try #require(await scene.apply().json["id"]?.integer)
        _ = try await scene.correct(record, to: 90)
        #expect(try await scene.decide("star-applications/\(second)/approval").status == .conflict)
        let standing = await scene.standing()
        #expect(standing["level"]?.integer == 1, "only staff take it")
        let award = standing["awards"]?[0]?["id"]?.integer ?? 0
        let path = "star-awards/\(award)/revocation"
        let reason = #"{"reason": "时长更正后不足"}"#
        #expect(try await scene.decide(path, reason, at: TestClient.otherStreet).status == .forbidden)
        #expect(try await scene.decide(path, reason).json["level"]?.integer == 0)
        #expect(try await scene.decide(path, reason).status == .ok)
        let id = scene.id
        let seen = await scene.client.send(
            .get, "/api/v1/volunteers/\(id)/star-level",
            token: try scene.client.staff(.stationManager, at: TestClient.street).token)
        #expect(seen.json["awards"]?[0]?["revocationReason"]?.string == "时长更正后不足")
    }

    @Test func `nobody decides about their own star`() async throws {
        let scene = try await scene(.application)
        _ = try await scene.serve(100)
        let id = try #require(await scene.apply().json["id"]?.integer)
        try scene.client.promote(scene.person)
        let answer = await scene.client.send(
            .put, "/api/v1/star-applications/\(id)/approval", token: scene.person.token)
        #expect(answer.json["type"]?.string == "/problems/own-case")
    }

    @Test func `levels are earned in order from where one stands`() {
        let thresholds = [100, 200, 300, 400, 500]
        #expect(StarAward.earned(beyond: 0, minutes: 99, thresholds: thresholds) == [])
        #expect(StarAward.earned(beyond: 1, minutes: 300, thresholds: thresholds) == [2, 3])
        #expect(StarAward.earned(beyond: 5, minutes: 9_999, thresholds: thresholds) == [])
        #expect(StarAward.earned(beyond: 3, minutes: 100, thresholds: thresholds) == [])
    }

    @Test(arguments: [
        "100,300,600,1000", "100,300,600,1000,1500,2000", "100,300,300,1000,1500", "0,1,2,3,4", "1,2,3,4,x",
        "1,2,3,4,100001", "",
    ])
    func `hours that are not five in ascending order are refused at the start`(hours: String) {
        #expect(throws: ConfigurationError.self) {
            try Configuration(environment: ["WENMING_STAR_HOURS": hours], arguments: [])
        }
    }

    @Test func `hours are read as minutes`() throws {
        let configuration = try Configuration(
            environment: ["WENMING_STAR_HOURS": "50,100,200,400,800", "WENMING_STAR_AWARDS": "application"],
            arguments: [])
        #expect(configuration.starMinutes == [3_000, 6_000, 12_000, 24_000, 48_000])
        #expect(configuration.starAwards == .application)
    }
}
