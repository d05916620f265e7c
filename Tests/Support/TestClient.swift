package import App
package import HTTP
import SQLite
import Synchronization
import Testing

/// The application without a socket, on a database of its own in a temporary folder, with a clock that stands still
/// until a test moves it.
package final class TestClient: Sendable {
    package struct Answer: Sendable {
        package var status: Status
        package var fields: [(name: HeaderName, value: String)]
        package var body: [UInt8]

        package var text: String { String(decoding: body, as: UTF8.self) }
        package func value(of name: HeaderName) -> String? { fields.first { $0.name == name }?.value }
    }

    /// Monday 2027-03-01 09:00 in Shanghai.
    package static let start = Timestamp(seconds: 1_803_862_800)

    package let folder: TemporaryFolder
    package let services: Services
    private let app: App
    private let time: TestTime
    private let lane: Mutex<LaneState>

    /// - Parameter verifier: nil where only staff verify.
    package init(
        verifier: (any RealNameVerifier)? = nil, configure: (inout Configuration) -> Void = { _ in }
    ) throws {
        folder = try TemporaryFolder()
        var configuration = Configuration()
        configuration.data = folder.path
        configuration.accessLog = false
        configuration.codeIntervalSeconds = 0
        configuration.rateLogins = RateLimit(calls: 0, seconds: 1)
        configuration.rateCodes = RateLimit(calls: 0, seconds: 1)
        configuration.rateExports = RateLimit(calls: 0, seconds: 1)
        configure(&configuration)
        for path in [configuration.uploadsPath, configuration.temporaryPath] { _ = FileSystem.makeDirectory(path) }
        _ = try Migrations.migrator.migrate(path: configuration.databasePath, clock: { TestClient.start.seconds })
        let time = TestTime()
        self.time = time
        services = Services(
            configuration: configuration, clock: Clock { time.now }, log: .silent,
            writer: try Writer(path: configuration.databasePath, clock: { time.now.seconds }),
            workers: WorkerPool(threads: 4, waitingMax: 64), limiter: RateLimiter(entries: 4_096),
            sessions: SessionEpoch(),
            keyedHash: KeyedHash(key: [UInt8](repeating: 7, count: KeyedHash.keyBytes)), codeSender: time.codes,
            weChat: time.weChat, metrics: Metrics(lanes: 1, operations: Routes.all.map(\.operation)),
            realNameVerifier: verifier)
        app = App(services: services, databasePath: configuration.databasePath, routes: Routes.all)
        lane = Mutex(try app.makeLaneState(lane: 0))
    }
}

extension TestClient {
    package var now: Timestamp { time.now }
    package var codes: TestCodes { time.codes }
    package var weChat: TestWeChat { time.weChat }

    /// A text as it stands in a query.
    package static func escaped(_ text: String) -> String {
        text.utf8.map { "%" + String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// The queries that were prepared for reads so far.
    package var preparedTexts: [String] { lane.withLock { $0.database.cachedTexts } }

    package func advance(minutes: Int64) { time.advance(minutes * 60) }

    /// Sends a request through the whole application.
    /// - Parameter token: the caller's bearer token.
    package func send(
        _ method: HTTP.Method, _ path: String, _ json: String? = nil, token: String? = nil,
        fields: [(String, String)] = []
    ) async -> Answer {
        var body: Request.Body = .empty
        var fields = fields
        if let json {
            body = .bytes(Array(json.utf8))
            fields.append(("Content-Type", "application/json"))
        }
        return await send(method, path, body: body, token: token, fields: fields)
    }

    package func send(
        _ method: HTTP.Method, _ path: String, body: Request.Body, token: String? = nil, fields: [(String, String)] = []
    ) async -> Answer {
        guard let parsed = Self.head(method, path, token, fields) else {
            return Answer(status: .badRequest, fields: [], body: [])
        }
        let request = Request(head: parsed.head, body: body, peer: .loopback)
        let response = await withCheckedContinuation { (continuation: CheckedContinuation<Response, Never>) in
            lane.withLock { state in
                app.beginRound(&state)
                let outcome = app.respond(
                    to: request, reply: Reply { continuation.resume(returning: $0) }, state: &state)
                app.endRound(&state)
                if case .response(let response) = outcome { continuation.resume(returning: response) }
            }
        }
        let answer = Answer(status: response.status, fields: response.fields, body: Self.bytes(of: response))
        check(answer, method, parsed.head)
        return answer
    }

    /// What the application answers to the head alone of a request with a body; nil where it wants the body.
    package func refusal(
        _ method: HTTP.Method, _ path: String, token: String? = nil, fields: [(String, String)] = []
    ) -> Answer? {
        guard let (parsed, admission) = admission(method, path, token, fields), case .refuse(let response) = admission
        else { return nil }
        let answer = Answer(status: response.status, fields: response.fields, body: Self.bytes(of: response))
        check(answer, method, parsed.head)
        return answer
    }

    /// How many bytes of a JSON body the application takes; nil where it takes none.
    package func bodyLimit(_ method: HTTP.Method, _ path: String) -> Int? {
        guard case .body(let limit) = admission(method, path, nil, [])?.admission else { return nil }
        return limit
    }

    private func admission(
        _ method: HTTP.Method, _ path: String, _ token: String?, _ fields: [(String, String)]
    ) -> (parsed: ParsedHead, admission: Admission)? {
        guard let parsed = Self.head(method, path, token, fields + [("Content-Length", "100000")]) else { return nil }
        return lane.withLock { state in
            app.beginRound(&state)
            defer { app.endRound(&state) }
            return (parsed, app.admit(parsed.head, peer: .loopback, state: &state))
        }
    }

    private static func head(
        _ method: HTTP.Method, _ path: String, _ token: String?, _ fields: [(String, String)]
    ) -> ParsedHead? {
        var text = "\(method.rawValue) \(path) HTTP/1.1\r\nHost: test\r\n"
        if let token { text += "Authorization: Bearer \(token)\r\n" }
        for (name, value) in fields { text += "\(name): \(value)\r\n" }
        var parser = HeadParser()
        let event = Array("\(text)\r\n".utf8).withUnsafeBufferPointer { parser.parse($0, limits: Limits()) }
        guard case .head(let parsed, _) = event else { return nil }
        return parsed
    }

    private static func bytes(of response: Response) -> [UInt8] {
        switch response.body {
        case .bytes(let bytes): bytes
        case .deferred(let make): make()
        case .file(let slice):
            FileSystem.read(slice.path, limit: 1 << 30).map { Array($0[slice.range]) } ?? []
        case .stream(let stream): Self.bytes(of: stream)
        case .empty: []
        }
    }

    /// Pulls a stream that neither waits nor fails to its end.
    private static func bytes(of stream: any BodyStream) -> [UInt8] {
        stream.start {}
        var bytes: [UInt8] = []
        while true {
            switch stream.next() {
            case .bytes(let piece): bytes += piece
            case .end: return bytes
            case .wait, .failed:
                Issue.record("a stream that waits or fails")
                return bytes
            }
        }
    }

    /// Every answer of every test is held against the contract.
    private func check(_ answer: Answer, _ method: HTTP.Method, _ head: RequestHead) {
        let asked = method == .post && head.range(of: .methodOverride) != nil ? HTTP.Method.put : method
        guard method != .head, case .found(let match) = app.table.match(asked, head.bytes, head.path) else { return }
        let faults = OpenAPI.shared.faults(
            operation: app.table.routes[match.route].operation, status: answer.status.code,
            contentType: answer.value(of: .contentType), body: answer.body)
        let headerFaults = OpenAPI.shared.faults(
            operation: app.table.routes[match.route].operation, status: answer.status.code,
            named: Set(answer.fields.map { "\($0.name.text)" }))
        for fault in faults + headerFaults { Issue.record("\(fault)\n\(answer.text.prefix(400))") }
    }
}
