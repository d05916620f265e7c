import HTTP
import Testing

@Suite("Writing answers") struct AnswerTests {
    private func head(
        _ response: Response, _ framing: ResponseSerializer.Framing = .length(2),
        version: RequestHead.Version = .http11, keepsAlive: Bool = true
    ) -> String {
        var serializer = ResponseSerializer(commonFields: [("x-common", "1")])
        serializer.setTime(784_111_777)
        var bytes: [UInt8] = []
        serializer.appendHead(response, framing: framing, version: version, keepsAlive: keepsAlive, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `an answer has status, date, its own and the common fields, and its length`() {
        let text = head(Response(.ok, fields: [(.contentType, "text/plain")]))
        #expect(
            text == """
                HTTP/1.1 200 OK\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\ncontent-type: text/plain\r\nx-common: 1\r\n\
                content-length: 2\r\n\r\n
                """)
    }

    @Test func `204 and 304 say nothing of a length`() {
        #expect(!head(Response(.noContent)).contains("content-length"))
        #expect(!head(Response(.notModified)).contains("content-length"))
    }

    @Test func `the connection field follows the version`() {
        #expect(!head(Response(.ok)).contains("connection:"))
        #expect(head(Response(.ok), keepsAlive: false).contains("connection: close\r\n"))
        #expect(head(Response(.ok), version: .http10).contains("connection: keep-alive\r\n"))
    }

    @Test func `a value cannot end its line`() {
        let text = head(Response(.ok, fields: [(.location, "/a\r\nSet-Cookie: x\u{0}")]))
        #expect(text.contains("location: /a  Set-Cookie: x \r\n"))
    }

    @Test func `whatever a value holds it stays one line`() {
        for code in Array(0...31) + [127] where code != 9 {
            for place in 0..<20 {
                var value = Array("01234567890123456789".utf8)
                value[place] = UInt8(code)
                let text = head(Response(.ok, fields: [(.location, String(decoding: value, as: UTF8.self))]))
                value[place] = UInt8(ascii: " ")
                #expect(text.contains("location: \(String(decoding: value, as: UTF8.self))\r\n"), "\(code) at \(place)")
            }
        }
        #expect(head(Response(.ok, fields: [(.location, "/玉林\t")])).contains("location: /玉林\t\r\n"))
        let long = String(repeating: "x", count: 100_000)
        #expect(head(Response(.ok, fields: [(.location, long)])).contains("location: \(long)\r\n"))
    }

    @Test func `a common value cannot end its line either`() {
        var serializer = ResponseSerializer(commonFields: [("x-common", "a\r\nb: c")])
        serializer.setTime(0)
        var bytes: [UInt8] = []
        serializer.appendHead(Response(.ok), framing: .length(0), version: .http11, keepsAlive: true, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self).contains("x-common: a  b: c\r\n"))
    }

    @Test func `answers follow one another in one buffer`() {
        let serializer = ResponseSerializer(commonFields: [])
        var bytes = Array("before".utf8)
        for length in [0, 9, 10, 1_234_567_890, Int.max] {
            serializer.appendHead(
                Response(.ok), framing: .length(length), version: .http11, keepsAlive: true, to: &bytes)
            #expect(String(decoding: bytes, as: UTF8.self).hasSuffix("content-length: \(length)\r\n\r\n"))
        }
        #expect(bytes.starts(with: "beforeHTTP/1.1 200 OK\r\n".utf8))
    }

    @Test func `a body of unknown length is chunked, and ends with the connection in HTTP 1.0`() {
        let chunked = head(Response(.ok), .chunked)
        #expect(chunked.contains("transfer-encoding: chunked\r\n") && !chunked.contains("content-length"))
        let close = head(Response(.ok), .close, version: .http10, keepsAlive: false)
        #expect(close.hasPrefix("HTTP/1.0 200 OK\r\n") && close.contains("connection: close\r\n"))
        #expect(!close.contains("content-length") && !close.contains("transfer-encoding"))
        #expect(!head(Response(.noContent), .chunked).contains("transfer-encoding"))
    }

    @Test func `chunks carry their length in hexadecimal`() {
        var bytes: [UInt8] = []
        ResponseSerializer.appendChunk([UInt8](repeating: 0x61, count: 26), to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "1a\r\n\(String(repeating: "a", count: 26))\r\n")
    }

    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (-1, "Thu, 01 Jan 1970 00:00:00 GMT"), (.max, "Fri, 31 Dec 9999 23:59:59 GMT"),
        (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"), (1_803_862_800, "Mon, 01 Mar 2027 01:00:00 GMT"),
    ]) func `dates are IMF-fixdate`(seconds: Int64, text: String) {
        #expect(HTTPDate.text(seconds) == text)
    }
}

@Suite("Negotiation") struct NegotiationTests {
    @Test(arguments: [
        ("", Language.zh), ("en", .en), ("zh-CN, en;q=0.9", .zh), ("en-GB,en;q=0.9,zh;q=0.3", .en),
        ("fr, en;q=0.2", .en),
        ("zh;q=0.2, en;q=0.7", .en), ("*", .zh), ("en;q=0", .zh), ("EN", .en), (";;,,q=", .zh),
        ("zh; Q=0.5 , en ; q=0.75", .en), ("en;q=0.05, zh;q=0.1", .zh),
        ("zhx, en;q=0.1", .en), ("zh;q=0.001, en;q=0", .zh), ("en;q=2", .en),
    ]) func `Chinese unless English is wanted more`(field: String, language: Language) {
        #expect(AcceptLanguage.best(Array(field.utf8)[...]) == language)
    }

    @Test func `one range is read, several and nonsense are the whole`() {
        let cases: [(String?, ByteRange)] = [
            (nil, .whole), ("bytes=0-0", .part(0..<1)), ("bytes=5-", .part(5..<10)), ("bytes=-3", .part(7..<10)),
            ("bytes=-99", .part(0..<10)), ("bytes=3-99", .part(3..<10)), ("bytes=10-", .unsatisfiable),
            ("bytes=-0", .unsatisfiable),
            ("bytes=5-4", .whole), ("bytes=0-1,3-4", .whole), ("items=0-1", .whole), ("bytes=a-b", .whole),
            ("bytes=-", .whole),
            ("bytes=99999999999999999999-", .unsatisfiable), ("Bytes=0-0", .part(0..<1)), ("bytes=1-2-3", .whole),
            ("bytes= 0-1", .whole),
            ("bytes=+1-2", .whole), ("bytes=999999999999999999-", .unsatisfiable),
        ]
        for (field, range) in cases { #expect(ByteRange(field, size: 10) == range, "\(field ?? "nil")") }
        #expect(ByteRange("bytes=0-", size: 0) == .unsatisfiable)
        let beyond = "99999999999999999999"
        #expect(ByteRange("bytes=\(beyond)-", size: 10) == .unsatisfiable)
        #expect(ByteRange("bytes=2-\(beyond)", size: 10) == .part(2..<10))
        #expect(ByteRange("bytes=-\(beyond)", size: 10) == .part(0..<10))
    }

    @Test func `entity tags match weakly in any list`() {
        #expect(EntityTagList.matchesWeakly("\"a\", W/\"b\" ,\"c\"", "\"b\""))
        #expect(EntityTagList.matchesWeakly("*", "\"x\""))
        #expect(EntityTagList.matchesWeakly("W/\"a\"", "W/\"a\""))
        #expect(!EntityTagList.matchesWeakly("\"ab\"", "\"a\""))
        #expect(EntityTagList.matchesWeakly(" ,, \"x,y\",W/\"a,b\"", "\"a,b\""), "a comma is part of a tag")
        #expect(!EntityTagList.matchesWeakly("\"x,\"a\",y\"", "\"a\""), "nothing is read across a malformed entry")
        for bad in ["", "a", "\"a", "W/", "w/\"a\"", "*, \"b\""] {
            #expect(!EntityTagList.matchesWeakly(bad, "\"a\""), "\(bad)")
        }
    }

    @Test func `queries are decoded strictly`() throws {
        let pairs = try QueryParameters.parse(Array("a=1+2&b=%E7%8E%89%E6%9E%97&c&=d&a==".utf8)[...])
        #expect(pairs.map(\.name) == ["a", "b", "c", "", "a"])
        #expect(pairs.map(\.value) == ["1 2", "玉林", "", "d", "="])
        for bad in ["a=%", "a=%4", "a=%zz", "a=%00", "a=%ff", "a=%E7%8E"] {
            #expect(throws: QueryParameters.Malformed.self) { try QueryParameters.parse(Array(bad.utf8)[...]) }
        }
        #expect(try QueryParameters.parse([]).isEmpty)
        let empty = try QueryParameters.parse(Array("&&a&&".utf8)[...])
        #expect(empty.map(\.name) == ["a"] && empty.map(\.value) == [""])
        #expect(throws: QueryParameters.Malformed.self) { try QueryParameters.parse([0x61, 0x3D, 0x00]) }
        #expect(throws: QueryParameters.Malformed.self) { try QueryParameters.parse([0x61, 0x3D, 0xFF]) }
        let many = Array((0...QueryParameters.countMax).map { "a\($0)=1" }.joined(separator: "&").utf8)
        #expect(throws: QueryParameters.Malformed.self) { try QueryParameters.parse(many[...]) }
    }

    @Test func `addresses are told by their text`() throws {
        #expect(PeerAddress(text: "127.0.0.1") == .loopback)
        #expect(PeerAddress(text: "::ffff:127.0.0.1") == .loopback)
        #expect(try #require(PeerAddress(text: "2001:db8::1")).description == "2001:db8:0:0:0:0:0:1")
        #expect(PeerAddress(text: "2001:db8:1:2:3::4")?.subscriber == PeerAddress(text: "2001:db8:1:2::"))
        #expect(PeerAddress.loopback.subscriber == .loopback)
        for bad in ["", "1.2.3", "1.2.3.256", "localhost", "::g"] { #expect(PeerAddress(text: bad) == nil, "\(bad)") }
    }
}
