import Synchronization

/// How many connections are open over all lanes, and from where.
final class ConnectionCensus: Sendable {
    private struct Counts {
        var total = 0
        var byAddress: [PeerAddress: Int] = [:]
    }

    private let counts = Mutex(Counts())
    private let limits: Limits

    init(limits: Limits) { self.limits = limits }

    /// Counts a new connection; false when there are too many.
    func enter(_ peer: PeerAddress) -> Bool {
        counts.withLock { counts in
            let already = counts.byAddress[peer] ?? 0
            guard counts.total < limits.connections,
                already < limits.connectionsPerAddress || limits.proxies.contains(peer)
            else { return false }
            counts.total += 1
            counts.byAddress[peer] = already + 1
            return true
        }
    }

    func leave(_ peer: PeerAddress) {
        counts.withLock { counts in
            counts.total -= 1
            let left = (counts.byAddress[peer] ?? 1) - 1
            counts.byAddress[peer] = left > 0 ? left : nil
        }
    }

    var total: Int { counts.withLock { $0.total } }
}
