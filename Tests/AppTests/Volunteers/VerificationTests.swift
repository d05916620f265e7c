import App
import HTTP
import SQLite
import Support
import Synchronization
import Testing

@Suite("Real-name verification") struct VerificationTests {
    private struct NoAnswer: Error {}

    /// Gives the verdict it was told, after `meanwhile`; without one it fails.
    private final class Oracle: RealNameVerifier {
        private let verdicts: Mutex<[RealNameVerdict?]>
        private let seen = Mutex<[RealName]>([])
        private let meanwhile: @Sendable () throws -> Void

        init(_ verdicts: [RealNameVerdict?], meanwhile: @escaping @Sendable () throws -> Void = {}) {
            self.verdicts = Mutex(verdicts)
            self.meanwhile = meanwhile
        }

        let recipient = "realname.example"

        var asked: [RealName] { seen.withLock { $0 } }

        func verdict(on identity: RealName) throws -> RealNameVerdict {
            seen.withLock { $0.append(identity) }
            try meanwhile()
            guard let verdict = verdicts.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else {
                throw NoAnswer()
            }
            return verdict
        }
    }

    private static let mine = "/api/v1/me/volunteer/verifications"

    private func state(_ client: TestClient, _ person: TestClient.Person) async -> String? {
        await client.send(.get, "/api/v1/me/volunteer", token: person.token).json["verification"]?.string
    }

    @Test func `staff decide nothing about themselves`() async throws {
        let client = try TestClient()
        let manager = try await client.volunteer()
        try client.promote(manager, .stationManager)
        let body = #"{"result": "verified", "reason": "现场核对身份证"}"#
        let correction = """
            {"name": "李志原", "identityKind": "residentIdentityCard", "reason": "登记有误",
             "identityNumber": "\(TestClient.identityNumber(1))"}
            """
        for (path, body) in [("verification", body), ("identity", correction)] {
            let answer = await client.send(
                .put, "/api/v1/volunteers/1/\(path)", body, token: manager.token, fields: [("If-Match", "\"1\"")])
            #expect(answer.status == .forbidden)
            #expect(answer.json["type"]?.string == "/problems/own-case")
        }
    }

    @Test func `staff decide with a reason, and every decision stays`() async throws {
        let client = try TestClient()
        let person = try await client.volunteer()
        let manager = try client.staff(.stationManager)
        let path = "/api/v1/volunteers/1/verification"
        for (result, reason) in [("failed", "照片不符"), ("verified", "现场核对身份证")] {
            let body = #"{"result": "\#(result)", "reason": "\#(reason)"}"#
            let decided = await client.send(.put, path, body, token: manager.token)
            #expect(decided.json["verification"]?.string == result)
            #expect(await state(client, person) == result)
        }
        let steps = await client.send(.get, "/api/v1/volunteers/1/verifications?limit=1", token: manager.token)
        #expect(steps.json["items"]?[0]?["reason"]?.string == "现场核对身份证")
        #expect(steps.json["items"]?[0]?["accountId"]?.integer == manager.account)
        let next = try #require(steps.json["next"]?.string)
        let older = await client.send(
            .get, "/api/v1/volunteers/1/verifications?cursor=\(next)", token: manager.token)
        #expect(older.json["items"]?.array.map { $0["result"]?.string } == ["failed"])
        let audited = try client.services.writer.writeAndWait { db in
            try db.value(
                "SELECT group_concat(reason) FROM audit_entry WHERE operation = 'decideVerification'", as: String.self)
        }
        #expect(audited == "照片不符,现场核对身份证")
    }

    @Test func `of two members of staff who decide on what they saw the second is told`() async throws {
        let client = try TestClient()
        let person = try await client.volunteer()
        let staff = [try client.staff(.stationManager), try client.staff(.stationManager)]
        let seen = try #require(
            await client.send(.get, "/api/v1/volunteers/1", token: staff[0].token).value(of: .etag))
        var statuses: [Status] = []
        for (person, result) in zip(staff, ["failed", "verified"]) {
            let body = #"{"result": "\#(result)", "reason": "现场核对身份证"}"#
            let answer = await client.send(
                .put, "/api/v1/volunteers/1/verification", body, token: person.token, fields: [("If-Match", seen)])
            statuses.append(answer.status)
        }
        #expect(statuses == [.ok, .preconditionFailed])
        #expect(await state(client, person) == "failed")
    }

    @Test func `who registered as an adult and is none is put right, and serves once a guardian consents`()
        async throws
    {
        let client = try TestClient()
        try client.stations()
        let person = try await client.volunteer(1)
        let admin = try client.staff()
        let body = """
            {"name": "李志愿", "identityKind": "residentIdentityCard", "reason": "证件号码登记有误",
             "identityNumber": "\(TestClient.identityNumber(born: "2010-05-01"))"}
            """
        let corrected = await client.send(
            .put, "/api/v1/volunteers/1/identity", body, token: admin.token, fields: [("If-Match", "\"1\"")])
        #expect(corrected.json["birthDate"]?.string == "2010-05-01", "\(corrected.text)")
        let signUps = "/api/v1/activities/\(try await client.activity(by: admin))/sign-ups"
        let refused = await client.send(.post, signUps, token: person.token)
        #expect(refused.json["type"]?.string == "/problems/guardian-consent-missing")
        let named = await client.send(
            .post, "/api/v1/me/volunteer/guardians", #"{"name": "李建国", "phone": "13900000070"}"#, token: person.token)
        let id = try #require(named.json["id"]?.integer)
        let consent = #"{"relation": "parent", "documentVersion": "2027-01"}"#
        let given = await client.send(
            .put, "/api/v1/me/guardian-requests/\(id)/consent", consent, token: try client.resident(70).token)
        #expect(given.status == .ok)
        #expect(await client.send(.post, signUps, token: person.token).status == .created)
    }

    @Test func `a decision needs a reason, a volunteer and the right to decide`() async throws {
        let client = try TestClient()
        let person = try await client.volunteer()
        let (manager, dispatcher) = (try client.staff(.stationManager), try client.staff(.dispatcher))
        let body = #"{"result": "verified", "reason": "核对"}"#
        let path = "/api/v1/volunteers/1/verification"
        #expect(await client.send(.put, path, body, token: person.token).status == .forbidden)
        #expect(await client.send(.put, path, body, token: dispatcher.token).status == .forbidden)
        #expect(await client.send(.put, path, body).status == .unauthorized)
        #expect(
            await client.send(.put, "/api/v1/volunteers/9/verification", body, token: manager.token).status == .notFound
        )
        for bad in [#"{"result": "verified", "reason": ""}"#, #"{"result": "unverified", "reason": "核对"}"#] {
            let refused = await client.send(.put, path, bad, token: manager.token)
            #expect([.unprocessableContent, .badRequest].contains(refused.status))
        }
        #expect(await state(client, person) == "unverified")
    }

    @Test func `without a service verification is for staff`() async throws {
        let client = try TestClient()
        let person = try await client.volunteer()
        let answer = await client.send(.post, Self.mine, "{}", token: person.token)
        #expect(answer.json["type"]?.string == "/problems/verification-by-staff")
        let resident = try client.resident(2)
        #expect(await client.send(.post, Self.mine, "{}", token: resident.token).status == .forbidden)
        #expect(await client.send(.post, Self.mine, "{}").status == .unauthorized)
    }

    @Test func `the service's verdict is entered, and a verified identity is not asked about again`() async throws {
        let oracle = Oracle([.failed, .verified])
        let client = try TestClient(verifier: oracle)
        let person = try await client.volunteer()
        for verdict in ["failed", "verified"] {
            let answer = await client.send(.post, Self.mine, "{}", token: person.token)
            #expect(answer.status == .created)
            #expect(answer.json["result"]?.string == verdict)
            #expect(await state(client, person) == verdict)
        }
        let again = await client.send(.post, Self.mine, "{}", token: person.token)
        #expect(again.json["type"]?.string == "/problems/verified-already")
        #expect(oracle.asked.map(\.identityNumber) == [String](repeating: TestClient.identityNumber(1), count: 2))
        #expect(oracle.asked.first?.name == "李志愿")
        let admin = try client.staff()
        let shared = await client.send(.get, "/api/v1/data-sharings", token: admin.token)
        #expect(
            shared.json["items"]?.array.map { $0["recipient"]?.string } == ["realname.example", "realname.example"])
    }

    @Test func `without a verdict the identity stays unverified, and the try counts`() async throws {
        let oracle = Oracle([])
        let client = try TestClient(verifier: oracle) { $0.verificationsPerDay = 2 }
        let person = try await client.volunteer()
        for _ in 1...2 {
            let answer = await client.send(.post, Self.mine, "{}", token: person.token)
            #expect(answer.json["type"]?.string == "/problems/verification-unavailable")
        }
        #expect(await state(client, person) == "unverified")
        #expect(await client.send(.post, Self.mine, "{}", token: person.token).status == .tooManyRequests)
        #expect(oracle.asked.count == 2)
        client.advance(minutes: 24 * 60)
        #expect(await client.send(.post, Self.mine, "{}", token: person.token).status == .serviceUnavailable)
    }

    @Test func `many questions at once do not pass the limit together`() async throws {
        let oracle = Oracle([.failed, .failed, .failed, .failed, .failed, .failed])
        let client = try TestClient(verifier: oracle) { $0.verificationsPerDay = 2 }
        let person = try await client.volunteer()
        let statuses = await withTaskGroup(of: Status.self) { group in
            for _ in 1...6 {
                group.addTask { await client.send(.post, Self.mine, "{}", token: person.token).status }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.count { $0 == .tooManyRequests } == 4)
        #expect(oracle.asked.count == 2)
    }

    @Test func `staff who decide while the service thinks have the last word`() async throws {
        let box = Mutex<TestClient?>(nil)
        let oracle = Oracle([.verified]) {
            try box.withLock { $0 }?.services.writer.writeAndWait { db in
                try db.run(
                    """
                    INSERT INTO volunteer_verification (volunteer_id, method, result, reason, account_id, created_at)
                    VALUES (1, 'manual', 'failed', '照片不符', 1, \(db.now))
                    """)
                try db.run("UPDATE volunteer SET verification = 'failed' WHERE id = 1")
            }
        }
        let client = try TestClient(verifier: oracle)
        box.withLock { $0 = client }
        let person = try await client.volunteer()
        #expect(await client.send(.post, Self.mine, "{}", token: person.token).status == .conflict)
        #expect(await state(client, person) == "failed")
    }

    @Test func `a corrected name or number is unverified again, and a correction of nothing changes nothing`()
        async throws
    {
        let client = try TestClient()
        let person = try await client.volunteer(1)
        _ = try await client.volunteer(2)
        let manager = try client.staff(.stationManager)
        func correct(_ name: String, _ number: Int, version: Int = 1) async -> TestClient.Answer {
            let body = """
                {"name": "\(name)", "identityKind": "residentIdentityCard", "reason": "登记有误",
                 "identityNumber": "\(TestClient.identityNumber(number))"}
                """
            return await client.send(
                .put, "/api/v1/volunteers/1/identity", body, token: manager.token,
                fields: [("If-Match", "\"\(version)\"")])
        }
        let decision = #"{"result": "verified", "reason": "核对"}"#
        _ = await client.send(.put, "/api/v1/volunteers/1/verification", decision, token: manager.token)
        #expect(await correct("李志愿", 1).status == .preconditionFailed, "the decision made another version")
        #expect(await correct("李志愿", 1, version: 2).status == .ok)
        #expect(await state(client, person) == "verified")
        #expect(await correct("李志愿", 2, version: 2).json["type"]?.string == "/problems/identity-taken")
        #expect(await correct("李志原", 1, version: 2).json["version"]?.integer == 3)
        #expect(await state(client, person) == "unverified")
        #expect(await correct("李志原", 3, version: 2).status == .preconditionFailed)
        _ = await client.send(.put, "/api/v1/volunteers/1/verification", decision, token: manager.token)
        let corrected = await correct("李志原", 3, version: 4)
        #expect(corrected.json["birthDate"]?.string == "1990-01-04")
        #expect(await state(client, person) == "unverified")
        let steps = await client.send(.get, "/api/v1/volunteers/1/verifications", token: manager.token)
        #expect(
            steps.json["items"]?.array.map { $0["method"]?.string }
                == ["correction", "manual", "correction", "manual"])
        let found = await client.send(
            .post, "/api/v1/volunteer-searches", #"{"identityNumber": "\#(TestClient.identityNumber(3))"}"#,
            token: manager.token)
        #expect(found.json["items"]?.array.count == 1, "the new number is what is searched by")
    }
}
