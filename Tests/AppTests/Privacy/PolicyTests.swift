import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Policies and consents") struct PolicyTests {
    private static func policy(from time: Timestamp? = nil) -> String {
        """
        {"titleZh": "个人信息保护政策", "textZh": "我们收集……", "titleEn": "Privacy policy", "textEn": "We collect …",
         "effectiveAt": \(time.map { "\"\($0)\"" } ?? "null"), "purposes": [
            {"code": "account", "labelZh": "账号与联系", "labelEn": "account and contact", "isRequired": true},
            {"code": "newsletter", "labelZh": "活动推送", "isRequired": false}]}
        """
    }

    private static func consent(_ version: Int, _ purposes: String = #""account""#) -> String {
        #"{"kind": "privacy", "version": \#(version), "purposes": [\#(purposes)], "channel": "miniProgram"}"#
    }

    private static let versions = "/api/v1/policies/privacy/versions"

    @Test func `a version is published once and served in the reader's language`() async throws {
        let client = try TestClient()
        let admin = try client.staff()
        let made = await client.send(.post, Self.versions, Self.policy(), token: admin.token)
        #expect(made.status == .created)
        #expect(made.value(of: .location) == "\(Self.versions)/1")
        let zh = await client.send(.get, "/api/v1/policies/privacy")
        #expect(zh.json["title"]?.string == "个人信息保护政策")
        let en = await client.send(.get, "/api/v1/policies/privacy", fields: [("Accept-Language", "en")])
        #expect(en.json["title"]?.string == "Privacy policy")
        #expect(en.json["purposes"]?[1]?["label"]?.string == "活动推送", "a label without a translation stays Chinese")
        #expect(await client.send(.get, "/api/v1/policies/terms").status == .notFound)
        #expect(await client.send(.get, "/api/v1/policies/cookies").status == .notFound)
        #expect(await client.send(.get, "\(Self.versions)/1").status == .ok)
        #expect(await client.send(.get, "\(Self.versions)/2").status == .notFound)
        #expect(throws: SQLiteError.self) { try client.run("UPDATE policy SET text_zh = 'x'") }
        #expect(throws: SQLiteError.self) { try client.run("DELETE FROM policy_purpose") }
    }

    @Test func `an announced version comes into force at its time, and none overtakes it`() async throws {
        let client = try TestClient()
        let admin = try client.staff()
        _ = await client.send(.post, Self.versions, Self.policy(), token: admin.token)
        let later = client.now + 3_600
        let second = await client.send(.post, Self.versions, Self.policy(from: later), token: admin.token)
        #expect(second.json["version"]?.integer == 2)
        #expect(await client.send(.get, "/api/v1/policies/privacy").json["version"]?.integer == 1)
        let list = await client.send(.get, "/api/v1/policies")
        #expect(list.json["items"]?.array.compactMap { $0["isCurrent"] } == [.bool(true), .bool(false)])
        for time in [client.now - 1, later] {
            let refused = await client.send(.post, Self.versions, Self.policy(from: time), token: admin.token)
            #expect(refused.status == .unprocessableContent)
        }
        client.advance(minutes: 60)
        #expect(await client.send(.get, "/api/v1/policies/privacy").json["version"]?.integer == 2)
    }

    @Test func `only whoever may for the whole city publishes, and faults are named`() async throws {
        let client = try TestClient()
        try client.stations()
        let manager = try client.staff(.stationManager, at: TestClient.street)
        let district = try client.staff(.administrator, at: TestClient.district)
        #expect(await client.send(.post, Self.versions, Self.policy(), token: manager.token).status == .forbidden)
        #expect(await client.send(.post, Self.versions, Self.policy(), token: district.token).status == .forbidden)
        let bad = """
            {"titleZh": "个", "textZh": "文", "textEn": "text", "purposes": [
                {"code": "a b", "labelZh": "账号", "isRequired": true}, {"code": "a b", "labelZh": "账号", "isRequired": true}]}
            """
        let refused = await client.send(.post, Self.versions, bad, token: try client.staff().token)
        #expect(
            refused.json["errors"]?.array.compactMap { $0["pointer"]?.string }
                == ["/titleZh", "/textEn", "/purposes", "/purposes/0/code", "/purposes/1/code"])
    }

    @Test func `registering needs the required purposes of the version in force, and no others`() async throws {
        let client = try TestClient()
        let admin = try client.staff()
        _ = await client.send(.post, Self.versions, Self.policy(), token: admin.token)
        let person = try client.resident()
        let refused = await client.send(.post, "/api/v1/volunteers", TestClient.registration(), token: person.token)
        #expect(refused.json["type"]?.string == "/problems/consent-missing")
        #expect(refused.json["reasons"]?.array == [.string("privacy")])
        let pending = await client.send(.get, "/api/v1/me/consents", token: person.token)
        #expect(pending.json["pending"]?[0]?["purposes"]?.array.count == 2)
        let optional = await client.send(
            .post, "/api/v1/me/consents", Self.consent(1, #""newsletter""#), token: person.token)
        #expect(optional.status == .created)
        let still = await client.send(.post, "/api/v1/volunteers", TestClient.registration(), token: person.token)
        #expect(still.status == .conflict)
        _ = await client.send(.put, "/api/v1/me/consents/1/withdrawal", token: person.token)
        let given = await client.send(.post, "/api/v1/me/consents", Self.consent(1), token: person.token)
        #expect(given.json["items"]?[0]?["purpose"]?.string == "account")
        let made = await client.send(.post, "/api/v1/volunteers", TestClient.registration(), token: person.token)
        #expect(made.status == .created, "the newsletter was refused, and nothing depends on it")
    }

    @Test func `a new version asks again, and an old one cannot be agreed to`() async throws {
        let client = try TestClient()
        let admin = try client.staff()
        let person = try client.resident()
        _ = await client.send(.post, Self.versions, Self.policy(), token: admin.token)
        let both = Self.consent(1, #""account", "newsletter""#)
        _ = await client.send(.post, "/api/v1/me/consents", both, token: person.token)
        let before = await client.send(.get, "/api/v1/me/consents", token: person.token)
        #expect(before.json["pending"]?.array.isEmpty == true)
        client.advance(minutes: 1)
        _ = await client.send(.post, Self.versions, Self.policy(), token: admin.token)
        let after = await client.send(.get, "/api/v1/me/consents", token: person.token)
        #expect(after.json["pending"]?[0]?["version"]?.integer == 2)
        #expect(after.json["items"]?.array.count == 2, "what was agreed to before stays in the log")
        let old = await client.send(.post, "/api/v1/me/consents", Self.consent(1), token: person.token)
        #expect(old.json["type"]?.string == "/problems/policy-superseded")
    }

    @Test func `a consent is given once, withdrawn once, and never otherwise changed`() async throws {
        let client = try TestClient()
        let admin = try client.staff()
        let person = try client.resident()
        _ = await client.send(.post, Self.versions, Self.policy(), token: admin.token)
        await withTaskGroup(of: Void.self) { group in
            for _ in 1...4 {
                group.addTask {
                    _ = await client.send(.post, "/api/v1/me/consents", Self.consent(1), token: person.token)
                }
            }
        }
        let list = await client.send(.get, "/api/v1/me/consents", token: person.token)
        #expect(list.json["items"]?.array.count == 1)
        let path = "/api/v1/me/consents/1/withdrawal"
        let stranger = try client.resident(2)
        #expect(await client.send(.put, path, token: stranger.token).status == .notFound)
        let first = await client.send(.put, path, token: person.token)
        client.advance(minutes: 5)
        let second = await client.send(.put, path, token: person.token)
        #expect(first.json["withdrawnAt"]?.string != nil)
        #expect(first.json["withdrawnAt"] == second.json["withdrawnAt"])
        let unknown = await client.send(
            .post, "/api/v1/me/consents", Self.consent(1, #""sale""#), token: person.token)
        #expect(unknown.json["errors"]?[0]?["pointer"]?.string == "/purposes/0")
        #expect(throws: SQLiteError.self) { try client.run("UPDATE consent SET withdrawn_at = NULL") }
        #expect(throws: SQLiteError.self) { try client.run("UPDATE consent SET given_at = 0") }
        // The schema goes by the machine's clock, and so do these rows, a day short of three years and a day beyond.
        for days in [1_094, 1_096] {
            try client.run(
                """
                INSERT INTO consent (account_id, policy_id, purpose, channel, address, given_at, withdrawn_at)
                SELECT account_id, policy_id, purpose, channel, address, 0, unixepoch() - \(days) * 86400
                FROM consent WHERE id = 1
                """)
        }
        #expect(throws: SQLiteError.self) { try client.run("DELETE FROM consent WHERE id = 2") }
        try client.run("DELETE FROM consent WHERE id = 3")
    }
}
