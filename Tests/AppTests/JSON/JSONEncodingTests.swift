import App
import Testing

@Suite("JSON, written") struct JSONEncodingTests {
    private struct Place: Encodable {
        var name: String
        var floor: Int?
        var area: Double
        var isOpen: Bool
        var tags: [String]
        var inside: [Place]
    }

    private func text(_ content: some Encodable) -> String { String(decoding: JSON.encode(content), as: UTF8.self) }

    @Test func `fields come in the model's order and nil is null`() {
        let inner = Place(name: "站", floor: -2, area: 0.5, isOpen: false, tags: [], inside: [])
        let outer = Place(name: "中心", floor: nil, area: 1e20, isOpen: true, tags: ["a", "b"], inside: [inner, inner])
        let written = #"{"name":"站","floor":-2,"area":0.5,"isOpen":false,"tags":[],"inside":[]}"#
        #expect(
            text(outer) == #"{"name":"中心","floor":null,"area":1e+20,"isOpen":true,"tags":["a","b"],"inside":["#
                + "\(written),\(written)]}")
    }

    @Test(arguments: [
        ("", #""""#), ("玉林 🏮", #""玉林 🏮""#), ("\"\\/", #""\"\\/""#), ("\n\r\t", #""\n\r\t""#),
        ("\u{0}\u{8}\u{1F}\u{7F}", "\"\\u0000\\u0008\\u001f\u{7F}\""), ("1234567\"", #""1234567\"""#),
        ("12345678\"90123456\\", #""12345678\"90123456\\""#), ("中文中文中文\n中文", #""中文中文中文\n中文""#),
    ])
    func `strings are escaped where they must be and nowhere else`(string: String, written: String) {
        #expect(text(string) == written)
    }

    @Test func `every control character is found wherever it stands in a word of eight`() throws {
        for code in UInt8(0)...0x7F {
            for place in 0..<17 {
                var bytes = Array("一二三四五甲乙".utf8.prefix(17))
                bytes = bytes.prefix(place).map { _ in 0x61 } + [code] + Array("尾".utf8)
                let string = String(decoding: bytes, as: UTF8.self)
                let written = JSON.encode(string)
                #expect(!written.contains { $0 < 0x20 })
                if code > 0 { #expect(try JSON.decode(String.self, from: written) == string) }
            }
        }
    }

    @Test func `integers keep every digit at the ends of their ranges`() {
        #expect(
            text([Int64.min, -1, 0, 9, 10, 99, 100, .max])
                == "[-9223372036854775808,-1,0,9,10,99,100,9223372036854775807]")
        #expect(text([UInt64.max]) == "[18446744073709551615]")
    }

    @Test func `what JSON has no number for is null`() {
        #expect(text([Double.nan, .infinity, -.infinity, -0.25]) == "[null,null,null,-0.25]")
    }

    @Test func `times are written in Shanghai's clock`() {
        #expect(text(["at": Timestamp(seconds: 0)]) == #"{"at":"1970-01-01T08:00:00+08:00"}"#)
        #expect(text([CivilDate(daysSince1970: 0)]) == #"["1970-01-01"]"#)
    }

    private struct ByHand: Encodable {
        enum Key: String, CodingKey { case outer, list, after }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            var outer = container.nestedContainer(keyedBy: Key.self, forKey: .outer)
            try outer.encode(1, forKey: .after)
            var list = container.nestedUnkeyedContainer(forKey: .list)
            try list.encode(true)
            var inner = list.nestedContainer(keyedBy: Key.self)
            try inner.encodeNil(forKey: .outer)
            try list.encodeNil()
            try container.encode("end", forKey: .after)
        }
    }

    @Test func `containers opened by hand close where the next field begins`() {
        #expect(text(ByHand()) == #"{"outer":{"after":1},"list":[true,{"outer":null},null],"after":"end"}"#)
    }

    @Test func `a long text grows the buffer without losing a byte`() throws {
        let long = String(repeating: "文明实践\"", count: 50_000)
        #expect(try JSON.decode([String].self, from: JSON.encode([long, "end"])) == [long, "end"])
    }
}
