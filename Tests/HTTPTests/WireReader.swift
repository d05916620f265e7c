import HTTP

/// Reads a stream of requests as a connection does, in pieces of any size, and tells what it made of them.
struct WireReader {
    enum Item: Equatable {
        case request(method: String, path: String, query: String?, body: [UInt8], keepsAlive: Bool)
        case fault(Int)
    }

    private(set) var items: [Item] = []
    private let limits: Limits
    private var parser = HeadParser()
    private var pending: [UInt8] = []
    private var body: (head: ParsedHead, decoder: BodyDecoder, bytes: [UInt8])?
    private(set) var isDead = false

    init(limits: Limits = Limits()) { self.limits = limits }

    /// What a whole text is read as, fed in pieces of `size` bytes.
    static func read(_ bytes: [UInt8], by size: Int = .max, limits: Limits = Limits()) -> [Item] {
        var reader = WireReader(limits: limits)
        var start = 0
        while start < bytes.count {
            let end = size >= bytes.count - start ? bytes.count : start + size
            reader.feed(Array(bytes[start..<end]))
            start = end
        }
        return reader.items
    }

    mutating func feed(_ bytes: [UInt8]) {
        pending += bytes
        while !isDead, step() {}
    }

    private mutating func step() -> Bool {
        if body != nil { return stepBody() }
        guard !pending.isEmpty else { return false }
        let event = pending.withUnsafeBufferPointer { parser.parse($0, limits: limits) }
        switch event {
        case .needMore: return false
        case .fault(let fault): return die(fault)
        case .head(let parsed, let consumed):
            precondition(consumed > 0 && consumed <= pending.count)
            pending.removeFirst(consumed)
            body = (parsed, BodyDecoder(parsed.framing, limits: limits), [])
            return true
        }
    }

    private mutating func stepBody() -> Bool {
        guard var current = body else { return false }
        var offset = 0
        var goesOn = true
        let event = pending.withUnsafeBufferPointer { current.decoder.next($0, &offset) }
        precondition(offset <= pending.count)
        switch event {
        case .needMore:
            goesOn = false
            body = current
        case .data(let range):
            current.bytes += pending[range]
            body = current
        case .fault(let fault): return die(fault)
        case .end:
            let head = current.head.head
            items.append(
                .request(
                    method: head.method.rawValue, path: String(decoding: head.bytes[head.path], as: UTF8.self),
                    query: head.query.map { String(decoding: head.bytes[$0], as: UTF8.self) }, body: current.bytes,
                    keepsAlive: current.head.keepsAlive))
            body = nil
        }
        pending.removeFirst(offset)
        return goesOn
    }

    private mutating func die(_ fault: WireFault) -> Bool {
        items.append(.fault(fault.status.code))
        isDead = true
        return false
    }
}

/// Messages that are right and wrong in every way we know of, each with what it must be read as: a status, or nil for right.
enum Corpus {
    static let host = "Host: a\r\n"

    static let requests: [(text: String, status: Int?)] = [
        ("GET / HTTP/1.1\r\n\(host)\r\n", nil),
        ("\r\n\r\nGET / HTTP/1.1\r\n\(host)\r\n", nil),
        ("GET /a?b=c HTTP/1.0\r\n\r\n", nil),
        ("OPTIONS * HTTP/1.1\r\n\(host)\r\n", nil),
        ("GET http://other/x?y HTTP/1.1\r\n\(host)\r\n", nil),
        ("GET http://other HTTP/1.1\r\n\(host)\r\n", nil),
        ("GET / HTTP/1.3\r\n\(host)\r\n", nil),
        ("PUT /x HTTP/1.1\r\n\(host)Content-Length: 3\r\n\r\nabc", nil),
        ("POST /x HTTP/1.1\r\n\(host)Content-Length: 0\r\n\r\n", nil),
        ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n3;a=\"b\"\r\nabc\r\n0\r\nX: y\r\n\r\n", nil),
        ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: Chunked\r\n\r\nA ;x\r\n0123456789\r\n0\r\n\r\n", nil),
        ("GET / HTTP/1.1\r\n\(host)X:\t padded \t\r\nEmpty:\r\n\r\n", nil),
        ("GET / HTTP/1.1\r\n\(host)Expect: 100-Continue\r\nContent-Length: 1\r\n\r\nx", nil),
        // request line
        ("GET  / HTTP/1.1\r\n\(host)\r\n", 400), ("GET / HTTP/1.1 \r\n\(host)\r\n", 400),
        (" GET / HTTP/1.1\r\n\(host)\r\n", 400),
        ("GET /\r\n\(host)\r\n", 400), ("GET / http/1.1\r\n\(host)\r\n", 400), ("GET / HTTP/11\r\n\(host)\r\n", 400),
        ("GET / HTTP/2.0\r\n\(host)\r\n", 505), ("BREW / HTTP/1.1\r\n\(host)\r\n", 501),
        ("get / HTTP/1.1\r\n\(host)\r\n", 501),
        ("CONNECT a:1 HTTP/1.1\r\n\(host)\r\n", 501), ("TRACE / HTTP/1.1\r\n\(host)\r\n", 501),
        ("GET a HTTP/1.1\r\n\(host)\r\n", 400), ("GET * HTTP/1.1\r\n\(host)\r\n", 400),
        ("GET /#x HTTP/1.1\r\n\(host)\r\n", 400),
        ("GET /%zz HTTP/1.1\r\n\(host)\r\n", 400), ("GET /%00 HTTP/1.1\r\n\(host)\r\n", 400),
        ("GET /% HTTP/1.1\r\n\(host)\r\n", 400),
        ("GET /\u{7F} HTTP/1.1\r\n\(host)\r\n", 400), ("GET /é HTTP/1.1\r\n\(host)\r\n", 400),
        ("GET ftp://a/ HTTP/1.1\r\n\(host)\r\n", 400), ("GET http://a b/ HTTP/1.1\r\n\(host)\r\n", 400),
        // line ends
        ("GET / HTTP/1.1\n\(host)\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\n\r\n", 400),
        ("GET / HTTP/1.1\r\nX: a\rb\r\n\(host)\r\n", 400),
        // fields
        ("GET / HTTP/1.1\r\n\(host)X : y\r\n\r\n", 400), ("GET / HTTP/1.1\r\n\(host)X: a\r\n b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n X: a\r\n\(host)\r\n", 400), ("GET / HTTP/1.1\r\n\(host): y\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n\(host)X\r\n\r\n", 400), ("GET / HTTP/1.1\r\n\(host)X: \u{0}\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n\(host)X: \u{1}\r\n\r\n", 400), ("GET / HTTP/1.1\r\n\(host)X(Y: z\r\n\r\n", 400),
        // host
        ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost:\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
        // lengths and codings: where smuggling begins
        ("POST / HTTP/1.1\r\n\(host)Content-Length: 1\r\nContent-Length: 1\r\n\r\nx", 400),
        ("POST / HTTP/1.1\r\n\(host)Content-Length: 1, 1\r\n\r\nx", 400),
        ("POST / HTTP/1.1\r\n\(host)Content-Length: +1\r\n\r\nx", 400),
        ("POST / HTTP/1.1\r\n\(host)Content-Length: -1\r\n\r\nx", 400),
        ("POST / HTTP/1.1\r\n\(host)Content-Length: 0x1\r\n\r\nx", 400),
        ("POST / HTTP/1.1\r\n\(host)Content-Length:\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\n\(host)Content-Length: 99999999999999999999\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\n\(host)Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: identity\r\n\r\n", 501),
        ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: xchunked\r\n\r\n", 501),
        ("POST / HTTP/1.0\r\n\(host)Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\n\(host)Expect: 200-ok\r\nContent-Length: 1\r\n\r\nx", 417),
        // chunks
        ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\ng\r\n", 400),
        ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n-1\r\n", 400),
        ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n0x1\r\n", 400),
        ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n", 400),
        ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n1\nx\r\n", 400),
        ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n0\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n0\r\nbad trailer\r\n\r\n", 400),
    ]
}
