import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Claims of a volunteer") struct ClaimTests {
    private static let path = "/api/v1/volunteer-claims"

    private static func draft(_ number: Int, name: String = "李志愿") -> String {
        """
        {"name": "\(name)", "identityKind": "residentIdentityCard", "reason": "换了手机号，旧号已停用",
         "identityNumber": "\(TestClient.identityNumber(number))"}
        """
    }

    private func open(_ client: TestClient, by number: Int) async throws -> TestClient.Person {
        let person = try client.resident(number)
        let made = await client.send(.post, Self.path, Self.draft(1), token: person.token)
        #expect(made.status == .created)
        return person
    }

    @Test func `an accepted claim moves the volunteer, and the old account is none at once`() async throws {
        let client = try TestClient()
        let old = try await client.volunteer(1)
        #expect(await client.send(.get, "/api/v1/me/volunteer", token: old.token).status == .ok)
        let new = try await open(client, by: 50)
        let manager = try client.staff(.stationManager)
        let listed = await client.send(.get, Self.path, token: manager.token)
        #expect(listed.json["items"]?[0]?["volunteerId"]?.integer == 1)
        #expect(listed.json["items"]?[0]?["name"]?.string == "李*愿")
        #expect(!listed.text.contains(TestClient.identityNumber(1)))
        let accepted = await client.send(.put, Self.path + "/1/acceptance", token: manager.token)
        #expect(accepted.json["claim"]?["state"]?.string == "accepted")
        #expect(await client.send(.get, "/api/v1/me/volunteer", token: old.token).status == .forbidden)
        let mine = await client.send(.get, "/api/v1/me/volunteer", token: new.token)
        #expect(mine.json["id"]?.integer == 1)
        #expect(mine.json["phone"]?.string == "139****0050")
        #expect(await client.send(.put, Self.path + "/1/acceptance", token: manager.token).status == .ok)
        let seen = await client.send(.get, "/api/v1/me/volunteer-claims", token: new.token)
        #expect(seen.json["items"]?[0]?["state"]?.string == "accepted")
        #expect(await client.send(.get, Self.path, token: manager.token).json["items"]?.array.isEmpty == true)
        let done = await client.send(.get, Self.path + "?state=accepted", token: manager.token)
        #expect(done.json["items"]?.array.count == 1)
    }

    @Test func `nobody accepts a claim of their own`() async throws {
        let client = try TestClient()
        _ = try await client.volunteer(1)
        let manager = try client.staff(.stationManager)
        #expect(await client.send(.post, Self.path, Self.draft(1), token: manager.token).status == .created)
        let answer = await client.send(.put, Self.path + "/1/acceptance", token: manager.token)
        #expect(answer.status == .forbidden)
        #expect(answer.json["type"]?.string == "/problems/own-case")
    }

    @Test func `a claim of an account merged into another since serves the one that is left`() async throws {
        var scene = try MergeScene()
        (scene.from, scene.into) = (try scene.client.resident(51), try scene.client.resident(52))
        try await scene.register(try scene.client.resident(60))
        for person in [scene.from, scene.into] {
            let made = await scene.client.send(.post, Self.path, Self.draft(1), token: person.token)
            #expect(made.status == .created)
        }
        #expect(await scene.merged().status == .created)
        #expect(try scene.number("SELECT account_id FROM volunteer_claim WHERE id = 1") == scene.from.account)
        try scene.client.promote(scene.into, .stationManager)
        let own = await scene.client.send(.put, Self.path + "/1/acceptance", token: scene.into.token)
        #expect(own.json["type"]?.string == "/problems/own-case", "\(own.text)")
        let accepted = await scene.client.send(.put, Self.path + "/1/acceptance", token: scene.admin.token)
        #expect(accepted.status == .ok, "\(accepted.text)")
        let mine = await scene.client.send(.get, "/api/v1/me/volunteer", token: scene.into.token)
        #expect(mine.json["id"]?.integer == 1, "\(mine.text)")
    }

    @Test func `a volunteer merged into another meanwhile is handed to nobody`() async throws {
        let client = try TestClient()
        _ = try await client.volunteer(1)
        _ = try await client.volunteer(2)
        _ = try await open(client, by: 50)
        try client.services.writer.writeAndWait { db in
            _ = try db.run("UPDATE volunteer SET merged_into = 2 WHERE id = 1")
        }
        let answer = await client.send(
            .put, Self.path + "/1/acceptance", token: try client.staff(.stationManager).token)
        #expect(answer.status == .conflict)
    }

    @Test func `a stranger learns nothing: number unknown, name wrong and right are answered alike`() async throws {
        let client = try TestClient()
        _ = try await client.volunteer(1)
        var answers: [TestClient.Answer] = []
        for (index, body) in [Self.draft(1), Self.draft(1, name: "王志愿"), Self.draft(9), Self.draft(1)].enumerated() {
            let person = try client.resident(50 + index)
            answers.append(await client.send(.post, Self.path, body, token: person.token))
        }
        #expect(answers.allSatisfy { $0.status == .created })
        let texts = answers.enumerated().map { $1.text.replacing("\"id\":\($0 + 1)", with: "\"id\":0") }
        #expect(Set(texts).count == 1)
        let manager = try client.staff(.stationManager)
        let listed = await client.send(.get, Self.path, token: manager.token)
        let fitting = listed.json["items"]?.array.map { $0["volunteerId"]?.integer }
        #expect(fitting == [1, nil, nil, nil], "one claim that fits, and one open claim for a volunteer")
        let refused = await client.send(.put, Self.path + "/2/acceptance", token: manager.token)
        #expect(refused.json["type"]?.string == "/problems/claim-fits-nobody")
    }

    @Test func `one claim is open at a time, and whoever is a volunteer claims none`() async throws {
        let client = try TestClient()
        let volunteer = try await client.volunteer(1)
        let taken = await client.send(.post, Self.path, Self.draft(1), token: volunteer.token)
        #expect(taken.json["type"]?.string == "/problems/already-a-volunteer")
        let person = try await open(client, by: 50)
        let again = await client.send(.post, Self.path, Self.draft(2), token: person.token)
        #expect(again.json["type"]?.string == "/problems/claim-open")
        let manager = try client.staff(.stationManager)
        let reason = #"{"reason": "与登记照片不符"}"#
        #expect(await client.send(.put, Self.path + "/1/refusal", reason, token: manager.token).status == .ok)
        #expect(await client.send(.put, Self.path + "/1/refusal", reason, token: manager.token).status == .ok)
        let mine = await client.send(.get, "/api/v1/me/volunteer-claims", token: person.token)
        #expect(mine.json["items"]?[0]?["decisionReason"]?.string == "与登记照片不符")
        #expect(await client.send(.put, Self.path + "/1/acceptance", token: manager.token).status == .conflict)
        #expect(await client.send(.post, Self.path, Self.draft(1), token: person.token).status == .created)
    }

    @Test func `a claimant who registered meanwhile gets no second volunteer`() async throws {
        let client = try TestClient()
        _ = try await client.volunteer(1)
        let person = try await open(client, by: 50)
        let other = await client.send(.post, "/api/v1/volunteers", TestClient.registration(2), token: person.token)
        #expect(other.status == .created)
        let manager = try client.staff(.stationManager)
        let answer = await client.send(.put, Self.path + "/1/acceptance", token: manager.token)
        #expect(answer.json["type"]?.string == "/problems/already-a-volunteer")
    }

    @Test func `of two who decide at once one decides`() async throws {
        let client = try TestClient()
        let old = try await client.volunteer(1)
        let new = try await open(client, by: 50)
        let managers = try (1...8).map { _ in try client.staff(.stationManager) }
        let statuses = await withTaskGroup(of: (Bool, Status).self) { group in
            for (index, manager) in managers.enumerated() {
                group.addTask {
                    let accepts = index % 2 == 0
                    let answer =
                        accepts
                        ? await client.send(.put, Self.path + "/1/acceptance", token: manager.token)
                        : await client.send(.put, Self.path + "/1/refusal", #"{"reason": "不符"}"#, token: manager.token)
                    return (accepts, answer.status)
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let isAccepted = await client.send(.get, "/api/v1/me/volunteer", token: new.token).status == .ok
        #expect(
            await client.send(.get, "/api/v1/me/volunteer", token: old.token).status == (isAccepted ? .forbidden : .ok))
        #expect(statuses.allSatisfy { $0.1 == ($0.0 == isAccepted ? .ok : .conflict) })
    }

    @Test func `claims are made with a number that can be right, and decided by those who may`() async throws {
        let client = try TestClient()
        let person = try await open(client, by: 50)
        let dispatcher = try client.staff(.dispatcher)
        let stranger = try client.resident(51)
        let bad = Self.draft(1).replacing(TestClient.identityNumber(1), with: "51010419900307999X")
        let answer = await client.send(.post, Self.path, bad, token: stranger.token)
        #expect(answer.json["errors"]?[0]?["pointer"]?.string == "/identityNumber")
        for token in [person.token, dispatcher.token] {
            #expect(await client.send(.get, Self.path, token: token).status == .forbidden)
            #expect(await client.send(.put, Self.path + "/1/acceptance", token: token).status == .forbidden)
        }
        let manager = try client.staff()
        #expect(await client.send(.put, Self.path + "/7/acceptance", token: manager.token).status == .notFound)
        #expect(
            await client.send(.put, Self.path + "/1/refusal", #"{"reason": ""}"#, token: manager.token).status
                == .unprocessableContent)
        #expect(
            await client.send(.get, "/api/v1/me/volunteer-claims", token: stranger.token).json["items"]?.array.isEmpty
                == true)
    }
}
