/// A growing run of JSON bytes. Its state lies behind a pointer: the fields of a class would be checked for exclusive access
/// at every touch, which is every byte here.
package final class JSONOutput {
    private struct State {
        var base: UnsafeMutablePointer<UInt8>
        var capacity: Int
        var count = 0
        /// How many containers are open, and which of the innermost 64 are arrays: one bit each, the innermost lowest.
        var depth = 0
        var arrays: UInt64 = 0
        var needsComma = false
    }

    private let state: UnsafeMutablePointer<State>

    package init(capacity: Int = 1_024) {
        state = .allocate(capacity: 1)
        state.initialize(to: State(base: .allocate(capacity: capacity), capacity: capacity))
    }

    deinit {
        state.pointee.base.deallocate()
        state.deallocate()
    }

    package var bytes: [UInt8] { Array(UnsafeBufferPointer(start: state.pointee.base, count: count)) }

    /// The bytes as they lie here, without a copy.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(UnsafeRawBufferPointer(start: state.pointee.base, count: count))
    }

    package var count: Int { state.pointee.count }
    var depth: Int { state.pointee.depth }

    // MARK: - Structure

    package func openObject() { open(UInt8(ascii: "{"), isArray: false) }
    package func openArray() { open(UInt8(ascii: "["), isArray: true) }

    private func open(_ opener: UInt8, isArray: Bool) {
        separate()
        append(opener)
        state.pointee.depth += 1
        state.pointee.arrays = state.pointee.arrays << 1 | (isArray ? 1 : 0)
        state.pointee.needsComma = false
    }

    package func close() { close(to: depth - 1) }

    /// Closes whatever is open deeper than `depth`: containers in Swift's coding have no end of their own.
    func close(to depth: Int) {
        while state.pointee.depth > depth {
            append(state.pointee.arrays & 1 == 1 ? UInt8(ascii: "]") : UInt8(ascii: "}"))
            state.pointee.arrays >>= 1
            state.pointee.depth -= 1
            state.pointee.needsComma = true
        }
    }

    func key(_ name: String) {
        separate()
        quote(name)
        append(UInt8(ascii: ":"))
        state.pointee.needsComma = false
    }

    /// A name of our own that needs no escape.
    package func key(_ name: StaticString) {
        separate()
        append(UInt8(ascii: "\""))
        append(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        append(UInt8(ascii: "\""))
        append(UInt8(ascii: ":"))
        state.pointee.needsComma = false
    }

    private func separate() {
        if state.pointee.needsComma { append(UInt8(ascii: ",")) }
        state.pointee.needsComma = true
    }

    /// Forgets the bytes and keeps the room.
    package func clear() {
        state.pointee.count = 0
        state.pointee.needsComma = false
    }

    // MARK: - Values

    package func string(_ text: String) {
        separate()
        quote(text)
    }

    package func integer(_ number: Int64) {
        separate()
        if number < 0 { append(UInt8(ascii: "-")) }
        digits(number.magnitude)
    }

    func unsigned(_ number: UInt64) {
        separate()
        digits(number)
    }

    /// JSON has no NaN and no infinity: they are null.
    func real(_ number: Double) {
        separate()
        raw(number.isFinite ? number.description : "null")
    }

    func bool(_ flag: Bool) {
        separate()
        raw(flag ? "true" : "false")
    }

    package func null() {
        separate()
        raw("null")
    }

    /// RFC 3339 with +08:00.
    package func time(_ timestamp: Timestamp) {
        separate()
        reserve(27)
        let start = state.pointee.base + count
        start[0] = UInt8(ascii: "\"")
        timestamp.write(to: start + 1)
        start[Timestamp.textLength + 1] = UInt8(ascii: "\"")
        state.pointee.count += Timestamp.textLength + 2
    }

    /// Text as UTF-8 that is known to be well-formed.
    package func string(_ utf8: UnsafeBufferPointer<UInt8>) {
        separate()
        quote(utf8)
    }

    // MARK: - Bytes

    /// Part of a text that the caller shapes by hand and that needs no escape: a request's id was checked, addresses and
    /// operations are ours.
    func fragment(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    func fragment(_ text: String) { raw(text) }

    func fragment(_ bytes: [UInt8]) { bytes.withUnsafeBufferPointer(append) }

    private func reserve(_ more: Int) {
        let needed = count + more
        if needed > state.pointee.capacity { grow(needed) }
    }

    private func grow(_ needed: Int) {
        state.pointee.capacity = max(state.pointee.capacity * 2, needed)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: state.pointee.capacity)
        larger.update(from: state.pointee.base, count: count)
        state.pointee.base.deallocate()
        state.pointee.base = larger
    }

    private func append(_ byte: UInt8) {
        reserve(1)
        state.pointee.base[count] = byte
        state.pointee.count += 1
    }

    private func append(_ run: UnsafeBufferPointer<UInt8>) {
        guard let start = run.baseAddress else { return }
        reserve(run.count)
        (state.pointee.base + count).update(from: start, count: run.count)
        state.pointee.count += run.count
    }

    private func raw(_ text: String) { withUTF8(of: text, append) }

    /// Without the copy that `String.withUTF8` asks for: all but strings from elsewhere are contiguous.
    private func withUTF8(of text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        if text.utf8.withContiguousStorageIfAvailable(body) == nil {
            var copy = text
            copy.withUTF8(body)
        }
    }

    func digits(_ number: UInt64) {
        var rest = number
        var length = 1
        while rest >= 10 {
            rest /= 10
            length += 1
        }
        reserve(length)
        rest = number
        let start = state.pointee.base + count
        for place in stride(from: length - 1, through: 0, by: -1) {
            start[place] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
            rest /= 10
        }
        state.pointee.count += length
    }

    private func quote(_ text: String) { withUTF8(of: text, quote) }

    /// Copies runs that need no escape as they are.
    private func quote(_ utf8: UnsafeBufferPointer<UInt8>) {
        append(UInt8(ascii: "\""))
        var start = 0
        while true {
            let end = JSONEscape.next(in: utf8, from: start)
            append(UnsafeBufferPointer(rebasing: utf8[start..<end]))
            guard end < utf8.count else { break }
            escape(utf8[end])
            start = end + 1
        }
        append(UInt8(ascii: "\""))
    }

    private func escape(_ byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0D: append(UInt8(ascii: "r"))
        case 0x09: append(UInt8(ascii: "t"))
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
        default:
            raw("u00")
            append(byte < 0x10 ? 0x30 : 0x31)
            let low = byte & 15
            append(low < 10 ? 0x30 + low : 0x57 + low)
        }
    }
}
