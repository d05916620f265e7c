import App
import HTTP
import Support
import Testing

@Suite("Plausible times") struct PlausibleTimesTests {
    private func correct(
        _ record: TestClient.Answer, to minutes: Int, _ scene: CheckInScene
    ) async throws -> TestClient.Answer {
        let id = try #require(record.json["id"]?.integer)
        return await scene.client.send(
            .post, "/api/v1/service-records/\(id)/corrections", #"{"minutes": \#(minutes), "reason": "核对后更正"}"#,
            token: scene.manager.token)
    }

    @Test func `nobody gives more than the twenty-four hours a day has`() async throws {
        let first = try await CheckInScene()
        let second = try await first.another(start: 200)
        first.client.advance(minutes: 210)
        let whole = await first.confirm(#"{"minutes": 1440, "reason": "负责人证明"}"#)
        #expect(whole.status == .ok)
        let beyond = await second.confirm(#"{"minutes": 1, "reason": "负责人证明"}"#)
        #expect(beyond.status == .unprocessableContent)
        #expect(beyond.json["errors"]?[0]?["pointer"]?.string == "/minutes")
        #expect(try await correct(whole, to: 1_400, first).status == .created)
        let rest = await second.confirm(#"{"minutes": 40, "reason": "负责人证明"}"#)
        #expect(rest.status == .ok, "\(rest.text)")
        #expect(try await correct(rest, to: 41, second).status == .unprocessableContent)
        #expect(try await correct(rest, to: 39, second).status == .created)
    }

    @Test func `hours of another day and of another person do not count`() async throws {
        let first = try await CheckInScene()
        let tomorrow = try await first.another(start: 24 * 60)
        let other = try await first.joined(by: first.client.volunteer(2))
        first.client.advance(minutes: 24 * 60 + 10)
        for scene in [first, tomorrow, other] {
            #expect(await scene.confirm(#"{"minutes": 1440, "reason": "负责人证明"}"#).status == .ok)
        }
    }

    @Test func `once check-in is open an activity keeps its start, and may still end later`() async throws {
        let scene = try await CheckInScene()
        let path = "/api/v1/activities/\(scene.activity)"
        func edit(_ draft: String) async -> TestClient.Answer {
            let tag = await scene.client.send(.get, path).value(of: .etag) ?? ""
            return await scene.client.send(
                .put, path, draft, token: scene.manager.token, fields: [("If-Match", tag)])
        }
        let start = scene.client.now + 3_600
        scene.client.advance(minutes: 31)
        let moved = await edit(TestClient.activityDraft(from: start + 7 * 86_400, station: nil))
        #expect(moved.status == .unprocessableContent)
        #expect(moved.json["errors"]?[0]?["pointer"]?.string == "/startsAt")
        let longer = TestClient.activityDraft(from: start, station: nil)
            .replacing((start + 7_200).description, with: (start + 9_000).description)
        #expect(await edit(longer).status == .ok)
    }
}
