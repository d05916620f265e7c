import App
import HTTP
import Support
import Testing

@Suite("The list of activities") struct ActivityListTests {
    private struct Scene {
        let client: TestClient
        let manager: TestClient.Person

        init() throws {
            client = try TestClient()
            try client.stations()
            manager = try client.staff()
        }

        /// Times are minutes from now.
        /// - Returns: its id.
        func publish(_ start: Int64, until end: Int64, closing: Int64, at station: Int64 = TestClient.community)
            async throws -> Int64
        {
            let draft = """
                {"stationId": \(station), "title": "河道清洁", "summary": "捡拾垃圾", "category": "06", "riskNotice": "河边路滑",
                 "address": "合江亭", "startsAt": "\(client.now + start * 60)", "endsAt": "\(client.now + end * 60)",
                 "signUpClosesAt": "\(client.now + closing * 60)", "capacity": 10, "personInCharge": "王小明"}
                """
            let made = await client.send(.post, "/api/v1/activities", draft, token: manager.token)
            return try #require(made.json["id"]?.integer, "\(made.text)")
        }

        /// Ids in order, page by page.
        func list(_ query: String = "", limit: Int = 20) async -> [Int64] {
            var ids: [Int64] = []
            var path: String? = "/api/v1/activities?limit=\(limit)\(query)"
            while let next = path {
                let answer = await client.send(.get, next)
                ids += answer.json["items"]?.array.compactMap { $0["id"]?.integer } ?? []
                path = answer.json["next"]?.string.map { "/api/v1/activities?limit=\(limit)\(query)&cursor=\($0)" }
            }
            return ids
        }
    }

    private static let day: Int64 = 24 * 60

    @Test func `what has begun is found for as long as it can be joined, and then no longer`() async throws {
        let scene = try Scene()
        let open = try await scene.publish(-3 * Self.day, until: 5 * Self.day, closing: 2 * Self.day)
        _ = try await scene.publish(-3 * Self.day, until: 5 * Self.day, closing: -3 * Self.day)
        let queries = ["", "&q=\(TestClient.escaped("河道"))", "&stationId=\(TestClient.community)", "&category=06"]
        for query in queries { #expect(await scene.list(query) == [open], "\(query)") }
        #expect(await scene.list("&stationId=\(TestClient.otherCommunity)") == [])
        let person = try await scene.client.volunteer()
        let joined = await scene.client.send(
            .post, "/api/v1/activities/\(open)/sign-ups", token: person.token)
        #expect(joined.status == .created, "\(joined.text)")
        // It is 09:00 on Monday: sign-up closes on Wednesday at 09:00, and today's stay until midnight.
        scene.client.advance(minutes: 3 * Self.day - 9 * 60 - 1)
        #expect(await scene.list() == [open])
        scene.client.advance(minutes: 1)
        #expect(await scene.list() == [])
    }

    @Test func `an activity stands where it starts or, if that is later, where its sign-up closes`() async throws {
        let scene = try Scene()
        let allYear = try await scene.publish(-60, until: 300 * Self.day, closing: 300 * Self.day)
        let tomorrow = try await scene.publish(Self.day, until: Self.day + 60, closing: 60)
        let running = try await scene.publish(-30, until: 120, closing: 90)
        let thisMorning = try await scene.publish(-60, until: 30, closing: -60)
        let twin = try await scene.publish(Self.day, until: Self.day + 90, closing: Self.day)
        let expected = [thisMorning, running, tomorrow, twin, allYear]
        for limit in 1...5 { #expect(await scene.list(limit: limit) == expected, "pages of \(limit)") }
        let cancelled = await scene.client.send(
            .put, "/api/v1/activities/\(running)/cancellation", #"{"reason": "暴雨预警"}"#, token: scene.manager.token)
        #expect(cancelled.status == .ok)
        #expect(await scene.list(limit: 2) == [thisMorning, tomorrow, twin, allYear])
    }

    @Test func `a span of time asks for starts, in order of start`() async throws {
        let scene = try Scene()
        let running = try await scene.publish(-2 * Self.day, until: 9 * Self.day, closing: 9 * Self.day)
        let tomorrow = try await scene.publish(Self.day, until: Self.day + 60, closing: Self.day)
        let later = try await scene.publish(3 * Self.day, until: 4 * Self.day, closing: Self.day)
        func time(_ days: Int64) -> String {
            TestClient.escaped("\(scene.client.now + days * 86_400)")
        }
        for limit in 1...3 {
            #expect(await scene.list("&from=\(time(-3))", limit: limit) == [running, tomorrow, later])
            #expect(await scene.list("&from=\(time(-3))&until=\(time(2))", limit: limit) == [running, tomorrow])
            #expect(await scene.list("&until=\(time(2))", limit: limit) == [tomorrow])
        }
    }
}
