import App
import HTTP
import Support
import Testing

@Suite("Forgotten check-outs") struct ForgottenCheckOutTests {
    /// Checked in, and nothing after that.
    private func present() async throws -> CheckInScene {
        let scene = try await CheckInScene()
        scene.client.advance(minutes: 60)
        #expect(await scene.check("in", scene.code()).status == .ok)
        return scene
    }

    @Test func `nobody checks in while they are present elsewhere`() async throws {
        let scene = try await CheckInScene()
        let next = try await scene.another(start: 180)
        scene.client.advance(minutes: 150)
        #expect(await scene.check("in", scene.code()).status == .ok)
        let refused = await next.check("in", next.code())
        #expect(refused.status == .conflict)
        #expect(refused.json["reasons"]?.array == [.string("presentElsewhere")])
        #expect(await scene.check("out", scene.code()).status == .ok)
        #expect(await next.check("in", next.code()).status == .ok)
    }

    @Test func `whoever forgot to check out comes to the next activity, and the minutes need a reason`() async throws {
        let scene = try await present()
        scene.client.advance(minutes: 24 * 60)
        let next = try await scene.another(start: 20)
        #expect(await next.check("in", next.code()).status == .ok)
        #expect(await scene.state() == "checkedOut")
        let late = await scene.check("out", scene.code())
        #expect(late.json["reasons"]?.array == [.string("tooLate")])
        #expect(await scene.confirm(#"{"minutes": 120}"#).status == .unprocessableContent)
        let record = await scene.confirm(#"{"minutes": 120, "reason": "忘记签退，负责人证明"}"#)
        #expect(record.json["evidence"]?.string == "byHand")
    }

    @Test func `until check-out closes a presence counts`() async throws {
        let scene = try await present()
        scene.client.advance(minutes: 4 * 60)
        let next = try await scene.another(start: 20)
        #expect(await next.check("in", next.code()).json["reasons"]?.array == [.string("presentElsewhere")])
        scene.client.advance(minutes: 1)
        #expect(await next.check("in", next.code()).status == .ok)
    }

    @Test func `a forgotten check-out keeps nobody from closing their account`() async throws {
        let scene = try await present()
        let (path, phrase) = ("/api/v1/me/closure", #"{"confirmation": "注销我的账号"}"#)
        let refused = await scene.client.send(.post, path, phrase, token: scene.person.token)
        #expect(refused.json["reasons"]?.array == [.string("checkedIn")])
        scene.client.advance(minutes: 24 * 60)
        let view = await scene.client.send(.get, path, token: scene.person.token)
        #expect(view.json["obstacles"]?.array.isEmpty == true)
        #expect(await scene.client.send(.post, path, phrase, token: scene.person.token).status == .created)
        #expect(await scene.state() == "checkedOut")
    }
}
