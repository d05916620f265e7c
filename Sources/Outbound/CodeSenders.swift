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

/// Hands codes to an SMS gateway: `POST {"phone","code"}` with a bearer token, 2xx for taken over, 4xx and 503 for
/// refused. What another answer means is not known: a 500 or 504 may come after the message left.
package struct GatewayCodes: CodeSender {
    private let url: String
    private let token: String
    private let exchange: Exchange

    package init(url: String, token: String, seconds: Int) {
        self.url = url
        self.token = token
        exchange = Exchange(seconds: seconds)
    }

    package func send(code: String, to phone: PhoneNumber) throws(CodeSendingError) {
        guard let address = URL(string: url) else { throw .notSent }
        let status: Int
        do throws(Exchange.Failure) {
            (status, _) = try exchange.send(
                .posting(["phone": phone.text, "code": code], to: address, token: token))
        } catch {
            switch error {
            case .badAddress, .unreachable: throw .notSent
            case .unanswered, .tooLong: throw .unknown
            }
        }
        switch status {
        case 200..<300: return
        case 300..<500, 503: throw .notSent
        default: throw .unknown
        }
    }
}
