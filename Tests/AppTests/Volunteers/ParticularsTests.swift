import App
import HTTP
import Support
import Testing

@Suite("A volunteer's particulars") struct ParticularsTests {
    private static let path = "/api/v1/me/volunteer/particulars"

    private func write(
        _ json: String, as person: TestClient.Person, over tag: String? = "*", _ client: TestClient
    ) async -> TestClient.Answer {
        await client.send(
            .put, Self.path, json, token: person.token, fields: tag.map { [("If-Match", $0)] } ?? [])
    }

    @Test func `of two who changed the same ones the second is told, and nothing of the first is lost`() async throws {
        let client = try TestClient()
        let person = try await client.volunteer()
        let empty = try #require(await client.send(.get, Self.path, token: person.token).value(of: .etag))
        #expect(await write(#"{"education": "21"}"#, as: person, over: nil, client).status == .preconditionRequired)
        let first = await write(#"{"education": "21"}"#, as: person, over: empty, client)
        #expect(first.status == .ok, "\(first.text)")
        let second = await write(#"{"employment": "31"}"#, as: person, over: empty, client)
        #expect(second.json["type"]?.string == "/problems/stale")
        let read = await client.send(.get, Self.path, token: person.token)
        #expect(read.json["education"]?.string == "21" && read.value(of: .etag) == first.value(of: .etag))
        #expect(await write("{}", as: person, over: first.value(of: .etag), client).value(of: .etag) == empty)
        let member = await write(#"{"politicalStatus": "13"}"#, as: person, over: empty, client)
        #expect(await write(#"{"ethnicity": "13"}"#, as: person, client).status == .ok)
        let late = await write("{}", as: person, over: member.value(of: .etag), client)
        #expect(late.json["type"]?.string == "/problems/stale", "the same code in another place is another version")
    }

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
        let changed = await write(body, as: person, client)
        #expect(changed.json["education"]?.string == "21")
        #expect(await client.send(.get, Self.path, token: person.token).json["ethnicity"] == .null)
        #expect(await write("{}", as: person, client).status == .ok)
        #expect(await client.send(.get, Self.path, token: person.token).json["education"] == .null)
    }

    @Test(arguments: [
        ("ethnicity", "57"), ("ethnicity", "汉族"), ("politicalStatus", "14"), ("education", "72"),
        ("employment", "12"), ("nationality", "cn"), ("nationality", "CN"),
    ]) func `a code that is in no list is refused`(field: String, code: String) async throws {
        let client = try TestClient()
        let person = try await client.volunteer()
        let answer = await write(#"{"\#(field)": "\#(code)"}"#, as: person, client)
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
