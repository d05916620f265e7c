import Glibc

/// One client's connection. Between requests it owns nothing but this object: buffers exist while a request is partly
/// here or an answer partly sent.
final class Connection {
    enum Phase {
        /// Waiting for a request or in the middle of its head.
        case head
        case body(BodyReader)
        /// The responder has the request; nothing more is read until its answer.
        case pending
        /// The answer is being sent from a file or a stream.
        case sending(BodySender)
        /// The last answer is on its way out; then the connection closes.
        case closing
        /// Everything is sent; what the client still sends is thrown away until it closes too.
        case lingering
    }

    let token: ConnectionToken
    let peer: PeerAddress
    /// Whether it is one of the census; those beyond the limit are not.
    let isCounted: Bool
    /// False once it was closed: an event or an answer of the same round may still name it.
    var isOpen = true
    var phase = Phase.head
    var parser = HeadParser()
    /// Received and not yet consumed.
    var input: [UInt8] = []
    /// Serialized and not yet sent, from `outputOffset` on.
    var output: [UInt8] = []
    var outputOffset = 0
    /// Bytes may wait in the socket; the edge that said so is gone.
    var isReadable = false
    /// The client has sent all it will; some of it may wait in the socket.
    var hasHungUp = false
    /// All the client has sent was received.
    var isAtEnd = false
    /// The connection is in the lane's list of those to go on with.
    var isQueued = false
    /// Whole requests may wait in `input`: behind an answer under way, or because one round serves only so many.
    var hasUnreadInput = false
    /// Counts requests, so that an answer that comes late for an earlier one is known.
    var request: UInt32 = 0
    var version = RequestHead.Version.http11
    var keepsAlive = true
    var isHeadRequest = false
    /// When the present request's first byte came.
    var startedAt: UInt64 = 0
    /// When to give up on the present phase; 0 is never.
    var deadline: UInt64 = 0

    init(token: ConnectionToken, peer: PeerAddress, isCounted: Bool) {
        self.token = token
        self.peer = peer
        self.isCounted = isCounted
    }

    var descriptor: Int32 { token.descriptor }
    var hasOutput: Bool { outputOffset < output.count }

    /// Between requests: nothing of one was seen, and all that was answered has been sent.
    var isIdle: Bool { if case .head = phase { !hasOutput && !hasUnreadInput && !parser.isPartial } else { false } }

    var isSending: Bool { if case .sending = phase { true } else { false } }

    /// Whether more of the client's bytes are wanted now.
    var takesInput: Bool {
        switch phase {
        case .head, .body, .lingering: !hasOutput
        case .pending, .sending, .closing: false
        }
    }

    /// Whether bytes wait in the socket. Asks the kernel.
    var hasArrivals: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK)) > 0
    }
}
