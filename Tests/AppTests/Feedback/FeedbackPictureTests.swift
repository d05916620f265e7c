import App
import HTTP
import Support
import Testing

@Suite("Pictures of feedback") struct FeedbackPictureTests {
    private struct Scene {
        var client: TestClient
        var reporter: TestClient.Person
        var office: TestClient.Person
        var path: String
        var picture: String

        func decide(_ step: String, _ json: String) async -> Status {
            await client.send(.put, "\(path)/\(step)", json, token: office.token).status
        }

        func look(as person: TestClient.Person? = nil) async -> TestClient.Answer {
            await client.send(.get, picture, token: person?.token)
        }
    }

    private func scene() async throws -> Scene {
        let client = try TestClient()
        try client.stations()
        let reporter = try client.resident(1)
        let upload = await client.upload(Pictures.jpeg(orientation: 1, latitude: 30, longitude: 104), by: reporter)
        let made = await client.send(
            .post, "/api/v1/feedback",
            """
            {"category": "facility", "text": "路灯不亮", "position": {"longitude": 104.0552, "latitude": 30.6292},
             "uploadIds": [\(try #require(upload.json["id"]?.integer))]}
            """, token: reporter.token)
        return Scene(
            client: client, reporter: reporter,
            office: try client.staff(.stationManager, at: TestClient.otherStreet),
            path: "/api/v1/feedback/\(try #require(made.json["id"]?.integer, "\(made.text)"))",
            picture: try #require(made.json["photos"]?[0]?.string))
    }

    @Test(arguments: [
        ("visibility", #"{"isHidden": true, "reason": "含个人信息"}"#), ("refusal", #"{"reply": "不属于受理范围"}"#),
    ]) func `what is hidden or refused keeps its pictures for the reporter and whoever answers there`(
        step: String, json: String
    ) async throws {
        let scene = try await scene()
        #expect(await scene.look().status == .ok)
        #expect(await scene.decide(step, json) == .ok)
        let elsewhere = try scene.client.staff(.stationManager, at: TestClient.street)
        for person in [nil, try scene.client.resident(2), elsewhere] {
            #expect(await scene.look(as: person).status == .notFound)
        }
        for person in [scene.reporter, scene.office] {
            let seen = await scene.look(as: person)
            #expect(seen.status == .ok)
            #expect(seen.value(of: .cacheControl) == "private, no-store")
        }
    }

    @Test func `what is shown again shows its pictures again`() async throws {
        let scene = try await scene()
        #expect(await scene.decide("visibility", #"{"isHidden": true, "reason": "含个人信息"}"#) == .ok)
        #expect(await scene.look().status == .notFound)
        #expect(await scene.decide("visibility", #"{"isHidden": false, "reason": "核实无误"}"#) == .ok)
        #expect(await scene.look().status == .ok)
    }
}
