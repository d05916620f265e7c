import App
import HTTP
import Support
import Testing

@Suite("Imports over HTTP") struct ImportRouteTests {
    private struct NeverEnded: Error {}

    private static let grids = "code,communityCode,name\nW1,510104020007,一号网格\nW2,510104020007,\nW3,nowhere,三号网格\n"

    private func send(
        _ text: String, _ client: TestClient, _ person: TestClient.Person, fields: [(String, String)]
    ) async throws -> TestClient.Answer {
        await client.sendFile(Array(text.utf8), to: "/api/v1/imports", by: person, form: fields)
    }

    /// The import once a worker has ended it.
    private func ended(_ path: String, _ client: TestClient, _ person: TestClient.Person) async throws -> JSONValue {
        for _ in 0..<1_000 {
            let answer = await client.send(.get, path, token: person.token)
            if answer.json["completedAt"]?.string != nil { return answer.json }
            try await Task.sleep(for: .milliseconds(2))
        }
        throw NeverEnded()
    }

    @Test func `a file is taken in, and what was wrong with it can be read`() async throws {
        let client = try TestClient()
        try client.stations()
        let administrator = try client.staff()
        let taken = try await send(Self.grids, client, administrator, fields: [("kind", "grids")])
        #expect(taken.status == .accepted, "\(taken.text)")
        let path = try #require(taken.value(of: .location))
        let record = try await ended(path, client, administrator)
        #expect(record["created"]?.integer == 1 && record["refused"]?.integer == 2)
        let first = await client.send(.get, "\(path)/problems?limit=1", token: administrator.token)
        #expect(first.json["items"]?[0]?["line"]?.integer == 3)
        #expect(first.json["items"]?[0]?["column"]?.string == "name")
        let cursor = try #require(first.json["next"]?.string)
        let second = await client.send(.get, "\(path)/problems?cursor=\(cursor)", token: administrator.token)
        #expect(second.json["items"]?[0]?["detail"]?.string == "没有该编码的社区")
        #expect(await client.send(.get, "/api/v1/grids").json["items"]?.array.count == 1)

        let again = try await send(Self.grids, client, administrator, fields: [("kind", "grids")])
        #expect(again.json["completedAt"]?.string != nil, "complete already")
        let anew = try await send(Self.grids, client, administrator, fields: [("kind", "grids"), ("again", "true")])
        #expect(anew.json["rowReached"]?.integer == 0)
        #expect(try await ended(path, client, administrator)["unchanged"]?.integer == 1)
        let list = await client.send(.get, "/api/v1/imports", token: administrator.token)
        #expect(list.json["items"]?.array.compactMap { $0["kind"]?.string } == ["grids", "stations"])
    }

    @Test func `a dry run finds the same and keeps nothing`() async throws {
        let client = try TestClient()
        try client.stations()
        let administrator = try client.staff()
        let tried = try await send(
            Self.grids, client, administrator, fields: [("kind", "grids"), ("dryRun", "true")])
        #expect(tried.status == .ok, "\(tried.text)")
        #expect(tried.json["created"]?.integer == 1)
        #expect(tried.json["problems"]?.array.count == 2)
        #expect(await client.send(.get, "/api/v1/grids").json["items"]?.array.isEmpty == true)
        #expect(
            await client.send(.get, "/api/v1/imports", token: administrator.token).json["items"]?.array.count == 1,
            "only that of the stations")
        let staff = "staffName,name,role,stationCode\nwang,王小明,dispatcher,*\n"
        let people = try await send(staff, client, administrator, fields: [("kind", "staff"), ("dryRun", "true")])
        #expect(people.json["created"]?.integer == 1)
    }

    @Test func `a dry run of a file that was imported before finds what is so now`() async throws {
        let client = try TestClient()
        try client.stations()
        let administrator = try client.staff()
        let taken = try await send(Self.grids, client, administrator, fields: [("kind", "grids")])
        _ = try await ended(try #require(taken.value(of: .location)), client, administrator)
        let tried = try await send(
            Self.grids, client, administrator, fields: [("kind", "grids"), ("dryRun", "true")])
        #expect(tried.json["created"]?.integer == 0)
        #expect(tried.json["unchanged"]?.integer == 1)
        #expect(tried.json["problems"]?.array.count == 2)
    }

    @Test func `a volunteer who is signed in when an import registers them is one at once`() async throws {
        let client = try TestClient()
        try client.stations()
        let administrator = try client.staff()
        let resident = try client.resident(7)
        #expect(await client.send(.get, "/api/v1/me/volunteer", token: resident.token).status == .forbidden)
        let file = """
            name,identityNumber,phone,residenceCode,enteredBy,consent
            李志愿,\(TestClient.identityNumber(7)),+8613900000007,510104,510104020007,yes

            """
        let taken = try await send(file, client, administrator, fields: [("kind", "volunteers")])
        let record = try await ended(try #require(taken.value(of: .location)), client, administrator)
        #expect(record["created"]?.integer == 1)
        var status = Status.forbidden
        for _ in 0..<1_000 where status != .ok {
            status = await client.send(.get, "/api/v1/me/volunteer", token: resident.token).status
            try await Task.sleep(for: .milliseconds(2))
        }
        #expect(status == .ok)
    }

    @Test func `a form with a field too many, one twice or one that says nothing is malformed, as such JSON is`()
        async throws
    {
        let client = try TestClient()
        try client.stations()
        let administrator = try client.staff()
        for (fields, pointers) in [
            ([], ["/kind"]), ([("kind", "people")], ["/kind"]),
            ([("kind", "grids"), ("dryRun", "maybe")], ["/dryRun"]),
            ([("kind", "grids"), ("speed", "1")], ["/speed"]), ([("kind", "grids"), ("kind", "teams")], ["/kind"]),
            ([("kind", "staff"), ("speed", "1"), ("again", "yes")], ["/speed", "/again"]),
        ] {
            let answer = try await send(Self.grids, client, administrator, fields: fields)
            #expect(answer.status == .badRequest, "\(fields)")
            #expect(answer.json["type"]?.string == "/problems/malformed")
            #expect(answer.json["errors"]?.array.compactMap { $0["pointer"]?.string } == pointers, "\(answer.text)")
        }
    }

    @Test func `what is no import is refused, and a part of the city is not enough`() async throws {
        let client = try TestClient()
        try client.stations()
        let administrator = try client.staff()
        for (fields, pointer) in [([("kind", "staff")], "/kind"), ([("kind", "teams")], "/file")] {
            let answer = try await send(Self.grids, client, administrator, fields: fields)
            #expect(answer.status == .unprocessableContent, "\(fields)")
            #expect(answer.json["errors"]?[0]?["pointer"]?.string == pointer, "\(answer.text)")
        }
        let empty = await client.send(
            .post, "/api/v1/imports", body: .form(MultipartForm()), token: administrator.token)
        #expect(empty.status == .badRequest)
        let district = try client.staff(.administrator, at: TestClient.district)
        #expect(try await send(Self.grids, client, district, fields: [("kind", "grids")]).status == .forbidden)
        for path in ["imports", "imports/1", "imports/1/problems"] {
            #expect(await client.send(.get, "/api/v1/\(path)", token: district.token).status == .forbidden)
        }
        #expect(await client.send(.get, "/api/v1/imports/99", token: administrator.token).status == .notFound)
        let manager = try client.staff(.stationManager)
        #expect(try await send(Self.grids, client, manager, fields: [("kind", "grids")]).status == .forbidden)
    }
}
