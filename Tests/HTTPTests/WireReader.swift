import HTTP

/// Reads a stream of requests as a connection does, in pieces of any size, and tells what it made of them.
struct WireReader {
    enum Item: Hashable {
        case request(method: String, path: String, query: String?, body: [UInt8], keepsAlive: Bool)
        case fault(Int)
    }

    private(set) var items: [Item] = []
    /// Every head that was accepted, whether or not its body was.
    private(set) var heads: [ParsedHead] = []
    private let limits: Limits
    private var parser = HeadParser()
    private var pending: [UInt8] = []
    private var body: (head: ParsedHead, decoder: BodyDecoder, bytes: [UInt8])?
    private(set) var isDead = false

    init(limits: Limits = Limits()) { self.limits = limits }

    /// What a whole text is read as, fed in pieces of `size` bytes.
    static func read(_ bytes: [UInt8], by size: Int = .max, limits: Limits = Limits()) -> [Item] {
        reading(bytes, by: size, limits: limits).items
    }

    static func reading(_ bytes: [UInt8], by size: Int = .max, limits: Limits = Limits()) -> WireReader {
        var reader = WireReader(limits: limits)
        var start = 0
        while start < bytes.count {
            let end = size >= bytes.count - start ? bytes.count : start + size
            reader.feed(Array(bytes[start..<end]))
            start = end
        }
        return reader
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
            heads.append(parsed)
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
