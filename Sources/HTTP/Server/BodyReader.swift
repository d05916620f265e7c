/// Gathers one request's body, in memory or as a form whose files go to disk.
final class BodyReader {
    enum Step {
        case needMore
        case done(Request.Body)
        case fault(WireFault)
    }

    let parsed: ParsedHead
    private var decoder: BodyDecoder
    private let limit: Int
    private var received = 0
    private var bytes: [UInt8] = []
    private var form: FormReader?

    /// - Throws: 413 for a length beyond the limit, 415 for a form that is none.
    init(
        _ parsed: ParsedHead, limit: Int, isForm: Bool, limits: Limits, temporaryDirectory: String
    ) throws(WireFault) {
        if case .length(let length) = parsed.framing, length > limit { throw .bodyTooLarge }
        self.parsed = parsed
        self.limit = limit
        decoder = BodyDecoder(parsed.framing, limits: limits)
        if isForm {
            form = try FormReader(
                contentType: parsed.head.value(of: .contentType) ?? "", limits: limits, directory: temporaryDirectory)
        } else if case .length(let length) = parsed.framing {
            bytes.reserveCapacity(length)
        }
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
