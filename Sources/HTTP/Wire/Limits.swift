/// What the wire will not go beyond. What a city may want otherwise has a setting in the application's
/// configuration.
package struct Limits: Sendable {
    /// Open connections in all; beyond it a new one is answered 503 and closed.
    package var connections = 20_000
    package var connectionsPerAddress = 2_048
    /// Addresses that limit does not hold for: proxies, behind which everybody is.
    package var proxies: Set<PeerAddress> = []
    /// Bytes of a request target; beyond it 414.
    package var targetBytes = 8_192
    /// Bytes of a whole request head; beyond it 431.
    package var headBytes = 32_768
    /// Header fields of one request; beyond it 431.
    package var headerCount = 100
    /// Bytes of one chunk-size line with its extensions.
    package var chunkLineBytes = 1_024
    /// Bytes of all trailer fields of one body, and as many of all its chunk extensions.
    package var trailerBytes = 8_192
    /// Parts of one multipart body.
    package var parts = 20
    /// Bytes of the header of one part.
    package var partHeadBytes = 4_096
    /// Bytes of all text fields of one multipart body.
    package var formFieldBytes = 65_536
    /// Requests of one connection answered before the others get their turn.
    package var pipelinedRequests = 32
    /// Unsent bytes of answers before a connection is read no further.
    package var backlogBytes = 1_048_576
    /// A connection without a request is closed after. Milliseconds, as all of these.
    package var idleMilliseconds = 75_000
    package var headMilliseconds = 15_000
    package var bodyMilliseconds = 60_000
    /// A body that comes at least this fast may take longer than `bodyMilliseconds`.
    package var bodyBytesPerSecond = 16_384
    /// A client that takes nothing of its answer is cut off after.
    package var writeMilliseconds = 60_000
    /// How long the rest of a refused body is read and thrown away, so that the client can read why.
    package var lingerMilliseconds = 2_000

    package init() {}
}
