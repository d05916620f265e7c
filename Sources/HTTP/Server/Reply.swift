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
            inbox.put(.init(connection: connection, content: .answer(response, request: request)))
        case .closure(let deliver): deliver(response)
        }
    }
}
