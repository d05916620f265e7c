import App
import Dispatch
import Synchronization

/// WeChat's token for its server-side API (`stable_token`), fetched once for all callers of the process: whoever finds it
/// missing or about to end fetches it, and the others wait for that one answer.
final class StableToken: Sendable {
    /// Before its end a token is fetched anew: WeChat renews it then, and both are valid meanwhile. Seconds.
    static let earlySeconds: Int64 = 300
    /// WeChat allows a forced refresh at most every so often, and 20 a day. Seconds.
    static let forceIntervalSeconds: Int64 = 30

    struct Fetched: Sendable {
        var token: String
        /// From the moment of the answer.
        var seconds: Int64
    }

    typealias Outcome = Result<Fetched, WeChatError>

    /// One fetch under way, and where the others wait for it.
    private final class Flight: Sendable {
        let outcome = Mutex<Outcome?>(nil)
        let done = DispatchGroup()
    }

    private struct State {
        var token = ""
        var refreshAt: Int64 = 0
        var forcedAt: Int64?
        var flight: Flight?
    }

    private let state = Mutex(State())
    private let waitSeconds: Int
    private let now: @Sendable () -> Int64
    private let fetch: @Sendable (_ isForced: Bool) -> Outcome

    /// - Parameters:
    ///   - waitSeconds: how long a caller waits for another's fetch.
    ///   - now: seconds of a clock that never goes back.
    ///   - fetch: asks WeChat; `isForced` makes the present token void.
    init(
        waitSeconds: Int,
        now: @escaping @Sendable () -> Int64 = { Int64(DispatchTime.now().uptimeNanoseconds / 1_000_000_000) },
        fetch: @escaping @Sendable (_ isForced: Bool) -> Outcome
    ) {
        self.waitSeconds = waitSeconds
        self.now = now
        self.fetch = fetch
    }

    /// A token that should be valid.
    /// - Parameter refused: a token WeChat has just refused; another is fetched, by force when the plain way gives the
    ///   same again.
    func value(insteadOf refused: String? = nil) throws(WeChatError) -> String {
        let (known, flight, isOurs) = state.withLock { state -> (String?, Flight, Bool) in
            let isFresh = !state.token.isEmpty && now() < state.refreshAt && state.token != refused
            if isFresh { return (state.token, Flight(), false) }
            if let flight = state.flight { return (nil, flight, false) }
            let flight = Flight()
            flight.done.enter()
            state.flight = flight
            return (nil, flight, true)
        }
        if let known { return known }
        if isOurs { land(flight, refused) }
        guard flight.done.wait(timeout: .now() + .seconds(waitSeconds)) == .success,
            let outcome = flight.outcome.withLock({ $0 })
        else { throw .unavailable(code: nil) }
        return try outcome.get().token
    }

    /// Fetches, keeps what came, and wakes who waits.
    private func land(_ flight: Flight, _ refused: String?) {
        var outcome = fetch(false)
        if case .success(let fetched) = outcome, fetched.token == refused {
            outcome = mayForce() ? fetch(true) : .failure(.unavailable(code: nil))
        }
        state.withLock { state in
            if case .success(let fetched) = outcome {
                state.token = fetched.token
                state.refreshAt = now() + max(0, fetched.seconds - Self.earlySeconds)
            }
            state.flight = nil
        }
        flight.outcome.withLock { $0 = outcome }
        flight.done.leave()
    }

    private func mayForce() -> Bool {
        state.withLock { state in
            let now = now()
            if let forcedAt = state.forcedAt, now - forcedAt < Self.forceIntervalSeconds { return false }
            state.forcedAt = now
            return true
        }
    }
}
