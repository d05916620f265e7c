import App
import HTTP
import Testing

@Suite("JSON, parsed") struct JSONParsingTests {
    private func fault(_ text: String, limits: JSONLimits = JSONLimits()) -> String? {
        fault(Array(text.utf8), limits: limits)
    }

    private func fault(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) -> String? {
        do throws(JSONDecodingFailure) {
            _ = try JSON.decode(Anything.self, from: bytes, limits: limits)
            return nil
        } catch {
            return error.faults.first?.detail.en
        }
    }

    /// An object with anything at all in it, for texts whose form is all that matters.
    private struct Anything: Decodable {
        init(from decoder: any Decoder) throws {
            _ = try decoder.container(keyedBy: AnyKey.self).allKeys
        }
    }

    private struct AnyKey: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    @Test(arguments: [
        "{}", "{ }", "{\"a\" : 1 , \"b\":[1,2]}", "{\"\":{}}", "{\"a\":\"\\u4e2d\\ud83c\\udfee\"}",
        " \t\r\n{\"a\":-0.5e-3}\n", "{\"a\":\"\u{7F}\"}", "{\"a\":true,\"A\":false,\"n\":null}",
    ])
    func `well-formed texts are taken`(text: String) { #expect(fault(text) == nil) }

    @Test(arguments: [
        "", " ", "{", "}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{\"a\":1 \"b\":2}", "{a:1}", "{'a':1}", "[1,]",
        "[1 2]", "[", "{\"a\":[}", "{\"a\":01}", "{\"a\":+1}", "{\"a\":.5}", "{\"a\":1.}", "{\"a\":1e}", "{\"a\":-}",
        "{\"a\":NaN}", "{\"a\":Infinity}", "{\"a\":tru}", "{\"a\":nul", "{\"a\":True}", "{\"a\":\"\t\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}", "{\"a\":\"\\u12g4\"}", "{\"a\":\"", "{\"a\":\"\\", "{} {}", "{}x", "/**/{}", "\u{FEFF}{}",
        "{\"a\":\"\u{0}\"}", "{\"a\":0x10}", "\u{A0}{}",
    ])
    func `what RFC 8259 does not have is refused`(text: String) {
        #expect(fault(text)?.hasPrefix("is not JSON at byte") == true)
    }

    @Test(arguments: [
        ("{\"a\":1,\"a\":2}", "is given twice"), ("{\"a\":1,\"\\u0061\":2}", "is given twice"),
        ("{\"a\":\"\\ud83c\"}", "has a lone surrogate"), ("{\"a\":\"\\udfee\"}", "has a lone surrogate"),
        ("{\"a\":\"\\ud83c\\u0041\"}", "has a lone surrogate"), ("{\"a\":\"\\ud83cx\"}", "has a lone surrogate"),
        ("{\"a\":\"\\u0000\"}", "must not contain NUL"), ("{\"\\u0000\":1}", "must not contain NUL"),
        ("{\"a\":9223372036854775808}", "has a number out of range"), ("{\"a\":1e400}", "has a number out of range"),
        ("{\"a\":-1e999}", "has a number out of range"),
    ])
    func `mischief that RFC 8259 leaves open is refused by name`(text: String, said: String) {
        #expect(fault(text) == said)
    }

    @Test(
        arguments: [
            [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE4, 0xB8], [0x80],
            [0xF8, 0x88, 0x80, 0x80],
        ] as [[UInt8]])
    func `bytes that are not UTF-8 are refused`(bytes: [UInt8]) {
        #expect(fault(Array("{\"a\":\"".utf8) + bytes + Array("\"}".utf8)) == "is not UTF-8")
        #expect(fault(Array("{\"a\":\"\\n".utf8) + bytes + Array("\"}".utf8)) == "is not UTF-8")
    }

    @Test func `thirty-two levels are taken and thirty-three refused`() {
        func nested(_ depth: Int) -> String {
            "{\"a\":" + String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1) + "}"
        }
        #expect(fault(nested(32)) == nil)
        #expect(fault(nested(33)) == "is nested too deeply")
        #expect(fault(String(repeating: "[", count: 1_000_000)) == "is nested too deeply")
    }

    @Test func `no more values than the limit are kept`() {
        let four = "{\"a\":[1,2]}"
        #expect(fault(four, limits: JSONLimits(values: 4)) == nil)
        #expect(fault(four, limits: JSONLimits(values: 3)) == "has too many values")
    }

    @Test func `a name given twice is found among hundreds too`() {
        let names = (0..<300).map { "\"n\($0)\":0" }.joined(separator: ",")
        #expect(fault("{\(names)}") == nil)
        #expect(fault("{\(names),\"n7\":0}") == "is given twice")
    }

    @Test func `the fault says where the parser was`() throws {
        let failure = #expect(throws: JSONDecodingFailure.self) {
            try JSON.decode(Anything.self, from: Array(#"{"a":[0,{"b/c":{"x":1,"x":2}}]}"#.utf8))
        }
        #expect(failure?.faults.map(\.pointer) == ["/a/1/b~1c/x"])
    }

    @Test func `every cut of a text is refused and none harms`() {
        let text = Array(#"{"a":["\u4e2d\n文",-1.5e+3,true,null,{"b":[]}],"c":"\ud83c\udfee"}"#.utf8)
        #expect(fault(text) == nil)
        for count in 0..<text.count { #expect(fault(Array(text.prefix(count))) != nil) }
    }

    @Test func `no changed byte brings the parser down`() {
        let text = Array(#"{"a":["\u4e2d\n文",-1.5e+3,true,null,{"b":[]}],"c":"\ud83c\udfee"}"#.utf8)
        var refused = 0
        for index in text.indices {
            for byte in [0x00, 0x22, 0x5C, 0x30, 0x2D, 0x7B, 0x5D, 0x80, 0xE4, 0xFF] as [UInt8] {
                var changed = text
                changed[index] = byte
                if fault(changed) != nil { refused += 1 }
            }
        }
        #expect(refused > text.count * 5)
    }
}
