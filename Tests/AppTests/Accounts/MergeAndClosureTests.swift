import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Merging accounts and closing them") struct MergeAndClosureTests {
    private func requestClosure(_ scene: MergeScene, _ person: TestClient.Person) async -> Status {
        let body = #"{"confirmation": "注销我的账号"}"#
        return await scene.client.send(.post, "/api/v1/me/closure", body, token: person.token).status
    }

    private func closeDueAccounts(_ scene: MergeScene) throws {
        let services = scene.client.services
        scene.client.advance(minutes: Int64(services.configuration.closureDays) * 1_440)
        _ = try AccountClosure.housekeeping.run(services.writer, services.configuration)
    }

    @Test func `an account whose owner wants it closed is not merged, on either side`() async throws {
        let scene = try MergeScene()
        #expect(await requestClosure(scene, scene.from) == .created)
        let blockers = await scene.preview().json["blockers"]?.array
        #expect(blockers == [.string("closing")])
        let turned = await scene.preview(from: scene.into.account, into: scene.from.account)
        #expect(turned.json["blockers"]?.array == [.string("closing")])
        #expect(await scene.merged().json["reasons"]?.array == [.string("closing")])
    }

    @Test func `closing the kept account closes the one given up, and the merge is final`() async throws {
        let scene = try await MergeScene.ofVolunteers()
        let merge = await scene.merged()
        #expect(merge.status == .created)
        #expect(await requestClosure(scene, scene.into) == .created)
        try closeDueAccounts(scene)
        for person in [scene.from, scene.into] {
            #expect(
                try scene.number("SELECT count(*) FROM volunteer WHERE account_id = \(person.account) AND name = '已注销'")
                    == 1)
            #expect(
                try scene.number("SELECT count(*) FROM account WHERE id = \(person.account) AND phone IS NULL") == 1)
        }
        let refused = await scene.reverse(merge)
        #expect(refused.json["reasons"]?.array.contains(.string("closed")) == true)
    }
}
