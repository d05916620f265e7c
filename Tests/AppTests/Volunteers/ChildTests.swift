import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Guardians who act for their children") struct ChildTests {
    private static let path = "/api/v1/me/children"

    private func activity(_ client: TestClient, start: Int64 = 60 * 24 * 20) async throws -> (Int64, TestClient.Person)
    {
        try client.stations()
        let manager = try client.staff(.stationManager, at: TestClient.street)
        let draft = TestClient.activityDraft(from: client.now + start * 60)
            .replacing("\"capacity\"", with: "\"ageMin\": 6, \"capacity\"")
        let made = await client.send(.post, "/api/v1/activities", draft, token: manager.token)
        return (try #require(made.json["id"]?.integer), manager)
    }

    @Test func `a guardian registers a child, who has no way in, and the consent is kept`() async throws {
        let client = try TestClient()
        let (guardian, child) = try await client.family()
        let shown = await client.send(.get, "\(Self.path)/\(child)", token: guardian.token)
        #expect(shown.json["name"]?.string == "陈小雨")
        #expect(shown.json["phone"]?.string == "139****0080", "the guardian's proven phone, not the one in the body")
        #expect(shown.json["guardian"]?["phone"]?.string == "139****0080")
        let listed = await client.send(.get, Self.path, token: guardian.token)
        #expect(listed.json["items"]?.array.map { $0["id"]?.integer } == [child])
        #expect(await client.send(.get, "/api/v1/me", token: guardian.token).json["volunteerId"] == .null)
        let kept = try client.services.writer.writeAndWait { db in
            try db.value(
                "SELECT state || is_separate || document_version || relation FROM guardianship", as: String.self)
        }
        #expect(kept == "consented12027-01parent")
    }

    @Test func `a child below fourteen neither registers alone nor without separate consent`() async throws {
        let client = try TestClient()
        let person = try client.resident(80)
        let alone = """
            {"name": "陈小雨", "identityKind": "residentIdentityCard", "residenceCode": "510104", "categories": [],
             "identityNumber": "\(TestClient.identityNumber(born: "2013-03-02"))", "skills": [],
             "guardian": {"name": "陈建国", "phone": "13900000099"}}
            """
        let refused = await client.send(.post, "/api/v1/volunteers", alone, token: person.token)
        #expect(refused.json["type"]?.string == "/problems/guardian-must-register")
        for more in ["", #", "separateConsent": false"#] {
            let body = TestClient.childDraft(born: "2013-03-02", more: more)
            let answer = await client.send(.post, Self.path, body, token: person.token)
            #expect(answer.json["errors"]?[0]?["pointer"]?.string == "/separateConsent")
        }
        let older = TestClient.childDraft(born: "2013-03-01", more: "")
        #expect(await client.send(.post, Self.path, older, token: person.token).status == .created)
    }

    @Test(arguments: [("2021-03-02", "/birthDate"), ("2009-03-01", nil), ("1990-01-01", nil)])
    func `below six and from eighteen on nobody is registered as a child`(born: String, pointer: String?) async throws {
        let client = try TestClient()
        let guardian = try client.resident(80)
        let answer = await client.send(.post, Self.path, TestClient.childDraft(born: born), token: guardian.token)
        if let pointer {
            #expect(answer.json["errors"]?[0]?["pointer"]?.string == pointer)
        } else {
            #expect(answer.json["type"]?.string == "/problems/not-a-minor")
        }
    }

    @Test func `an identity number is one volunteer here too, and faults are named as in a registration`() async throws
    {
        let client = try TestClient()
        let (guardian, _) = try await client.family()
        let again = await client.send(
            .post, Self.path, TestClient.childDraft(born: "2016-05-01", serial: 80), token: guardian.token)
        #expect(again.json["type"]?.string == "/problems/identity-taken")
        let bad = TestClient.childDraft(born: "2016-05-01").replacing(
            "\"skills\": []", with: "\"skills\": [\"\"], \"more\": 1")
        #expect(
            await client.send(.post, Self.path, bad, token: guardian.token).json["errors"]?[0]?["pointer"]?.string
                == "/more")
        let accounts = try client.services.writer.writeAndWait { db in
            try db.value("SELECT count(*) FROM account", as: Int.self)
        }
        #expect(accounts == 2, "a refused child leaves no account behind")
    }

    @Test func `a guardian on the staff decides nothing about their child, until they answer for it no more`()
        async throws
    {
        let client = try TestClient()
        let (guardian, child) = try await client.family()
        let (activity, manager) = try await activity(client, start: 60)
        try client.promote(guardian, .stationManager)
        let signedUp = await client.send(
            .post, "\(Self.path)/\(child)/sign-ups", #"{"activityId": \#(activity)}"#, token: guardian.token)
        let id = try #require(signedUp.json["id"]?.integer, "\(signedUp.text)")
        client.advance(minutes: 60 * 24)
        func confirm(_ person: TestClient.Person) async -> TestClient.Answer {
            await client.send(
                .put, "/api/v1/sign-ups/\(id)/confirmation", #"{"minutes": 90, "reason": "现场核对名单"}"#,
                token: person.token)
        }
        let own = await confirm(guardian)
        #expect(own.status == .forbidden && own.json["type"]?.string == "/problems/own-case", "\(own.text)")
        #expect(await confirm(manager).status == .ok)
        func train() async -> String? {
            let body = """
                {"stationId": 6, "name": "急救培训", "content": "心肺复苏", "minutes": 60, "organiser": "社区",
                 "date": "2027-02-20", "volunteerIds": [\(child)]}
                """
            let answer = await client.send(.post, "/api/v1/training-records", body, token: guardian.token)
            return answer.json["items"]?[0]?["outcome"]?.string
        }
        #expect(await train() == "ownCase")
        try client.run("UPDATE guardianship SET state = 'ended', ended_at = 0")
        #expect(await train() == "recorded")
    }

    @Test func `a guardian signs up, cancels, checks in and out, and sees the record`() async throws {
        let client = try TestClient()
        let (guardian, child) = try await client.family()
        let (activity, manager) = try await activity(client, start: 60)
        let mine = "\(Self.path)/\(child)/sign-ups"
        let body = #"{"activityId": \#(activity)}"#
        let first = await client.send(.post, mine, body, token: guardian.token)
        #expect(first.status == .created)
        let again = await client.send(.post, mine, body, token: guardian.token)
        #expect(again.json["reasons"]?[0]?.string == "alreadySignedUp")
        let cancelled = await client.send(.put, "\(mine)/1/cancellation", "{}", token: guardian.token)
        #expect(cancelled.json["state"]?.string == "cancelled")
        #expect(await client.send(.post, mine, body, token: guardian.token).status == .created)
        client.advance(minutes: 60)
        func code() async -> String {
            let shown = await client.send(
                .get, "/api/v1/activities/\(activity)/check-in-code", token: manager.token)
            return #"{"code": "\#(shown.json["code"]?.string ?? "")"}"#
        }
        let wrong = await client.send(.put, "\(mine)/2/check-in", #"{"code": "000000"}"#, token: guardian.token)
        #expect(wrong.json["type"]?.string == "/problems/wrong-check-in-code")
        #expect(await client.send(.put, "\(mine)/2/check-in", await code(), token: guardian.token).status == .ok)
        client.advance(minutes: 90)
        #expect(await client.send(.put, "\(mine)/2/check-out", await code(), token: guardian.token).status == .ok)
        let confirmed = await client.send(
            .put, "/api/v1/sign-ups/2/confirmation", #"{"minutes": 90}"#, token: manager.token)
        #expect(confirmed.status == .ok)
        let listed = await client.send(.get, mine, token: guardian.token)
        #expect(listed.json["items"]?.array.map { $0["state"]?.string } == ["confirmed", "cancelled"])
        let records = await client.send(.get, "\(Self.path)/\(child)/service-records", token: guardian.token)
        #expect(records.json["minutes"]?.integer == 90)
    }

    @Test func `a child below ten does not go alone`() async throws {
        let client = try TestClient()
        let (guardian, child) = try await client.family(born: "2017-03-22")
        let (activity, manager) = try await activity(client, start: 60 * 24 * 20)
        let mine = "\(Self.path)/\(child)/sign-ups"
        let alone = await client.send(.post, mine, #"{"activityId": \#(activity)}"#, token: guardian.token)
        #expect(alone.json["errors"]?[0]?["pointer"]?.string == "/companionName")
        let body = #"{"activityId": \#(activity), "companionName": "陈建国"}"#
        let along = await client.send(.post, mine, body, token: guardian.token)
        #expect(along.json["companionName"]?.string == "陈建国")
        let listed = await client.send(.get, "/api/v1/activities/\(activity)/sign-ups", token: manager.token)
        #expect(listed.json["items"]?[0]?["signUp"]?["companionName"]?.string == "陈*国")
        // The tenth birthday is the day of the activity: what counts is the child's age on that day.
        let (other, older) = try await client.family(born: "2017-03-21", number: 81)
        let signedUp = await client.send(
            .post, "\(Self.path)/\(older)/sign-ups", #"{"activityId": \#(activity)}"#, token: other.token)
        #expect(signedUp.status == .created)
    }

    @Test func `another's child is nobody's business`() async throws {
        let client = try TestClient()
        let (guardian, child) = try await client.family()
        let (stranger, otherChild) = try await client.family(number: 81)
        let (activity, _) = try await activity(client)
        let body = #"{"activityId": \#(activity)}"#
        _ = await client.send(.post, "\(Self.path)/\(child)/sign-ups", body, token: guardian.token)
        for rest in ["", "/sign-ups", "/service-records"] {
            let answer = await client.send(.get, "\(Self.path)/\(child)\(rest)", token: stranger.token)
            #expect(answer.status == .notFound)
        }
        let writes: [(HTTP.Method, String, String?)] = [
            (.post, "\(child)/sign-ups", body), (.put, "\(child)/withdrawal", nil),
            (.put, "\(child)/sign-ups/1/cancellation", "{}"), (.put, "\(otherChild)/sign-ups/1/cancellation", "{}"),
            (.put, "\(otherChild)/sign-ups/1/check-in", #"{"code": "123456"}"#),
            (.put, "\(otherChild)/sign-ups/1/check-out", #"{"code": "123456"}"#),
        ]
        for (method, rest, body) in writes {
            let answer = await client.send(method, "\(Self.path)/\(rest)", body, token: stranger.token)
            #expect(answer.status == .notFound, "\(rest)")
        }
        #expect(await client.send(.get, Self.path).status == .unauthorized)
    }

    @Test func `on the eighteenth birthday everything a guardian may do ends`() async throws {
        let client = try TestClient()
        let (guardian, child) = try await client.family(born: "2009-03-03")
        let (activity, _) = try await activity(client)
        let body = #"{"activityId": \#(activity)}"#
        client.advance(minutes: 24 * 60)
        #expect(
            await client.send(.post, "\(Self.path)/\(child)/sign-ups", body, token: guardian.token).status == .created)
        client.advance(minutes: 24 * 60)
        #expect(await client.send(.get, Self.path, token: guardian.token).json["items"]?.array.isEmpty == true)
        #expect(await client.send(.get, "\(Self.path)/\(child)", token: guardian.token).status == .notFound)
        let cancelled = await client.send(
            .put, "\(Self.path)/\(child)/sign-ups/1/cancellation", "{}", token: guardian.token)
        #expect(cancelled.status == .notFound)
    }

    @Test func `withdrawn consent gives back the places to come, and ends what the guardian may do`() async throws {
        let client = try TestClient()
        let (guardian, child) = try await client.family()
        let (activity, _) = try await activity(client)
        let body = #"{"activityId": \#(activity)}"#
        _ = await client.send(.post, "\(Self.path)/\(child)/sign-ups", body, token: guardian.token)
        #expect(await client.send(.put, "\(Self.path)/\(child)/withdrawal", token: guardian.token).status == .noContent)
        #expect(await client.send(.get, "/api/v1/activities/\(activity)").json["taken"]?.integer == 0)
        #expect(await client.send(.get, "\(Self.path)/\(child)", token: guardian.token).status == .notFound)
        #expect(await client.send(.put, "\(Self.path)/\(child)/withdrawal", token: guardian.token).status == .notFound)
    }

    private func closed(_ client: TestClient) throws -> Int {
        try AccountClosure.housekeeping.run(client.services.writer, client.services.configuration)
    }

    @Test func `with the last consent a child leaves its teams, and its record is closed after the cooling-off`()
        async throws
    {
        let client = try TestClient()
        try client.stations()
        let (guardian, child) = try await client.family()
        let (admin, leader) = (try client.staff(), try await client.volunteer(7))
        let me = try #require(
            await client.send(.get, "/api/v1/me/volunteer", token: leader.token).json["id"]?.integer)
        for name in ["小小志愿者队", "少年讲解队"] {
            let draft = #"{"stationId": 6, "name": "\#(name)", "leaderId": \#(me)}"#
            #expect(await client.send(.post, "/api/v1/teams", draft, token: admin.token).status == .created)
        }
        _ = await client.send(.put, "/api/v1/teams/1/members/\(child)", token: admin.token)
        let wish = await client.send(
            .post, "\(Self.path)/\(child)/join-requests", #"{"teamId": 2}"#, token: guardian.token)
        #expect(wish.status == .created)
        #expect(await client.send(.put, "\(Self.path)/\(child)/withdrawal", token: guardian.token).status == .noContent)
        #expect(await client.send(.get, "/api/v1/teams/1").json["memberCount"]?.integer == 1)
        #expect(try client.text("SELECT state FROM team_join_request") == "cancelled")
        client.advance(minutes: 7 * 1_440 - 1)
        #expect(try closed(client) == 0, "not before its time")
        client.advance(minutes: 1)
        #expect(try closed(client) == 1)
        #expect(try client.text("SELECT name FROM volunteer WHERE id = \(child)") == "已注销")
        #expect(try client.count("SELECT count(*) FROM identity_document WHERE volunteer_id = \(child)") == 0)
        #expect(try client.text("SELECT phone FROM account WHERE id = \(guardian.account)") != nil)
        let again = await client.send(
            .post, Self.path, TestClient.childDraft(born: "2016-05-01", serial: 80), token: guardian.token)
        #expect(again.status == .created, "as somebody new")
    }

    @Test func `a guardian who consents again takes the closing of the record back`() async throws {
        let client = try TestClient()
        let (guardian, child) = try await client.family()
        let requests = "/api/v1/me/guardian-requests"
        #expect(await client.send(.put, "\(Self.path)/\(child)/withdrawal", token: guardian.token).status == .noContent)
        let waiting = await client.send(.get, requests, token: guardian.token)
        #expect(waiting.json["items"]?[0]?["state"]?.string == "ended")
        let id = try #require(waiting.json["items"]?[0]?["id"]?.integer)
        let stranger = try client.resident(81)
        let consent = #"{"relation": "parent", "documentVersion": "2027-01", "separateConsent": true}"#
        let path = "\(requests)/\(id)/consent"
        #expect(await client.send(.put, path, consent, token: stranger.token).status == .notFound)
        let given = await client.send(.put, path, consent, token: guardian.token)
        #expect(given.json["state"]?.string == "consented", "\(given.text)")
        #expect(await client.send(.get, requests, token: guardian.token).json["items"]?.array.isEmpty == true)
        client.advance(minutes: 8 * 1_440)
        #expect(try closed(client) == 0)
        #expect(await client.send(.get, "\(Self.path)/\(child)", token: guardian.token).status == .ok)
        #expect(await client.send(.put, "\(Self.path)/\(child)/withdrawal", token: guardian.token).status == .noContent)
        client.advance(minutes: 7 * 1_440)
        #expect(try closed(client) == 1)
        #expect(await client.send(.put, path, consent, token: guardian.token).status == .conflict)
    }

    @Test func `a guardian who leaves is forgotten in the child's record, too`() async throws {
        let client = try TestClient()
        let (guardian, child) = try await client.family()
        let other = try client.resident(81)
        try client.run(
            """
            INSERT INTO guardianship (volunteer_id, account_id, name, phone, relation, state, document_version, invited_at,
                consented_at)
            VALUES (\(child), \(other.account), '陈妈妈', '+8613900000081', 'parent', 'consented', '2027-01', 0, 0)
            """)
        #expect(await client.send(.put, "\(Self.path)/\(child)/withdrawal", token: guardian.token).status == .noContent)
        #expect(try client.count("SELECT count(*) FROM account_closure") == 0, "another guardian still consents")
        let phrase = #"{"confirmation": "注销我的账号"}"#
        #expect(await client.send(.post, "/api/v1/me/closure", phrase, token: guardian.token).status == .created)
        client.advance(minutes: 7 * 1_440)
        #expect(try closed(client) == 1)
        let shown = await client.send(.get, "\(Self.path)/\(child)", token: other.token)
        #expect(shown.json["name"]?.string == "陈小雨")
        #expect(shown.json["guardian"] == .null)
        #expect(shown.json["phone"]?.string == "****")
    }

    @Test func `an account answers for no more children than one may`() async throws {
        let client = try TestClient { $0.rateWrites = RateLimit(calls: 0, seconds: 1) }
        let guardian = try client.resident(80)
        for serial in 1...GuardianshipRules.childrenMax {
            let body = TestClient.childDraft(born: "2016-05-01", serial: serial)
            #expect(await client.send(.post, Self.path, body, token: guardian.token).status == .created)
        }
        let more = await client.send(
            .post, Self.path, TestClient.childDraft(born: "2016-05-01", serial: 99), token: guardian.token)
        #expect(more.json["type"]?.string == "/problems/too-many-children")
    }

    @Test func `grown up, a child takes its record over by a claim, and the guardian cannot`() async throws {
        let client = try TestClient()
        let (guardian, child) = try await client.family(born: "2009-03-03")
        client.advance(minutes: 48 * 60)
        let grown = try client.resident(90)
        let claim = """
            {"name": "陈小雨", "identityKind": "residentIdentityCard", "reason": "已满十八岁，自己管理",
             "identityNumber": "\(TestClient.identityNumber(born: "2009-03-03", serial: 80))"}
            """
        let manager = try client.staff()
        _ = await client.send(.post, "/api/v1/volunteer-claims", claim, token: guardian.token)
        let own = await client.send(.put, "/api/v1/volunteer-claims/1/acceptance", token: manager.token)
        #expect(own.json["type"]?.string == "/problems/guardian-is-self")
        let reason = #"{"reason": "监护人"}"#
        _ = await client.send(.put, "/api/v1/volunteer-claims/1/refusal", reason, token: manager.token)
        _ = await client.send(.post, "/api/v1/volunteer-claims", claim, token: grown.token)
        #expect(await client.send(.put, "/api/v1/volunteer-claims/2/acceptance", token: manager.token).status == .ok)
        let me = await client.send(.get, "/api/v1/me/volunteer", token: grown.token)
        #expect(me.json["id"]?.integer == child)
    }
}
