/// One response: a value. `Date`, `Content-Length`, `Connection` and the fields common to all answers are added by the
/// serializer.
package struct Response: Sendable {
    package enum Body: Sendable {
        case empty
        case bytes([UInt8])
        /// Made on the lane when the answer is written, and not inside a write transaction, unless it is kept there.
        case deferred(@Sendable () -> [UInt8])
        case file(FileSlice)
        case stream(any BodyStream)
    }

    /// Room for the fields of most answers, made at once.
    private static let usualFields = 8

    package var status: Status
    package var fields: [(name: HeaderName, value: String)]
    package var body: Body
    /// The connection is closed once this answer is sent.
    package var closesConnection = false
    /// The responder's own mark, handed back in `Exchange.label`.
    package var label = 0
    /// Whom the responder found behind the peer; nil where that is the peer itself. Handed back in `Exchange.client`.
    package var client: PeerAddress?

    package init(_ status: Status, fields: [(name: HeaderName, value: String)] = [], body: Body = .empty) {
        self.status = status
        self.fields = fields
        self.fields.reserveCapacity(Self.usualFields)
        self.body = body
    }

    package func value(of name: HeaderName) -> String? { fields.first { $0.name == name }?.value }

    /// Sets a field, replacing one of the same name.
    package mutating func set(_ name: HeaderName, _ value: String) {
        if let place = fields.firstIndex(where: { $0.name == name }) {
            fields[place].value = value
        } else {
            fields.append((name, value))
        }
    }
}

/// Part of a file on disk, sent with `sendfile(2)`.
package struct FileSlice: Sendable {
    package var path: String
    /// Bytes; `range.upperBound` is at most the file's size when the answer was decided.
    package var range: Range<Int>

    package init(path: String, range: Range<Int>) {
        self.path = path
        self.range = range
    }
}

/// A body of unknown length, pulled by the lane whenever the socket has room: chunked in HTTP/1.1, until close in 1.0.
/// Every call happens on the connection's lane.
package protocol BodyStream: Sendable {
    /// Called once before the first `next`; `wake` may be called from any thread when a stream that answered `.wait`
    /// has more, and does nothing after the connection is gone.
    func start(wake: @escaping @Sendable () -> Void)
    func next() -> BodyChunk
    /// The client has gone or the server stops; no further call follows.
    func cancel()
}

package enum BodyChunk: Sendable {
    /// At least one byte.
    case bytes([UInt8])
    /// Nothing now; `wake` will be called.
    case wait
    case end
    /// The rest cannot be made: the connection is cut off, so that what was sent is not taken for the whole.
    case failed
}
