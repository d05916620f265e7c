package import App
import Foundation
import FoundationNetworking

/// Asks a real-name service: `POST {"name","identityKind","identityNumber"}` with a bearer token; 200 and
/// `{"result":"verified"}` or `{"result":"failed"}` is a verdict, anything else is none.
package struct RealNameService: RealNameVerifier {
    package struct NoVerdict: Error { package var status: Int }

    private struct Answer: Decodable {
        var result: String
    }

    private let url: String
    private let token: String
    private let exchange: Exchange

    package init(url: String, token: String, seconds: Int) {
        self.url = url
        self.token = token
        exchange = Exchange(seconds: seconds)
    }

    package var recipient: String { URL(string: url)?.host() ?? "real-name service" }

    package func verdict(on identity: RealName) throws -> RealNameVerdict {
        guard let address = URL(string: url) else { throw Exchange.Failure.badAddress }
        let question = [
            "name": identity.name, "identityKind": identity.identityKind.rawValue,
            "identityNumber": identity.identityNumber,
        ]
        let (status, body) = try exchange.send(.posting(question, to: address, token: token))
        guard status == 200, let answer = try? JSONDecoder().decode(Answer.self, from: body),
            let verdict = RealNameVerdict(rawValue: answer.result)
        else { throw NoVerdict(status: status) }
        return verdict
    }
}
