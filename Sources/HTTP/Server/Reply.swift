/// The way back to a connection from another queue. Sending twice, or after the connection has gone, does nothing.
package struct Reply: Sendable {
    private let deliver: @Sendable (Response) -> Void

    package init(_ deliver: @escaping @Sendable (Response) -> Void) { self.deliver = deliver }

    package func send(_ response: Response) { deliver(response) }
}
