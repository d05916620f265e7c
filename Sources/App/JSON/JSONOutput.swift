/// A growing run of JSON bytes. A class over raw memory: an array in a class pays for uniqueness at every touch.
final class JSONOutput {
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0
    /// What closes the containers that are open, outermost first.
    private var closers: [UInt8] = []
    private var needsComma = false

    init(capacity: Int = 1_024) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
    }

    deinit { base.deallocate() }

    var bytes: [UInt8] { Array(UnsafeBufferPointer(start: base, count: count)) }
    var depth: Int { closers.count }

    // MARK: - Structure

    func open(_ opener: UInt8, _ closer: UInt8) {
        separate()
        append(opener)
        closers.append(closer)
        needsComma = false
    }

    /// Closes whatever is open deeper than `depth`: containers in Swift's coding have no end of their own.
    func close(to depth: Int) {
        while closers.count > depth {
            append(closers.removeLast())
            needsComma = true
        }
    }

    func key(_ name: String) {
        separate()
        quote(name)
        append(UInt8(ascii: ":"))
        needsComma = false
    }

    private func separate() {
        if needsComma { append(UInt8(ascii: ",")) }
        needsComma = true
    }

    // MARK: - Values

    func string(_ text: String) {
        separate()
        quote(text)
    }

    func integer(_ number: Int64) {
        separate()
        reserve(20)
        if number < 0 { append(UInt8(ascii: "-")) }
        digits(number.magnitude)
    }

    func unsigned(_ number: UInt64) {
        separate()
        reserve(20)
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

    func null() {
        separate()
        raw("null")
    }

    /// Bytes that are JSON already.
    func verbatim(_ bytes: [UInt8]) {
        separate()
        bytes.withUnsafeBufferPointer(append)
    }

    // MARK: - Bytes

    private func reserve(_ more: Int) {
        guard count + more > capacity else { return }
        capacity = max(capacity * 2, count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
    }

    private func append(_ byte: UInt8) {
        reserve(1)
        base[count] = byte
        count += 1
    }

    private func append(_ run: UnsafeBufferPointer<UInt8>) {
        guard let start = run.baseAddress else { return }
        reserve(run.count)
        (base + count).update(from: start, count: run.count)
        count += run.count
    }

    private func raw(_ text: String) {
        var text = text
        text.withUTF8(append)
    }

    private func digits(_ number: UInt64) {
        var rest = number
        var length = 1
        while rest >= 10 {
            rest /= 10
            length += 1
        }
        rest = number
        for place in stride(from: count + length - 1, through: count, by: -1) {
            base[place] = UInt8(0x30 + rest % 10)
            rest /= 10
        }
        count += length
    }

    /// Copies runs that need no escape as they are.
    private func quote(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            append(UInt8(ascii: "\""))
            var start = 0
            for index in 0..<utf8.count {
                let byte = utf8[index]
                guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
                append(UnsafeBufferPointer(rebasing: utf8[start..<index]))
                escape(byte)
                start = index + 1
            }
            append(UnsafeBufferPointer(rebasing: utf8[start...]))
            append(UInt8(ascii: "\""))
        }
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
