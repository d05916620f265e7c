import App
import HTTP
import Support
import Testing

/// The stations with staff at three heights, and short words for what team tests do all the time.
struct TeamScene {
    struct Unexpected: Error {
        var answer: String
    }

    struct Volunteer {
        var person: TestClient.Person
        var id: Int64
    }

    let client: TestClient
    /// Of the whole city, of the district, of the street, and of the community under it.
    let city: TestClient.Person
    let district: TestClient.Person
    let street: TestClient.Person
    let community: TestClient.Person
    /// Of another street.
    let stranger: TestClient.Person

    init(configure: (inout Configuration) -> Void = { _ in }) throws {
        client = try TestClient(configure: configure)
        try client.stations()
        city = try client.staff()
        district = try client.staff(.stationManager, at: TestClient.district)
        street = try client.staff(.stationManager, at: TestClient.street)
        community = try client.staff(.stationManager, at: TestClient.community)
        stranger = try client.staff(.stationManager, at: TestClient.otherStreet)
    }

    func volunteer(_ number: Int) async throws -> Volunteer {
        let person = try await client.volunteer(number)
        let me = await client.send(.get, "/api/v1/me/volunteer", token: person.token)
        return Volunteer(person: person, id: try #require(me.json["id"]?.integer))
    }

    func volunteers(_ numbers: ClosedRange<Int>) async throws -> [Volunteer] {
        var all: [Volunteer] = []
        for number in numbers { all.append(try await volunteer(number)) }
        return all
    }

    func get(_ path: String, as person: TestClient.Person? = nil) async -> TestClient.Answer {
        await client.send(.get, "/api/v1\(path)", token: person?.token)
    }

    func post(_ path: String, _ json: String, as person: TestClient.Person) async -> TestClient.Answer {
        await client.send(.post, "/api/v1\(path)", json, token: person.token)
    }

    func put(
        _ path: String, _ json: String? = nil, as person: TestClient.Person, fields: [(String, String)] = []
    ) async -> TestClient.Answer {
        await client.send(.put, "/api/v1\(path)", json, token: person.token, fields: fields)
    }

    func delete(_ path: String, as person: TestClient.Person) async -> TestClient.Answer {
        await client.send(.delete, "/api/v1\(path)", token: person.token)
    }

    static func draft(
        _ name: String, _ leader: Volunteer, station: Int64 = TestClient.community, level: String = "squad",
        parent: Int64? = nil, more: String = ""
    ) -> String {
        """
        {"stationId": \(station), "name": "\(name)", "leaderId": \(leader.id), "level": "\(level)",
         "parentId": \(parent.map(String.init) ?? "null")\(more)}
        """
    }

    /// A team founded by the city's staff.
    func team(
        _ name: String, _ leader: Volunteer, station: Int64 = TestClient.community, level: String = "squad",
        parent: Int64? = nil, more: String = ""
    ) async throws -> Int64 {
        let draft = Self.draft(name, leader, station: station, level: level, parent: parent, more: more)
        let answer = await post("/teams", draft, as: city)
        guard answer.status == .created, let id = answer.json["id"]?.integer else {
            throw Unexpected(answer: answer.text)
        }
        return id
    }

    func add(_ volunteer: Volunteer, to team: Int64) async throws {
        let answer = await put("/teams/\(team)/members/\(volunteer.id)", as: city)
        guard answer.status == .ok else { throw Unexpected(answer: answer.text) }
    }

    /// Takes in who asks for it.
    func join(_ volunteer: Volunteer, _ team: Int64) async throws {
        let id = try await request(volunteer, to: team)
        let answer = await put("/join-requests/\(id)/approval", as: city)
        guard answer.status == .ok else { throw Unexpected(answer: answer.text) }
    }

    /// The id of a request to join.
    func request(_ volunteer: Volunteer, to team: Int64, from: Int64? = nil) async throws -> Int64 {
        let answer = await post(
            "/teams/\(team)/join-requests", #"{"note": "想参加", "fromTeamId": \#(from.map(String.init) ?? "null")}"#,
            as: volunteer.person)
        guard answer.status == .created, let id = answer.json["id"]?.integer else {
            throw Unexpected(answer: answer.text)
        }
        return id
    }

    func propose(_ json: String, as person: TestClient.Person) async -> TestClient.Answer {
        await post("/team-changes", json, as: person)
    }

    /// The volunteer's teams, the main one first.
    func teams(of volunteer: Volunteer) async -> [(id: Int64?, isMain: Bool, role: String?)] {
        await get("/me/teams", as: volunteer.person).json["items"]?.array.map {
            ($0["team"]?["id"]?.integer, $0["isMain"] == .bool(true), $0["role"]?.string)
        } ?? []
    }
}

extension TestClient.Answer {
    /// The last part of the problem's type.
    var problem: String? { json["type"]?.string?.split(separator: "/").last.map(String.init) }
    var ids: [Int64] { json["items"]?.array.compactMap { $0["id"]?.integer } ?? [] }
}
