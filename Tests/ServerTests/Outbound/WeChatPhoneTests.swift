import App
import Foundation
import Outbound
import Support
import Synchronization
import Testing

@Suite("WeChat's phone button") struct WeChatPhoneTests {
    private static let appID = "wx0123456789abcdef"
    private static let answer = #"""
        {"errcode": 0, "errmsg": "ok", "phone_info": {"phoneNumber": "13900000001", "purePhoneNumber": "13900000001",
         "countryCode": "86", "watermark": {"timestamp": 1637744274, "appid": "wx0123456789abcdef"}}}
        """#

    /// A WeChat that hands out t1, t2, … and takes only what `isGood` says.
    private final class WeChat: Sendable {
        let tokens = Mutex(0)
        let forced = Mutex(0)
        let bad = Mutex<Set<String>>([])

        /// The plain way gives the present token, the forced way the next.
        func token(_ body: String) -> String {
            let isForced = body.contains(#""force_refresh":true"#)
            if isForced { forced.withLock { $0 += 1 } }
            let number = tokens.withLock { number in
                if isForced || number == 0 { number += 1 }
                return number
            }
            return #"{"access_token": "t\#(number)", "expires_in": 7200}"#
        }

        func answer(_ asked: StandIn.Asked) -> String {
            if asked.path == "/cgi-bin/stable_token" { return token(asked.body) }
            if bad.withLock({ $0.contains(asked.query["access_token"] ?? "") }) {
                return #"{"errcode": 42001, "errmsg": "access_token expired"}"#
            }
            return WeChatPhoneTests.answer
        }
    }

    private final class TestClock: Sendable {
        private let second = Mutex<Int64>(1_000)
        var now: Int64 { second.withLock { $0 } }
        func advance(_ seconds: Int64) { second.withLock { $0 += seconds } }
    }

    private func client(_ stand: StandIn, _ clock: TestClock = TestClock()) -> WeChatAPI {
        WeChatAPI(base: stand.url, appID: Self.appID, secret: "s&cret", seconds: 5, now: { clock.now })
    }

    private func tokensAsked(_ stand: StandIn) -> Int { stand.asked.count { $0.path == "/cgi-bin/stable_token" } }

    private func refusal(_ client: WeChatAPI) -> WeChatError? {
        do throws(WeChatError) {
            _ = try client.phoneNumber(code: "c")
            return nil
        } catch { return error }
    }

    @Test func `a code is exchanged for the number WeChat verified`() throws {
        let weChat = WeChat()
        let stand = try StandIn { (200, weChat.answer($0)) }
        #expect(try client(stand).phoneNumber(code: "a\"b").text == "+8613900000001")
        let token = try #require(stand.asked.first)
        #expect(token.body.contains(#""appid":"wx0123456789abcdef""#))
        #expect(token.body.contains(#""grant_type":"client_credential""#))
        #expect(token.body.contains(#""secret":"s&cret""#))
        let asked = try #require(stand.asked.last)
        #expect(asked.path == "/wxa/business/getuserphonenumber")
        #expect(asked.query["access_token"] == "t1")
        #expect(asked.body == #"{"code":"a\"b"}"#)
    }

    @Test func `fifty callers at once share one fetch of the token`() throws {
        let weChat = WeChat()
        let begun = DispatchSemaphore(value: 0)
        let fetches = Mutex(0)
        let stand = try StandIn { asked in
            // No token until all fifty have come to ask for it.
            if asked.path == "/cgi-bin/stable_token",
                fetches.withLock({
                    $0 += 1; return $0 == 1
                })
            {
                for _ in 0..<50 where begun.wait(timeout: .now() + 20) == .timedOut { return (500, "{}") }
            }
            return (200, weChat.answer(asked))
        }
        let api = WeChatAPI(base: stand.url, appID: Self.appID, secret: "s", seconds: 20)
        let numbers = Mutex<[String]>([])
        let done = DispatchGroup()
        for _ in 0..<50 {
            done.enter()
            Thread {
                begun.signal()
                if let phone = try? api.phoneNumber(code: "c") { numbers.withLock { $0.append(phone.text) } }
                done.leave()
            }.start()
        }
        #expect(done.wait(timeout: .now() + 60) == .success)
        #expect(numbers.withLock { $0 } == Array(repeating: "+8613900000001", count: 50))
        #expect(tokensAsked(stand) == 1)
    }

    @Test func `a token is kept until five minutes before its end`() throws {
        let weChat = WeChat()
        let stand = try StandIn { (200, weChat.answer($0)) }
        let clock = TestClock()
        let api = client(stand, clock)
        _ = try api.phoneNumber(code: "c")
        clock.advance(7_200 - 301)
        _ = try api.phoneNumber(code: "c")
        #expect(tokensAsked(stand) == 1)
        clock.advance(1)
        _ = try api.phoneNumber(code: "c")
        #expect(tokensAsked(stand) == 2)
        #expect(weChat.forced.withLock { $0 } == 0)
    }

    @Test func `a refused token is fetched anew once, by force at most every thirty seconds`() throws {
        let weChat = WeChat()
        let stand = try StandIn { (200, weChat.answer($0)) }
        let clock = TestClock()
        let api = client(stand, clock)
        _ = try api.phoneNumber(code: "c")
        weChat.bad.withLock { $0 = ["t1"] }
        #expect(try api.phoneNumber(code: "c").text == "+8613900000001")
        #expect(weChat.forced.withLock { $0 } == 1)
        weChat.bad.withLock { $0 = ["t1", "t2"] }
        clock.advance(29)
        #expect(refusal(api) == .unavailable(code: nil))
        #expect(weChat.forced.withLock { $0 } == 1)
        clock.advance(1)
        #expect(refusal(api) == nil)
        #expect(weChat.forced.withLock { $0 } == 2)
    }

    @Test func `a token refused again after a fetch is not fetched a third time`() throws {
        let weChat = WeChat()
        weChat.bad.withLock { $0 = ["t1", "t2"] }
        let stand = try StandIn { (200, weChat.answer($0)) }
        #expect(refusal(client(stand)) == .unavailable(code: 42001))
        #expect(stand.asked.count { $0.path == "/wxa/business/getuserphonenumber" } == 2)
        #expect(weChat.forced.withLock { $0 } == 1)
    }

    @Test func `a number for another mini-program is refused`() throws {
        for other in [#""appid": "wxother""#, #""other": "x""#] {
            let json = Self.answer.replacing(#""appid": "wx0123456789abcdef""#, with: other)
            let stand = try StandIn { asked in
                (200, asked.path == "/cgi-bin/stable_token" ? #"{"access_token": "t", "expires_in": 7200}"# : json)
            }
            #expect(refusal(client(stand)) == .invalidCode)
        }
    }

    @Test func `a number from abroad keeps its country, one that is none is no answer`() throws {
        for (country, number, expected) in [("852", "91234567", "+85291234567"), ("86", "12", nil as String?)] {
            let json = Self.answer.replacing(#""86""#, with: "\"\(country)\"")
                .replacing(#""purePhoneNumber": "13900000001""#, with: "\"purePhoneNumber\": \"\(number)\"")
            let stand = try StandIn { asked in
                (200, asked.path == "/cgi-bin/stable_token" ? #"{"access_token": "t", "expires_in": 7200}"# : json)
            }
            #expect((try? client(stand).phoneNumber(code: "c"))?.text == expected)
        }
    }

    @Test(arguments: [
        (#"{"errcode": 40029, "errmsg": "invalid code"}"#, WeChatError.invalidCode),
        (#"{"errcode": 40163, "errmsg": "code been used"}"#, .invalidCode),
        (#"{"errcode": 45011, "errmsg": "frequency limit"}"#, .tooFrequent),
        (#"{"errcode": 40226, "errmsg": "blocked"}"#, .blocked),
        (#"{"errcode": -1, "errmsg": "system error"}"#, .unavailable(code: -1)),
        (#"{"errcode": 45009, "errmsg": "daily quota"}"#, .unavailable(code: 45009)),
        (#"{"errcode": 0}"#, .unavailable(code: 0)), ("<html>", .unavailable(code: nil)),
    ]) func `WeChat's refusals of a phone code are told apart`(json: String, error: WeChatError) throws {
        let stand = try StandIn { asked in
            (200, asked.path == "/cgi-bin/stable_token" ? #"{"access_token": "t", "expires_in": 7200}"# : json)
        }
        #expect(refusal(client(stand)) == error)
    }

    @Test func `without a token there is no number, and the next caller asks again`() throws {
        let count = Mutex(0)
        let weChat = WeChat()
        let stand = try StandIn { asked in
            if asked.path == "/cgi-bin/stable_token",
                count.withLock({
                    $0 += 1; return $0 == 1
                })
            {
                return (200, #"{"errcode": 40125, "errmsg": "invalid appsecret"}"#)
            }
            return (200, weChat.answer(asked))
        }
        let api = client(stand)
        #expect(refusal(api) == .unavailable(code: 40125))
        #expect(refusal(api) == nil)
    }
}
