import App
import HTTP
import Outbound
import Support
import Testing

@Suite("WeChat sign-in") struct WeChatTests {
    private func client(_ stand: StandIn, appID: String = "wx0123456789abcdef", seconds: Int = 5) -> WeChatAPI {
        WeChatAPI(base: stand.url, appID: appID, secret: "s&cret=?", seconds: seconds)
    }

    /// What `identity` throws; nil when it answers.
    private func refusal(_ client: WeChatAPI) -> WeChatError? {
        do throws(WeChatError) {
            _ = try client.identity(code: "c")
            return nil
        } catch { return error }
    }

    @Test func `a code is exchanged for an identity, with and without errcode and unionid`() throws {
        for (json, union) in [
            (#"{"openid": "o-1", "session_key": "k", "unionid": "u-1", "errcode": 0, "errmsg": "ok"}"#, "u-1"),
            (#"{"openid": "o-1", "session_key": "k"}"#, nil as String?),
        ] {
            let stand = try StandIn { _ in (200, json) }
            let identity = try client(stand).identity(code: "code+with/signs")
            #expect(identity == WeChatIdentity(appID: "wx0123456789abcdef", openID: "o-1", unionID: union))
            let asked = try #require(stand.asked.first)
            #expect(asked.path == "/sns/jscode2session")
            #expect(asked.query["secret"] == "s&cret=?")
            #expect(asked.query["grant_type"] == "authorization_code")
            #expect(asked.query["appid"] == "wx0123456789abcdef")
        }
    }

    @Test func `an id that the schema has no room for is nobody's`() throws {
        let long = String(repeating: "e\u{301}", count: 33)
        for json in [#"{"openid": "\#(long)"}"#, #"{"openid": "o-1", "unionid": "\#(long)"}"#] {
            let stand = try StandIn { _ in (200, json) }
            #expect(refusal(client(stand)) == .unavailable(code: nil))
            #expect(stand.asked.count == 1)
        }
        let stand = try StandIn { _ in (200, #"{"openid": "o-1", "unionid": ""}"#) }
        #expect(try client(stand).identity(code: "c").unionID == nil)
    }

    @Test(arguments: [
        (#"{"errcode": 40029, "errmsg": "invalid code"}"#, WeChatError.invalidCode),
        (#"{"errcode": 40163, "errmsg": "code been used"}"#, .invalidCode),
        (#"{"errcode": 45011, "errmsg": "api minute-quota reach limit"}"#, .tooFrequent),
        (#"{"errcode": 40226, "errmsg": "code blocked"}"#, .blocked),
        (#"{"errcode": -1, "errmsg": "system error"}"#, .unavailable(code: -1)),
        (#"{"errcode": 40125, "errmsg": "invalid appsecret"}"#, .unavailable(code: 40125)),
        (#"{"errmsg": "no openid and no code"}"#, .unavailable(code: nil)),
        ("<html>busy</html>", .unavailable(code: nil)),
    ]) func `WeChat's refusals are told apart`(json: String, error: WeChatError) throws {
        let stand = try StandIn { _ in (200, json) }
        #expect(refusal(client(stand)) == error)
    }

    @Test func `a WeChat that does not answer is unavailable after the time-out`() throws {
        let stand = try StandIn { _ in nil }
        #expect(refusal(client(stand, seconds: 1)) == .unavailable(code: nil))
        let nowhere = WeChatAPI(base: "http://127.0.0.1:1", appID: "wx", secret: "s", seconds: 1)
        #expect(refusal(nowhere) == .unavailable(code: nil))
    }

    @Test func `without a mini-program nobody is asked`() throws {
        let stand = try StandIn { _ in (200, "{}") }
        #expect(refusal(client(stand, appID: "")) == .notConfigured)
        #expect(stand.asked.isEmpty)
    }
}

@Suite("The SMS gateway") struct GatewayTests {
    private let phone = PhoneNumber("13900000001")

    @Test func `a code is handed over with the token`() throws {
        let stand = try StandIn { _ in (202, "{}") }
        try GatewayCodes(url: stand.url + "/sms", token: "t-1", seconds: 5).send(
            code: "123456", to: try #require(phone))
        let asked = try #require(stand.asked.first)
        #expect(asked.path == "/sms")
        #expect(asked.authorization == "Bearer t-1")
        let body = try JSON.parse(Array(asked.body.utf8))
        #expect(body["phone"]?.string == "+8613900000001")
        #expect(body["code"]?.string == "123456")
    }

    /// What handing over a code throws.
    private func failure(_ url: String, seconds: Int = 5) throws -> CodeSendingError? {
        let phone = try #require(phone)
        do throws(CodeSendingError) {
            try GatewayCodes(url: url, token: "", seconds: seconds).send(code: "123456", to: phone)
            return nil
        } catch { return error }
    }

    @Test func `a gateway that refuses has not sent, and one that fails may have`() throws {
        for status in [400, 401, 429, 503, 500, 502, 504] {
            let stand = try StandIn { _ in (status, "{}") }
            let isRefusal = status < 500 || status == 503
            #expect(try failure(stand.url) == (isRefusal ? .notSent : .unknown), "\(status)")
            #expect(stand.asked.count == 1)
        }
    }

    @Test func `a gateway that points elsewhere has not sent, and its direction is not followed`() throws {
        let stand = try StandIn { $0.path == "/sms" ? (302, "/elsewhere") : (200, "{}") }
        #expect(try failure(stand.url + "/sms") == .notSent)
        #expect(stand.asked.map(\.path) == ["/sms"])
    }

    @Test func `a gateway that nobody reaches has not sent, and one that does not answer may have`() throws {
        #expect(try failure("http://127.0.0.1:1/sms") == .notSent)
        #expect(try failure("gateway without a scheme") == .notSent)
        let stand = try StandIn { _ in nil }
        #expect(try failure(stand.url, seconds: 1) == .unknown)
        #expect(stand.asked.count == 1)
    }

    @Test func `a gateway reached by the second of its addresses may have sent`() throws {
        // A machine without IPv6 has no second address to try.
        guard let stand = try? StandIn(host: "::1", { _ in nil }) else { return }
        #expect(try failure(stand.namedURL, seconds: 1) == .unknown)
        #expect(stand.asked.count == 1)
    }
}

@Suite("The real-name service") struct RealNameServiceTests {
    private let identity = RealName(
        name: "李志愿", identityKind: .residentIdentityCard, identityNumber: "510104199003079992")

    @Test(arguments: RealNameVerdict.allCases) func `a verdict is asked for with the token`(verdict: RealNameVerdict)
        throws
    {
        let stand = try StandIn { _ in (200, #"{"result": "\#(verdict.rawValue)", "serial": 7}"#) }
        let service = RealNameService(url: stand.url + "/verify", token: "t-2", seconds: 5)
        #expect(try service.verdict(on: identity) == verdict)
        let asked = try #require(stand.asked.first)
        #expect(asked.path == "/verify")
        #expect(asked.authorization == "Bearer t-2")
        let body = try JSON.parse(Array(asked.body.utf8))
        #expect(body["name"]?.string == "李志愿")
        #expect(body["identityKind"]?.string == "residentIdentityCard")
        #expect(body["identityNumber"]?.string == "510104199003079992")
    }

    @Test(arguments: [
        (500, #"{"result": "verified"}"#), (200, #"{"result": "unsure"}"#), (200, "{}"), (200, "<html>"),
        (202, #"{"result": "verified"}"#),
    ]) func `anything else is no verdict`(status: Int, json: String) throws {
        let stand = try StandIn { _ in (status, json) }
        let service = RealNameService(url: stand.url, token: "", seconds: 5)
        #expect(throws: RealNameService.NoVerdict.self) { try service.verdict(on: identity) }
    }

    @Test func `a service that is away gives none`() {
        let service = RealNameService(url: "http://127.0.0.1:1", token: "", seconds: 1)
        #expect(throws: (any Error).self) { try service.verdict(on: identity) }
    }
}
