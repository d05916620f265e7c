import App
import HTTP
import SQLite
import Support
import Testing

@Suite("The ways into an account") struct WaysInTests {
    private static let path = "/api/v1/me/ways-in"

    private func code(_ client: TestClient, _ phone: String) async -> String {
        _ = await client.send(.post, "/api/v1/phone-codes", #"{"phone": "\#(phone)"}"#)
        return client.codes.last(to: "+86" + phone) ?? ""
    }

    private func link(_ client: TestClient, _ phone: String, _ code: String, _ token: String) async -> TestClient.Answer
    {
        await client.send(.put, "/api/v1/me/phone", #"{"phone": "\#(phone)", "code": "\#(code)"}"#, token: token)
    }

    private func linkWeChat(_ client: TestClient, _ code: String, _ token: String) async -> TestClient.Answer {
        await client.send(.post, "/api/v1/me/wechat-identities", #"{"code": "\#(code)"}"#, token: token)
    }

    private func signIn(_ client: TestClient, weChat code: String) async -> TestClient.Answer {
        await client.send(.post, "/api/v1/sessions/wechat", #"{"code": "\#(code)"}"#)
    }

    /// Signed in by WeChat alone.
    private func stranger(_ client: TestClient, _ name: String = "o1", union: String? = nil) async throws -> String {
        client.weChat.learn(name, WeChatIdentity(appID: "wx1", openID: name, unionID: union))
        return try #require(await signIn(client, weChat: name).json["token"]?.string)
    }

    private func audited(_ client: TestClient, _ operation: String) throws -> Int {
        try Database(path: client.services.configuration.databasePath).value(
            "SELECT count(*) FROM audit_entry WHERE operation = \(operation)") ?? 0
    }

    @Test func `a person sees each way in, the phone masked`() async throws {
        let client = try TestClient()
        let person = try client.resident()
        client.weChat.learn("c", WeChatIdentity(appID: "wx1", openID: "o1", unionID: nil))
        #expect(await linkWeChat(client, "c", person.token).status == .created)
        let ways = await client.send(.get, Self.path, token: person.token)
        #expect(ways.json["phone"]?.string == "139****0001")
        #expect(ways.json["weChatIdentities"]?[0]?["appId"]?.string == "wx1")
        #expect(ways.json["weChatIdentities"]?[0]?["linkedAt"]?.string == "\(TestClient.start)")
        #expect(ways.json["staffName"] == .null)
        let staff = try client.staff()
        let theirs = await client.send(.get, Self.path, token: staff.token)
        #expect(theirs.json["staffName"]?.string == "staff\(staff.account)")
        #expect(await client.send(.get, Self.path).status == .unauthorized)
    }

    @Test func `a phone is linked by the code sent to it, and opens the same account`() async throws {
        let client = try TestClient()
        let token = try await stranger(client)
        let me = await client.send(.get, "/api/v1/me", token: token)
        let code = await code(client, "13800000009")
        let linked = await link(client, "13800000009", code, token)
        #expect(linked.status == .ok)
        #expect(linked.json["phone"]?.string == "138****0009")
        #expect(await link(client, "13800000009", code, token).status == .unauthorized, "a code serves once")
        let again = await self.code(client, "13800000009")
        let opened = await client.send(
            .post, "/api/v1/sessions/phone", #"{"phone": "13800000009", "code": "\#(again)"}"#)
        #expect(opened.json["account"]?["id"] == me.json["id"])
        #expect(try audited(client, "linkMyPhone") == 1)
    }

    @Test func `a wrong code links nothing and counts as a try`() async throws {
        let client = try TestClient()
        let token = try await stranger(client)
        let right = await code(client, "13800000009")
        let wrong = right == "000000" ? "000001" : "000000"
        for _ in 0..<5 { #expect(await link(client, "13800000009", wrong, token).status == .unauthorized) }
        #expect(await link(client, "13800000009", right, token).status == .unauthorized)
        #expect(await client.send(.get, Self.path, token: token).json["phone"] == .null)
    }

    @Test func `that a number is taken is told only to who has the right code`() async throws {
        let client = try TestClient()
        _ = try client.resident(1)
        let token = try await stranger(client)
        let right = await code(client, "13900000001")
        let wrong = right == "000000" ? "000001" : "000000"
        let guess = await link(client, "13900000001", wrong, token)
        let free = await link(client, "13800000009", wrong, token)
        #expect(guess.json["type"] == free.json["type"])
        #expect(guess.status == .unauthorized)
        let taken = await link(client, "13900000001", right, token)
        #expect(taken.status == .conflict)
        #expect(taken.json["type"]?.string == "/problems/way-in-taken")
        #expect(taken.json["state"] == nil && taken.json["reasons"] == nil)
        #expect(await link(client, "13900000001", right, token).status == .unauthorized, "the code is used up")
    }

    @Test func `two accounts that link one number at the same time do not both get it`() async throws {
        let client = try TestClient()
        let tokens = [try await stranger(client, "o1"), try await stranger(client, "o2")]
        let phone = try #require(PhoneNumber("13800000009"))
        client.weChat.learn("p0", phone)
        client.weChat.learn("p1", phone)
        let statuses = await withTaskGroup(of: Status.self) { group in
            for (index, token) in tokens.enumerated() {
                group.addTask {
                    await client.send(.put, "/api/v1/me/phone", #"{"weChatCode": "p\#(index)"}"#, token: token).status
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(statuses) == [.ok, .conflict])
    }

    @Test func `WeChat's phone button links a number, and a code serves once`() async throws {
        let client = try TestClient()
        let token = try await stranger(client)
        client.weChat.learn("p", try #require(PhoneNumber("13800000009")))
        let body = #"{"weChatCode": "p"}"#
        let linked = await client.send(.put, "/api/v1/me/phone", body, token: token)
        #expect(linked.json["phone"]?.string == "138****0009")
        let again = await client.send(.put, "/api/v1/me/phone", body, token: token)
        #expect(again.json["type"]?.string == "/problems/wechat-refused")
    }

    @Test(arguments: [
        "{}", #"{"phone": "13800000009"}"#, #"{"code": "123456"}"#,
        #"{"phone": "13800000009", "code": "123456", "weChatCode": "p"}"#, #"{"phone": "1", "code": "123456"}"#,
        #"{"phone": "13800000009", "code": "12345"}"#, #"{"weChatCode": ""}"#,
    ]) func `a link without one whole proof is invalid`(body: String) async throws {
        let client = try TestClient()
        let person = try client.resident()
        #expect(await client.send(.put, "/api/v1/me/phone", body, token: person.token).status == .unprocessableContent)
    }

    @Test func `a volunteer changes the phone and is reached by the new one`() async throws {
        let client = try TestClient()
        let person = try await client.volunteer()
        let linked = await link(client, "13800000009", await code(client, "13800000009"), person.token)
        #expect(linked.status == .ok)
        let volunteer = await client.send(.get, "/api/v1/me/volunteer", token: person.token)
        #expect(volunteer.json["phone"]?.string == "138****0009")
        let old = await code(client, "13900000001")
        let opened = await client.send(
            .post, "/api/v1/sessions/phone", #"{"phone": "13900000001", "code": "\#(old)"}"#)
        #expect(opened.json["account"]?["id"]?.integer != person.account, "the old number leads elsewhere now")
    }

    @Test func `a WeChat identity of another account is not taken away`() async throws {
        let client = try TestClient()
        let first = try await stranger(client)
        let person = try client.resident()
        #expect(await linkWeChat(client, "o1", first).status == .created, "one's own again")
        let taken = await linkWeChat(client, "o1", person.token)
        #expect(taken.json["type"]?.string == "/problems/way-in-taken")
        #expect(await linkWeChat(client, "unknown", person.token).status == .unauthorized)
        #expect(try audited(client, "linkMyWeChat") == 1)
    }

    @Test func `a linked WeChat identity opens the account, an unlinked one another`() async throws {
        let client = try TestClient()
        let person = try client.resident()
        client.weChat.learn("c", WeChatIdentity(appID: "wx1", openID: "o1", unionID: nil))
        _ = await linkWeChat(client, "c", person.token)
        #expect(await signIn(client, weChat: "c").json["account"]?["id"]?.integer == person.account)
        let unlinked = await client.send(.delete, "/api/v1/me/wechat-identities/wx1", token: person.token)
        #expect(unlinked.status == .noContent)
        #expect(try audited(client, "unlinkMyWeChat") == 1)
        let again = await client.send(.delete, "/api/v1/me/wechat-identities/wx1", token: person.token)
        #expect(again.status == .notFound)
        #expect(await signIn(client, weChat: "c").json["account"]?["id"]?.integer != person.account)
        #expect(await client.send(.get, "/api/v1/me", token: person.token).status == .ok, "the session goes on")
    }

    @Test func `the last way in cannot be unlinked`() async throws {
        let client = try TestClient()
        let token = try await stranger(client)
        let kept = await client.send(.delete, "/api/v1/me/wechat-identities/wx1", token: token)
        #expect(kept.json["type"]?.string == "/problems/last-way-in")
        let person = try client.resident()
        let phone = await client.send(.delete, "/api/v1/me/phone", token: person.token)
        #expect(phone.json["type"]?.string == "/problems/last-way-in")
        client.weChat.learn("c", WeChatIdentity(appID: "wx1", openID: "o9", unionID: nil))
        _ = await linkWeChat(client, "c", person.token)
        #expect(await client.send(.delete, "/api/v1/me/phone", token: person.token).status == .noContent)
        #expect(await client.send(.delete, "/api/v1/me/phone", token: person.token).status == .notFound)
    }

    @Test func `a volunteer cannot lose the phone`() async throws {
        let client = try TestClient()
        let person = try await client.volunteer()
        client.weChat.learn("c", WeChatIdentity(appID: "wx1", openID: "o1", unionID: nil))
        _ = await linkWeChat(client, "c", person.token)
        let refused = await client.send(.delete, "/api/v1/me/phone", token: person.token)
        #expect(refused.json["type"]?.string == "/problems/volunteer-needs-phone")
    }

    @Test func `a unionid leads to its account only while it belongs to one`() async throws {
        let client = try TestClient()
        let first = try await stranger(client, "o1")
        let me = await client.send(.get, "/api/v1/me", token: first).json["id"]
        // The mini-program joins an open-platform account: the next sign-in brings a unionid along.
        client.weChat.learn("o1", WeChatIdentity(appID: "wx1", openID: "o1", unionID: "u1"))
        _ = await signIn(client, weChat: "o1")
        client.weChat.learn("two", WeChatIdentity(appID: "wx2", openID: "x", unionID: "u1"))
        #expect(await signIn(client, weChat: "two").json["account"]?["id"] == me)
        let person = try client.resident()
        client.weChat.learn("three", WeChatIdentity(appID: "wx3", openID: "y", unionID: "u1"))
        #expect(await linkWeChat(client, "three", person.token).status == .created)
        client.weChat.learn("four", WeChatIdentity(appID: "wx4", openID: "z", unionID: "u1"))
        let fourth = await signIn(client, weChat: "four").json["account"]?["id"]
        #expect(fourth != me && fourth?.integer != person.account)
    }
}
