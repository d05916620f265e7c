import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Feedback") struct FeedbackTests {
    private static func draft(_ text: String, longitude: Double = 104.0552, latitude: Double = 30.6292) -> String {
        """
        {"category": "facility", "text": "\(text)", "position": {"longitude": \(longitude), "latitude": \(latitude)}}
        """
    }

    private func prepared() throws -> (TestClient, TestClient.Person, TestClient.Person) {
        let client = try TestClient()
        try client.stations()
        return (client, try client.resident(), try client.staff(.stationManager, at: TestClient.otherStreet))
    }

    @Test func `it goes to the nearest station and its street answers`() async throws {
        let (client, resident, office) = try prepared()
        let made = await client.send(.post, "/api/v1/feedback", Self.draft("玉林北路路灯不亮"), token: resident.token)
        #expect(made.status == .created)
        #expect(made.json["stationId"]?.integer == TestClient.otherCommunity)
        #expect(made.json["officeId"]?.integer == TestClient.otherStreet)
        let id = try #require(made.json["id"]?.integer)
        let tasks = await client.send(.get, "/api/v1/feedback-tasks", token: office.token)
        #expect(tasks.json["items"]?[0]?["id"]?.integer == id)
        let reply = await client.send(
            .put, "/api/v1/feedback/\(id)/reply", #"{"reply": "已报修，三日内恢复"}"#, token: office.token)
        #expect(reply.json["state"]?.string == "answered")
        let rated = await client.send(.put, "/api/v1/feedback/\(id)/rating", #"{"stars": 4}"#, token: resident.token)
        #expect(rated.json["state"]?.string == "rated")
        let again = await client.send(.put, "/api/v1/feedback/\(id)/rating", #"{"stars": 1}"#, token: resident.token)
        #expect(again.status == .conflict)
    }

    @Test func `from far away it goes to the city's own site, and from another part of the country nowhere`()
        async throws
    {
        let (client, resident, office) = try prepared()
        // The southernmost station is at 30.6291: 18 km, 22 km, 100 km and 300 km to the south of it.
        for (latitude, station) in [
            (30.467, TestClient.otherCommunity), (30.431, TestClient.city), (29.73, 1), (27.9, 0),
        ] {
            let sent = await client.send(
                .post, "/api/v1/feedback", Self.draft("路灯不亮", longitude: 104.0551, latitude: latitude),
                token: resident.token)
            #expect(sent.status == (station == 0 ? .unprocessableContent : .created), "\(latitude): \(sent.text)")
            #expect((sent.json["stationId"]?.integer ?? 0) == station, "\(latitude)")
        }
        let far = await client.send(.get, "/api/v1/me/feedback?limit=1", token: resident.token)
        let id = try #require(far.json["items"]?[0]?["id"]?.integer)
        #expect(far.json["items"]?[0]?["officeId"]?.integer == TestClient.city)
        let path = "/api/v1/feedback/\(id)/transfer"
        let transfer = #"{"stationId": \#(TestClient.otherCommunity), "reason": "定位有误"}"#
        #expect(await client.send(.put, path, transfer, token: office.token).status == .forbidden)
        let moved = await client.send(.put, path, transfer, token: try client.staff().token)
        #expect(moved.json["officeId"]?.integer == TestClient.otherStreet)
    }

    @Test func `whoever has no phone links one first, but for staff`() async throws {
        let (client, resident, office) = try prepared()
        try client.services.writer.writeAndWait { db in
            try db.run("UPDATE account SET phone = NULL WHERE id = \(resident.account)")
        }
        let refused = await client.send(.post, "/api/v1/feedback", Self.draft("路灯不亮"), token: resident.token)
        #expect(refused.status == .forbidden)
        #expect(refused.json["type"]?.string == "/problems/phone-required")
        #expect(refused.json["title"]?.string == "请先绑定手机号")
        try client.services.writer.writeAndWait { db in
            try db.run("UPDATE account SET phone = '+8613900000001' WHERE id = \(resident.account)")
        }
        for person in [resident, office] {
            let made = await client.send(.post, "/api/v1/feedback", Self.draft("路灯不亮"), token: person.token)
            #expect(made.status == .created)
        }
    }

    @Test func `another street's office may not answer`() async throws {
        let (client, resident, _) = try prepared()
        let made = await client.send(.post, "/api/v1/feedback", Self.draft("路面破损"), token: resident.token)
        let id = try #require(made.json["id"]?.integer)
        let other = try client.staff(.stationManager, at: TestClient.street)
        let answer = await client.send(.put, "/api/v1/feedback/\(id)/reply", #"{"reply": "收到"}"#, token: other.token)
        #expect(answer.status == .forbidden)
    }

    @Test func `staff do not answer what they sent themselves`() async throws {
        let (client, _, office) = try prepared()
        let made = await client.send(.post, "/api/v1/feedback", Self.draft("玉林路灯坏了"), token: office.token)
        let id = try #require(made.json["id"]?.integer, "\(made.text)")
        for step in ["reply", "refusal"] {
            let own = await client.send(
                .put, "/api/v1/feedback/\(id)/\(step)", #"{"reply": "已修"}"#, token: office.token)
            #expect(own.status == .forbidden)
            #expect(own.json["type"]?.string == "/problems/own-case")
        }
        let colleague = try client.staff(.stationManager, at: TestClient.city)
        let answered = await client.send(
            .put, "/api/v1/feedback/\(id)/reply", #"{"reply": "已修"}"#, token: colleague.token)
        #expect(answered.status == .ok, "\(answered.text)")
    }

    @Test func `two characters are found as surely as four`() async throws {
        let (client, resident, _) = try prepared()
        for text in ["玉林北路路灯不亮", "春熙路垃圾桶满了", "玉双路井盖松动，森林公园旁"] {
            _ = await client.send(.post, "/api/v1/feedback", Self.draft(text), token: resident.token)
        }
        for (word, count) in [("玉林", 1), ("玉林北路", 1), ("路灯", 1), ("路", 3), ("玉林 路灯", 1), ("林玉", 0)] {
            let found = await client.send(.get, "/api/v1/feedback?q=\(TestClient.escaped(word))")
            #expect(found.json["items"]?.array.count == count, "\(word)")
        }
    }

    @Test func `the public list shows no reporter, no exact place and no number of anybody`() async throws {
        let (client, resident, _) = try prepared()
        let made = await client.send(
            .post, "/api/v1/feedback", Self.draft("请联系13900001234，身份证51010419900307999X"), token: resident.token)
        let id = try #require(made.json["id"]?.integer)
        for path in ["/api/v1/feedback", "/api/v1/feedback/\(id)"] {
            let answer = await client.send(.get, path)
            #expect(!answer.text.contains("13900001234") && !answer.text.contains("19900307999X"))
            #expect(!answer.text.contains("reporter") && !answer.text.contains("104.0552"))
        }
        let own = await client.send(.get, "/api/v1/feedback/\(id)", token: resident.token)
        #expect(own.text.contains("13900001234"))
        let search = await client.send(.get, "/api/v1/feedback?q=13900001234")
        #expect(search.json["items"]?.array.isEmpty == true, "a search must not confirm a number either")
    }

    @Test func `what is hidden or refused leaves the public list at once`() async throws {
        let (client, resident, office) = try prepared()
        let made = await client.send(.post, "/api/v1/feedback", Self.draft("小广告"), token: resident.token)
        let id = try #require(made.json["id"]?.integer)
        let hidden = await client.send(
            .put, "/api/v1/feedback/\(id)/visibility", #"{"isHidden": true, "reason": "含个人信息"}"#, token: office.token)
        #expect(hidden.status == .ok)
        #expect(await client.send(.get, "/api/v1/feedback/\(id)").status == .notFound)
        #expect(await client.send(.get, "/api/v1/feedback").json["items"]?.array.isEmpty == true)
        #expect(await client.send(.get, "/api/v1/feedback/\(id)", token: resident.token).status == .ok)
    }

    @Test func `it can be handed to the office it belongs to, with the reason`() async throws {
        let (client, resident, office) = try prepared()
        let made = await client.send(.post, "/api/v1/feedback", Self.draft("春熙路占道"), token: resident.token)
        let id = try #require(made.json["id"]?.integer)
        let moved = await client.send(
            .put, "/api/v1/feedback/\(id)/transfer", #"{"stationId": 6, "reason": "不在辖区"}"#, token: office.token)
        #expect(moved.json["officeId"]?.integer == TestClient.street)
        #expect(moved.json["moves"]?.array.last?["reason"]?.string == "不在辖区")
    }

    @Test func `a place outside China and a tenth photo are refused`() async throws {
        let (client, resident, _) = try prepared()
        let far = await client.send(
            .post, "/api/v1/feedback", Self.draft("在哪里", longitude: 2.35, latitude: 48.85), token: resident.token)
        #expect(far.status == .badRequest)
        let many = await client.send(
            .post, "/api/v1/feedback",
            """
            {"category": "other", "text": "照片太多", "position": {"longitude": 104.05, "latitude": 30.63},
             "uploadIds": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}
            """, token: resident.token)
        #expect(many.json["errors"]?[0]?["pointer"]?.string == "/uploadIds")
    }

    @Test func `a text as long as the schema has room for is kept, and one longer is refused`() async throws {
        let (client, resident, _) = try prepared()
        let heart = "\u{2764}\u{FE0F}"
        func send(_ text: String) async -> TestClient.Answer {
            await client.send(.post, "/api/v1/feedback", Self.draft(text), token: resident.token)
        }
        let made = await send(String(repeating: "路\\r\\n", count: 1_666))
        #expect(made.status == .created, "4,998 code points: \(made.text)")
        #expect(await send(String(repeating: "路\\r\\n", count: 1_667)).status == .unprocessableContent)
        let id = try #require(made.json["id"]?.integer)
        func rate(_ comment: String) async -> TestClient.Answer {
            await client.send(
                .put, "/api/v1/feedback/\(id)/rating", #"{"stars": 4, "comment": "\#(comment)"}"#, token: resident.token
            )
        }
        let office = try client.staff()
        _ = await client.send(.put, "/api/v1/feedback/\(id)/reply", #"{"reply": "收到"}"#, token: office.token)
        let refused = await rate(String(repeating: heart, count: 251))
        #expect(refused.status == .unprocessableContent, "\(refused.text)")
        #expect(refused.json["errors"]?[0]?["pointer"]?.string == "/comment")
        #expect(await rate(String(repeating: heart, count: 250)).status == .ok)
    }
}
