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

    @Test func `limits hold to the byte however the bytes arrive`() {
        var limits = Limits()
        limits.targetBytes = 100
        limits.headBytes = 400
        func status(_ text: String) -> Set<[WireReader.Item]> {
            Set([Int.max, 1, 7, 64].map { WireReader.read(Array(text.utf8), by: $0, limits: limits) })
        }
        func target(_ count: Int) -> String {
            "GET /\(String(repeating: "a", count: count - 1)) HTTP/1.1\r\nHost: a\r\n\r\n"
        }
        func head(_ count: Int) -> String {
            let rest = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n"
            return rest.replacing("X: ", with: "X: \(String(repeating: "x", count: count - rest.utf8.count))")
        }
        let right = WireReader.Item.request(method: "GET", path: "/", query: nil, body: [], keepsAlive: true)
        #expect(status(target(100)).first?.first != .fault(414))
        #expect(status(target(101)) == [[.fault(414)]])
        #expect(status(head(400)) == [[right]])
        #expect(status(head(401)) == [[.fault(431)]])
        #expect(status(head(400) + head(400)) == [[right, right]])
        let long = String(repeating: "A", count: 500)
        #expect(status("\(long) / HTTP/1.1\r\nHost: a\r\n\r\n") == [[.fault(414)]], "an endless first line")
        #expect(status("GET / HTTP/1.1\r\nX: \(long)\n\r\n") == [[.fault(431)]], "too long before it is malformed")
    }

    @Test func `tiny chunks cannot carry endless extensions`() {
        var limits = Limits()
        limits.trailerBytes = 100
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        let chunk = "1;a=12345678\r\nx\r\n"
        func items(_ count: Int) -> [WireReader.Item] {
            let text = head + String(repeating: chunk, count: count) + "0\r\n\r\n"
            return WireReader.read(Array(text.utf8), limits: limits)
        }
        #expect(items(9).count == 1 && items(9) != [.fault(400)])
        #expect(items(10) == [.fault(400)])
    }

    @Test func `after a fault there is only the fault`() {
        var head = HeadParser()
        var body = BodyDecoder(.chunked, limits: Limits())
        func isFault(_ text: String) -> Bool {
            Array(text.utf8).withUnsafeBufferPointer { bytes in
                if case .fault = head.parse(bytes, limits: Limits()) { true } else { false }
            }
        }
        #expect(isFault("GET / HTTP/1.1\n"))
        #expect(isFault("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
        for text in ["x\r\n", "0\r\n\r\n"] {
            var offset = 0
            let event = Array(text.utf8).withUnsafeBufferPointer { body.next($0, &offset) }
            guard case .fault = event else {
                Issue.record("\(text.debugDescription): \(event)")
                continue
            }
        }
    }

    @Test func `a continue is expected only of HTTP 1.1 and a body`() throws {
        let cases = [("1.1", 1, true), ("1.1", 0, false), ("1.0", 1, false)]
        for (version, length, expects) in cases {
            let text = "PUT / HTTP/\(version)\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: \(length)\r\n\r\n"
            let head = try #require(WireReader.reading(Array(text.utf8)).heads.first)
            #expect(head.expectsContinue == expects, "\(version) \(length)")
        }
    }
}
