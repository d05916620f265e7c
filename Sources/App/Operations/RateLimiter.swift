package import HTTP
import Synchronization

/// Which of the configured rate limits an operation counts against.
package enum RateClass: String, Sendable, CaseIterable {
    /// Operations of the machine room: never limited.
    case unlimited
    case reads
    case writes
    case logins
    case codes
    case uploads
    /// Copies of all of a person's data.
    case exports
}

/// `calls` within `seconds` for one caller; 0 calls is no limit.
package struct RateLimit: Sendable, Equatable {
    package var calls: Int
    package var seconds: Int

    package init(calls: Int, seconds: Int) {
        self.calls = calls
        self.seconds = seconds
    }
}

/// What a limited answer tells its caller in the `RateLimit-*` fields.
package struct RateState: Sendable, Equatable {
    package var limit: Int
    package var remaining: Int
    /// Seconds until the window is as good as new.
    package var reset: Int
    package var isExceeded: Bool
}

/// Counts calls in fixed windows, one count for each caller and class. Memory is bounded: a shard that is full forgets
/// the windows that have ended, and then all of them, which errs on the side of the callers.
package final class RateLimiter: Sendable {
    package struct Key: Hashable, Sendable {
        package enum Caller: Hashable, Sendable {
            case account(Int64)
            case address(PeerAddress)

            /// Not negative, and another for the next account or address: which shard counts it.
            fileprivate var spread: Int {
                switch self {
                case .account(let id): Int(id & 0xFFFF)
                // By a seeded hash, for whoever has many addresses could fill one shard with them.
                case .address(let address): address.hashValue & 0xFFFF
                }
            }
        }

        package var caller: Caller
        package var rate: RateClass

        /// Few keys differ in their class alone, so that it need not be hashed.
        package func hash(into hasher: inout Hasher) {
            switch caller {
            case .account(let id): hasher.combine(id)
            case .address(let address): hasher.combine(address)
            }
        }

        package init(_ caller: Caller, _ rate: RateClass) {
            self.caller = caller
            self.rate = rate
        }
    }

    private struct Window {
        var end: Int64 = 0
        var calls = 0

        func state(_ limit: RateLimit, _ now: Int64) -> RateState {
            let isOver = end <= now
            return RateState(
                limit: limit.calls, remaining: isOver ? limit.calls : limit.calls - calls,
                reset: isOver ? limit.seconds : Int(end - now), isExceeded: false)
        }

        mutating func count(_ limit: RateLimit, _ now: Int64) -> RateState {
            if end <= now { (end, calls) = (now + Int64(limit.seconds), 0) }
            let isExceeded = calls >= limit.calls
            if !isExceeded { calls += 1 }
            return RateState(
                limit: limit.calls, remaining: limit.calls - calls, reset: Int(end - now), isExceeded: isExceeded)
        }
    }

    private final class Shard: Sendable {
        let windows = Mutex<[Key: Window]>([:])
    }

    private static let shardCount = 16
    private let shards = (0..<shardCount).map { _ in Shard() }
    private let entriesPerShard: Int

    /// - Parameter entries: callers remembered in all, at the most.
    package init(entries: Int = 262_144) { entriesPerShard = max(1, entries / Self.shardCount) }

    /// Counts one call at `now` (UTC seconds).
    package func count(_ key: Key, limit: RateLimit, now: Int64) -> RateState {
        shards[key.caller.spread % Self.shardCount].windows.withLock { windows in
            if windows.count >= entriesPerShard, windows[key] == nil { Self.forget(&windows, now) }
            return windows[key, default: Window()].count(limit, now)
        }
    }

    /// What is left at `now` (UTC seconds); counts nothing.
    package func state(of key: Key, limit: RateLimit, now: Int64) -> RateState {
        shards[key.caller.spread % Self.shardCount].windows.withLock { ($0[key] ?? Window()).state(limit, now) }
    }

    private static func forget(_ windows: inout [Key: Window], _ now: Int64) {
        let before = windows.count
        windows = windows.filter { $0.value.end > now }
        if windows.count == before { windows.removeAll(keepingCapacity: true) }
    }
}
