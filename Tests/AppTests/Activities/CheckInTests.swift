import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Check-in and hours") struct CheckInTests {
    @Test func `hours are earned between check-in and check-out`() async throws {
        let scene = try await CheckInScene()
        scene.client.advance(minutes: 50)
        #expect(await scene.check("in", scene.code()).json["state"]?.string == "checkedIn")
        scene.client.advance(minutes: 125)
        #expect(await scene.check("out", scene.code()).json["state"]?.string == "checkedOut")
        let record = await scene.confirm(#"{"minutes": 120}"#)
        #expect(record.status == .ok)
        #expect(record.json["evidence"]?.string == "checkedInAndOut")
        for field in ["activityName", "date", "place", "content", "organiser", "personInCharge"] {
            #expect(record.json[field]?.string?.isEmpty == false, "民政部令67 art. 7 asks for \(field)")
        }
        let mine = await scene.client.send(.get, "/api/v1/me/service-records", token: scene.person.token)
        #expect(mine.json["minutes"]?.integer == 120)
        #expect(await scene.confirm(#"{"minutes": 120}"#).json["id"] == record.json["id"])
    }

    @Test func `too early, twice and too late are told apart`() async throws {
        let scene = try await CheckInScene()
        let early = await scene.check("in", scene.code())
        #expect(early.status == .conflict)
        #expect(early.json["reasons"]?[0]?.string == "tooEarly")
        #expect(await scene.check("out", scene.code()).json["reasons"]?[0]?.string == "notCheckedIn")
        scene.client.advance(minutes: 40)
        #expect(await scene.check("in", scene.code()).status == .ok)
        #expect(await scene.check("in", scene.code()).status == .ok, "the same check-in again is success")
        scene.client.advance(minutes: 60 * 24)
        #expect(await scene.check("out", scene.code()).json["reasons"]?[0]?.string == "tooLate")
    }

    @Test func `a code of two minutes ago is worth nothing and tries are counted`() async throws {
        let scene = try await CheckInScene()
        scene.client.advance(minutes: 45)
        let old = await scene.code()
        scene.client.advance(minutes: 2)
        for _ in 0..<ActivityRules.codeTries {
            #expect(await scene.check("in", old).status == .unprocessableContent)
        }
        let locked = await scene.check("in", scene.code())
        #expect(locked.json["type"]?.string == "/problems/check-in-locked")
        #expect(locked.status == .conflict && locked.json["state"]?.string == "signedUp")
        #expect(locked.value(of: .retryAfter) == nil, "no waiting ends it")
        #expect(await scene.confirm(#"{"minutes": 60, "reason": "负责人证明"}"#).status == .conflict, "before the start")
        scene.client.advance(minutes: 20)
        #expect(await scene.confirm(#"{"minutes": 60, "reason": "负责人证明"}"#).status == .ok)
    }

    @Test func `the audit log tells a check-in with a wrong code from one that was done`() async throws {
        let scene = try await CheckInScene()
        scene.client.advance(minutes: 45)
        let wrong = await scene.code() == "000000" ? "000001" : "000000"
        #expect(await scene.check("in", wrong).status == .unprocessableContent)
        #expect(await scene.check("in", scene.code()).status == .ok)
        #expect(await scene.check("out", wrong).status == .unprocessableContent)
        let auditor = try scene.client.staff(.auditor)
        let log = await scene.client.send(
            .get, "/api/v1/audit-entries?accountId=\(scene.person.account)&limit=3", token: auditor.token)
        let rows = log.json["items"]?.array ?? []
        #expect(rows.compactMap { $0["operation"]?.string } == ["checkOut", "checkIn", "checkIn"])
        #expect(rows.compactMap { $0["outcome"]?.string } == ["refused", "done", "refused"])
        #expect(try scene.client.services.writer.writeAndWait { try AuditChain.faults(in: $0) } == [])
    }

    @Test func `signing up again brings no new tries`() async throws {
        var scene = try await CheckInScene()
        scene.client.advance(minutes: 45)
        let wrong = await scene.code() == "000000" ? "000001" : "000000"
        for _ in 0..<ActivityRules.codeTries {
            #expect(await scene.check("in", wrong).status == .unprocessableContent)
        }
        _ = await scene.client.send(
            .put, "/api/v1/sign-ups/\(scene.signUp)/cancellation", "{}", token: scene.person.token)
        try await scene.signUpAgain()
        #expect(await scene.check("in", scene.code()).json["type"]?.string == "/problems/check-in-locked")
    }

    @Test func `a record of an activity of many days bears the day of check-in, or else the first`() async throws {
        let scene = try await CheckInScene()
        // From 00:10 on the second of March to the fifth.
        let draft = TestClient.activityDraft(from: scene.client.now + 910 * 60)
            .replacing((scene.client.now + 1_030 * 60).description, with: (scene.client.now + 5_000 * 60).description)
        let early = try await scene.another(draft)
        scene.client.advance(minutes: 890)
        #expect(await early.check("in", early.code()).status == .ok, "ten minutes to midnight")
        let late = try await early.joined(by: scene.client.volunteer(2))
        let absent = try await early.joined(by: scene.client.volunteer(3))
        scene.client.advance(minutes: 2 * 24 * 60)
        #expect(await late.check("in", late.code()).status == .ok)
        for (scene, date) in [(early, "2027-03-02"), (late, "2027-03-03"), (absent, "2027-03-02")] {
            let record = await scene.confirm(#"{"minutes": 60, "reason": "负责人证明"}"#)
            #expect(record.json["date"]?.string == date, "\(record.text)")
        }
    }

    @Test func `minutes beyond presence need a reason and are marked as entered by hand`() async throws {
        let scene = try await CheckInScene()
        scene.client.advance(minutes: 65)
        let refused = await scene.confirm(#"{"minutes": 60}"#)
        #expect(refused.status == .unprocessableContent)
        #expect(refused.json["errors"]?[0]?["pointer"]?.string == "/reason")
        let record = await scene.confirm(#"{"minutes": 60, "reason": "现场设备故障，负责人证明"}"#)
        #expect(record.json["evidence"]?.string == "byHand")
    }

    @Test func `whoever is there when an activity is called off leaves, and the time so far counts`() async throws {
        let scene = try await CheckInScene()
        scene.client.advance(minutes: 60)
        #expect(await scene.check("in", scene.code()).status == .ok)
        scene.client.advance(minutes: 30)
        let cancelled = await scene.client.send(
            .put, "/api/v1/activities/\(scene.activity)/cancellation", #"{"reason": "暴雨预警"}"#,
            token: scene.manager.token)
        #expect(cancelled.json["taken"]?.integer == 1)
        let mine = await scene.client.send(.get, "/api/v1/me/sign-ups", token: scene.person.token)
        #expect(mine.json["items"]?[0]?["state"]?.string == "checkedOut")
        #expect(await scene.confirm(#"{"minutes": 90}"#).status == .unprocessableContent)
        #expect(await scene.confirm(#"{"minutes": 30}"#).json["evidence"]?.string == "checkedInAndOut")
    }

    @Test func `minutes of an activity called off before anybody came are confirmed to nobody`() async throws {
        let scene = try await CheckInScene()
        _ = await scene.client.send(
            .put, "/api/v1/activities/\(scene.activity)/cancellation", #"{"reason": "暴雨预警"}"#,
            token: scene.manager.token)
        scene.client.advance(minutes: 90)
        #expect(await scene.confirm(#"{"minutes": 30, "reason": "到过"}"#).status == .conflict)
    }

    @Test func `staff neither confirm nor correct minutes of their own`() async throws {
        let scene = try await CheckInScene()
        scene.client.advance(minutes: 90)
        try scene.client.promote(scene.person, .stationManager, at: TestClient.street)
        let body = #"{"minutes": 60, "reason": "现场核对"}"#
        let confirmed = await scene.client.send(
            .put, "/api/v1/sign-ups/\(scene.signUp)/confirmation", body, token: scene.person.token)
        let record = try #require(await scene.confirm(body).json["id"]?.integer)
        let corrected = await scene.client.send(
            .post, "/api/v1/service-records/\(record)/corrections", #"{"minutes": 600, "reason": "核对后更正"}"#,
            token: scene.person.token)
        for answer in [confirmed, corrected] {
            #expect(answer.status == .forbidden)
            #expect(answer.json["type"]?.string == "/problems/own-case")
        }
    }

    @Test func `a correction is a row of its own and the first stays`() async throws {
        let scene = try await CheckInScene()
        scene.client.advance(minutes: 65)
        let first = await scene.confirm(#"{"minutes": 60, "reason": "负责人证明"}"#)
        let id = try #require(first.json["id"]?.integer)
        let path = "/api/v1/service-records/\(id)/corrections"
        let fixed = await scene.client.send(
            .post, path, #"{"minutes": 45, "reason": "核对后更正"}"#, token: scene.manager.token)
        #expect(fixed.status == .created)
        #expect(fixed.json["minutes"]?.integer == -15)
        let mine = await scene.client.send(.get, "/api/v1/me/service-records", token: scene.person.token)
        #expect(mine.json["minutes"]?.integer == 45)
        #expect(mine.json["items"]?.array.count == 2)
        let stranger = try scene.client.staff(.stationManager, at: TestClient.otherStreet)
        #expect(
            await scene.client.send(.post, path, #"{"minutes": 1, "reason": "越权"}"#, token: stranger.token).status
                == .forbidden)
    }

    @Test func `the ledger refuses to be changed even by SQL`() async throws {
        let scene = try await CheckInScene()
        scene.client.advance(minutes: 65)
        _ = await scene.confirm(#"{"minutes": 60, "reason": "负责人证明"}"#)
        #expect(throws: (any Error).self) {
            try scene.client.services.writer.writeAndWait { try $0.run("UPDATE service_record SET minutes = 600") }
        }
        #expect(throws: (any Error).self) {
            try scene.client.services.writer.writeAndWait { try $0.run("DELETE FROM service_record") }
        }
    }

    @Test func `somebody who did not come is marked absent from the start on and earns nothing`() async throws {
        let scene = try await CheckInScene()
        #expect(await scene.markAbsent().status == .conflict)
        scene.client.advance(minutes: 90)
        #expect(await scene.markAbsent().status == .ok)
        #expect(await scene.markAbsent().status == .ok)
        let mine = await scene.client.send(.get, "/api/v1/me/service-records", token: scene.person.token)
        #expect(mine.json["minutes"]?.integer == 0)
    }

    @Test func `whoever was marked absent and comes late checks in, in the place they kept`() async throws {
        let scene = try await CheckInScene()
        scene.client.advance(minutes: 61)
        #expect(await scene.markAbsent().status == .ok)
        #expect(await scene.check("out", scene.code()).json["reasons"]?.array == [.string("notCheckedIn")])
        let seen = await scene.client.send(.get, "/api/v1/activities/\(scene.activity)", token: scene.person.token)
        #expect(seen.json["viewer"]?["allowedActions"]?.array == [.string("checkIn")])
        #expect(await scene.check("in", scene.code()).json["state"]?.string == "checkedIn")
        let after = await scene.client.send(.get, "/api/v1/activities/\(scene.activity)")
        #expect(after.json["taken"]?.integer == 1)
        scene.client.advance(minutes: 100)
        #expect(await scene.check("out", scene.code()).status == .ok)
        #expect(await scene.confirm(#"{"minutes": 100}"#).json["evidence"]?.string == "checkedInAndOut")
    }

    @Test func `an absence noted by mistake gives way to minutes by hand, with their reason`() async throws {
        let scene = try await CheckInScene()
        scene.client.advance(minutes: 200)
        #expect(await scene.markAbsent().status == .ok)
        #expect(await scene.check("in", scene.code()).json["reasons"]?.array == [.string("tooLate")])
        let bare = await scene.confirm(#"{"minutes": 60}"#)
        #expect(bare.json["errors"]?[0]?["pointer"]?.string == "/reason")
        let record = await scene.confirm(#"{"minutes": 60, "reason": "点名有误，负责人证明"}"#)
        #expect(record.json["evidence"]?.string == "byHand")
        #expect(await scene.state() == "confirmed")
        #expect(await scene.markAbsent().status == .conflict)
    }

    @Test func `each state says for itself why nobody checks in or out from it`() async throws {
        let scene = try await CheckInScene()
        scene.client.advance(minutes: 60)
        _ = await scene.check("in", scene.code())
        scene.client.advance(minutes: 30)
        _ = await scene.check("out", scene.code())
        #expect(await scene.check("in", scene.code()).json["reasons"]?.array == [.string("alreadyCheckedOut")])
        _ = await scene.confirm(#"{"minutes": 30}"#)
        for direction in ["in", "out"] {
            let refused = await scene.check(direction, scene.code())
            #expect(refused.json["reasons"]?.array == [.string("alreadyConfirmed")])
        }
        let next = try await scene.another(start: 120)
        _ = await next.client.send(
            .put, "/api/v1/sign-ups/\(next.signUp)/cancellation", "{}", token: next.person.token)
        for direction in ["in", "out"] {
            let refused = await next.check(direction, next.code())
            #expect(refused.json["reasons"]?.array == [.string("signUpCancelled")])
        }
    }
}
