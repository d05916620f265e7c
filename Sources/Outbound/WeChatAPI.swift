package import App
import Foundation
import FoundationNetworking

/// WeChat's server-side API for one mini-program: `jscode2session`, `stable_token` and `getuserphonenumber`.
package struct WeChatAPI: WeChatClient {
    /// `errcode` may be absent on success, so the openid alone decides. `session_key` is never kept: nothing needs it.
    private struct Identity: Decodable {
        var openid: String?
        var unionid: String?
        var errcode: Int?
    }

    private struct TokenWish: Encodable {
        var grant = "client_credential"
        var appID: String
        var secret: String
        var isForced: Bool

        enum CodingKeys: String, CodingKey {
            case grant = "grant_type"
            case appID = "appid"
            case secret
            case isForced = "force_refresh"
        }
    }

    private struct Token: Decodable {
        var token: String?
        /// Seconds.
        var life: Int64?
        var errcode: Int?

        enum CodingKeys: String, CodingKey {
            case token = "access_token"
            case life = "expires_in"
            case errcode
        }
    }

    private struct Phone: Decodable {
        struct Info: Decodable {
            struct Watermark: Decodable { var appid: String? }

            var purePhoneNumber: String?
            var countryCode: String?
            var watermark: Watermark?
        }

        var errcode: Int?
        var info: Info?

        enum CodingKeys: String, CodingKey {
            case errcode
            case info = "phone_info"
        }
    }

    private static let idLengths = 1...64
    /// Longest token that is believed: WeChat says that 512 characters must be provided for.
    private static let tokenBytesMax = 4_096
    /// Longest life of a token that is believed. Seconds.
    private static let tokenSecondsMax: Int64 = 86_400
    /// WeChat's errors that mean "fetch another token": invalid, ended, illegal.
    private static let tokenErrors: Set<Int> = [40001, 42001, 40014]

    private let base: String
    private let appID: String
    private let secret: String
    private let exchange: Exchange
    private let token: StableToken

    package init(base: String, appID: String, secret: String, seconds: Int) {
        self.init(base: base, appID: appID, secret: secret, seconds: seconds, now: nil)
    }

    /// - Parameter now: seconds of a clock that never goes back; nil takes the machine's.
    package init(base: String, appID: String, secret: String, seconds: Int, now: (@Sendable () -> Int64)?) {
        self.base = base
        self.appID = appID
        self.secret = secret
        let exchange = Exchange(seconds: seconds)
        self.exchange = exchange
        let fetch: @Sendable (Bool) -> StableToken.Outcome = { isForced in
            Result { () throws(WeChatError) in
                try Self.fetchToken(base, appID: appID, secret: secret, isForced: isForced, exchange)
            }
        }
        // A flight may ask twice, and each question may take its time.
        let wait = 2 * (seconds + 2)
        token =
            if let now { StableToken(waitSeconds: wait, now: now, fetch: fetch) } else {
                StableToken(waitSeconds: wait, fetch: fetch)
            }
    }

    package func identity(code: String) throws(WeChatError) -> WeChatIdentity {
        guard !appID.isEmpty else { throw .notConfigured }
        let answer: Identity = try Self.ask(
            base + "/sns/jscode2session",
            ["appid": appID, "secret": secret, "js_code": code, "grant_type": "authorization_code"], exchange)
        guard let openID = answer.openid, Text.fits(openID, Self.idLengths) else { throw Self.error(answer.errcode) }
        let unionID = answer.unionid.flatMap { $0.isEmpty ? nil : $0 }
        guard unionID.map({ Text.fits($0, Self.idLengths) }) ?? true else { throw .unavailable(code: answer.errcode) }
        return WeChatIdentity(appID: appID, openID: openID, unionID: unionID)
    }

    package func phoneNumber(code: String) throws(WeChatError) -> PhoneNumber {
        guard !appID.isEmpty else { throw .notConfigured }
        let first = try token.value()
        var answer = try phone(code, first)
        if let error = answer.errcode, Self.tokenErrors.contains(error) {
            answer = try phone(code, token.value(insteadOf: first))
        }
        guard answer.errcode ?? 0 == 0, let info = answer.info else { throw Self.error(answer.errcode) }
        // A code of another mini-program, whose user nobody here has asked.
        guard info.watermark?.appid == appID else { throw .invalidCode }
        guard let country = info.countryCode, let number = info.purePhoneNumber,
            let phone = PhoneNumber("+\(country)\(number)")
        else { throw .unavailable(code: nil) }
        return phone
    }

    private func phone(_ code: String, _ token: String) throws(WeChatError) -> Phone {
        try Self.ask(
            base + "/wxa/business/getuserphonenumber", ["access_token": token], body: JSON.encode(["code": code]),
            exchange)
    }

    private static func fetchToken(
        _ base: String, appID: String, secret: String, isForced: Bool, _ exchange: Exchange
    ) throws(WeChatError) -> StableToken.Fetched {
        let wish = TokenWish(appID: appID, secret: secret, isForced: isForced)
        let answer: Token = try ask(base + "/cgi-bin/stable_token", [:], body: JSON.encode(wish), exchange)
        guard let token = answer.token, (1...tokenBytesMax).contains(token.utf8.count),
            let seconds = answer.life, seconds > 0
        else { throw .unavailable(code: answer.errcode) }
        return .init(token: token, seconds: min(seconds, tokenSecondsMax))
    }

    /// - Parameter body: JSON to post; nil asks by GET.
    private static func ask<Answer: Decodable>(
        _ address: String, _ query: [String: String], body: [UInt8]? = nil, _ exchange: Exchange
    ) throws(WeChatError) -> Answer {
        guard var parts = URLComponents(string: address) else { throw .notConfigured }
        if !query.isEmpty {
            parts.queryItems = query.sorted { $0.key < $1.key }.map { URLQueryItem(name: $0.key, value: $0.value) }
        }
        guard let url = parts.url else { throw .notConfigured }
        var request = URLRequest(url: url)
        if let body {
            request.httpMethod = "POST"
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
            request.httpBody = Data(body)
        }
        let answer: Data
        do { (_, answer) = try exchange.send(request) } catch { throw .unavailable(code: nil) }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: answer) else { throw .unavailable(code: nil) }
        return answer
    }

    /// The numbers of WeChat's documentation.
    private static func error(_ code: Int?) -> WeChatError {
        switch code {
        case 40029, 40163: .invalidCode
        case 45011: .tooFrequent
        case 40226: .blocked
        default: .unavailable(code: code)
        }
    }
}
