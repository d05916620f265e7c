package import App
import Foundation
import FoundationNetworking

/// WeChat's `jscode2session`. `errcode` may be absent on success, so the openid alone decides; `session_key` is never
/// kept, nothing here needs it.
package struct WeChatAPI: WeChatClient {
    private struct Answer: Decodable {
        var openid: String?
        var unionid: String?
        var errcode: Int?
    }

    private let base: String
    private let appID: String
    private let secret: String
    private let exchange: Exchange

    package init(base: String, appID: String, secret: String, seconds: Int) {
        self.base = base
        self.appID = appID
        self.secret = secret
        exchange = Exchange(seconds: seconds)
    }

    package func identity(code: String) throws(WeChatError) -> WeChatIdentity {
        guard !appID.isEmpty else { throw .notConfigured }
        guard var parts = URLComponents(string: base + "/sns/jscode2session") else { throw .notConfigured }
        parts.queryItems = [
            URLQueryItem(name: "appid", value: appID), URLQueryItem(name: "secret", value: secret),
            URLQueryItem(name: "js_code", value: code), URLQueryItem(name: "grant_type", value: "authorization_code"),
        ]
        guard let url = parts.url else { throw .notConfigured }
        let body: Data
        do { (_, body) = try exchange.send(URLRequest(url: url)) } catch { throw .unavailable(code: nil) }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: body) else { throw .unavailable(code: nil) }
        guard let openID = answer.openid, (1...64).contains(openID.count) else { throw Self.error(answer.errcode) }
        return WeChatIdentity(appID: appID, openID: openID, unionID: answer.unionid)
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
