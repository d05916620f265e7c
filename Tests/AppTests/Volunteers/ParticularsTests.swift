import App
import HTTP
import Support
import Testing

@Suite("A volunteer's particulars") struct ParticularsTests {
    private static let path = "/api/v1/me/volunteer/particulars"

    @Test func `they may be given at registration, changed and taken back, and enter no list`() async throws {
        let client = try TestClient()
        let person = try client.resident()
        let draft = TestClient.registration().replacing(
            "\"residenceCode\"",
            with: #""particulars": {"ethnicity": "05", "politicalStatus": "01", "nationality": "CHN"}, "residenceCode""#
        )
        let made = await client.send(.post, "/api/v1/volunteers", draft, token: person.token)
        #expect(made.status == .created)
        let mine = await client.send(.get, Self.path, token: person.token)
        #expect(mine.json["ethnicity"]?.string == "05")
        #expect(mine.json["education"] == .null)
        let manager = try client.staff()
        for shown in ["/api/v1/volunteers", "/api/v1/volunteers/1"] {
            let answer = await client.send(.get, shown, token: manager.token)
            #expect(!answer.text.contains("ethnicity") && !answer.text.contains("politicalStatus"))
        }
        let body = #"{"education": "21", "employment": "31"}"#
        let changed = await client.send(.put, Self.path, body, token: person.token)
        #expect(changed.json["education"]?.string == "21")
        #expect(await client.send(.get, Self.path, token: person.token).json["ethnicity"] == .null)
        #expect(await client.send(.put, Self.path, "{}", token: person.token).status == .ok)
        #expect(await client.send(.get, Self.path, token: person.token).json["education"] == .null)
    }

    @Test(arguments: [
        ("ethnicity", "57"), ("ethnicity", "汉族"), ("politicalStatus", "14"), ("education", "72"),
        ("employment", "12"), ("nationality", "cn"), ("nationality", "CN"),
    ]) func `a code that is in no list is refused`(field: String, code: String) async throws {
        let client = try TestClient()
        let person = try await client.volunteer()
        let answer = await client.send(.put, Self.path, #"{"\#(field)": "\#(code)"}"#, token: person.token)
        #expect(answer.json["errors"]?[0]?["pointer"]?.string == "/\(field)")
        let stranger = try client.resident(2)
        let draft = TestClient.registration(2).replacing(
            "\"residenceCode\"", with: #""particulars": {"\#(field)": "\#(code)"}, "residenceCode""#)
        let refused = await client.send(.post, "/api/v1/volunteers", draft, token: stranger.token)
        #expect(refused.json["errors"]?[0]?["pointer"]?.string == "/particulars/\(field)")
    }

    @Test func `they are a volunteer's`() async throws {
        let client = try TestClient()
        let resident = try client.resident()
        #expect(await client.send(.get, Self.path, token: resident.token).status == .forbidden)
        #expect(await client.send(.put, Self.path, "{}", token: resident.token).status == .forbidden)
    }
}
