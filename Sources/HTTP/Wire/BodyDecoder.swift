/// Takes a body out of the bytes that follow a head, by its length or chunk by chunk (RFC 9112 §7.1). Chunk extensions
/// and trailers are checked and dropped. After a fault it says nothing else.
package struct BodyDecoder: Sendable {
    package enum Event: Sendable, Equatable {
        case needMore
        /// A piece of the body within the bytes that were passed.
        case data(Range<Int>)
        case end
        case fault(WireFault)
    }

    private enum State: Sendable {
        case length(Int)
        case chunkLine
        case chunkData(Int)
        case chunkEnd(Int)
        case trailer
        case done
        case failed(WireFault)
    }

    private let limits: Limits
    private var state: State
    private var line: [UInt8] = []
    private var trailerBytes = 0
    private var extensionBytes = 0

    package init(_ framing: BodyFraming, limits: Limits) {
        self.limits = limits
        switch framing {
        case .none: state = .done
        case .length(let length): state = .length(length)
        case .chunked: state = .chunkLine
        }
    }

    /// Reads on from `offset`, moving it behind what was consumed.
    package mutating func next(_ bytes: UnsafeBufferPointer<UInt8>, _ offset: inout Int) -> Event {
        while true {
            switch state {
            case .done: return .end
            case .failed(let fault): return .fault(fault)
            case .length(let left):
                guard offset < bytes.count else { return .needMore }
                let range = offset..<min(bytes.count, offset + left)
                offset = range.upperBound
                state = left == range.count ? .done : .length(left - range.count)
                return .data(range)
            case .chunkData(let left):
                guard offset < bytes.count else { return .needMore }
                let range = offset..<min(bytes.count, offset + left)
                offset = range.upperBound
                state = left == range.count ? .chunkEnd(0) : .chunkData(left - range.count)
                return .data(range)
            case .chunkEnd(let seen):
                guard offset < bytes.count else { return .needMore }
                guard bytes[offset] == (seen == 0 ? Bytes.cr : Bytes.lf) else { return die() }
                offset += 1
                state = seen == 0 ? .chunkEnd(1) : .chunkLine
            case .chunkLine:
                guard let isWhole = readLine(bytes, &offset, limits.chunkLineBytes) else { return die() }
                guard isWhole else { return .needMore }
                guard let size = readChunkSize() else { return die() }
                line.removeAll(keepingCapacity: true)
                state = size == 0 ? .trailer : .chunkData(size)
            case .trailer:
                guard let isWhole = readLine(bytes, &offset, limits.trailerBytes - trailerBytes) else {
                    return die()
                }
                guard isWhole else { return .needMore }
                trailerBytes += line.count + 2
                if line.isEmpty { state = .done } else if !isField() { return die() }
                line.removeAll(keepingCapacity: true)
            }
        }
    }

    /// Gathers a line without its end; nil when it is malformed or longer than `limit`, false when it goes on.
    private mutating func readLine(_ bytes: UnsafeBufferPointer<UInt8>, _ offset: inout Int, _ limit: Int) -> Bool? {
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            if byte == Bytes.lf {
                guard line.last == Bytes.cr else { return nil }
                line.removeLast()
                return true
            }
            if line.last == Bytes.cr { return nil }
            guard byte == Bytes.cr || Bytes.isFieldText(byte), line.count <= limit else { return nil }
            line.append(byte)
        }
        return false
    }

    private mutating func die() -> Event {
        state = .failed(.badChunk)
        return .fault(.badChunk)
    }

    /// The size in a chunk's line, at most 15 digits; nil when it is none. Blanks behind it are right only before an
    /// extension (RFC 9112 §7.1.1). All extensions of a body count together: without that a body of tiny chunks could
    /// carry a thousand times its length.
    private mutating func readChunkSize() -> Int? {
        let digits = line.prefix { Bytes.hexadecimal($0) != nil }
        guard (1...15).contains(digits.count) else { return nil }
        let rest = line[digits.count...]
        if !rest.isEmpty {
            guard rest.first(where: { $0 != Bytes.space && $0 != Bytes.tab }) == UInt8(ascii: ";") else { return nil }
            extensionBytes += rest.count
            guard extensionBytes <= limits.trailerBytes else { return nil }
        }
        return digits.reduce(0) { $0 << 4 | Int(Bytes.hexadecimal($1) ?? 0) }
    }

    private func isField() -> Bool {
        guard let colon = line.firstIndex(of: Bytes.colon), colon > 0 else { return false }
        return line[..<colon].allSatisfy(Bytes.isToken)
    }
}
