import App
import HTTP
import SQLite
import Support
import Testing

@Suite("One-time codes") struct OneTimeCodeTests {
    private static let phone = "13900000001"

    private func ask(_ client: TestClient, _ phone: String = phone) async -> TestClient.Answer {
        await client.send(.post, "/api/v1/phone-codes", #"{"phone": "\#(phone)"}"#)
    }

    private func signIn(_ client: TestClient, _ code: String, _ phone: String = phone) async -> TestClient.Answer {
        await client.send(.post, "/api/v1/sessions/phone", #"{"phone": "\#(phone)", "code": "\#(code)"}"#)
    }

    private func sent(_ client: TestClient, _ phone: String = phone) -> String {
        client.codes.last(to: "+86" + phone) ?? ""
    }

    @Test func `a code is six digits and holds for five minutes`() async throws {
        let client = try TestClient()
        #expect(client.services.configuration.codeTries == 5)
        let answer = await ask(client)
        #expect(answer.json["expiresAt"]?.string == "\(TestClient.start + 300)")
        let code = sent(client)
        #expect(code.count == 6 && code.allSatisfy(\.isASCII) && code.allSatisfy(\.isNumber))
        client.advance(minutes: 4)
        #expect(await signIn(client, code).status == .created)
        _ = await ask(client)
        let late = sent(client)
        client.advance(minutes: 5)
        #expect(await signIn(client, late).status == .unauthorized)
    }

    @Test func `a new code voids the one before, and its tries`() async throws {
        let client = try TestClient()
        _ = await ask(client)
        let first = sent(client)
        _ = await ask(client)
        let second = sent(client)
        if first != second { #expect(await signIn(client, first).status == .unauthorized) }
        #expect(await signIn(client, second).status == .created)
    }

    @Test func `callers at the same time have five tries together, and the right code opens once`() async throws {
        let client = try TestClient()
        _ = await ask(client)
        let code = sent(client)
        let opened = await withTaskGroup(of: Status.self) { group in
            for _ in 0..<8 { group.addTask { await signIn(client, code).status } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(opened.filter { $0 == .created }.count == 1)
        _ = await ask(client)
        let right = sent(client)
        let wrong = right == "000000" ? "000001" : "000000"
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = await signIn(client, wrong) } }
        }
        #expect(await signIn(client, right).status == .unauthorized)
        let tries = try Database(path: client.services.configuration.databasePath).value(
            "SELECT tries FROM phone_code", as: Int.self)
        #expect(tries == 5)
    }

    @Test func `a code for one phone opens no other`() async throws {
        let client = try TestClient()
        _ = await ask(client)
        _ = await ask(client, "13900000002")
        let code = sent(client)
        guard code != sent(client, "13900000002") else { return }
        #expect(await signIn(client, code, "13900000002").status == .unauthorized)
    }

    @Test func `one address asks for so many codes, whichever the phones`() async throws {
        let client = try TestClient { $0.rateCodes = RateLimit(calls: 3, seconds: 3_600) }
        for number in 1...3 { #expect(await ask(client, "1390000000\(number)").status == .accepted) }
        let refused = await ask(client, "13900000004")
        #expect(refused.status == .tooManyRequests)
        #expect(refused.value(of: .retryAfter) == "3600")
        #expect(sent(client, "13900000004").isEmpty)
        client.advance(minutes: 60)
        #expect(await ask(client, "13900000004").status == .accepted)
    }

    @Test func `one address tries to sign in so many times, whichever the phones`() async throws {
        let client = try TestClient { $0.rateLogins = RateLimit(calls: 2, seconds: 300) }
        #expect(await signIn(client, "000000", "13900000001").status == .unauthorized)
        #expect(await signIn(client, "000000", "13900000002").status == .unauthorized)
        #expect(await signIn(client, "000000", "13900000003").status == .tooManyRequests)
    }

    @Test func `nothing tells whether a phone is registered`() async throws {
        let client = try TestClient { $0.codeIntervalSeconds = 60 }
        _ = try client.resident(1)
        let database = try Database(path: client.services.configuration.databasePath)
        var rows: [[String]] = []
        for phone in ["13900000001", "13800000009"] {
            let answers = [
                await signIn(client, "000000", phone), await ask(client, phone), await ask(client, phone),
                await signIn(client, sent(client, phone) == "000000" ? "000001" : "000000", phone),
            ]
            rows.append(answers.map(Self.text))
        }
        #expect(rows[0] == rows[1])
        #expect(try database.value("SELECT count(*) FROM account", as: Int.self) == 1, "asking makes no account")
        let kept: [String] = try database.values(
            "SELECT sent_at || ' ' || expires_at || ' ' || tries || ' ' || sent_in_day FROM phone_code")
        #expect(kept.count == 2 && kept[0] == kept[1], "the same work for both")
    }

    /// Everything of an answer but the request's own id.
    private static func text(_ answer: TestClient.Answer) -> String {
        let fields = answer.fields.filter { $0.name != .requestID }.map { "\($0.name): \($0.value)" }
        let body = answer.json["instance"]?.string.map { answer.text.replacing($0, with: "") } ?? answer.text
        return "\(answer.status) \(fields) \(body)"
    }

    @Test func `only the hash of a code is kept`() async throws {
        let client = try TestClient()
        _ = await ask(client)
        let plain = SHA256.hash("+86\(Self.phone) \(sent(client))".utf8)
        let kept = try Database(path: client.services.configuration.databasePath).value(
            "SELECT code_hash FROM phone_code", as: [UInt8].self)
        #expect(kept != nil && kept != plain)
    }

    @Test func `a code that was surely not sent counts for nothing, and the one before it holds`() async throws {
        let client = try TestClient {
            $0.codeIntervalSeconds = 60
            $0.codesPerPhoneAndDay = 2
        }
        client.codes.fail(.notSent)
        for _ in 0..<4 {
            let answer = await ask(client)
            #expect(answer.status == .serviceUnavailable && answer.value(of: .retryAfter) == "5")
        }
        client.codes.fail(nil)
        #expect(await ask(client).status == .accepted, "at once, for nothing was sent")
        let code = sent(client)
        client.advance(minutes: 1)
        client.codes.fail(.notSent)
        #expect(await ask(client).status == .serviceUnavailable)
        #expect(await signIn(client, code).status == .created)
        client.codes.fail(nil)
        #expect(await ask(client).status == .accepted, "the second of the day")
        client.advance(minutes: 1)
        #expect(await ask(client).status == .tooManyRequests)
    }

    @Test func `a code that may have been sent counts and opens`() async throws {
        let client = try TestClient { $0.codeIntervalSeconds = 60 }
        client.codes.fail(.unknown)
        let answer = await ask(client)
        #expect(answer.status == .serviceUnavailable && answer.value(of: .retryAfter) == "60")
        client.codes.fail(nil)
        #expect(await ask(client).status == .tooManyRequests)
        #expect(await signIn(client, sent(client)).status == .created)
    }

    @Test func `tries are not won back by a code that was not sent`() async throws {
        let client = try TestClient()
        _ = await ask(client)
        let code = sent(client)
        let wrong = code == "000000" ? "000001" : "000000"
        for _ in 0..<4 { _ = await signIn(client, wrong) }
        client.codes.fail(.notSent)
        _ = await ask(client)
        _ = await signIn(client, wrong)
        #expect(await signIn(client, code).status == .unauthorized)
    }
}
