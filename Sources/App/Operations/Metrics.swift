package import HTTP
import Synchronization

/// Counts for `/metrics`: one set for each lane, so that lanes never wait for each other.
package final class Metrics: Sendable {
    /// Upper bounds of the latency histogram's buckets, in microseconds; one more bucket holds the rest.
    package static let bounds: [UInt64] = [100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 100_000, 1_000_000]

    package struct Counts: Sendable {
        package var byStatusClass = [UInt64](repeating: 0, count: 6)
        package var buckets = [UInt64](repeating: 0, count: Metrics.bounds.count + 1)
        package var microseconds: UInt64 = 0
    }

    package struct Commits: Sendable {
        package var batches: UInt64 = 0
        package var requests: UInt64 = 0
        package var microseconds: UInt64 = 0
    }

    /// What answered a request with 503 to keep up with the others.
    package enum Shedding: String, Sendable, CaseIterable {
        /// The queue of writes was full, or the server was stopping.
        case writer
        /// The worker threads had too much to do, or one of them did already what was asked for.
        case workers
        /// A query took longer than it may.
        case slowQueries
    }

    /// What was refused for the sake of the rest.
    package struct Refusals: Sendable {
        package var connections: [ConnectionLimit: UInt64] = [:]
        package var requests: [Shedding: UInt64] = [:]
    }

    private final class LaneCounts: Sendable {
        /// One for each route, and a last one for requests that found none.
        let routes: Mutex<[Counts]>

        init(routes: Int) { self.routes = Mutex(Array(repeating: Counts(), count: routes + 1)) }
    }

    /// The names of the routes by index, and a last one for requests that found none.
    package let operations: [String]
    private let lanes: [LaneCounts]
    private let commits = Mutex(Commits())
    private let refusals = Mutex(Refusals())

    package init(lanes: Int, operations: [String]) {
        self.operations = operations + ["none"]
        self.lanes = (0..<max(1, lanes)).map { _ in LaneCounts(routes: operations.count) }
    }

    /// - Parameter route: the index of the route, or nil for a request that found none.
    package func count(lane: Int, route: Int?, status: Status, nanoseconds: UInt64) {
        let microseconds = nanoseconds / 1_000
        let bucket = Self.bounds.firstIndex { microseconds <= $0 } ?? Self.bounds.count
        lanes[lane % lanes.count].routes.withLock { routes in
            let index = min(route ?? routes.count - 1, routes.count - 1)
            routes[index].byStatusClass[min(status.code / 100, 5)] += 1
            routes[index].buckets[bucket] += 1
            routes[index].microseconds += microseconds
        }
    }

    package func countCommit(requests: Int, nanoseconds: UInt64) {
        commits.withLock {
            $0.batches += 1
            $0.requests += UInt64(requests)
            $0.microseconds += nanoseconds / 1_000
        }
    }

    package func countTurnedAway(for limit: ConnectionLimit) {
        refusals.withLock { $0.connections[limit, default: 0] += 1 }
    }

    package func countShed(by shedding: Shedding) { refusals.withLock { $0.requests[shedding, default: 0] += 1 } }

    package var refused: Refusals { refusals.withLock { $0 } }

    /// The sums over all lanes.
    package func total() -> (routes: [Counts], commits: Commits) {
        var sums: [Counts] = []
        for lane in lanes {
            let counts = lane.routes.withLock { $0 }
            if sums.isEmpty {
                sums = counts
                continue
            }
            for (index, count) in counts.enumerated() {
                for place in count.byStatusClass.indices {
                    sums[index].byStatusClass[place] += count.byStatusClass[place]
                }
                for place in count.buckets.indices { sums[index].buckets[place] += count.buckets[place] }
                sums[index].microseconds += count.microseconds
            }
        }
        return (sums, commits.withLock { $0 })
    }
}
