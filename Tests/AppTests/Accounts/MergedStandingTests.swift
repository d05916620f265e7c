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

    // MARK: - Stars

    /// Both signed up, each for an activity that is over.
    private func served() async throws -> (scene: MergeScene, from: Int64, into: Int64) {
        let scene = try await MergeScene.ofVolunteers { $0.starMinutes = [100, 200, 300, 400, 500] }
        let first = try await scene.client.activity(by: scene.admin)
        let second = try await scene.client.activity(start: 300, by: scene.admin)
        let signUps = (try await scene.signUp(scene.from, first), try await scene.signUp(scene.into, second))
        scene.client.advance(minutes: 1_440)
        return (scene, signUps.0, signUps.1)
    }

    /// Levels that stand, in their order.
    private func stars(_ scene: MergeScene, _ person: TestClient.Person) throws -> Int64 {
        try scene.number(
            """
            SELECT group_concat(level, '') + 0 FROM (SELECT level FROM star_award
                JOIN volunteer ON volunteer.id = star_award.volunteer_id
                WHERE volunteer.account_id = \(person.account) AND revoked_at IS NULL ORDER BY level)
            """)
    }

    @Test func `stars of either stay the person's, and fall only by the minutes of both`() async throws {
        let (scene, from, into) = try await served()
        try await scene.confirm(from, minutes: 250)
        try await scene.confirm(into, minutes: 40)
        let preview = await scene.preview()
        #expect(scene.count(preview, "starAwards", "follows") == 2)
        #expect(await scene.merge(preview.json["fingerprint"]?.string).status == .created)
        let standing = await scene.get("/api/v1/me/star-level", scene.into)
        #expect(standing.json["level"]?.integer == 2)
        #expect(standing.json["awards"]?.array.compactMap { $0["level"]?.integer } == [2, 1])
        #expect(await scene.get("/api/v1/me/volunteer", scene.into).json["starLevel"]?.integer == 2)
        let record = try scene.number("SELECT min(id) FROM service_record")
        func correct(to minutes: Int) async -> Status {
            await send(
                scene, .post, "service-records/\(record)/corrections", #"{"minutes": \#(minutes), "reason": "核对后更正"}"#,
                as: scene.admin
            ).status
        }
        #expect(await correct(to: 170) == .created)
        let star = try scene.number("SELECT id FROM star_award WHERE level = 2")
        let revoked = await send(
            scene, .put, "star-awards/\(star)/revocation", #"{"reason": "时长有误"}"#, as: scene.admin)
        #expect(revoked.status == .conflict, "210 minutes of both suffice")
        #expect(await correct(to: 100) == .created)
        #expect(await scene.get("/api/v1/me/star-level", scene.into).json["level"]?.integer == 1)
    }

    @Test func `the minutes of both earn a star at the merge, which goes with its undoing`() async throws {
        let (scene, from, into) = try await served()
        for signUp in [from, into] { try await scene.confirm(signUp, minutes: 60) }
        let merge = await scene.merged()
        #expect(merge.status == .created)
        let standing = await scene.get("/api/v1/me/star-level", scene.into)
        #expect(standing.json["level"]?.integer == 1)
        #expect(standing.json["awards"]?[0]?["minutes"]?.integer == 120, "\(standing.text)")
        #expect(await scene.reverse(merge).status == .ok)
        #expect(try stars(scene, scene.into) == 0)
    }

    @Test func `after undoing, each has the stars of their own minutes`() async throws {
        let (scene, from, into) = try await served()
        try await scene.confirm(from, minutes: 100)
        let merge = await scene.merged()
        try await scene.confirm(into, minutes: 150)
        #expect(try stars(scene, scene.into) == 2, "the first one is the other row's")
        #expect(await scene.reverse(merge).status == .ok)
        #expect(try stars(scene, scene.from) == 1)
        #expect(try stars(scene, scene.into) == 1)
        #expect(try scene.number("SELECT count(*) FROM star_award WHERE revocation_reason LIKE '撤销账号合并%'") == 1)
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

    /// Three teams of a third person's.
    private func teams() async throws -> (scene: MergeScene, leader: TestClient.Person, teams: [Int64]) {
        let scene = try await MergeScene.ofVolunteers()
        let leader = try await scene.client.volunteer(5)
        var teams: [Int64] = []
        for name in ["邻里帮帮队", "河道巡护队", "夜跑护河队"] { teams.append(try await scene.team(name, ledBy: leader)) }
        return (scene, leader, teams)
    }

    private func ask(_ scene: MergeScene, _ person: TestClient.Person, _ team: Int64) async {
        let answer = await send(scene, .post, "teams/\(team)/join-requests", "{}", as: person)
        #expect(answer.status == .created, "\(answer.text)")
    }

    @Test func `nobody asks twice for a team, nor for one they are in, and undoing opens what was asked`() async throws
    {
        let (scene, leader, teams) = try await teams()
        for (person, team) in [(scene.from, teams[1]), (scene.into, teams[2])] {
            let member = try volunteer(scene, person)
            #expect(await send(scene, .put, "teams/\(team)/members/\(member)", as: scene.admin).status == .ok)
        }
        for (person, team) in [
            (scene.from, teams[0]), (scene.into, teams[0]), (scene.into, teams[1]), (scene.from, teams[2]),
        ] { await ask(scene, person, team) }
        let before = try scene.rows()
        let merge = await scene.merged()
        #expect(merge.status == .created)
        let kept = try volunteer(scene, scene.into)
        #expect(try scene.number("SELECT count(*) FROM team_join_request WHERE state = 'open'") == 1)
        #expect(try scene.number("SELECT volunteer_id FROM team_join_request WHERE state = 'open'") == kept)
        #expect(await scene.reverse(merge).status == .ok)
        #expect(try scene.rows() == before)
        #expect(await scene.merged().status == .created)
        let open = try scene.number("SELECT id FROM team_join_request WHERE state = 'open'")
        #expect(await send(scene, .put, "join-requests/\(open)/approval", as: leader).status == .ok)
        #expect(
            try scene.number("SELECT count(*) FROM team_member WHERE team_id = \(teams[0]) AND role = 'member'") == 1)
    }

    @Test func `a request that came in late for the merged-away volunteer is the kept one's`() async throws {
        let (scene, leader, teams) = try await teams()
        let (gone, kept) = (try volunteer(scene, scene.from), try volunteer(scene, scene.into))
        #expect(await scene.merged().status == .created)
        try scene.run(
            "INSERT INTO team_join_request (team_id, volunteer_id, state, created_at) VALUES (\(teams[0]), \(gone), 'open', 0)"
        )
        let late = try scene.number("SELECT max(id) FROM team_join_request")
        #expect(await send(scene, .put, "join-requests/\(late)/approval", as: leader).status == .ok)
        let member = try scene.number(
            "SELECT volunteer_id FROM team_member WHERE team_id = \(teams[0]) AND role = 'member'")
        #expect(member == kept)
    }
}
