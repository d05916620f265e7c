package import HTTP
import Synchronization

/// Counts for `/metrics`: one set for each lane, so that lanes never wait for each other.
package final class Metrics: Sendable {
    /// Upper bounds of the latency histogram's buckets, in microseconds; one more bucket holds the rest.
    package static let bounds: [UInt64] = [100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 100_000, 1_000_000]

    package struct Counts: Sendable {
        package var byStatusClass: [UInt64]
        package var buckets: [UInt64]
        package var microseconds: UInt64
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

    /// Every number of one lane in one row: for each route, and last for requests that found none, the counts by status
    /// class, those by bucket, and the sum of microseconds.
    private final class LaneCounts: Sendable {
        static let statusClasses = 6
        static let width = statusClasses + Metrics.bounds.count + 2
        let numbers: Mutex<[UInt64]>

        init(routes: Int) { numbers = Mutex(Array(repeating: 0, count: (routes + 1) * Self.width)) }
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
        let row = min(route ?? operations.count - 1, operations.count - 1) * LaneCounts.width
        lanes[lane % lanes.count].numbers.withLock { numbers in
            numbers[row + min(status.code / 100, LaneCounts.statusClasses - 1)] += 1
            numbers[row + LaneCounts.statusClasses + bucket] += 1
            numbers[row + LaneCounts.width - 1] += microseconds
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
        var sums = [UInt64](repeating: 0, count: operations.count * LaneCounts.width)
        for lane in lanes {
            for (place, number) in lane.numbers.withLock({ $0 }).enumerated() { sums[place] += number }
        }
        let routes = operations.indices.map { index in
            let row = sums[index * LaneCounts.width..<(index + 1) * LaneCounts.width]
            return Counts(
                byStatusClass: Array(row.prefix(LaneCounts.statusClasses)),
                buckets: Array(row.dropFirst(LaneCounts.statusClasses).dropLast()), microseconds: row.last ?? 0)
        }
        return (routes, commits.withLock { $0 })
    }
}
