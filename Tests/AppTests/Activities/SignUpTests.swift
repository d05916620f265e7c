import App
import HTTP
import Support
import Testing

@Suite("Sign-ups") struct SignUpTests {
    private func prepared(places: Int = 10) async throws -> (TestClient, TestClient.Person, Int64) {
        let client = try TestClient()
        try client.stations()
        let manager = try client.staff(.stationManager, at: TestClient.street)
        return (client, manager, try await client.activity(places: places, by: manager))
    }

    @Test func `with five hundred callers for forty places exactly forty get in`() async throws {
        let client = try TestClient()
        try client.stations()
        let manager = try client.staff()
        let id = try await client.activity(places: 40, by: manager)
        var people: [TestClient.Person] = []
        for number in 0..<500 { people.append(try await client.volunteer(number)) }
        let answers = await withTaskGroup(of: TestClient.Answer.self) { group in
            for person in people {
                group.addTask { await client.send(.post, "/api/v1/activities/\(id)/sign-ups", token: person.token) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count { $0.status == .created } == 40)
        let refused = answers.filter { $0.status == .conflict }
        #expect(refused.count == 460)
        #expect(refused.allSatisfy { $0.json["reasons"]?[0]?.string == "full" })
        #expect(await client.send(.get, "/api/v1/activities/\(id)").json["taken"]?.integer == 40)
    }

    @Test func `nobody signs up twice, and whoever withdrew may come back`() async throws {
        let (client, _, id) = try await prepared()
        let person = try await client.volunteer()
        let first = await client.send(.post, "/api/v1/activities/\(id)/sign-ups", token: person.token)
        #expect(first.status == .created)
        let again = await client.send(.post, "/api/v1/activities/\(id)/sign-ups", token: person.token)
        #expect(again.status == .conflict)
        #expect(again.json["reasons"]?[0]?.string == "alreadySignedUp")
        let signUp = try #require(first.json["id"]?.integer)
        let path = "/api/v1/sign-ups/\(signUp)/cancellation"
        #expect(await client.send(.put, path, #"{"reason": "临时有事"}"#, token: person.token).status == .ok)
        #expect(await client.send(.put, path, #"{"reason": "临时有事"}"#, token: person.token).status == .ok)
        #expect(await client.send(.get, "/api/v1/activities/\(id)").json["taken"]?.integer == 0)
        #expect(await client.send(.post, "/api/v1/activities/\(id)/sign-ups", token: person.token).status == .created)
    }

    @Test func `of many taps of one person at once one takes a place, and each other hears of it and of all else`()
        async throws
    {
        let (client, _, id) = try await prepared(places: 1)
        let person = try await client.volunteer()
        let answers = await withTaskGroup(of: TestClient.Answer.self) { group in
            for _ in 0..<20 {
                group.addTask { await client.send(.post, "/api/v1/activities/\(id)/sign-ups", token: person.token) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count { $0.status == .created } == 1)
        for refused in answers where refused.status != .created {
            #expect(refused.status == .conflict)
            #expect(refused.json["state"]?.string == "signedUp")
            #expect(refused.json["reasons"]?.array.compactMap(\.string) == ["full", "alreadySignedUp"])
        }
        #expect(await client.send(.get, "/api/v1/activities/\(id)").json["taken"]?.integer == 1)
    }

    @Test func `a second tap where there is room takes no second place`() async throws {
        let (client, _, id) = try await prepared()
        let person = try await client.volunteer()
        _ = await client.send(.post, "/api/v1/activities/\(id)/sign-ups", token: person.token)
        let again = await client.send(.post, "/api/v1/activities/\(id)/sign-ups", token: person.token)
        #expect(again.json["reasons"]?.array.compactMap(\.string) == ["alreadySignedUp"])
        #expect(again.json["state"]?.string == "signedUp")
        #expect(await client.send(.get, "/api/v1/activities/\(id)").json["taken"]?.integer == 1)
    }

    @Test func `a retry with the same key gets the first answer and takes one place`() async throws {
        let (client, _, id) = try await prepared()
        let person = try await client.volunteer()
        let path = "/api/v1/activities/\(id)/sign-ups"
        let key = [("Idempotency-Key", "retry-1")]
        let first = await client.send(.post, path, token: person.token, fields: key)
        let second = await client.send(.post, path, token: person.token, fields: key)
        #expect(first.status == .created && second.status == .created)
        #expect(second.body == first.body)
        #expect(second.value(of: .location) == first.value(of: .location))
        #expect(second.value(of: .idempotencyReplayed) == "true")
        #expect(await client.send(.get, "/api/v1/activities/\(id)").json["taken"]?.integer == 1)
        let other = try await client.activity(start: 600, by: client.staff())
        let misuse = await client.send(
            .post, "/api/v1/activities/\(other)/sign-ups", token: person.token, fields: key)
        #expect(misuse.status == .unprocessableContent)
    }

    @Test func `overlapping activities are refused and adjacent ones are not`() async throws {
        let (client, manager, id) = try await prepared()
        let person = try await client.volunteer()
        let overlapping = try await client.activity(start: 120, by: manager)
        let adjacent = try await client.activity(start: 180, by: manager)
        #expect(await client.send(.post, "/api/v1/activities/\(id)/sign-ups", token: person.token).status == .created)
        let refused = await client.send(.post, "/api/v1/activities/\(overlapping)/sign-ups", token: person.token)
        #expect(refused.json["reasons"]?[0]?.string == "overlaps")
        #expect(
            await client.send(.post, "/api/v1/activities/\(adjacent)/sign-ups", token: person.token).status == .created)
    }

    @Test func `when an activity is moved, its volunteers are free at the old time and not at the new one`()
        async throws
    {
        let (client, manager, id) = try await prepared()
        let person = try await client.volunteer()
        #expect(await client.send(.post, "/api/v1/activities/\(id)/sign-ups", token: person.token).status == .created)
        let moved = await client.send(
            .put, "/api/v1/activities/\(id)", TestClient.activityDraft(from: client.now + 600 * 60, station: nil),
            token: manager.token, fields: [("If-Match", "\"1\"")])
        #expect(moved.status == .ok)
        let then = try await client.activity(start: 60, by: manager)
        let now = try await client.activity(start: 660, by: manager)
        #expect(await client.send(.post, "/api/v1/activities/\(then)/sign-ups", token: person.token).status == .created)
        let refused = await client.send(.post, "/api/v1/activities/\(now)/sign-ups", token: person.token)
        #expect(refused.json["reasons"]?.array.compactMap(\.string) == ["overlaps"])
    }

    @Test func `the activity tells its viewer what they may do`() async throws {
        let (client, _, id) = try await prepared()
        let person = try await client.volunteer()
        let before = await client.send(.get, "/api/v1/activities/\(id)", token: person.token)
        #expect(before.json["viewer"]?["allowedActions"]?.array.compactMap(\.string) == ["signUp"])
        _ = await client.send(.post, "/api/v1/activities/\(id)/sign-ups", token: person.token)
        let after = await client.send(.get, "/api/v1/activities/\(id)", token: person.token)
        #expect(after.json["viewer"]?["allowedActions"]?.array.compactMap(\.string) == ["cancel"])
        #expect(await client.send(.get, "/api/v1/activities/\(id)").json["viewer"] == .null)
    }

    @Test func `a resident who is no volunteer is told to register`() async throws {
        let (client, _, id) = try await prepared()
        let resident = try client.resident()
        let answer = await client.send(.post, "/api/v1/activities/\(id)/sign-ups", token: resident.token)
        #expect(answer.status == .forbidden)
        #expect(answer.json["type"]?.string == "/problems/not-a-volunteer")
        #expect(await client.send(.post, "/api/v1/activities/\(id)/sign-ups").status == .unauthorized)
    }

    @Test func `another person's sign-up is as good as none`() async throws {
        let (client, _, id) = try await prepared()
        let (one, two) = (try await client.volunteer(1), try await client.volunteer(2))
        let made = await client.send(.post, "/api/v1/activities/\(id)/sign-ups", token: one.token)
        let signUp = try #require(made.json["id"]?.integer)
        #expect(await client.send(.get, "/api/v1/sign-ups/\(signUp)", token: two.token).status == .notFound)
        #expect(
            await client.send(.put, "/api/v1/sign-ups/\(signUp)/cancellation", "{}", token: two.token).status
                == .notFound)
    }
}
