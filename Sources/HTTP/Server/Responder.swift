/// What the server serves: a function from request to response that needs no socket. The server calls it on its lanes.
package protocol Responder: Sendable {
    /// What one lane owns and lends to every call on it: a database connection, caches, buffers. Not Sendable, never
    /// shared; made on the lane's queue.
    associatedtype LaneState

    func makeLaneState(lane: Int) throws -> LaneState

    /// Called after a round's bytes were received and before the first of its requests is answered.
    func beginRound(_ state: inout LaneState)
    /// Called when every request of the round has been answered or handed on.
    func endRound(_ state: inout LaneState)

    /// Called when the lane has nothing more to do for now, and before it reports that its last connection has gone.
    func rest(_ state: inout LaneState)

    /// Decides at the head, before a byte of body is stored.
    func admit(_ head: RequestHead, peer: PeerAddress, state: inout LaneState) -> Admission

    /// Answers now (`.response`) or later through `reply`, exactly once (`.pending`).
    func respond(to request: Request, reply: Reply, state: inout LaneState) -> Outcome

    /// Renders a fault of the wire (a malformed head, a time-out, a body past its limit). `head` is nil when none was
    /// readable. The server closes the connection afterwards where the protocol demands it.
    func refuse(_ fault: WireFault, head: RequestHead?, peer: PeerAddress, state: inout LaneState) -> Response

    /// Renders the refusal of a connection that is one too many. No request was read, and no `finished` follows.
    func turnAway(_ peer: PeerAddress, for limit: ConnectionLimit, state: inout LaneState) -> Response

    /// Called once for each answer, when its head is written and before it is sent.
    func finished(_ exchange: Exchange, state: inout LaneState)
}

package enum Admission: Sendable {
    /// Read the body into memory, up to this many bytes.
    case body(limit: Int)
    /// Parse multipart/form-data, file parts going to temporary files, up to this many bytes in all.
    case form(limit: Int)
    /// Answer without reading the body. The connection closes afterwards when a body is on its way.
    case refuse(Response)
}

/// What a connection that is turned away has run into.
package enum ConnectionLimit: String, Sendable, CaseIterable {
    /// `Limits.connections`
    case total
    /// `Limits.connectionsPerAddress`
    case address
}

package enum Outcome: Sendable {
    case response(Response)
    case pending
}

/// What happened, for metrics and the access log.
package struct Exchange: Sendable {
    package var status: Status
    package var label: Int
    /// From the first byte of the head to the hand-over of the answer, on the monotonic clock.
    package var nanoseconds: UInt64
    /// Bytes of the answer's head and body; of a stream's only the head.
    package var bytesSent: Int
    /// Whom the responder found behind the peer, or the peer.
    package var client: PeerAddress
    /// The fields the responder set on the answer.
    package var fields: [(name: HeaderName, value: String)]
}
