import App
import HTTP
import Support
import Testing

/// A resident's order in a community, the dispatcher of its street, and a volunteer who leads a team there.
struct DemandScene {
    let client: TestClient
    let resident: TestClient.Person
    let dispatcher: TestClient.Person
    let volunteer: TestClient.Person
    let volunteerID: Int64
    let team: Int64
    let path: String

    static let draft = """
        {"stationId": 6, "title": "陪诊", "detail": "老人周三去医院复查，需要有人陪同", "category": "17", "address": "总府路1号",
         "contactPhone": "13900010002"}
        """

    init(configure: (inout Configuration) -> Void = { _ in }) async throws {
        client = try TestClient(configure: configure)
        try client.stations()
        resident = try client.resident(900)
        dispatcher = try client.staff(.dispatcher, at: TestClient.street)
        volunteer = try await client.volunteer(1)
        volunteerID = try await client.volunteerID(of: volunteer)
        let founded = await client.send(
            .post, "/api/v1/teams", #"{"stationId": 6, "name": "邻里帮帮队", "leaderId": \#(volunteerID)}"#,
            token: try client.staff(.stationManager, at: TestClient.street).token)
        team = try #require(founded.json["id"]?.integer, "\(founded.text)")
        let ticket = await client.send(.post, "/api/v1/demand-tickets", Self.draft, token: resident.token)
        path = "/api/v1/demand-tickets/\(try #require(ticket.json["id"]?.integer, "\(ticket.text)"))"
    }

    /// The body of a dispatch to the team, and to its leader alone.
    var toTeam: String { #"{"teamId": \#(team)}"# }
    var toVolunteer: String { #"{"volunteerId": \#(volunteerID)}"# }

    func move(_ step: String, _ json: String? = nil, as person: TestClient.Person) async -> TestClient.Answer {
        await client.send(.put, "\(path)/\(step)", json, token: person.token)
    }

    /// The ticket as that person sees it.
    func seen(by person: TestClient.Person) async -> TestClient.Answer {
        await client.send(.get, path, token: person.token)
    }

    func phone(as person: TestClient.Person) async -> String? {
        await seen(by: person).json["contactPhone"]?.string
    }
}
