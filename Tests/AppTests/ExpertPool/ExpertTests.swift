import App
import HTTP
import SQLite
import Support
import Testing

@Suite("The pool of experts") struct ExpertTests {
    private struct Scene {
        var client: TestClient
        var expert: TestClient.Person
        var id: Int64
        var manager: TestClient.Person
        var stranger: TestClient.Person

        func list(_ json: String, as person: TestClient.Person? = nil, match: String = "*") async -> TestClient.Answer {
            await client.send(
                .put, "/api/v1/me/expert-listing", json, token: (person ?? expert).token,
                fields: [("If-Match", match)])
        }

        func found(_ query: String = "", as staff: TestClient.Person? = nil) async -> Int? {
            let answer = await client.send(.get, "/api/v1/experts\(query)", token: (staff ?? manager).token)
            return answer.status == .ok ? answer.json["items"]?.array.count : nil
        }

        func invite(_ station: Int64 = TestClient.community, as staff: TestClient.Person? = nil, days: Int64 = 7) async
            -> TestClient.Answer
        {
            await client.send(
                .post, "/api/v1/experts/\(id)/invitations",
                """
                {"stationId": \(station), "message": "请来讲一堂健康课", "wishedAt": "\(client.now + days * 86_400)"}
                """, token: (staff ?? manager).token)
        }

        func move(_ id: Int64, _ step: String, _ json: String? = nil, as person: TestClient.Person) async
            -> TestClient.Answer
        {
            await client.send(.put, "/api/v1/expert-invitations/\(id)/\(step)", json, token: person.token)
        }
    }

    private static let listing = """
        {"consents": true, "fields": ["medical", "education"], "introduction": "退休心内科医师，电话13900000001，擅长健康讲座",
         "isRetired": true, "stationIds": [4]}
        """

    private func scene(isListed: Bool = true) async throws -> Scene {
        let client = try TestClient()
        try client.stations()
        let expert = try await client.volunteer()
        let scene = Scene(
            client: client, expert: expert, id: try await client.volunteerID(of: expert),
            manager: try client.staff(.stationManager, at: TestClient.street),
            stranger: try client.staff(.stationManager, at: TestClient.otherStreet))
        if isListed { #expect(await scene.list(Self.listing).status == .ok) }
        return scene
    }

    @Test func `nobody is listed without consent, and it can be taken back at any time`() async throws {
        let scene = try await scene(isListed: false)
        let before = await scene.client.send(.get, "/api/v1/me/expert-listing", token: scene.expert.token)
        #expect(before.json["isListed"] == .bool(false))
        #expect(
            await scene.list(Self.listing.replacing("true, \"fields\"", with: "false, \"fields\"")).status
                == .unprocessableContent)
        #expect(await scene.found() == 0)
        let tag = try #require(before.value(of: .etag))
        #expect(await scene.list(Self.listing, match: tag).json["consentedAt"]?.string != nil)
        #expect(await scene.list(Self.listing, match: tag).status == .preconditionFailed)
        #expect(await scene.found() == 1)
        let path = "/api/v1/me/expert-listing"
        func withdraw(_ tag: String?) async -> Status {
            let fields = tag.map { [("If-Match", $0)] } ?? []
            return await scene.client.send(.delete, path, token: scene.expert.token, fields: fields).status
        }
        let listed = await scene.client.send(.get, path, token: scene.expert.token).value(of: .etag)
        #expect(await withdraw(tag) == .preconditionFailed, "another version was listed since")
        #expect(await scene.found() == 1)
        #expect(await withdraw(listed) == .noContent)
        #expect(await withdraw(listed) == .noContent, "what is done already is answered as before")
        #expect(await withdraw(nil) == .noContent)
        #expect(await scene.found() == 0)
        #expect(await scene.found("?q=%E5%81%A5%E5%BA%B7") == 0)
        let after = await scene.client.send(.get, path, token: scene.expert.token)
        #expect(after.json["introduction"] == .null)
        #expect(after.json["fields"]?.array.isEmpty == true)
        #expect(await scene.list(Self.listing).json["isListed"] == .bool(true), "and may come back")
    }

    @Test(arguments: [
        (#"{"consents": true, "fields": [], "introduction": "医师", "isRetired": true, "stationIds": [4]}"#, "/fields"),
        (
            #"{"consents": true, "fields": ["arts"], "introduction": "", "isRetired": true, "stationIds": [4]}"#,
            "/introduction"
        ),
        (
            #"{"consents": true, "fields": ["arts"], "introduction": "画家", "isRetired": true, "stationIds": []}"#,
            "/stationIds"
        ),
        (
            #"{"consents": true, "fields": ["arts"], "introduction": "画家", "isRetired": true, "stationIds": [99]}"#,
            "/stationIds/0"
        ),
    ])
    func `a listing says what, and where`(json: String, pointer: String) async throws {
        let answer = await (try await scene(isListed: false)).list(json)
        #expect(answer.status == .unprocessableContent)
        #expect(answer.json["errors"]?[0]?["pointer"]?.string == pointer)
    }

    @Test func `a minor is not listed`() async throws {
        let scene = try await scene(isListed: false)
        try scene.client.services.writer.writeAndWait { db in
            try db.run("UPDATE volunteer SET birth_date = '2009-03-02' WHERE id = \(scene.id)")
        }
        #expect(await scene.list(Self.listing).json["reasons"]?[0]?.string == "tooYoung")
        scene.client.advance(minutes: 24 * 60)
        #expect(await scene.list(Self.listing).status == .ok, "on the eighteenth birthday")
    }

    @Test func `experts are found by field, words, place and time`() async throws {
        let scene = try await scene()
        _ = await scene.client.send(
            .put, "/api/v1/me/profile",
            #"{"languages": ["cmn"], "availability": [{"weekday": 3, "fromMinute": 540, "toMinute": 720}]}"#,
            token: scene.expert.token, fields: [("If-Match", "*")])
        #expect(await scene.found("?field=medical") == 1)
        #expect(await scene.found("?field=legal") == 0)
        #expect(await scene.found("?q=\(TestClient.escaped("健康讲座"))") == 1)
        #expect(await scene.found("?q=\(TestClient.escaped("法律"))") == 0)
        #expect(await scene.found("?q=13900000001") == 0, "a hidden number finds nobody")
        #expect(await scene.found("?stationId=6") == 1, "whoever serves a street serves its communities")
        #expect(await scene.found("?weekday=3") == 1)
        #expect(await scene.found("?weekday=4") == 0)
        #expect(await scene.found("?weekday=3&fromMinute=600&toMinute=660") == 1)
        #expect(await scene.found("?weekday=3&fromMinute=600&toMinute=721") == 0)
        for query in ["?fromMinute=1", "?weekday=3&fromMinute=1", "?weekday=3&fromMinute=9&toMinute=9", "?weekday=8"] {
            let answer = await scene.client.send(.get, "/api/v1/experts\(query)", token: scene.manager.token)
            #expect(answer.status == .badRequest, "\(query)")
        }
    }

    @Test func `experts are found only by the staff of the places they serve`() async throws {
        let scene = try await scene()
        #expect(await scene.found("", as: scene.stranger) == 0)
        #expect(await scene.found("?stationId=4", as: scene.stranger) == nil)
        #expect(await scene.found("", as: try scene.client.staff(.stationManager, at: TestClient.district)) == 1)
        #expect(await scene.found("", as: try scene.client.staff(.stationManager, at: TestClient.community)) == 1)
        #expect(await scene.found("", as: try scene.client.staff()) == 1)
        #expect(await scene.found("?stationId=99", as: try scene.client.staff()) == nil)
        #expect(await scene.found("", as: scene.expert) == nil)
    }

    @Test func `a search shows no phone, no birth date and no whole name`() async throws {
        let scene = try await scene()
        let answer = await scene.client.send(.get, "/api/v1/experts", token: scene.manager.token)
        let expert = answer.json["items"]?[0]
        #expect(expert?["name"]?.string == "李*愿")
        #expect(expert?["ageBand"]?.string == "thirties")
        #expect(expert?["introduction"]?.string == "退休心内科医师，电话13*********，擅长健康讲座")
        #expect(!answer.text.contains("1990") && !answer.text.contains("00000001"))
    }

    @Test func `invited, accepted: then the inviter alone sees the phone, and leaves a trace`() async throws {
        let scene = try await scene()
        let made = await scene.invite()
        #expect(made.status == .created, "\(made.text)")
        let id = try #require(made.json["id"]?.integer)
        let view = "/api/v1/expert-invitations/\(id)/phone-views"
        #expect(await scene.client.send(.post, view, token: scene.manager.token).status == .conflict)
        let mine = await scene.client.send(
            .get, "/api/v1/me/expert-invitations?state=invited", token: scene.expert.token)
        #expect(mine.json["items"]?[0]?["stationName"]?.string == "总府路社区新时代文明实践站")
        let other = try await scene.client.volunteer(2)
        #expect(await scene.move(id, "acceptance", as: other).status == .notFound)
        #expect(await scene.move(id, "acceptance", as: scene.expert).json["state"]?.string == "accepted")
        #expect(await scene.move(id, "acceptance", as: scene.expert).status == .ok)
        let seen = await scene.client.send(.post, view, token: scene.manager.token)
        #expect(seen.json["phone"]?.string == "+8613900000001")
        #expect(try scene.client.audited("viewExpertPhone") == ["volunteers/\(scene.id) expert invitation \(id)"])
        #expect(await scene.client.send(.post, view, token: scene.stranger.token).status == .forbidden)
        let colleague = try scene.client.staff(.stationManager, at: TestClient.street)
        #expect(await scene.client.send(.post, view, token: colleague.token).status == .forbidden)
        let ours = await scene.client.send(.get, "/api/v1/expert-invitations", token: colleague.token)
        #expect(ours.json["items"]?.array.count == 1)
        let theirs = await scene.client.send(.get, "/api/v1/expert-invitations", token: scene.stranger.token)
        #expect(theirs.json["items"]?.array.isEmpty == true)
        // The session shall outlive the right to see the phone.
        try scene.client.services.writer.writeAndWait { db in
            let far = db.now + ExpertRules.phoneSeconds * 3
            try db.run("UPDATE session SET expires_at = \(far), idle_seconds = \(ExpertRules.phoneSeconds * 3)")
        }
        scene.client.services.sessions.advance()
        scene.client.advance(minutes: (7 * 86_400 + ExpertRules.phoneSeconds) / 60)
        #expect(await scene.client.send(.post, view, token: scene.manager.token).status == .created)
        scene.client.advance(minutes: 1)
        #expect(await scene.client.send(.post, view, token: scene.manager.token).status == .conflict)
    }

    @Test func `an expert declines, a station withdraws, and neither is undone`() async throws {
        let scene = try await scene()
        let first = try #require(await scene.invite().json["id"]?.integer)
        #expect(await scene.invite().json["reasons"]?[0]?.string == "alreadyInvited")
        let declined = await scene.move(first, "declination", #"{"reason": "近期外出"}"#, as: scene.expert)
        #expect(declined.json["state"]?.string == "declined")
        #expect(await scene.move(first, "acceptance", as: scene.expert).json["state"]?.string == "declined")
        #expect(await scene.move(first, "declination", "{}", as: scene.expert).status == .ok)
        let second = try #require(await scene.invite().json["id"]?.integer)
        let reason = #"{"reason": "活动取消"}"#
        #expect(await scene.move(second, "withdrawal", reason, as: scene.stranger).status == .forbidden)
        #expect(await scene.move(second, "withdrawal", reason, as: scene.manager).json["state"]?.string == "withdrawn")
        #expect(await scene.move(second, "withdrawal", reason, as: scene.manager).status == .ok)
        #expect(await scene.move(second, "declination", "{}", as: scene.expert).status == .conflict)
    }

    @Test func `accepted and withdrawn at once: the station has the last word`() async throws {
        let scene = try await scene()
        let id = try #require(await scene.invite().json["id"]?.integer)
        async let accepted = scene.move(id, "acceptance", as: scene.expert)
        async let withdrawn = scene.move(id, "withdrawal", #"{"reason": "活动取消"}"#, as: scene.manager)
        #expect(await withdrawn.status == .ok)
        #expect([Status.ok, .conflict].contains(await accepted.status))
        let listed = await scene.client.send(.get, "/api/v1/me/expert-invitations", token: scene.expert.token)
        #expect(listed.json["items"]?[0]?["state"]?.string == "withdrawn")
    }

    @Test func `an invitation ends unanswered, with the time it was for at the latest`() async throws {
        let scene = try await scene()
        let id = try #require(await scene.invite(days: 2).json["id"]?.integer)
        scene.client.advance(minutes: 2 * 24 * 60)
        #expect(await scene.move(id, "acceptance", as: scene.expert).json["state"]?.string == "expired")
        let open = await scene.client.send(
            .get, "/api/v1/me/expert-invitations?state=invited", token: scene.expert.token)
        #expect(open.json["items"]?.array.isEmpty == true)
        for _ in 1...2 {
            let ended = await scene.client.send(
                .get, "/api/v1/me/expert-invitations?state=expired", token: scene.expert.token)
            #expect(ended.json["items"]?.array.count == 1, "before and after housekeeping")
            let services = scene.client.services
            _ = try ExpertInvitation.housekeeping.run(services.writer, services.configuration)
        }
        let renewed = try scene.client.staff(.stationManager, at: TestClient.street)
        #expect(await scene.invite(as: renewed).status == .created)
    }

    @Test func `invitations are bounded for the expert and for the station's day`() async throws {
        let scene = try await scene()
        #expect(await scene.invite(days: -1).status == .unprocessableContent)
        #expect(await scene.invite(days: 367).status == .unprocessableContent)
        #expect(await scene.invite(TestClient.otherCommunity, as: scene.stranger).status == .notFound)
        #expect(await scene.invite(TestClient.otherCommunity).status == .forbidden)
        for _ in 0..<ExpertRules.perStationAndDayMax {
            let id = try #require(await scene.invite().json["id"]?.integer)
            _ = await scene.move(id, "declination", "{}", as: scene.expert)
        }
        #expect(await scene.invite().json["reasons"]?[0]?.string == "stationInvitedManyToday")
        #expect(await scene.invite(TestClient.street).status == .created)
        try scene.client.services.writer.writeAndWait { db in
            for station in [1, 2, 3, 5] {
                try db.run(
                    """
                    INSERT INTO expert_invitation (volunteer_id, station_id, invited_by, message, wished_at, state,
                        created_at, expires_at)
                    VALUES (\(scene.id), \(station), 1, '请来', \(db.now + 86_400), 'invited', \(db.now), \(db.now + 86_400))
                    """)
            }
        }
        let administrator = try scene.client.staff()
        let full = await scene.invite(TestClient.community, as: administrator)
        #expect(full.json["reasons"]?[0]?.string == "expertHasManyInvitations")
    }

    @Test func `leaving the pool declines what is to come`() async throws {
        let scene = try await scene()
        let id = try #require(await scene.invite().json["id"]?.integer)
        _ = await scene.move(id, "acceptance", as: scene.expert)
        _ = await scene.client.send(.delete, "/api/v1/me/expert-listing", token: scene.expert.token)
        let listed = await scene.client.send(.get, "/api/v1/expert-invitations", token: scene.manager.token)
        #expect(listed.json["items"]?[0]?["state"]?.string == "declined")
        let view = "/api/v1/expert-invitations/\(id)/phone-views"
        #expect(await scene.client.send(.post, view, token: scene.manager.token).status == .conflict)
        #expect(await scene.invite().status == .notFound)
    }

    @Test(arguments: [(18, Expert.AgeBand.under30), (30, .thirties), (69, .sixties), (80, .eightyAndOver)])
    func `ages are told in bands`(age: Int, band: Expert.AgeBand) {
        #expect(ExpertRules.band(age) == band)
    }
}
