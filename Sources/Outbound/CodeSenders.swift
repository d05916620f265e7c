package import App
import Foundation
import FoundationNetworking

/// Writes codes to the log instead of sending them: for development, where the reader of the log is the owner of the
/// phone. The number itself is masked.
package struct LoggedCodes: CodeSender {
    private let log: Log

    package init(log: Log) { self.log = log }

    package func send(code: String, to phone: PhoneNumber) {
        log(.error, "one-time code", ["phone": Masking.phone(phone), "code": code])
    }
}

/// Hands codes to an SMS gateway: `POST {"phone","code"}` with a bearer token, 2xx for taken over.
package struct GatewayCodes: CodeSender {
    package struct Refused: Error { package var status: Int }

    private let url: String
    private let token: String
    private let exchange: Exchange

    package init(url: String, token: String, seconds: Int) {
        self.url = url
        self.token = token
        exchange = Exchange(seconds: seconds)
    }

    package func send(code: String, to phone: PhoneNumber) throws {
        guard let address = URL(string: url) else { throw Exchange.Failure.badAddress }
        let (status, _) = try exchange.send(
            .posting(["phone": phone.text, "code": code], to: address, token: token))
        guard (200..<300).contains(status) else { throw Refused(status: status) }
    }
}
