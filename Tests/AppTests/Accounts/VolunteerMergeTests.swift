import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Merging volunteers") struct VolunteerMergeTests {
    @Test func `sign-ups, teams and orders move; records stay whole and are read together`() async throws {
        let scene = try await MergeScene.ofVolunteers()
        let past = try await scene.client.activity(by: scene.admin)
        let mine = try await scene.signUp(scene.from, past)
        let theirs = try await scene.client.activity(start: 200, by: scene.admin)
        let other = try await scene.signUp(scene.into, theirs)
        scene.client.advance(minutes: 600)
        try await scene.confirm(mine, minutes: 60)
        try await scene.confirm(other, minutes: 30)
        let ours = try scene.number("SELECT id FROM volunteer WHERE account_id = \(scene.from.account)")
        let team = await scene.client.send(
            .post, "/api/v1/teams", #"{"stationId": 6, "name": "邻里帮帮队", "leaderId": \#(ours)}"#,
            token: scene.admin.token)
        try #require(team.status == .created)
        let before = try scene.number("SELECT sum(minutes) FROM service_record")
        let preview = await scene.preview()
        #expect(scene.count(preview, "signUps", "moves") == 1)
        #expect(scene.count(preview, "serviceRecords", "follows") == 1)
        #expect(scene.count(preview, "teamsLed", "moves") == 1)
        #expect(scene.count(preview, "teamMemberships", "moves") == 1)
        #expect(scene.count(preview, "volunteers", "stays") == 1)
        let merge = await scene.merge(preview.json["fingerprint"]?.string)
        #expect(merge.status == .created)
        let records = await scene.get("/api/v1/me/service-records", scene.into)
        #expect(records.json["minutes"]?.integer == 90)
        #expect(records.json["items"]?.array.count == 2)
        let paged = await scene.get("/api/v1/me/service-records?limit=1", scene.into)
        let next = await scene.get(
            "/api/v1/me/service-records?limit=1&cursor=\(paged.json["next"]?.string ?? "")", scene.into)
        #expect(next.json["items"]?.array.count == 1)
        #expect(next.json["items"]?[0]?["id"] != paged.json["items"]?[0]?["id"])
        #expect(try scene.number("SELECT sum(minutes) FROM service_record") == before)
        let kept = try scene.number("SELECT id FROM volunteer WHERE account_id = \(scene.into.account)")
        let seen = await scene.client.send(
            .get, "/api/v1/volunteers/\(kept)/service-records", token: scene.admin.token)
        #expect(seen.json["minutes"]?.integer == 90)
        #expect(await scene.get("/api/v1/me/sign-ups", scene.into).json["items"]?.array.count == 2)
        let shown = await scene.client.send(
            .get, "/api/v1/teams/\(team.json["id"]?.integer ?? 0)", token: scene.admin.token)
        #expect(shown.json["leaderId"]?.integer == kept)
    }

    @Test func `of two sign-ups for one activity the one that got further stays in force`() async throws {
        let scene = try await MergeScene.ofVolunteers()
        let first = try await scene.client.activity(places: 5, by: scene.admin)
        let second = try await scene.client.activity(places: 5, start: 300, by: scene.admin)
        let mine = [try await scene.signUp(scene.from, first), try await scene.signUp(scene.from, second)]
        let theirs = [try await scene.signUp(scene.into, first), try await scene.signUp(scene.into, second)]
        try scene.run(
            "UPDATE sign_up SET state = 'checkedOut', checked_in_at = 1, checked_out_at = 2 WHERE id = \(mine[0])")
        let preview = await scene.preview()
        let conflicts = preview.json["signUpConflicts"]?.array ?? []
        #expect(conflicts.map { $0["keptId"]?.integer } == [mine[0], theirs[1]])
        #expect(conflicts.allSatisfy { $0["isOtherCancelled"] == .bool(true) })
        #expect(await scene.merge(preview.json["fingerprint"]?.string).status == .created)
        #expect(try scene.number("SELECT taken FROM activity_places WHERE activity_id = \(first)") == 1)
        #expect(try scene.number("SELECT taken FROM activity_places WHERE activity_id = \(second)") == 1)
        let cancelled = try scene.number(
            "SELECT count(*) FROM sign_up WHERE id IN (\(mine[1]), \(theirs[0])) AND state = 'cancelled'")
        #expect(cancelled == 2)
    }

    @Test func `of two sign-ups that both came true both remain, and both records count`() async throws {
        let scene = try await MergeScene.ofVolunteers()
        let activity = try await scene.client.activity(by: scene.admin)
        let mine = try await scene.signUp(scene.from, activity)
        let theirs = try await scene.signUp(scene.into, activity)
        scene.client.advance(minutes: 300)
        try await scene.confirm(mine, minutes: 60)
        try await scene.confirm(theirs, minutes: 45)
        let preview = await scene.preview()
        #expect(preview.json["signUpConflicts"]?[0]?["keptId"]?.integer == theirs)
        #expect(preview.json["signUpConflicts"]?[0]?["isOtherCancelled"] == .bool(false))
        #expect(scene.count(preview, "signUps", "stays") == 1)
        #expect(await scene.merge(preview.json["fingerprint"]?.string).status == .created)
        #expect(await scene.get("/api/v1/me/service-records", scene.into).json["minutes"]?.integer == 105)
    }

    @Test(arguments: SignUp.State.allCases, SignUp.State.allCases)
    func `a promise gives way to what came true, else the kept account's sign-up stays`(
        from: SignUp.State, into: SignUp.State
    ) {
        guard from != .cancelled, into != .cancelled else { return }
        let (keepsFrom, cancelsOther) = AccountMerge.settle(from: from, into: into)
        #expect(keepsFrom == (into == .signedUp && from != .signedUp))
        #expect(cancelsOther == (from == .signedUp || into == .signedUp))
    }

    @Test func `what is known of a merged-away volunteer leads staff to the kept one`() async throws {
        let scene = try await MergeScene.ofVolunteers()
        let ours = await scene.get("/api/v1/me/volunteer", scene.from).json
        let kept = try #require(await scene.get("/api/v1/me/volunteer", scene.into).json["id"]?.integer)
        #expect(await scene.merged().status == .created)
        for (field, value) in [
            ("number", ours["number"]?.string ?? ""), ("phone", "13900000001"),
            ("identityNumber", TestClient.identityNumber(1)),
        ] {
            let found = await scene.client.send(
                .post, "/api/v1/volunteer-searches", #"{"\#(field)": "\#(value)"}"#, token: scene.admin.token)
            #expect(found.json["items"]?.array.compactMap { $0["id"]?.integer } == [kept], "\(field)")
        }
        let list = await scene.client.send(.get, "/api/v1/volunteers", token: scene.admin.token)
        #expect(list.json["items"]?.array.count == 1)
    }

    @Test func `papers and records that are never changed are read together with the kept volunteer's`() async throws {
        let scene = try await MergeScene.ofVolunteers()
        let ours = try scene.number("SELECT id FROM volunteer WHERE account_id = \(scene.from.account)")
        try scene.run(
            """
            INSERT INTO training_record (volunteer_id, station_id, name, content, minutes, organiser, date, recorded_by,
                recorded_at)
            VALUES (\(ours), 6, '急救培训', '心肺复苏', 120, '红十字会', '2027-01-01', \(scene.admin.account), 0)
            """)
        let preview = await scene.preview()
        #expect(scene.count(preview, "trainingRecords", "follows") == 1)
        #expect(await scene.merge(preview.json["fingerprint"]?.string).status == .created)
        let records = await scene.get("/api/v1/me/training-records", scene.into)
        #expect(records.json["items"]?.array.count == 1, "\(records.text)")
    }

    @Test func `a star comes of the minutes of both`() async throws {
        let scene = try await MergeScene.ofVolunteers { $0.starMinutes[0] = 100 }
        let (first, second) = (
            try await scene.client.activity(by: scene.admin),
            try await scene.client.activity(start: 300, by: scene.admin)
        )
        let mine = try await scene.signUp(scene.from, first)
        let theirs = try await scene.signUp(scene.into, second)
        scene.client.advance(minutes: 600)
        try await scene.confirm(mine, minutes: 60)
        _ = await scene.merged()
        try await scene.confirm(theirs, minutes: 60)
        let stars = try scene.number(
            """
            SELECT count(*) FROM star_award JOIN volunteer ON volunteer.id = star_award.volunteer_id
            WHERE volunteer.account_id = \(scene.into.account) AND minutes = 120
            """)
        #expect(stars == 1)
    }

    @Test func `of two main teams the kept account's stays the main one, and the other is again after undoing`()
        async throws
    {
        let scene = try await MergeScene.ofVolunteers()
        _ = try await scene.team("邻里帮帮队", ledBy: scene.from)
        let kept = try await scene.team("河道巡护队", ledBy: scene.into)
        try scene.run("UPDATE team_member SET is_main = 1")
        let before = try scene.rows()
        let merge = await scene.merged()
        #expect(merge.status == .created)
        #expect(try scene.number("SELECT group_concat(team_id) + 0 FROM team_member WHERE is_main = 1") == kept)
        #expect(try scene.number("SELECT count(DISTINCT volunteer_id) FROM team_member") == 1)
        #expect(await scene.reverse(merge).status == .ok)
        #expect(try scene.rows() == before)
    }

    @Test func `whoever was merged into another is no leader, member or handler any more`() async throws {
        let scene = try await MergeScene.ofVolunteers()
        let gone = try scene.number("SELECT id FROM volunteer WHERE account_id = \(scene.from.account)")
        let team = try await scene.team("邻里帮帮队", ledBy: scene.into)
        let ticket = try await scene.ticket(scene.into)
        #expect(await scene.merged().status == .created)
        let calls: [(HTTP.Method, String, String?, Status)] = [
            (.post, "teams", #"{"stationId": 6, "name": "河道巡护队", "leaderId": \#(gone)}"#, .unprocessableContent),
            (.put, "teams/\(team)/members/\(gone)", nil, .notFound),
            (.put, "demand-tickets/\(ticket)/dispatch", #"{"volunteerId": \#(gone)}"#, .unprocessableContent),
        ]
        for (method, path, body, status) in calls {
            let answer = await scene.client.send(method, "/api/v1/\(path)", body, token: scene.admin.token)
            #expect(answer.status == status, "\(path)")
        }
    }

    @Test func `undoing after the main team was changed leaves each with one main team`() async throws {
        for chosen in [0, 1] {
            let scene = try await MergeScene.ofVolunteers()
            let teams = [
                try await scene.team("邻里帮帮队", ledBy: scene.from), try await scene.team("夜跑护河队", ledBy: scene.from),
            ]
            _ = try await scene.team("河道巡护队", ledBy: scene.into)
            let merge = await scene.merged()
            #expect(merge.status == .created)
            let choice = await scene.client.send(
                .put, "/api/v1/me/main-team", #"{"teamId": \#(teams[chosen])}"#, token: scene.into.token)
            #expect(choice.status.code < 300)
            #expect(await scene.reverse(merge).status == .ok)
            #expect(try scene.number("SELECT count(*) FROM team_member WHERE is_main = 1") == 2)
            #expect(try scene.number("SELECT count(DISTINCT volunteer_id) FROM team_member WHERE is_main = 1") == 2)
        }
    }

    @Test func `a team one leads and the other belongs to is settled first`() async throws {
        let scene = try await MergeScene.ofVolunteers()
        let team = try await scene.team("邻里帮帮队", ledBy: scene.from)
        try scene.run(
            """
            INSERT INTO team_member (team_id, volunteer_id, joined_at, role)
            SELECT \(team), id, 0, 'member' FROM volunteer WHERE account_id = \(scene.into.account)
            """)
        let preview = await scene.preview()
        #expect(preview.json["blockers"]?.array.compactMap(\.string) == ["leadsCommonTeam"])
    }

    @Test func `a merged-away volunteer is not counted a second time`() async throws {
        let scene = try await MergeScene.ofVolunteers()
        _ = await scene.merged()
        let overview = await scene.client.send(.get, "/api/v1/statistics/overview")
        #expect(overview.json["total"]?["volunteers"]?.integer == 1)
    }
}

@Suite("Undoing a merge") struct AccountMergeReversalTests {
    private func reasons(_ answer: TestClient.Answer) -> [String] {
        answer.json["reasons"]?.array.compactMap(\.string) ?? []
    }

    @Test func `everything is as it was, row for row`() async throws {
        let scene = try await MergeScene.ofVolunteers()
        await scene.link(weChat: "o1", to: scene.from)
        _ = try await scene.ticket(scene.from)
        let both = try await scene.client.activity(by: scene.admin)
        let one = try await scene.client.activity(start: 300, by: scene.admin)
        for activity in [both, one] { _ = try await scene.signUp(scene.from, activity) }
        _ = try await scene.signUp(scene.into, both)
        let before = try scene.rows()
        let merge = await scene.merged()
        #expect(try scene.rows() != before)
        let reversed = await scene.reverse(merge)
        #expect(reversed.status == .ok)
        #expect(reversed.json["changedSince"]?.integer == 0)
        #expect(reversed.json["placesLost"]?.array.isEmpty == true)
        #expect(reversed.json["merge"]?["reversalReason"]?.string == "实为两人")
        #expect(try scene.rows() == before)
        #expect(await scene.get("/api/v1/me", scene.into).status == .unauthorized, "who came in by a way that left")
        #expect(await scene.signIn(phone: "13900000001").json["account"]?["id"]?.integer == scene.from.account)
        #expect(await scene.signIn(weChat: "o1").json["account"]?["id"]?.integer == scene.from.account)
        #expect(await scene.merged().status == .created, "and it can be merged again")
    }

    @Test func `a sign-up that comes back is at the time to which its activity was moved meanwhile`() async throws {
        let scene = try await MergeScene.ofVolunteers()
        let activity = try await scene.client.activity(by: scene.admin)
        for person in [scene.from, scene.into] { _ = try await scene.signUp(person, activity) }
        let merge = await scene.merged()
        try scene.run("UPDATE activity SET starts_at = starts_at + 60, ends_at = ends_at + 60")
        #expect(await scene.reverse(merge).status == .ok)
        let timely = try scene.number(
            """
            SELECT count(*) FROM sign_up JOIN activity USING (starts_at, ends_at)
            WHERE activity.id = activity_id AND sign_up.state = 'signedUp'
            """)
        #expect(timely == 2)
    }

    @Test func `a phone and a staff name go back with it`() async throws {
        let scene = try MergeScene()
        let staff = try scene.client.staff(.dispatcher, at: TestClient.street)
        try scene.run("UPDATE account SET phone = '+8613900000077' WHERE id = \(staff.account)")
        let into = try #require(await scene.signIn(weChat: "o9").json["account"]?["id"]?.integer)
        let before = try scene.rows()
        let merge = await scene.merged(from: staff.account, into: into)
        #expect(merge.status == .created)
        #expect(await scene.reverse(merge).status == .ok)
        #expect(try scene.rows() == before)
    }

    @Test func `it is undone once, and within thirty days`() async throws {
        let scene = try MergeScene()
        let merge = await scene.merged()
        #expect(await scene.reverse(merge).status == .ok)
        let again = await scene.reverse(merge)
        #expect(again.json["type"]?.string == "/problems/reversal-forbidden")
        #expect(reasons(again) == ["alreadyReversed"])
        let other = try MergeScene()
        let late = await other.merged()
        other.client.advance(minutes: 30 * 24 * 60)
        let admin = try other.client.staff()
        #expect(await other.reverse(late, token: admin.token).status == .ok)
        let third = await other.merged()
        #expect(third.status == .unauthorized, "the administrator's session has ended meanwhile")
        let preview = await other.preview(token: admin.token)
        let fourth = await other.merge(preview.json["fingerprint"]?.string, token: admin.token)
        other.client.advance(minutes: 30 * 24 * 60 + 1)
        #expect(reasons(await other.reverse(fourth, token: try other.client.staff().token)) == ["expired"])
    }

    @Test func `a later merge is undone first`() async throws {
        let scene = try MergeScene()
        let third = try scene.client.resident(3)
        let first = await scene.merged()
        let second = await scene.merged(from: scene.into.account, into: third.account)
        #expect(reasons(await scene.reverse(first)) == ["mergedFurther"])
        #expect(await scene.reverse(second).status == .ok)
        #expect(await scene.reverse(first).status == .ok)
        #expect(await scene.signIn(phone: "13900000001").json["account"]?["id"]?.integer == scene.from.account)
    }

    @Test func `a record made since of a moved sign-up holds the merge`() async throws {
        let scene = try await MergeScene.ofVolunteers()
        let activity = try await scene.client.activity(by: scene.admin)
        let signUp = try await scene.signUp(scene.from, activity)
        let merge = await scene.merged()
        scene.client.advance(minutes: 300)
        try await scene.confirm(signUp, minutes: 60)
        let before = try scene.rows()
        #expect(reasons(await scene.reverse(merge)) == ["confirmedSince"])
        #expect(try scene.rows() == before)
    }

    @Test func `nobody is left without a way in`() async throws {
        let scene = try MergeScene()
        let from = try #require(await scene.signIn(weChat: "o9").json["account"]?["id"]?.integer)
        let merge = await scene.merged(from: from)
        let unlinked = await scene.client.send(
            .delete, "/api/v1/me/wechat-identities/wx1", token: scene.into.token)
        #expect(unlinked.status == .noContent)
        #expect(reasons(await scene.reverse(merge)) == ["noWayIn"])
    }

    @Test func `rows gone since stay gone, and a place given away is named`() async throws {
        let scene = try await MergeScene.ofVolunteers()
        let activity = try await scene.client.activity(places: 2, by: scene.admin)
        let mine = try await scene.signUp(scene.from, activity)
        _ = try await scene.signUp(scene.into, activity)
        _ = try await scene.team("邻里帮帮队", ledBy: scene.from)
        let merge = await scene.merged()
        let other = try await scene.client.volunteer(5)
        _ = try await scene.signUp(other, activity)
        try scene.run("DELETE FROM team_member")
        let reversed = await scene.reverse(merge)
        #expect(reversed.status == .ok)
        #expect(reversed.json["changedSince"]?.integer == 1)
        #expect(reversed.json["placesLost"]?.array.compactMap(\.integer) == [mine])
        #expect(try scene.number("SELECT taken FROM activity_places WHERE activity_id = \(activity)") == 2)
    }
}
