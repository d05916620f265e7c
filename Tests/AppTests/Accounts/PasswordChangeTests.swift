import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Changing a password") struct PasswordChangeTests {
    private static let chosen = "Qingyang-2027"

    /// A station's manager who has chosen a password and is signed in.
    private struct Scene {
        var client: TestClient
        var token: String

        func change(from current: String, to new: String = "Jinjiang-2027") async -> TestClient.Answer {
            await client.send(
                .put, "/api/v1/me/password", #"{"currentPassword": "\#(current)", "newPassword": "\#(new)"}"#,
                token: token)
        }

        func signIn(_ password: String) async -> TestClient.Answer {
            await client.send(
                .post, "/api/v1/sessions/staff", #"{"name": "chunxi", "password": "\#(password)"}"#)
        }
    }

    private func scene(failures: Int = 5) async throws -> Scene {
        let client = try TestClient { $0.loginFailures = failures }
        try client.stations()
        let made = await client.send(
            .post, "/api/v1/staff",
            #"{"staffName": "chunxi", "name": "李主任", "role": "stationManager", "stationId": 4}"#,
            token: try client.staff().token)
        let first = try #require(made.json["firstPassword"]?.string)
        var scene = Scene(client: client, token: "")
        scene.token = try #require(await scene.signIn(first).json["token"]?.string)
        try #require(await scene.change(from: first, to: Self.chosen).status == .noContent)
        return scene
    }

    @Test func `the new password is another than the current one`() async throws {
        let scene = try await scene()
        let same = await scene.change(from: Self.chosen, to: Self.chosen)
        #expect(same.status == .unprocessableContent)
        #expect(same.json["errors"]?.array.compactMap { $0["pointer"]?.string } == ["/newPassword"])
        #expect(await scene.change(from: Self.chosen).status == .noContent)
    }

    @Test func `whoever guesses it in an open session locks the account as at sign-in`() async throws {
        let scene = try await scene(failures: 3)
        for _ in 0..<3 { #expect(await scene.change(from: "Wrong-guess-1").status == .unauthorized) }
        let locked = await scene.change(from: Self.chosen)
        #expect(locked.status == .tooManyRequests)
        #expect(locked.json["type"]?.string == "/problems/locked")
        #expect(locked.value(of: .retryAfter) == "900")
        #expect(await scene.signIn(Self.chosen).status == .tooManyRequests)
        #expect(
            try scene.client.count(
                """
                SELECT count(*) FROM audit_entry WHERE operation = 'changePassword' AND outcome = 'refused'
                """) == 4)
        scene.client.advance(minutes: 15)
        #expect(await scene.change(from: Self.chosen).status == .noContent)
        #expect(await scene.signIn("Jinjiang-2027").status == .created)
    }

    @Test func `guesses in a session and at sign-in add up, and the right password forgets them`() async throws {
        let scene = try await scene(failures: 2)
        _ = await scene.change(from: "Wrong-guess-1")
        #expect(await scene.change(from: Self.chosen).status == .noContent)
        _ = await scene.change(from: "Wrong-guess-1")
        #expect(await scene.signIn("Wrong-guess-2").status == .unauthorized)
        #expect(await scene.change(from: "Jinjiang-2027", to: Self.chosen).status == .tooManyRequests)
    }

    @Test func `whoever signs in without a password has none to change`() async throws {
        let client = try TestClient()
        let person = try client.resident()
        let answer = await client.send(
            .put, "/api/v1/me/password",
            #"{"currentPassword": "Qingyang-2027", "newPassword": "Jinjiang-2027"}"#, token: person.token)
        #expect(answer.status == .forbidden)
    }
}
