package import App
import Synchronization

/// The clock and the outside world of one test.
final class TestTime: Sendable {
    private let moment = Mutex(TestClient.start)
    let codes = TestCodes()
    let weChat = TestWeChat()

    var now: Timestamp { moment.withLock { $0 } }

    func advance(_ seconds: Int64) { moment.withLock { $0 = $0 + seconds } }
}

/// Keeps one-time codes instead of sending them.
package final class TestCodes: CodeSender {
    private let sent = Mutex<[String: String]>([:])
    private let failure = Mutex<CodeSendingError?>(nil)

    package func send(code: String, to phone: PhoneNumber) throws(CodeSendingError) {
        let failure = failure.withLock { $0 }
        // What nobody knows of has arrived here.
        if failure != .notSent { sent.withLock { $0[phone.text] = code } }
        if let failure { throw failure }
    }

    package func last(to phone: String) -> String? { sent.withLock { $0[phone] } }

    /// From now on every code fails so; nil mends it.
    package func fail(_ error: CodeSendingError?) { failure.withLock { $0 = error } }
}

/// A WeChat that knows the codes it was told; those for phone numbers serve once.
package final class TestWeChat: WeChatClient {
    private let known = Mutex<[String: WeChatIdentity]>([:])
    private let phones = Mutex<[String: PhoneNumber]>([:])
    private let failure = Mutex<WeChatError?>(nil)

    package func identity(code: String) throws(WeChatError) -> WeChatIdentity {
        if let error = failure.withLock({ $0 }) { throw error }
        guard let identity = known.withLock({ $0[code] }) else { throw .invalidCode }
        return identity
    }

    package func phoneNumber(code: String) throws(WeChatError) -> PhoneNumber {
        if let error = failure.withLock({ $0 }) { throw error }
        guard let phone = phones.withLock({ $0.removeValue(forKey: code) }) else { throw .invalidCode }
        return phone
    }

    package func learn(_ code: String, _ identity: WeChatIdentity) { known.withLock { $0[code] = identity } }
    package func learn(_ code: String, _ phone: PhoneNumber) { phones.withLock { $0[code] = phone } }

    /// From now on every question fails so.
    package func fail(_ error: WeChatError) { failure.withLock { $0 = error } }
}
