import App
import HTTP
import Testing

@Suite("JSON, decoded") struct JSONDecodingTests {
    enum Kind: String, Codable, CaseIterable { case station, practiceBase = "practice-base" }
    struct Contact: Codable, Equatable {
        var name: String
        var phone: String?
    }
    struct Draft: Codable, Equatable {
        var title: String
        var kind: Kind
        var capacity: Int
        var share: Double
        var isOpen: Bool
        var startsAt: Timestamp
        var day: CivilDate?
        var position: Position?
        var contact: Contact?
        var tags: [String]
        var station: ID<Draft>?
    }

    private let whole = """
        {"title":"清洁\\n家园","kind":"practice-base","capacity":30,"share":1,"isOpen":true,
        "startsAt":"2027-01-31T01:05:00Z","day":"2027-01-31","position":{"longitude":104.1,"latitude":30.6},
        "contact":{"name":"王芳"},"tags":["环保","社区"],"station":null}
        """

    private func faults<Content: Decodable>(_ type: Content.Type, _ text: String) -> [String: String] {
        do throws(JSONDecodingFailure) {
            _ = try JSON.decode(type, from: Array(text.utf8))
            return [:]
        } catch {
            return Dictionary(uniqueKeysWithValues: error.faults.map { ($0.pointer, $0.detail.en) })
        }
    }

    @Test func `a whole body is read, and written and read it is the same`() throws {
        let draft = try JSON.decode(Draft.self, from: Array(whole.utf8))
        #expect(draft.title == "清洁\n家园")
        #expect(draft.kind == .practiceBase)
        #expect(draft.startsAt.description == "2027-01-31T09:05:00+08:00")
        #expect(draft.contact == Contact(name: "王芳", phone: nil))
        #expect(draft.tags == ["环保", "社区"])
        #expect(draft.station == nil)
        #expect(try JSON.decode(Draft.self, from: JSON.encode(draft)) == draft)
    }

    @Test func `all unknown, missing and mistyped fields are told at once`() {
        let text = """
            {"title":7,"kind":"temple","capacity":1.5,"share":"x","isOpen":null,"startsAt":"tomorrow","day":"2027-02-30",
            "position":{"longitude":"x","latitude":30.6,"z":1},"contact":{"nmae":"王芳"},"extra/field":{"deep":1}}
            """
        #expect(
            faults(Draft.self, text) == [
                "/title": "must be a text", "/kind": "must be one of station, practice-base",
                "/capacity": "must be an integer", "/share": "must be a number", "/isOpen": "must be true or false",
                "/startsAt": "must be an RFC 3339 time such as 2027-01-31T09:05:00+08:00",
                "/day": "must be a day that exists, as YYYY-MM-DD", "/position/longitude": "must be a number",
                "/position/z": "is not a field here", "/contact/nmae": "is not a field here",
                "/contact/name": "is missing", "/tags": "is missing", "/extra~1field": "is not a field here",
            ])
    }

    @Test func `a place outside China is one fault, at the place`() {
        #expect(
            faults(Position.self, #"{"longitude":2.35,"latitude":48.86,"coordinateSystem":"wgs84"}"#)
                == ["": "is not in China"])
        #expect(
            faults([Position].self, #"[{"longitude":104,"latitude":30,"coordinateSystem":"bd09"}]"#)
                == ["/0/coordinateSystem": "must be one of gcj02, wgs84"])
    }

    @Test func `null stands for an optional and for nothing else`() {
        #expect(faults(Contact.self, #"{"name":"a","phone":null}"#) == [:])
        #expect(faults(Contact.self, #"{"name":null}"#) == ["/name": "must be a text"])
    }

    @Test func `a list or a scalar where an object is due is refused`() {
        #expect(faults(Contact.self, "[]") == ["": "must be an object"])
        #expect(faults(Contact.self, "7") == ["": "must be an object"])
        #expect(faults([String].self, "{}") == ["": "must be an array"])
        #expect(faults([String].self, #"["a",1]"#) == ["/1": "must be a text"])
        #expect(faults([Contact].self, #"[{"name":"a"},{"name":"b","x":0}]"#) == ["/1/x": "is not a field here"])
    }

    @Test(arguments: [
        ("[128]", "must be an integer"), ("[-129]", "must be an integer"), ("[1.0]", "must be an integer"),
        ("[1e2]", "must be an integer"), ("[\"1\"]", "must be an integer"), ("[true]", "must be an integer"),
    ])
    func `an integer is an integer and within its type's range`(text: String, said: String) {
        #expect(faults([Int8].self, text) == ["/0": said])
        #expect(faults([Int8].self, "[127,-128,0,-0]") == [:])
    }

    @Test func `integers of nineteen digits are exact`() throws {
        let text = "[9223372036854775807,-9223372036854775808,999999999999999999,-999999999999999999]"
        #expect(
            try JSON.decode([Int64].self, from: Array(text.utf8))
                == [.max, .min, 999_999_999_999_999_999, -999_999_999_999_999_999])
    }

    @Test func `a dictionary takes any name`() throws {
        #expect(try JSON.decode([String: Int].self, from: Array(#"{"a":1,"乙":2}"#.utf8)) == ["a": 1, "乙": 2])
    }

    private struct Partial: Decodable {
        enum Key: String, CodingKey { case seen, ignored }
        init(from decoder: any Decoder) throws {
            _ = try decoder.container(keyedBy: Key.self).decode(Int.self, forKey: .seen)
        }
    }

    @Test func `a name the model never asks for is unknown, even one it has a key for`() {
        #expect(faults(Partial.self, #"{"seen":1,"ignored":2}"#) == ["/ignored": "is not a field here"])
    }

    @Test func `a flood of faults is cut off`() {
        let text = "{" + (0..<500).map { "\"n\($0)\":0" }.joined(separator: ",") + "}"
        #expect(faults(Contact.self, text).count == 50)
    }

    @Test func `fields in another order are found all the same`() throws {
        #expect(
            try JSON.decode(Contact.self, from: Array(#"{"phone":"1","name":"a"}"#.utf8))
                == Contact(name: "a", phone: "1"))
    }
}
