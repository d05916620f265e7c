import App
import HTTP
import Support
import Testing

@Suite("Activities") struct ActivityTests {
    @Test func `a manager publishes at a station in scope and everybody finds it`() async throws {
        let client = try TestClient()
        try client.stations()
        let manager = try client.staff(.stationManager, at: TestClient.street)
        let id = try await client.activity(by: manager)
        let list = await client.send(.get, "/api/v1/activities?q=\(TestClient.escaped("河道"))")
        #expect(list.status == .ok)
        #expect(list.json["items"]?[0]?["id"]?.integer == id)
        #expect(await client.send(.get, "/api/v1/activities/\(id)").json["riskNotice"]?.string == "河边路滑，请穿防滑鞋")
    }

    @Test func `a manager of another street may not publish here`() async throws {
        let client = try TestClient()
        try client.stations()
        let stranger = try client.staff(.stationManager, at: TestClient.otherStreet)
        let answer = await client.send(
            .post, "/api/v1/activities", TestClient.activityDraft(from: client.now + 3_600), token: stranger.token)
        #expect(answer.status == .forbidden)
        #expect(answer.json["type"]?.string == "/problems/outside-scope")
    }

    @Test func `an activity without a risk notice is refused by name`() async throws {
        let client = try TestClient()
        try client.stations()
        let manager = try client.staff()
        let draft = TestClient.activityDraft(from: client.now + 3_600)
        let without = draft.split(separator: "\n").joined().replacing(#""riskNotice": "河边路滑，请穿防滑鞋", "#, with: "")
        let answer = await client.send(.post, "/api/v1/activities", String(without), token: manager.token)
        #expect(answer.status == .badRequest)
        #expect(answer.json["errors"]?[0]?["pointer"]?.string == "/riskNotice")
    }

    @Test func `every fault of a draft is told at once`() async throws {
        let client = try TestClient()
        try client.stations()
        let manager = try client.staff()
        let answer = await client.send(
            .post, "/api/v1/activities",
            """
            {"stationId": 6, "title": "x", "summary": "", "category": "99", "riskNotice": "r", "address": "a",
             "startsAt": "2027-03-02T09:00:00+08:00", "endsAt": "2027-03-02T08:00:00+08:00", "capacity": 0,
             "personInCharge": "7"}
            """, token: manager.token)
        #expect(answer.status == .unprocessableContent)
        let pointers = answer.json["errors"]?.array.compactMap { $0["pointer"]?.string } ?? []
        #expect(Set(pointers) == ["/title", "/summary", "/category", "/capacity", "/personInCharge", "/endsAt"])
    }

    @Test func `an edit needs the version it was made from`() async throws {
        let client = try TestClient()
        try client.stations()
        let manager = try client.staff()
        let id = try await client.activity(by: manager)
        let path = "/api/v1/activities/\(id)"
        let draft = TestClient.activityDraft(places: 20, from: client.now + 7_200, station: nil)
        #expect(await client.send(.put, path, draft, token: manager.token).status == .preconditionRequired)
        let tag = try #require(await client.send(.get, path).value(of: .etag))
        #expect(await client.send(.put, path, draft, token: manager.token, fields: [("If-Match", tag)]).status == .ok)
        #expect(
            await client.send(.put, path, draft, token: manager.token, fields: [("If-Match", tag)]).status
                == .preconditionFailed)
    }

    @Test func `capacity cannot be lowered below the places taken`() async throws {
        let client = try TestClient()
        try client.stations()
        let manager = try client.staff()
        let id = try await client.activity(by: manager)
        for number in 1...2 {
            let person = try await client.volunteer(number)
            #expect(
                await client.send(.post, "/api/v1/activities/\(id)/sign-ups", token: person.token).status == .created)
        }
        let answer = await client.send(
            .put, "/api/v1/activities/\(id)",
            TestClient.activityDraft(places: 1, from: client.now + 3_600, station: nil),
            token: manager.token, fields: [("If-Match", "\"1\"")])
        #expect(answer.status == .unprocessableContent)
        #expect(answer.json["errors"]?[0]?["pointer"]?.string == "/capacity")
    }

    @Test func `an edit cannot move an activity into the past, where nobody could undo it`() async throws {
        let client = try TestClient()
        try client.stations()
        let manager = try client.staff()
        let id = try await client.activity(by: manager)
        let answer = await client.send(
            .put, "/api/v1/activities/\(id)",
            TestClient.activityDraft(places: 10, from: client.now - 365 * 86_400, station: nil),
            token: manager.token, fields: [("If-Match", "\"1\"")])
        #expect(answer.status == .unprocessableContent)
        #expect(answer.json["errors"]?[0]?["pointer"]?.string == "/endsAt")
    }

    @Test func `cancelling frees everybody and says why`() async throws {
        let client = try TestClient()
        try client.stations()
        let manager = try client.staff()
        let id = try await client.activity(by: manager)
        let person = try await client.volunteer()
        _ = await client.send(.post, "/api/v1/activities/\(id)/sign-ups", token: person.token)
        let answer = await client.send(
            .put, "/api/v1/activities/\(id)/cancellation", #"{"reason": "暴雨预警"}"#, token: manager.token)
        #expect(answer.json["state"]?.string == "cancelled")
        #expect(answer.json["taken"]?.integer == 0)
        let mine = await client.send(.get, "/api/v1/me/sign-ups", token: person.token)
        #expect(mine.json["items"]?[0]?["cancelReason"]?.string == "暴雨预警")
        let late = await client.send(.post, "/api/v1/activities/\(id)/sign-ups", token: person.token)
        #expect(late.json["reasons"]?.array.compactMap(\.string).contains("cancelled") == true)
    }

    @Test func `the list pages by key and misses nothing`() async throws {
        let client = try TestClient()
        try client.stations()
        let manager = try client.staff()
        var made: Set<Int64> = []
        for number in 0..<7 { made.insert(try await client.activity(start: 60 + Int64(number % 3), by: manager)) }
        var found: [Int64] = []
        var path: String? = "/api/v1/activities?limit=3"
        while let next = path {
            let answer = await client.send(.get, next)
            found += answer.json["items"]?.array.compactMap { $0["id"]?.integer } ?? []
            path = answer.json["next"]?.string.map { "/api/v1/activities?limit=3&cursor=\($0)" }
        }
        #expect(found.count == 7)
        #expect(Set(found) == made)
    }
}
