import HTTP
import Testing

@Suite("Reading requests") struct RequestParsingTests {
    @Test func `what is right is read and what is wrong is refused with its status`() {
        for (text, status) in Corpus.requests {
            let items = WireReader.read(Array(text.utf8))
            #expect(items.count == 1, "\(text.debugDescription): \(items)")
            switch (items.first, status) {
            case (.request, nil): continue
            case (.fault(let code), let wanted?): #expect(code == wanted, "\(text.debugDescription)")
            default: Issue.record("\(text.debugDescription): \(items)")
            }
        }
    }

    @Test func `pieces of any size make no difference`() {
        for (text, _) in Corpus.requests {
            let whole = WireReader.read(Array(text.utf8))
            for size in [1, 2, 3, 7, 16] {
                #expect(WireReader.read(Array(text.utf8), by: size) == whole, "\(text.debugDescription) by \(size)")
            }
        }
    }

    @Test func `requests one behind the other are read in order, and nothing after a fault`() {
        let right = Corpus.requests.filter { $0.status == nil }.map(\.text)
        let bytes = Array(right.joined().utf8)
        let items = WireReader.read(bytes)
        #expect(items.count == right.count)
        for size in [1, 5, 64] { #expect(WireReader.read(bytes, by: size) == items) }
        let bad = "GET / HTTP/1.1\r\n\r\n" + right[0]
        #expect(WireReader.read(Array(bad.utf8)) == [.fault(400)])
    }

    @Test func `a body hides no second request`() throws {
        let text =
            "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 35\r\n\r\nGET /admin HTTP/1.1\r\nHost: a\r\n\r\nxyzGET /b HTTP/1.1\r\nHost: a\r\n\r\n"
        let paths = WireReader.read(Array(text.utf8)).map { item in
            if case .request(_, let path, _, let body, _) = item { "\(path) \(body.count)" } else { "fault" }
        }
        #expect(paths == ["/a 35", "/b 0"])
    }

    @Test func `the target is split into path and query whatever its form`() {
        let cases: [(String, String, String?)] = [
            ("/a?b=c?d", "/a", "b=c?d"), ("/a?", "/a", ""), ("http://h/x?y", "/x", "y"), ("http://h?y", "/", "y"),
            ("HTTPS://h:1/x", "/x", nil),
        ]
        for (target, path, query) in cases {
            let items = WireReader.read(Array("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
            #expect(
                items == [.request(method: "GET", path: path, query: query, body: [], keepsAlive: true)], "\(target)")
        }
    }

    @Test func `connections are kept or closed as the version and the field say`() {
        let cases: [(String, String, Bool)] = [
            ("1.1", "", true), ("1.1", "Connection: close\r\n", false), ("1.1", "Connection: Foo, CLOSE\r\n", false),
            ("1.0", "", false), ("1.0", "Connection: Keep-Alive\r\n", true),
            ("1.0", "Connection: keep-alive, close\r\n", false),
        ]
        for (version, field, keeps) in cases {
            let items = WireReader.read(Array("GET / HTTP/\(version)\r\nHost: a\r\n\(field)\r\n".utf8))
            #expect(
                items == [.request(method: "GET", path: "/", query: nil, body: [], keepsAlive: keeps)],
                "\(version) \(field)")
        }
    }

    @Test func `what is too long is refused with the status that says what`() {
        var limits = Limits()
        limits.targetBytes = 300
        limits.headBytes = 1_000
        limits.headerCount = 5
        func status(_ text: String) -> [WireReader.Item] { WireReader.read(Array(text.utf8), by: 50, limits: limits) }
        let long = String(repeating: "a", count: 400)
        #expect(status("GET /\(long) HTTP/1.1\r\nHost: a\r\n\r\n") == [.fault(414)])
        #expect(status("GET /\(long)") == [.fault(414)], "before the line is whole")
        #expect(status("GET / HTTP/1.1\r\nHost: a\r\nX: \(long)\(long)\(long)\r\n\r\n") == [.fault(431)])
        #expect(
            status("GET / HTTP/1.1\r\nHost: a\r\nX: \(long)\(long)\(long)") == [.fault(431)], "before the head is whole"
        )
        let many = (0..<6).map { "X\($0): y\r\n" }.joined()
        #expect(status("GET / HTTP/1.1\r\nHost: a\r\n\(many)\r\n") == [.fault(431)])
        limits.chunkLineBytes = 20
        limits.trailerBytes = 30
        let chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(status("\(chunked)1;\(long)\r\nx\r\n0\r\n\r\n") == [.fault(400)])
        #expect(status("\(chunked)0\r\nX: \(long)\r\n\r\n") == [.fault(400)])
        #expect(status("\r\n\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n") == [.fault(400)])
    }
}

@Suite("Fuzzing the reader") struct RequestFuzzTests {
    /// SplitMix64: small, seeded, the same everywhere.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }

    private static let splinters = [
        "\r\n", "\n", "\r", " ", ":", "0", "chunked", "Content-Length: 3\r\n", "\u{0}", "\r\n\r\n", "%", "é", ",",
    ]

    private func mutated(_ dice: inout Dice) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...2, using: &dice) {
            bytes += Array((Corpus.requests.randomElement(using: &dice)?.text ?? "").utf8)
        }
        for _ in 0..<Int.random(in: 0...4, using: &dice) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &dice)
            switch Int.random(in: 0...4, using: &dice) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &dice)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: Array((Self.splinters.randomElement(using: &dice) ?? "").utf8), at: place)
            case 3: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...12, using: &dice)))
            default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 20)], at: place)
            }
        }
        return bytes
    }

    @Test func `no input traps, and pieces never change what is read`() {
        var dice = Dice(state: 2_027)
        for _ in 0..<6_000 {
            let bytes = mutated(&dice)
            let whole = WireReader.read(bytes)
            for size in [1, Int.random(in: 2...40, using: &dice)] {
                guard WireReader.read(bytes, by: size) != whole else { continue }
                Issue.record("by \(size): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
                return
            }
        }
    }
}
