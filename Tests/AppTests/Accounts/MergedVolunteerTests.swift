import App
import HTTP
import SQLite
import Support
import Testing

@Suite("What a merged-away volunteer left behind") struct MergedVolunteerTests {
    /// Two volunteers who came to one activity and were merged: each sign-up stays with its own.
    private func merged() async throws -> (scene: MergeScene, gone: Int64, kept: Int64) {
        let scene = try await MergeScene.ofVolunteers { $0.starMinutes[0] = 100 }
        let activity = try await scene.client.activity(by: scene.admin)
        let gone = try await scene.signUp(scene.from, activity)
        let kept = try await scene.signUp(scene.into, activity)
        scene.client.advance(minutes: 300)
        try scene.run("UPDATE sign_up SET state = 'checkedOut', checked_in_at = created_at")
        #expect(await scene.merged().status == .created)
        return (scene, gone, kept)
    }

    private func confirm(_ signUp: Int64, _ scene: MergeScene, by token: String) async -> TestClient.Answer {
        await scene.client.send(
            .put, "/api/v1/sign-ups/\(signUp)/confirmation", #"{"minutes": 60, "reason": "现场核对名单"}"#, token: token)
    }

    private func correct(
        _ record: Int64, to minutes: Int, _ scene: MergeScene, by token: String
    ) async -> TestClient.Answer {
        await scene.client.send(
            .post, "/api/v1/service-records/\(record)/corrections", #"{"minutes": \#(minutes), "reason": "核对后更正"}"#,
            token: token)
    }

    @Test func `staff decide nothing about who they were before the merge`() async throws {
        let (scene, gone, kept) = try await merged()
        try scene.client.promote(scene.into, .stationManager)
        for signUp in [gone, kept] {
            let refused = await confirm(signUp, scene, by: scene.into.token)
            #expect(refused.status == .forbidden)
            #expect(refused.json["type"]?.string == "/problems/own-case")
        }
        let confirmed = await confirm(gone, scene, by: scene.admin.token)
        let record = try #require(confirmed.json["id"]?.integer)
        let corrected = await correct(record, to: 600, scene, by: scene.into.token)
        #expect(corrected.json["type"]?.string == "/problems/own-case")
        #expect(await correct(record, to: 90, scene, by: scene.admin.token).status == .created)
    }

    @Test func `nor withdraw what was recorded of who they were`() async throws {
        let scene = try await MergeScene.ofVolunteers()
        let volunteer = try scene.number("SELECT id FROM volunteer WHERE account_id = \(scene.from.account)")
        let drafts = [
            ("training-records", #""content": "心肺复苏", "minutes": 180, "organiser": "市红十字会", "date": "2027-02-20""#),
            ("award-records", #""grantedOn": "2027-02-28""#),
        ]
        var records: [String] = []
        for (path, members) in drafts {
            let made = await scene.client.send(
                .post, "/api/v1/\(path)",
                #"{"stationId": 6, "name": "急救先锋", \#(members), "volunteerIds": [\#(volunteer)]}"#,
                token: scene.admin.token)
            let record = try #require(made.json["items"]?[0]?["recordId"]?.integer, "\(made.text)")
            records.append("/api/v1/\(path)/\(record)/withdrawal")
        }
        #expect(await scene.merged().status == .created)
        try scene.client.promote(scene.into, .stationManager)
        for path in records {
            let own = await scene.client.send(.put, path, #"{"reason": "记录有误"}"#, token: scene.into.token)
            #expect(own.json["type"]?.string == "/problems/own-case", "\(own.text)")
            let other = await scene.client.send(.put, path, #"{"reason": "记录有误"}"#, token: scene.admin.token)
            #expect(other.status == .ok)
        }
    }

    @Test func `a training or an award is recorded once of one person, by either number`() async throws {
        let scene = try await MergeScene.ofVolunteers()
        let gone = try scene.number("SELECT id FROM volunteer WHERE account_id = \(scene.from.account)")
        let kept = try scene.number("SELECT id FROM volunteer WHERE account_id = \(scene.into.account)")
        func record(_ path: String, _ name: String, of volunteers: [Int64]) async -> [String?] {
            let members =
                path == "award-records"
                ? #""grantedOn": "2027-02-28""#
                : #""content": "心肺复苏", "minutes": 180, "organiser": "市红十字会", "date": "2027-02-20""#
            let made = await scene.client.send(
                .post, "/api/v1/\(path)",
                #"{"stationId": 6, "name": "\#(name)", \#(members), "volunteerIds": \#(volunteers)}"#,
                token: scene.admin.token)
            return made.json["items"]?.array.map { $0["outcome"]?.string } ?? [made.text]
        }
        let paths = ["training-records", "award-records"]
        for path in paths { #expect(await record(path, "急救先锋", of: [gone]) == ["recorded"]) }
        #expect(await scene.merged().status == .created)
        for path in paths {
            #expect(await record(path, "急救先锋", of: [kept]) == ["alreadyRecorded"], "before the merge")
            #expect(await record(path, "月度之星", of: [gone, kept]) == ["recorded", "alreadyRecorded"])
        }
        let rows = try scene.number("SELECT count(*) FROM training_record WHERE volunteer_id = \(kept)")
        #expect(rows == 1, "what is recorded from now on is the kept one's")
    }

    @Test func `a mark or a team of who was merged away is nobody's to give, and a list means the kept one`()
        async throws
    {
        let scene = try await MergeScene.ofVolunteers()
        let gone = try scene.number("SELECT id FROM volunteer WHERE account_id = \(scene.from.account)")
        let number = try #require(
            await scene.get("/api/v1/me/volunteer", scene.from).json["number"]?.string)
        #expect(await scene.merged().status == .created)
        let mark = await scene.client.send(
            .put, "/api/v1/volunteers/\(gone)/practice-status",
            #"{"isPracticeVolunteer": true, "stationId": 6, "reason": "站点骨干"}"#, token: scene.admin.token)
        #expect(mark.status == .notFound)
        let teams = try scene.client.importing(
            TeamImporter(limits: Configuration().teamLimits),
            "stationCode,name,leaderNumber\n510104020007,邻里队,\(number)\n")
        #expect(teams.record.created == 1, "\(teams.problems)")
        let own = await scene.get("/api/v1/me/teams", scene.into)
        #expect(own.json["items"]?[0]?["role"]?.string == "leader")
    }

    @Test func `minutes of either come to the stars of the kept one, and a correction takes them`() async throws {
        let (scene, gone, kept) = try await merged()
        #expect(await confirm(kept, scene, by: scene.admin.token).status == .ok)
        #expect(await scene.get("/api/v1/me/star-level", scene.into).json["level"]?.integer == 0)
        let record = try #require(await confirm(gone, scene, by: scene.admin.token).json["id"]?.integer)
        let star = await scene.get("/api/v1/me/star-level", scene.into)
        #expect(star.json["level"]?.integer == 1)
        #expect(star.json["awards"]?[0]?["minutes"]?.integer == 120)
        #expect(await correct(record, to: 10, scene, by: scene.admin.token).status == .created)
        #expect(await scene.get("/api/v1/me/star-level", scene.into).json["level"]?.integer == 0)
        #expect(try scene.number("SELECT count(*) FROM star_award") == 1)
    }
}
