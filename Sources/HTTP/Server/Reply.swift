import Synchronization

/// The way back to a connection from another queue. Sending twice, or after the connection has gone, does nothing.
package struct Reply: Sendable {
    private enum Way: Sendable {
        case lane(Inbox, ConnectionToken, request: UInt32)
        case closure(@Sendable (Response) -> Void)
    }

    private let way: Way

    /// For a responder that is called without a server.
    package init(_ deliver: @escaping @Sendable (Response) -> Void) { way = .closure(deliver) }

    init(_ inbox: Inbox, _ connection: ConnectionToken, request: UInt32) {
        way = .lane(inbox, connection, request: request)
    }

    /// - Parameters:
    ///   - wakes: where the lane's waking is put off to, by a caller that has more answers at hand.
    ///   - source: an object made on the lane that should end there.
    package func send(_ response: Response, wakes: PendingWakes? = nil, source: (any AnyObject & Sendable)? = nil) {
        switch way {
        case .lane(let inbox, let connection, let request):
            let message = Inbox.Message(
                connection: connection, content: .answer(response, request: request, source: source))
            guard inbox.put(message) else { return }
            if let wakes { wakes.add(inbox) } else { inbox.wake() }
        case .closure(let deliver): deliver(response)
        }
    }
}

/// Lanes that have mail and have not been told. A batch of answers wakes each lane once, when the last is there: woken by
/// the first, it would answer in many small rounds.
package final class PendingWakes: Sendable {
    private let inboxes = Mutex<[Inbox]>([])

    package init() {}

    func add(_ inbox: Inbox) { inboxes.withLock { $0.append(inbox) } }

    /// Must follow every `send` that was given this list, or its client waits for ever.
    package func flush() {
        let all = inboxes.withLock { inboxes in
            let all = inboxes
            inboxes.removeAll(keepingCapacity: true)
            return all
        }
        for inbox in all { inbox.wake() }
    }
}
