import App
import HTTP
import SQLite
import Support
import Testing

@Suite("What a person has and waits for after a merge") struct MergedStandingTests {
    private func send(
        _ scene: MergeScene, _ method: HTTP.Method, _ path: String, _ json: String? = nil, as person: TestClient.Person
    ) async -> TestClient.Answer {
        await scene.client.send(method, "/api/v1/\(path)", json, token: person.token)
    }

    private func volunteer(_ scene: MergeScene, _ person: TestClient.Person) throws -> Int64 {
        try scene.number("SELECT id FROM volunteer WHERE account_id = \(person.account)")
    }

    // MARK: - Papers

    private func qualification(_ scene: MergeScene, _ person: TestClient.Person, replaces: Int64?) async throws
        -> TestClient.Answer
    {
        await send(
            scene, .post, "me/qualifications",
            """
            {"stationId": 6, "kind": "firstAider", "title": "初级救护员证", "issuer": "市红十字会", "number": "51010",
             "issuedOn": "2024-01-01", "expiresOn": "2030-01-01", "replacesId": \(replaces.map { "\($0)" } ?? "null"),
             "uploadId": \(try await scene.client.picture(by: person).id)}
            """, as: person)
    }

    @Test func `a qualification of either is shown, replaced and removed`() async throws {
        let scene = try await MergeScene.ofVolunteers()
        let made = try await qualification(scene, scene.from, replaces: nil)
        let id = try #require(made.json["id"]?.integer, "\(made.text)")
        #expect(await send(scene, .put, "qualifications/\(id)/verification", as: scene.admin).status == .ok)
        #expect(await scene.merged().status == .created)
        let own = "me/qualifications/\(id)"
        #expect(await send(scene, .get, "\(own)/proof", as: scene.into).status == .ok)
        let stranger = try await scene.client.volunteer(5)
        #expect(await send(scene, .get, "\(own)/proof", as: stranger).status == .notFound)
        let renewed = try await qualification(scene, scene.into, replaces: id)
        #expect(renewed.status == .created, "\(renewed.text)")
        #expect(await send(scene, .delete, own, as: stranger).status == .notFound)
        #expect(await send(scene, .delete, own, as: scene.into).status == .noContent)
    }

    @Test func `an award of either is shown and removed`() async throws {
        let scene = try await MergeScene.ofVolunteers()
        let made = await send(
            scene, .post, "me/award-records",
            """
            {"stationId": 6, "name": "优秀志愿者", "grantedOn": "2026-12-05", "grantingBody": "区文明办", "level": "county",
             "uploadId": \(try await scene.client.picture(by: scene.from).id)}
            """, as: scene.from)
        let own = "me/award-records/\(try #require(made.json["id"]?.integer, "\(made.text)"))"
        #expect(await scene.merged().status == .created)
        #expect(await send(scene, .get, "\(own)/proof", as: scene.into).status == .ok)
        #expect(await send(scene, .delete, own, as: try await scene.client.volunteer(5)).status == .notFound)
        #expect(await send(scene, .delete, own, as: scene.into).status == .noContent)
    }

    // MARK: - Teams

    @Test func `a foundation that waits founds the team of the kept volunteer`() async throws {
        let scene = try await MergeScene.ofVolunteers()
        let (gone, kept) = (try volunteer(scene, scene.from), try volunteer(scene, scene.into))
        let third = try volunteer(scene, try await scene.client.volunteer(5))
        let brigade = await send(
            scene, .post, "teams", #"{"stationId": 4, "name": "街道大队", "leaderId": \#(third), "level": "brigade"}"#,
            as: scene.admin)
        let parent = try #require(brigade.json["id"]?.integer, "\(brigade.text)")
        let proposed = await send(
            scene, .post, "team-changes",
            """
            {"kind": "found", "team": {"stationId": 6, "name": "社区小队", "leaderId": \(gone), "level": "squad",
             "parentId": \(parent)}}
            """, as: try scene.client.staff(.stationManager, at: TestClient.community))
        #expect(proposed.json["state"]?.string == "proposed", "\(proposed.text)")
        let change = try #require(proposed.json["id"]?.integer)
        #expect(await scene.merged().status == .created)
        let approved = await send(scene, .put, "team-changes/\(change)/approval", as: scene.admin)
        #expect(approved.json["state"]?.string == "applied", "\(approved.text)")
        #expect(try scene.number("SELECT leader_id FROM team WHERE parent_id = \(parent)") == kept)
        #expect(try scene.number("SELECT volunteer_id FROM team_member WHERE team_id > \(parent)") == kept)
    }
}
