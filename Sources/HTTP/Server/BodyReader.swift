/// Gathers one request's body, in memory or as a form whose files go to disk.
final class BodyReader {
    enum Step {
        case needMore
        case done(Request.Body)
        case fault(WireFault)
    }

    let parsed: ParsedHead
    private var decoder: BodyDecoder
    /// Bytes of memory set aside on the mere word of a length.
    private static let trustedBytes = 65_536
    private let limit: Int
    private let limits: Limits
    private let startedAt: UInt64
    private var received = 0
    private var bytes: [UInt8] = []
    private var form: FormReader?

    /// - Parameter startedAt: monotonic nanoseconds.
    /// - Throws: 413 for a length beyond the limit, 415 for a form that is none.
    init(
        _ parsed: ParsedHead, limit: Int, isForm: Bool, limits: Limits, temporaryDirectory: String,
        startedAt: UInt64
    ) throws(WireFault) {
        if case .length(let length) = parsed.framing, length > limit { throw .bodyTooLarge }
        self.parsed = parsed
        self.limit = limit
        self.limits = limits
        self.startedAt = startedAt
        decoder = BodyDecoder(parsed.framing, limits: limits)
        if isForm {
            form = try FormReader(
                contentType: parsed.head.value(of: .contentType) ?? "", limits: limits, directory: temporaryDirectory)
        } else if case .length(let length) = parsed.framing {
            bytes.reserveCapacity(min(length, Self.trustedBytes))
        }
    }

    /// By when it has to be here, monotonic nanoseconds: the longer, the more of it has come, so that a large upload
    /// over a slow line gets through and a trickle does not.
    var deadline: UInt64 {
        startedAt + limits.bodyMilliseconds.nanoseconds
            + UInt64(received) * 1_000_000_000 / UInt64(max(1, limits.bodyBytesPerSecond))
    }

    /// Consumes what belongs to the body, moving `offset` behind it.
    func read(_ input: UnsafeBufferPointer<UInt8>, _ offset: inout Int) -> Step {
        while true {
            switch decoder.next(input, &offset) {
            case .needMore: return .needMore
            case .fault(let fault): return .fault(fault)
            case .data(let range):
                received += range.count
                guard received <= limit else { return .fault(.bodyTooLarge) }
                let piece = UnsafeBufferPointer(rebasing: input[range])
                guard let form else {
                    bytes.append(contentsOf: piece)
                    continue
                }
                do throws(WireFault) { try form.feed(piece) } catch { return .fault(error) }
            case .end:
                guard let form else { return .done(bytes.isEmpty ? .empty : .bytes(bytes)) }
                do throws(WireFault) { return .done(.form(try form.finish())) } catch { return .fault(error) }
            }
        }
    }
}
