import Synchronization

/// Grows whenever somebody's sessions or grants have changed, after the commit and before the answer: a lane that sees
/// another number forgets what it remembers of sessions, so a removed right stops working at once in open sessions too.
package final class SessionEpoch: Sendable {
    private let number = Atomic<UInt64>(0)

    package init() {}

    package var current: UInt64 { number.load(ordering: .acquiring) }

    package func advance() { number.add(1, ordering: .releasing) }
}
