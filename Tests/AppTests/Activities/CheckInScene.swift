import App
import HTTP
import Support
import Testing

/// A volunteer signed up for an activity of two hours that begins in an hour.
struct CheckInScene {
    let client: TestClient
    let manager: TestClient.Person
    private(set) var person: TestClient.Person
    private(set) var activity: Int64
    private(set) var signUp: Int64

    init() async throws {
        client = try TestClient()
        try client.stations()
        manager = try client.staff(.stationManager, at: TestClient.street)
        person = try await client.volunteer()
        activity = try await client.activity(by: manager)
        signUp = 0
        try await signUpAgain()
    }

    /// The same volunteer at another activity.
    /// - Parameter start: minutes from now.
    func another(start: Int64) async throws -> CheckInScene {
        try await another(TestClient.activityDraft(from: client.now + start * 60))
    }

    func another(_ draft: String) async throws -> CheckInScene {
        var scene = self
        let made = await client.send(.post, "/api/v1/activities", draft, token: manager.token)
        scene.activity = try #require(made.json["id"]?.integer, "\(made.text)")
        try await scene.signUpAgain()
        return scene
    }

    /// Another volunteer at the same activity.
    func joined(by person: TestClient.Person) async throws -> CheckInScene {
        var scene = self
        scene.person = person
        try await scene.signUpAgain()
        return scene
    }

    mutating func signUpAgain() async throws {
        let made = await client.send(.post, "/api/v1/activities/\(activity)/sign-ups", token: person.token)
        signUp = try #require(made.json["id"]?.integer, "\(made.text)")
    }

    func code() async -> String {
        await client.send(.get, "/api/v1/activities/\(activity)/check-in-code", token: manager.token)
            .json["code"]?.string ?? ""
    }

    func check(_ direction: String, _ code: String) async -> TestClient.Answer {
        await client.send(
            .put, "/api/v1/sign-ups/\(signUp)/check-\(direction)", #"{"code": "\#(code)"}"#, token: person.token)
    }

    func confirm(_ json: String) async -> TestClient.Answer {
        await client.send(.put, "/api/v1/sign-ups/\(signUp)/confirmation", json, token: manager.token)
    }

    func markAbsent() async -> TestClient.Answer {
        await client.send(
            .put, "/api/v1/sign-ups/\(signUp)/absence", #"{"reason": "未到场"}"#, token: manager.token)
    }

    /// As the volunteer sees it.
    func state() async -> String? {
        await client.send(.get, "/api/v1/sign-ups/\(signUp)", token: person.token).json["state"]?.string
    }
}
