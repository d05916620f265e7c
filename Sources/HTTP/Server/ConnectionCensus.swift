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

    /// Counts a new connection.
    /// - Returns: the limit for which it is one too many and was not counted; nil where it was.
    func enter(_ peer: PeerAddress) -> ConnectionLimit? {
        counts.withLock { counts in
            let already = counts.byAddress[peer.subscriber] ?? 0
            guard counts.total < limits.connections else { return .total }
            guard already < limits.connectionsPerAddress || limits.proxies.contains(peer) else {
                return .address
            }
            counts.total += 1
            counts.byAddress[peer.subscriber] = already + 1
            return nil
        }
    }

    func leave(_ peer: PeerAddress) {
        counts.withLock { counts in
            counts.total -= 1
            let left = (counts.byAddress[peer.subscriber] ?? 1) - 1
            counts.byAddress[peer.subscriber] = left > 0 ? left : nil
        }
    }

    var total: Int { counts.withLock { $0.total } }
}
