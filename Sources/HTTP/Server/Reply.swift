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

    package func send(_ response: Response) {
        switch way {
        case .lane(let inbox, let connection, let request):
            put(.init(connection: connection, content: .answer(response, request: request)), inbox, nil)
        case .closure(let deliver): deliver(response)
        }
    }

    /// - Parameter wakes: where the lane's waking is put off to, by a caller that has more answers at hand.
    package func send(_ answer: any LateAnswer, wakes: PendingWakes?) {
        switch way {
        case .lane(let inbox, let connection, let request):
            put(.init(connection: connection, content: .lateAnswer(answer, request: request)), inbox, wakes)
        case .closure(let deliver): deliver(answer.response())
        }
    }

    private func put(_ message: Inbox.Message, _ inbox: Inbox, _ wakes: PendingWakes?) {
        guard inbox.put(message) else { return }
        if let wakes { wakes.add(inbox) } else { inbox.wake() }
    }
}

/// An answer that is put together on the connection's lane, so that the queue it comes from, which all lanes share, has
/// the less to do. It is also let go of there: memory is cheapest given back where it was taken.
package protocol LateAnswer: AnyObject, Sendable {
    /// Called once at the most.
    func response() -> Response
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
