import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Guardians' consent") struct GuardianTests {
    private static let requests = "/api/v1/me/guardian-requests"
    private static let guardians = "/api/v1/me/volunteer/guardians"
    private static let consent = #"{"relation": "parent", "documentVersion": "2027-01"}"#

    /// A minor who registers alone, naming the owner of 139…`guardian`; the clock stands at 2027-03-01.
    private func minor(
        _ client: TestClient, born: String = "2010-05-01", account: Int = 60, guardian: Int = 70
    ) async throws -> TestClient.Person {
        let person = try client.resident(account)
        let body = """
            {"name": "陈小明", "identityKind": "residentIdentityCard", "residenceCode": "510104", "categories": [],
             "identityNumber": "\(TestClient.identityNumber(born: born, serial: account))", "skills": [],
             "guardian": {"name": "陈建国", "phone": "139000000\(guardian)"}}
            """
        let made = await client.send(.post, "/api/v1/volunteers", body, token: person.token)
        #expect(made.status == .created, "\(made.text)")
        return person
    }

    private func prepared() async throws -> (TestClient, Int64) {
        let client = try TestClient()
        try client.stations()
        let manager = try client.staff(.stationManager, at: TestClient.street)
        return (client, try await client.activity(start: 60 * 24 * 20, by: manager))
    }

    private func signUp(_ client: TestClient, _ activity: Int64, _ person: TestClient.Person) async -> TestClient.Answer
    {
        await client.send(.post, "/api/v1/activities/\(activity)/sign-ups", token: person.token)
    }

    @Test func `a minor signs up once the guardian, signed in with the phone that was named, consents`() async throws {
        let (client, activity) = try await prepared()
        let child = try await minor(client)
        let refused = await signUp(client, activity, child)
        #expect(refused.status == .conflict)
        #expect(refused.json["type"]?.string == "/problems/guardian-consent-missing")
        let shown = await client.send(.get, "/api/v1/activities/\(activity)", token: child.token)
        #expect(shown.json["viewer"]?["reasons"]?[0]?.string == "guardianConsentMissing")
        let guardian = try client.resident(70)
        let asked = await client.send(.get, Self.requests, token: guardian.token)
        let id = try #require(asked.json["items"]?[0]?["id"]?.integer)
        #expect(asked.json["items"]?[0]?["volunteerName"]?.string == "陈*明")
        for _ in 1...2 {
            let path = "\(Self.requests)/\(id)/consent"
            let given = await client.send(.put, path, Self.consent, token: guardian.token)
            #expect(given.json["state"]?.string == "consented")
            #expect(given.json["documentVersion"]?.string == "2027-01")
        }
        #expect(await client.send(.get, Self.requests, token: guardian.token).json["items"]?.array.isEmpty == true)
        #expect(await signUp(client, activity, child).status == .created)
        let mine = await client.send(.get, Self.guardians, token: child.token)
        #expect(mine.json["items"]?[0]?["state"]?.string == "consented")
        #expect(mine.json["items"]?[0]?["guardianPhone"]?.string == "139****0070")
    }

    @Test func `a request is the named phone's alone`() async throws {
        let (client, _) = try await prepared()
        let child = try await minor(client)
        for person in [try client.resident(71), child] {
            #expect(await client.send(.get, Self.requests, token: person.token).json["items"]?.array.isEmpty == true)
            let answer = await client.send(.put, "\(Self.requests)/1/consent", Self.consent, token: person.token)
            #expect(answer.status == .notFound)
            #expect(
                await client.send(.put, "\(Self.requests)/1/refusal", "{}", token: person.token).status == .notFound)
        }
        #expect(await client.send(.get, Self.requests).status == .unauthorized)
    }

    @Test func `who is refused names another guardian, and the one who was named before has no say`() async throws {
        let (client, activity) = try await prepared()
        let child = try await minor(client)
        let (first, second) = (try client.resident(70), try client.resident(72))
        let refusal = #"{"reason": "学业为重"}"#
        #expect(
            await client.send(.put, "\(Self.requests)/1/refusal", refusal, token: first.token).json["state"]?.string
                == "refused")
        #expect(
            await client.send(.put, "\(Self.requests)/1/consent", Self.consent, token: first.token).status == .conflict)
        #expect(await signUp(client, activity, child).status == .conflict)
        for phone in ["13900000071", "13900000072"] {
            let body = #"{"name": "陈奶奶", "phone": "\#(phone)"}"#
            let asked = await client.send(.post, Self.guardians, body, token: child.token)
            #expect(asked.status == .created)
        }
        let passedOver = try client.resident(71)
        let late = await client.send(.put, "\(Self.requests)/2/consent", Self.consent, token: passedOver.token)
        #expect(late.json["state"]?.string == "ended")
        let given = await client.send(.put, "\(Self.requests)/3/consent", Self.consent, token: second.token)
        #expect(given.status == .ok)
        #expect(await signUp(client, activity, child).status == .created)
        let me = await client.send(.get, "/api/v1/me/volunteer", token: child.token)
        #expect(me.json["guardian"]?["phone"]?.string == "139****0072")
    }

    @Test func `the own phone is no guardian's, and an adult needs none`() async throws {
        let client = try TestClient()
        let applicant = try client.resident(61)
        let body = TestClient.registration()
            .replacing(TestClient.identityNumber(1), with: TestClient.identityNumber(born: "2010-05-01"))
            .replacing("\"skills\"", with: #""guardian": {"name": "陈建国", "phone": "139 0000 0061"}, "skills""#)
        let unable = await client.send(.post, "/api/v1/volunteers", body, token: applicant.token)
        #expect(unable.json["errors"]?[0]?["pointer"]?.string == "/guardian/phone")
        let child = try await minor(client)
        let own = #"{"name": "陈建国", "phone": "13900000060"}"#
        let refused = await client.send(.post, Self.guardians, own, token: child.token)
        #expect(refused.json["errors"]?[0]?["pointer"]?.string == "/phone")
        let adult = try await client.volunteer(2)
        let other = #"{"name": "陈建国", "phone": "13900000070"}"#
        let needless = await client.send(.post, Self.guardians, other, token: adult.token)
        #expect(needless.json["type"]?.string == "/problems/not-a-minor")
    }

    @Test func `who came by WeChat names no guardian with the phone they gave as their own`() async throws {
        let client = try TestClient()
        let applicant = try client.resident(61)
        try client.run("UPDATE account SET phone = NULL WHERE id = \(applicant.account)")
        func registration(guardian: String) -> String {
            TestClient.registration()
                .replacing(TestClient.identityNumber(1), with: TestClient.identityNumber(born: "2010-05-01"))
                .replacing(
                    "\"skills\"",
                    with: """
                        "phone": "139 0000 0064", "guardian": {"name": "陈建国", "phone": "\(guardian)"}, "skills"
                        """)
        }
        let path = "/api/v1/volunteers"
        let own = await client.send(.post, path, registration(guardian: "13900000064"), token: applicant.token)
        #expect(own.json["errors"]?[0]?["pointer"]?.string == "/guardian/phone")
        let made = await client.send(.post, path, registration(guardian: "13900000070"), token: applicant.token)
        #expect(made.status == .created, "\(made.text)")
        let later = await client.send(
            .post, Self.guardians, #"{"name": "陈建国", "phone": "+8613900000064"}"#, token: applicant.token)
        #expect(later.json["errors"]?[0]?["pointer"]?.string == "/phone")
    }

    @Test func `a guardian named by a former phone is asked at the account it leads to`() async throws {
        var scene = try MergeScene()
        let client = scene.client
        (scene.from, scene.into) = (try client.resident(70), try client.resident(71))
        let child = try await minor(client)
        #expect(await scene.merged().status == .created)
        let asked = await client.send(.get, Self.requests, token: scene.into.token)
        let id = try #require(asked.json["items"]?[0]?["id"]?.integer, "\(asked.text)")
        let given = await client.send(.put, "\(Self.requests)/\(id)/consent", Self.consent, token: scene.into.token)
        #expect(given.json["state"]?.string == "consented")
        let mine = await client.send(.get, Self.guardians, token: child.token)
        #expect(mine.json["items"]?[0]?["state"]?.string == "consented")
    }

    @Test func `of two parents who consent one may withdraw`() async throws {
        let (client, activity) = try await prepared()
        let child = try await minor(client)
        let parents = [try client.resident(70), try client.resident(71)]
        _ = await client.send(.put, "\(Self.requests)/1/consent", Self.consent, token: parents[0].token)
        let other = #"{"name": "陈妈妈", "phone": "13900000071"}"#
        _ = await client.send(.post, Self.guardians, other, token: child.token)
        _ = await client.send(.put, "\(Self.requests)/2/consent", Self.consent, token: parents[1].token)
        #expect(await signUp(client, activity, child).status == .created)
        for (parent, taken) in zip(parents, [Int64(1), 0]) {
            let withdrawn = await client.send(.put, "/api/v1/me/children/1/withdrawal", token: parent.token)
            #expect(withdrawn.status == .noContent)
            #expect(await client.send(.get, "/api/v1/activities/\(activity)").json["taken"]?.integer == taken)
        }
        let again = await signUp(client, activity, child)
        #expect(again.json["type"]?.string == "/problems/guardian-consent-missing")
        #expect(try client.count("SELECT count(*) FROM account_closure") == 0, "who can sign in closes it themselves")
    }

    @Test func `a minor asks no more guardians than one may`() async throws {
        let client = try TestClient()
        let child = try await minor(client)
        let body = #"{"name": "陈妈妈", "phone": "13900000071"}"#
        for _ in 2...GuardianshipRules.invitationsMax {
            #expect(await client.send(.post, Self.guardians, body, token: child.token).status == .created)
        }
        let more = await client.send(.post, Self.guardians, body, token: child.token)
        #expect(more.json["type"]?.string == "/problems/too-many-guardians")
    }

    @Test func `a minor is nobody's guardian`() async throws {
        let client = try TestClient()
        _ = try await minor(client)
        let other = try await minor(client, born: "2009-06-01", account: 70, guardian: 71)
        let answer = await client.send(.put, "\(Self.requests)/1/consent", Self.consent, token: other.token)
        #expect(answer.json["type"]?.string == "/problems/guardian-is-minor")
    }

    @Test func `from the eighteenth birthday on nobody has to consent, and nobody can`() async throws {
        let (client, activity) = try await prepared()
        let child = try await minor(client, born: "2009-03-03")
        let guardian = try client.resident(70)
        client.advance(minutes: 24 * 60)
        #expect(await signUp(client, activity, child).status == .conflict)
        #expect(await client.send(.get, Self.requests, token: guardian.token).json["items"]?.array.count == 1)
        client.advance(minutes: 24 * 60)
        #expect(await client.send(.get, Self.requests, token: guardian.token).json["items"]?.array.isEmpty == true)
        let late = await client.send(.put, "\(Self.requests)/1/consent", Self.consent, token: guardian.token)
        #expect(late.status == .notFound)
        #expect(await signUp(client, activity, child).status == .created)
    }

    @Test func `of a consent and a refusal at once one counts`() async throws {
        let client = try TestClient()
        _ = try await minor(client)
        let guardian = try client.resident(70)
        let statuses = await withTaskGroup(of: Status.self) { group in
            group.addTask {
                await client.send(.put, "\(Self.requests)/1/consent", Self.consent, token: guardian.token).status
            }
            group.addTask { await client.send(.put, "\(Self.requests)/1/refusal", "{}", token: guardian.token).status }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.count { $0 == .ok } == 1)
        #expect(statuses.count { $0 == .conflict } == 1)
    }

    @Test func `guardians named before there was consent are asked by the migration`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/old.db"
        let before = Migrations.all.prefix { $0.name != "extend volunteers" }
        try Migrator(migrations: Array(before), applicationID: 0x776E_6D67).migrate(path: path) { 0 }
        let writer = try Writer(path: path, clock: { 0 })
        try writer.writeAndWait { db in
            try db.run("INSERT INTO account (id, created_at) VALUES (1, 0)")
            try db.run(
                """
                INSERT INTO volunteer (account_id, name, sex, birth_date, phone, residence_code, categories, skills,
                    guardian_name, guardian_phone, created_at, updated_at)
                VALUES (1, '陈小明', 'male', '2010-05-01', '+8613900000060', '510104', '[]', '[]', '陈建国',
                    '+8613900000070', 5, 5)
                """)
        }
        writer.stop()
        try Migrations.migrator.migrate(path: path) { 0 }
        let state = try Database(path: path).value("SELECT state || phone FROM guardianship", as: String.self)
        #expect(state == "invited+8613900000070")
    }
}
