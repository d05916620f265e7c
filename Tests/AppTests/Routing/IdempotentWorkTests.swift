import App
import Dispatch
import HTTP
import SQLite
import Support
import Synchronization
import Testing

/// What a retry with the same `Idempotency-Key` gets from operations that run on a worker thread.
@Suite("Retries of long operations") struct IdempotentWorkTests {
    private static let key = [("Idempotency-Key", "retry-1")]
    private static let verifications = "/api/v1/me/volunteer/verifications"

    private func count(_ table: SQL, _ client: TestClient) throws -> Int {
        try client.services.writer.writeAndWait { try $0.value("SELECT count(*) FROM \(table)", as: Int.self) ?? 0 }
    }

    private func isReplay(_ answer: TestClient.Answer) -> Bool { answer.value(of: .idempotencyReplayed) == "true" }

    /// Asks nobody and goes on when it is told to.
    private final class SlowVerifier: RealNameVerifier {
        let recipient = "realname.example"
        let asked: AsyncStream<Void>
        private let tell: AsyncStream<Void>.Continuation
        private let mayGoOn = DispatchSemaphore(value: 0)

        init() { (asked, tell) = AsyncStream.makeStream() }

        func verdict(on identity: RealName) throws -> RealNameVerdict {
            tell.yield()
            mayGoOn.wait()
            return .failed
        }

        func goOn() { mayGoOn.signal() }
    }

    @Test func `while a keyed call runs a second is told to wait, and then gets its answer`() async throws {
        let verifier = SlowVerifier()
        let client = try TestClient(verifier: verifier)
        let (person, other) = (try await client.volunteer(), try await client.volunteer(2))
        var asked = verifier.asked.makeAsyncIterator()
        async let first = client.send(.post, Self.verifications, "{}", token: person.token, fields: Self.key)
        await asked.next()
        let second = await client.send(.post, Self.verifications, "{}", token: person.token, fields: Self.key)
        #expect(second.status == .conflict)
        #expect(second.json["type"]?.string == "/problems/request-under-way")
        #expect(second.value(of: .retryAfter) == "1")
        async let others = client.send(.post, Self.verifications, "{}", token: other.token, fields: Self.key)
        await asked.next()
        verifier.goOn()
        verifier.goOn()
        #expect(await others.status == .created, "the key is the caller's own")
        let answer = await first
        #expect(answer.status == .created && !isReplay(answer))
        let third = await client.send(.post, Self.verifications, "{}", token: person.token, fields: Self.key)
        #expect(third.status == .created && isReplay(third))
        #expect(third.body == answer.body)
        #expect(try count("volunteer_verification WHERE result IS NOT NULL", client) == 2)
    }

    @Test func `a call that failed is not kept, so its retry is tried`() async throws {
        let client = try TestClient(verifier: SecondThought())
        let person = try await client.volunteer()
        let first = await client.send(.post, Self.verifications, "{}", token: person.token, fields: Self.key)
        #expect(first.status == .serviceUnavailable)
        let second = await client.send(.post, Self.verifications, "{}", token: person.token, fields: Self.key)
        #expect(second.status == .created && !isReplay(second))
        let bad = await client.send(
            .post, Self.verifications, "{}", token: person.token, fields: [("Idempotency-Key", "a b")])
        #expect(bad.status == .badRequest)
    }

    /// Has no verdict at first.
    private final class SecondThought: RealNameVerifier {
        private struct NoAnswer: Error {}
        let recipient = "realname.example"
        private let isFirst = Mutex(true)

        func verdict(on identity: RealName) throws -> RealNameVerdict {
            let isFirst = isFirst.withLock { isFirst in
                defer { isFirst = false }
                return isFirst
            }
            if isFirst { throw NoAnswer() }
            return .verified
        }
    }

    @Test func `a picture sent twice is kept once, and where it was taken is not kept at all`() async throws {
        let client = try TestClient()
        let (person, other) = (try client.resident(1), try client.resident(2))
        let picture = Pictures.jpeg(orientation: 1, latitude: 30.65, longitude: 104.08)
        let first = await client.upload(picture, by: person, fields: Self.key)
        #expect(first.status == .created && first.json["takenAt"]?["latitude"] != nil)
        let again = await client.upload(picture, by: person, fields: Self.key)
        #expect(again.status == .created && isReplay(again))
        #expect(again.json["id"] == first.json["id"] && again.value(of: .location) == first.value(of: .location))
        #expect(again.json["takenAt"] == .null)
        let kept = try client.services.writer.writeAndWait { db in
            try db.value("SELECT CAST(body AS TEXT) FROM idempotent_answer", as: String.self)
        }
        #expect(kept?.contains("104.08") == false)
        let changed = Pictures.jpeg(orientation: 6, latitude: 30.65, longitude: 104.08)
        let misuse = await client.upload(changed, by: person, fields: Self.key)
        #expect(misuse.json["type"]?.string == "/problems/idempotency-key-reused")
        #expect(try count("upload", client) == 1)
        #expect(await client.upload(picture, by: other, fields: Self.key).status == .created)
        client.advance(minutes: 24 * 60)
        #expect(isReplay(await client.upload(picture, by: person, fields: Self.key)) == false, "24 hours have passed")
        #expect(try count("upload", client) == 3)
    }

    @Test func `two uploads at once under one key leave one picture`() async throws {
        let client = try TestClient()
        let person = try client.resident()
        let picture = Pictures.jpeg(orientation: 1, latitude: 30.65, longitude: 104.08)
        let answers = await withTaskGroup(of: TestClient.Answer.self) { group in
            for _ in 0..<8 { group.addTask { await client.upload(picture, by: person, fields: Self.key) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count { $0.status == .created && !isReplay($0) } == 1)
        let others = answers.filter { $0.status != .created }
        #expect(others.allSatisfy { $0.json["type"]?.string == "/problems/request-under-way" })
        #expect(try count("upload", client) == 1)
    }

    @Test func `an import begun anew is begun once, and a dry run is tried again`() async throws {
        let client = try TestClient()
        try client.stations()
        let administrator = try client.staff()
        let text = "code,communityCode,name\nW1,510104020007,一号网格\n"
        func send(_ fields: [(String, String)], key: String) async -> TestClient.Answer {
            await client.sendFile(
                Array(text.utf8), to: "/api/v1/imports", by: administrator, form: fields,
                fields: [("Idempotency-Key", key)])
        }
        let real = [("kind", "grids"), ("again", "true")]
        let first = await send(real, key: "import-1")
        #expect(first.status == .accepted && !isReplay(first))
        let again = await send(real, key: "import-1")
        #expect(again.status == .accepted && isReplay(again))
        #expect(again.body == first.body && again.value(of: .location) == first.value(of: .location))
        #expect(try client.audited("createImport").count == 1)
        let other = await send([("kind", "grids")], key: "import-1")
        #expect(other.json["type"]?.string == "/problems/idempotency-key-reused")
        let dry = [("kind", "grids"), ("dryRun", "true")]
        for _ in 1...2 {
            let tried = await send(dry, key: "import-2")
            #expect(tried.status == .ok && !isReplay(tried))
        }
    }

    @Test func `linking a WeChat identity twice under one key is one link`() async throws {
        let client = try TestClient()
        let person = try client.resident()
        client.weChat.learn("code-1", WeChatIdentity(appID: "wx1", openID: "o1", unionID: nil))
        let (path, body) = ("/api/v1/me/wechat-identities", #"{"code": "code-1"}"#)
        let first = await client.send(.post, path, body, token: person.token, fields: Self.key)
        #expect(first.status == .created)
        // The code is used up by now.
        client.weChat.fail(.invalidCode)
        let again = await client.send(.post, path, body, token: person.token, fields: Self.key)
        #expect(again.status == .created && isReplay(again) && again.body == first.body)
        #expect(try client.audited("linkMyWeChat").count == 1)
    }

    @Test func `a merge and its reversal are replayed, and a preview is made anew each time`() async throws {
        let scene = try MergeScene()
        func send(_ path: String, _ body: String, key: String) async -> TestClient.Answer {
            await scene.client.send(
                .post, MergeScene.path + path, body, token: scene.admin.token, fields: [("Idempotency-Key", key)])
        }
        let sides = #""from": \#(scene.from.account), "into": \#(scene.into.account), "reason": "本人到窗口核实""#
        let previews = [
            await send("/previews", "{\(sides)}", key: "p"), await send("/previews", "{\(sides)}", key: "p"),
        ]
        #expect(previews.allSatisfy { $0.status == .ok && !isReplay($0) })
        let fingerprint = try #require(previews[0].json["fingerprint"]?.string)
        let body = #"{\#(sides), "fingerprint": "\#(fingerprint)"}"#
        let first = await send("", body, key: "m")
        #expect(first.status == .created, "\(first.text)")
        let again = await send("", body, key: "m")
        #expect(again.status == .created && isReplay(again) && again.body == first.body)
        let reversal = "/\(try #require(first.json["id"]?.integer))/reversal"
        let undone = await send(reversal, #"{"reason": "实为两人"}"#, key: "r")
        #expect(undone.status == .ok, "\(undone.text)")
        let undoneAgain = await send(reversal, #"{"reason": "实为两人"}"#, key: "r")
        #expect(undoneAgain.status == .ok && isReplay(undoneAgain) && undoneAgain.body == undone.body)
    }

    @Test func `a sign-in takes no key`() async throws {
        let client = try TestClient()
        _ = await client.send(.post, "/api/v1/phone-codes", #"{"phone": "13900000001"}"#)
        let code = try #require(client.codes.last(to: "+8613900000001"))
        let body = #"{"phone": "13900000001", "code": "\#(code)"}"#
        let first = await client.send(.post, "/api/v1/sessions/phone", body, fields: Self.key)
        #expect(first.status == .created)
        let again = await client.send(.post, "/api/v1/sessions/phone", body, fields: Self.key)
        #expect(again.status == .unauthorized, "\(again.text)")
        #expect(try count("idempotent_answer", client) == 0)
    }
}
