import App
import HTTP
import Support
import Testing

/// A unit with its seat in community 6, somebody who acts for it, and the staff of the street above.
struct PartyScene {
    static let reason = #"{"reason": "情况不符"}"#

    let client: TestClient
    /// Of street 4.
    let manager: TestClient.Person
    /// Of street 5.
    let stranger: TestClient.Person
    let representative: TestClient.Person
    let unit: Int64

    init() async throws {
        client = try TestClient()
        try client.stations()
        manager = try client.staff(.stationManager, at: TestClient.street)
        stranger = try client.staff(.stationManager, at: TestClient.otherStreet)
        representative = try client.resident(900)
        unit = try await Self.unit(of: client, by: manager)
        try await Self.link(900, to: unit, of: client, by: manager)
    }

    static func draft(_ name: String = "锦江区水务局党委", seat: Int64 = TestClient.community, more: String = "") -> String {
        """
        {"name": "\(name)", "kind": "agency", "seatId": \(seat), "contactName": "赵联络",
         "contactPhone": "13900009999"\(more)}
        """
    }

    static func unit(
        _ name: String = "锦江区水务局党委", of client: TestClient, by staff: TestClient.Person,
        seat: Int64 = TestClient.community, more: String = ""
    ) async throws -> Int64 {
        let answer = await client.send(
            .post, "/api/v1/party-units", draft(name, seat: seat, more: more), token: staff.token)
        return try #require(answer.json["id"]?.integer, "\(answer.text)")
    }

    /// - Parameter number: the resident's, which gives the phone.
    static func link(
        _ number: Int, to unit: Int64, of client: TestClient, by staff: TestClient.Person
    ) async throws {
        let answer = await client.send(
            .post, "/api/v1/party-units/\(unit)/representatives", link(number), token: staff.token)
        try #require(answer.status == .created, "\(answer.text)")
    }

    static func link(_ number: Int) -> String {
        #"{"phone": "+86139\#(String(100_000_000 + number).suffix(8))"}"#
    }

    func send(
        _ method: HTTP.Method, _ path: String, _ json: String? = nil, as person: TestClient.Person?,
        version: Int64? = nil
    ) async -> TestClient.Answer {
        await client.send(
            method, "/api/v1/\(path)", json, token: person?.token,
            fields: version.map { [("If-Match", "\"\($0)\"")] } ?? [])
    }

    func declaration(_ unit: Int64? = nil) -> String {
        #"{"unitId": \#(unit ?? self.unit), "consent": true, "consentVersion": "2027-01"}"#
    }

    /// A volunteer whose membership the unit has confirmed.
    func member(_ number: Int = 1) async throws -> TestClient.Person {
        let person = try await client.volunteer(number)
        _ = await send(.put, "me/party-membership", declaration(), as: person)
        let volunteer = try await volunteerID(person)
        let answer = await send(.put, "party-units/\(unit)/members/\(volunteer)/confirmation", as: representative)
        try #require(answer.status == .ok, "\(answer.text)")
        return person
    }

    func volunteerID(_ person: TestClient.Person) async throws -> Int64 {
        try #require(await send(.get, "me/volunteer", as: person).json["id"]?.integer)
    }

    /// The same, accepted by a community.
    func checkedIn(
        _ number: Int = 1, at station: Int64 = TestClient.community
    ) async throws -> (person: TestClient.Person, checkIn: Int64) {
        let person = try await member(number)
        let proposed = await send(.put, "me/member-check-in", #"{"stationId": \#(station)}"#, as: person)
        let id = try #require(proposed.json["id"]?.integer, "\(proposed.text)")
        let accepted = await send(.put, "member-check-ins/\(id)/acceptance", as: try client.staff())
        try #require(accepted.status == .ok, "\(accepted.text)")
        return (person, id)
    }
}
