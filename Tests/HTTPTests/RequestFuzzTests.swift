import HTTP
import Testing

/// SplitMix64: small, seeded, the same everywhere.
struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// Some bytes changed, removed, put in or repeated.
    mutating func mutate(_ original: [UInt8], with splinters: [String]) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 0...4, using: &self) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &self)
            switch Int.random(in: 0...4, using: &self) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &self)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: Array((splinters.randomElement(using: &self) ?? "").utf8), at: place)
            case 3: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...12, using: &self)))
            default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 20)], at: place)
            }
        }
        return bytes
    }
}

/// Fuzzed by libFuzzer too, by hand, with the same oracle: this is what every run of the tests can afford.
@Suite("Fuzzing the reader") struct RequestFuzzTests {
    private static let splinters = [
        "\r\n", "\n", "\r", " ", ":", "0", "chunked", "Content-Length: 3\r\n", "\u{0}", "\r\n\r\n", "%", "é", ",",
        "Transfer-Encoding: chunked\r\n", "\t", ";",
    ]

    @Test func `no input traps, pieces never change what is read, and nobody can read it otherwise`() {
        var dice = Dice(state: 2_027)
        for _ in 0..<20_000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 1...2, using: &dice) {
                bytes += Array((Corpus.requests.randomElement(using: &dice)?.text ?? "").utf8)
            }
            bytes = dice.mutate(bytes, with: Self.splinters)
            guard let fault = SmugglingOracle.judge(bytes, by: [1, Int.random(in: 2...40, using: &dice)]) else {
                continue
            }
            Issue.record("\(fault): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
            return
        }
    }

    @Test func `the oracle sees what it is there for`() throws {
        func parsed(_ fields: String, _ framing: BodyFraming) throws -> ParsedHead {
            let text = "POST / HTTP/1.1\r\nHost: a\r\n\r\n"
            var head = try #require(WireReader.reading(Array(text.utf8)).heads.first)
            head.head = RequestHead(
                bytes: Array("POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n".utf8), method: .post, path: 5..<6,
                query: nil,
                version: .http11, fields: [])
            head.framing = framing
            return head
        }
        #expect(try SmugglingOracle.fault(parsed("Content-Length: 3\r\n", .length(3))) == nil)
        #expect(try SmugglingOracle.fault(parsed("Content-Length: 3\r\n", .none)) != nil)
        #expect(try SmugglingOracle.fault(parsed("X: y\nContent-Length : 3\r\n", .none)) != nil)
        #expect(try SmugglingOracle.fault(parsed("Content-Length: 3\r\nTransfer-Encoding: x\r\n", .length(3))) != nil)
        #expect(try SmugglingOracle.fault(parsed("Transfer-Encoding: chu nked\r\n", .chunked)) != nil)
    }
}
