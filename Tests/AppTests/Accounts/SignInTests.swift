import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Signing in") struct SignInTests {
    private static let phone = "13900000001"

    private func code(_ client: TestClient) async -> String {
        _ = await client.send(.post, "/api/v1/phone-codes", #"{"phone": "\#(Self.phone)"}"#)
        return client.codes.last(to: "+86" + Self.phone) ?? ""
    }

    private func signIn(_ client: TestClient, _ code: String) async -> TestClient.Answer {
        await client.send(.post, "/api/v1/sessions/phone", #"{"phone": "\#(Self.phone)", "code": "\#(code)"}"#)
    }

    @Test func `a code sent to the phone opens a session, once`() async throws {
        let client = try TestClient()
        let code = await code(client)
        let opened = await signIn(client, code)
        #expect(opened.status == .created)
        let token = try #require(opened.json["token"]?.string)
        let me = await client.send(.get, "/api/v1/me", token: token)
        #expect(me.json["phone"]?.string == "139****0001")
        #expect(await signIn(client, code).status == .unauthorized)
    }

    @Test func `the same phone comes back to the same account`() async throws {
        let client = try TestClient()
        let first = await signIn(client, await code(client))
        let second = await signIn(client, await code(client))
        #expect(first.json["account"]?["id"] == second.json["account"]?["id"])
        #expect(first.json["token"] != second.json["token"])
    }

    @Test func `five wrong tries void a code, and so do five minutes`() async throws {
        let client = try TestClient()
        let right = await code(client)
        let wrong = right == "000000" ? "000001" : "000000"
        for _ in 0..<5 { #expect(await signIn(client, wrong).status == .unauthorized) }
        #expect(await signIn(client, right).status == .unauthorized)
        let fresh = await code(client)
        client.advance(minutes: 6)
        #expect(await signIn(client, fresh).status == .unauthorized)
    }

    @Test func `codes to one phone are spaced and counted`() async throws {
        let client = try TestClient {
            $0.codeIntervalSeconds = 60
            $0.codesPerPhoneAndDay = 2
        }
        let path = "/api/v1/phone-codes"
        let body = #"{"phone": "13900000001"}"#
        #expect(await client.send(.post, path, body).status == .accepted)
        let soon = await client.send(.post, path, body)
        #expect(soon.status == .tooManyRequests)
        #expect(soon.value(of: .retryAfter) == "60")
        client.advance(minutes: 1)
        #expect(await client.send(.post, path, body).status == .accepted)
        client.advance(minutes: 1)
        #expect(await client.send(.post, path, body).status == .tooManyRequests)
        client.advance(minutes: 60 * 24)
        #expect(await client.send(.post, path, body).status == .accepted)
    }

    @Test func `a gateway that is down is a 503 and no secret is told`() async throws {
        let client = try TestClient()
        client.codes.fail(.notSent)
        let answer = await client.send(.post, "/api/v1/phone-codes", #"{"phone": "13900000001"}"#)
        #expect(answer.status == .serviceUnavailable)
        #expect(answer.value(of: .retryAfter) != nil)
    }

    @Test func `WeChat vouches for a person, and a bad code is refused`() async throws {
        let client = try TestClient()
        client.weChat.learn("good", WeChatIdentity(appID: "wx1", openID: "o1", unionID: "u1"))
        client.weChat.learn("other", WeChatIdentity(appID: "wx2", openID: "o2", unionID: "u1"))
        let one = await client.send(.post, "/api/v1/sessions/wechat", #"{"code": "good"}"#)
        let two = await client.send(.post, "/api/v1/sessions/wechat", #"{"code": "other"}"#)
        #expect(one.status == .created)
        #expect(one.json["account"]?["id"] == two.json["account"]?["id"], "one unionid is one person")
        #expect(await client.send(.post, "/api/v1/sessions/wechat", #"{"code": "bad"}"#).status == .unauthorized)
    }

    @Test func `WeChat's phone button opens the account of its number`() async throws {
        let client = try TestClient()
        let person = try client.resident(1)
        for (code, number) in [("one", "13900000001"), ("two", "13800000009")] {
            client.weChat.learn(code, try #require(PhoneNumber(number)))
        }
        let path = "/api/v1/sessions/wechat-phone"
        let known = await client.send(.post, path, #"{"code": "one", "device": "红米"}"#)
        #expect(known.status == .created)
        #expect(known.json["account"]?["id"]?.integer == person.account)
        let new = await client.send(.post, path, #"{"code": "two"}"#)
        #expect(new.json["account"]?["phone"]?.string == "138****0009")
        let again = await client.send(.post, path, #"{"code": "two"}"#)
        #expect(again.json["type"]?.string == "/problems/wechat-refused")
        #expect(await client.send(.post, path, #"{"code": ""}"#).status == .unprocessableContent)
    }

    @Test(arguments: [
        (WeChatError.blocked, Status.unauthorized, nil as String?), (.tooFrequent, .tooManyRequests, "60"),
        (.notConfigured, .serviceUnavailable, "30"), (.unavailable(code: -1), .serviceUnavailable, "5"),
    ]) func `each failure of WeChat has its answer`(error: WeChatError, status: Status, wait: String?) async throws {
        let client = try TestClient()
        let person = try client.resident()
        client.weChat.fail(error)
        let answers = [
            await client.send(.post, "/api/v1/sessions/wechat", #"{"code": "c"}"#),
            await client.send(.post, "/api/v1/sessions/wechat-phone", #"{"code": "c"}"#),
            await client.send(.put, "/api/v1/me/phone", #"{"weChatCode": "c"}"#, token: person.token),
            await client.send(.post, "/api/v1/me/wechat-identities", #"{"code": "c"}"#, token: person.token),
        ]
        #expect(answers.allSatisfy { $0.status == status && $0.value(of: .retryAfter) == wait })
    }

    @Test func `sessions are listed, ended one by one and all at once`() async throws {
        let client = try TestClient()
        let first = await signIn(client, await code(client)).json["token"]?.string
        let second = await signIn(client, await code(client)).json["token"]?.string
        let list = await client.send(.get, "/api/v1/sessions", token: second)
        #expect(list.json["items"]?.array.count == 2)
        let other = list.json["items"]?.array.first { $0["isCurrent"] == .bool(false) }?["id"]?.integer
        let path = "/api/v1/sessions/\(try #require(other))"
        #expect(await client.send(.delete, path, token: second).status == .noContent)
        #expect(await client.send(.get, "/api/v1/me", token: first).status == .unauthorized)
        #expect(await client.send(.delete, path, token: second).status == .notFound)
        #expect(await client.send(.delete, "/api/v1/sessions", token: second).status == .noContent)
        #expect(await client.send(.get, "/api/v1/me", token: second).status == .unauthorized)
    }

    @Test func `a session ends unused and at its end`() async throws {
        let client = try TestClient {
            $0.residentIdleDays = 2
            $0.residentSessionDays = 3
        }
        let token = await signIn(client, await code(client)).json["token"]?.string
        client.advance(minutes: 60 * 36)
        #expect(await client.send(.get, "/api/v1/me", token: token).status == .ok)
        // The note of use is queued before this write, so it is in the database afterwards.
        try client.services.writer.writeAndWait { _ in }
        client.advance(minutes: 60 * 30)
        #expect(await client.send(.get, "/api/v1/me", token: token).status == .ok, "its use was noted")
        client.advance(minutes: 60 * 8)
        #expect(await client.send(.get, "/api/v1/me", token: token).status == .unauthorized)
    }

    @Test func `a token that is none is refused with the scheme to use`() async throws {
        let client = try TestClient()
        for field in ["Bearer x", "Basic dXNlcjpwYXNz", "Bearer \(SecureRandom.token())", "Bearer"] {
            let answer = await client.send(.get, "/api/v1/stations", fields: [("Authorization", field)])
            #expect(answer.status == .unauthorized, "\(field)")
            #expect(answer.value(of: .wwwAuthenticate) == "Bearer")
        }
    }
}
