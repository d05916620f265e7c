package import HTTP
package import SQLite

/// What handlers may use besides their database: made once at start, replaceable in tests. One object, because every
/// request carries it along.
package final class Services: Sendable {
    package let configuration: Configuration
    package let clock: Clock
    package let log: Log
    package let writer: Writer
    package let workers: WorkerPool
    package let limiter: RateLimiter
    package let sessions: SessionEpoch
    package let keyedHash: KeyedHash
    package let codeSender: any CodeSender
    package let weChat: any WeChatClient
    package let metrics: Metrics
    /// nil where only staff verify.
    package let realNameVerifier: (any RealNameVerifier)?
    /// Lanes to wake after a batch of the writer; nil wakes them at each answer.
    let wakes: PendingWakes?
    package let overview = OverviewMemory()
    let callsUnderWay = CallsUnderWay()

    package init(
        configuration: Configuration, clock: Clock, log: Log, writer: Writer, workers: WorkerPool, limiter: RateLimiter,
        sessions: SessionEpoch, keyedHash: KeyedHash, codeSender: any CodeSender, weChat: any WeChatClient,
        metrics: Metrics, realNameVerifier: (any RealNameVerifier)? = nil, wakes: PendingWakes? = nil
    ) {
        self.configuration = configuration
        self.clock = clock
        self.log = log
        self.writer = writer
        self.workers = workers
        self.limiter = limiter
        self.sessions = sessions
        self.keyedHash = keyedHash
        self.codeSender = codeSender
        self.weChat = weChat
        self.metrics = metrics
        self.realNameVerifier = realNameVerifier
        self.wakes = wakes
    }
}

/// Where the present comes from, so that tests own it.
package struct Clock: Sendable {
    /// UTC seconds.
    package var now: @Sendable () -> Timestamp

    package init(now: @escaping @Sendable () -> Timestamp) { self.now = now }

    package static let system = Clock { Timestamp.current }
}

/// Carries a one-time code to a phone.
package protocol CodeSender: Sendable {
    /// Called on a worker thread.
    func send(code: String, to phone: PhoneNumber) throws(CodeSendingError)
}

/// Why nobody knows of a code that it was taken over for delivery.
package enum CodeSendingError: Error, Sendable, Equatable {
    /// It surely was not: it never left, or was refused.
    case notSent
    /// It may be on its way: there was no answer in time, or none that says.
    case unknown
}

/// Knows whether a name and an identity number belong together (实名核验), by a service outside.
package protocol RealNameVerifier: Sendable {
    /// Who is asked, for the log of shared data.
    var recipient: String { get }

    /// Called on a worker thread.
    /// - Throws: when there is no verdict; the identity then stays unverified.
    func verdict(on identity: RealName) throws -> RealNameVerdict
}

/// What such a service is asked about.
package struct RealName: Sendable, Equatable {
    package var name: String
    package var identityKind: IdentityKind
    package var identityNumber: String

    package init(name: String, identityKind: IdentityKind, identityNumber: String) {
        self.name = name
        self.identityKind = identityKind
        self.identityNumber = identityNumber
    }
}

package enum RealNameVerdict: String, Sendable, CaseIterable { case verified, failed }

/// WeChat's server-side API, as far as wenming calls it.
package protocol WeChatClient: Sendable {
    /// Exchanges a code of `wx.login` (one use, five minutes) for the person's identity in one mini-program.
    /// Called on a worker thread.
    func identity(code: String) throws(WeChatError) -> WeChatIdentity

    /// Exchanges a code of WeChat's phone button (`getPhoneNumber`: one use, five minutes, not the code of `wx.login`)
    /// for the number WeChat has verified. Each call is paid for. Called on a worker thread.
    func phoneNumber(code: String) throws(WeChatError) -> PhoneNumber
}

/// Who somebody is to WeChat. `session_key` is dropped where it arrives: nothing here needs it.
package struct WeChatIdentity: Sendable, Equatable {
    package var appID: String
    /// Opaque, at most 64 characters, case-sensitive, different in every mini-program.
    package var openID: String
    /// The same in all mini-programs of one open-platform account; often missing.
    package var unionID: String?

    package init(appID: String, openID: String, unionID: String?) {
        self.appID = appID
        self.openID = openID
        self.unionID = unionID
    }
}

package enum WeChatError: Error, Equatable {
    /// The code is unknown, used or older than five minutes (40029, 40163).
    case invalidCode
    /// WeChat limits how often one person may sign in (45011).
    case tooFrequent
    /// WeChat has blocked this person as a risk (40226).
    case blocked
    /// Anything else, with WeChat's number where there was one.
    case unavailable(code: Int?)
    /// No mini-program is configured.
    case notConfigured
}
