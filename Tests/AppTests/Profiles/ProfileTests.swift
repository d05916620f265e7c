import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Profiles") struct ProfileTests {
    private static let edit = """
        {"languages": ["cmn", "cmn-x-sichuan", "csl"],
         "availability": [{"weekday": 6, "fromMinute": 540, "toMinute": 720},
                          {"weekday": 6, "fromMinute": 720, "toMinute": 780}],
         "emergencyContact": {"name": "李大山", "relation": "parent", "phone": "13800000002"}}
        """

    private func write(
        _ client: TestClient, _ person: TestClient.Person, _ json: String = edit, match: String? = "\"0\""
    ) async -> TestClient.Answer {
        await client.send(
            .put, "/api/v1/me/profile", json, token: person.token, fields: match.map { [("If-Match", $0)] } ?? [])
    }

    @Test func `a profile is empty until it is written, and then the owner sees all of it`() async throws {
        let client = try TestClient()
        let person = try await client.volunteer()
        let empty = await client.send(.get, "/api/v1/me/profile", token: person.token)
        #expect(empty.json["version"]?.integer == 0)
        #expect(empty.json["availability"]?.array.isEmpty == true)
        let tag = try #require(empty.value(of: .etag))
        let written = await write(client, person, match: tag)
        #expect(written.status == .ok, "\(written.text)")
        #expect(written.json["languages"]?.array.count == 3)
        #expect(written.json["emergencyContact"]?["phone"]?.string == "+8613800000002")
        #expect(written.json["version"]?.integer == 1)
        let read = await client.send(.get, "/api/v1/me/profile", token: person.token)
        #expect(read.json["availability"]?[1]?["fromMinute"]?.integer == 720)
    }

    @Test func `an edit names the version it was made from`() async throws {
        let client = try TestClient()
        let person = try await client.volunteer()
        #expect(await write(client, person, match: nil).status == .preconditionRequired)
        #expect(await write(client, person).status == .ok)
        #expect(await write(client, person).status == .preconditionFailed)
        let resident = try client.resident(700)
        #expect(await write(client, resident).status == .forbidden)
    }

    @Test func `two edits of one version: one wins`() async throws {
        let client = try TestClient()
        let person = try await client.volunteer()
        async let first = write(client, person)
        async let second = write(client, person)
        let statuses = [await first.status, await second.status]
        #expect(statuses.filter { $0 == .ok }.count == 1)
        #expect(statuses.filter { $0 == .preconditionFailed }.count == 1)
    }

    @Test(arguments: [
        (#"{"languages": ["cmn", "cmn"], "availability": []}"#, "/languages"),
        (
            #"{"languages": [], "availability": [{"weekday": 8, "fromMinute": 1, "toMinute": 2}]}"#,
            "/availability/0/weekday"
        ),
        (
            #"{"languages": [], "availability": [{"weekday": 1, "fromMinute": 60, "toMinute": 60}]}"#,
            "/availability/0/toMinute"
        ),
        (
            """
            {"languages": [], "availability": [{"weekday": 1, "fromMinute": 60, "toMinute": 120},
             {"weekday": 1, "fromMinute": 119, "toMinute": 180}]}
            """, "/availability/1"
        ),
        (
            """
            {"languages": [], "availability": [],
             "emergencyContact": {"name": "李", "relation": "parent", "phone": "13800000002"}}
            """, "/emergencyContact/name"
        ),
        (
            """
            {"languages": [], "availability": [],
             "emergencyContact": {"name": "李大山", "relation": "parent", "phone": "12"}}
            """, "/emergencyContact/phone"
        ),
    ])
    func `what breaks a rule is named`(json: String, pointer: String) async throws {
        let client = try TestClient()
        let answer = await write(client, try await client.volunteer(), json)
        #expect(answer.status == .unprocessableContent)
        #expect(answer.json["errors"]?[0]?["pointer"]?.string == pointer)
    }

    @Test func `a week has at most twenty-one times`() async throws {
        let client = try TestClient()
        let person = try await client.volunteer()
        func slots(_ count: Int) -> String {
            let slots = (0..<count).map { index in
                let from = index / 7 * 60
                return #"{"weekday": \#(index % 7 + 1), "fromMinute": \#(from), "toMinute": \#(from + 30)}"#
            }
            return #"{"languages": [], "availability": [\#(slots.joined(separator: ","))]}"#
        }
        #expect(await write(client, person, slots(Profile.slotsMax + 1)).status == .unprocessableContent)
        #expect(await write(client, person, slots(Profile.slotsMax)).status == .ok)
    }

    @Test func `staff see the contact masked, and in full only for a reason that is kept`() async throws {
        let client = try TestClient()
        try client.stations()
        let person = try await client.volunteer()
        let id = try await client.volunteerID(of: person)
        let administrator = try client.staff()
        let view = "/api/v1/volunteers/\(id)/emergency-contact-views"
        let reason = #"{"reason": "活动中受伤，联系家属"}"#
        #expect(await client.send(.post, view, reason, token: administrator.token).status == .notFound)
        _ = await write(client, person)
        let manager = try client.staff(.stationManager, at: TestClient.district)
        let seen = await client.send(.get, "/api/v1/volunteers/\(id)/profile", token: manager.token)
        #expect(seen.json["profile"]?["emergencyContact"]?["phone"]?.string == "138****0002")
        #expect(seen.json["profile"]?["emergencyContact"]?["name"]?.string == "李*山")
        #expect(!seen.text.contains("13800000002"))
        #expect(await client.send(.post, view, reason, token: manager.token).status == .forbidden)
        #expect(
            await client.send(.post, view, #"{"reason": ""}"#, token: administrator.token).status
                == .unprocessableContent)
        let full = await client.send(.post, view, reason, token: administrator.token)
        #expect(full.json["phone"]?.string == "+8613800000002")
        #expect(try client.audited("viewEmergencyContact") == ["volunteers/\(id) 活动中受伤，联系家属"])
        let dispatcher = try client.staff(.dispatcher)
        #expect(
            await client.send(.get, "/api/v1/volunteers/\(id)/profile", token: dispatcher.token).status == .forbidden)
    }

    @Test func `a station counts on a volunteer, and only its managers take that back`() async throws {
        let client = try TestClient()
        try client.stations()
        let id = try await client.volunteerID(of: try await client.volunteer())
        let manager = try client.staff(.stationManager, at: TestClient.street)
        let stranger = try client.staff(.stationManager, at: TestClient.otherStreet)
        func set(_ json: String, _ person: TestClient.Person) async -> TestClient.Answer {
            await client.send(.put, "/api/v1/volunteers/\(id)/practice-status", json, token: person.token)
        }
        let on = #"{"isPracticeVolunteer": true, "stationId": 6, "reason": "站点骨干"}"#
        let off = #"{"isPracticeVolunteer": false, "reason": "本人搬离"}"#
        #expect(await set(on, stranger).status == .forbidden)
        #expect(await set(#"{"isPracticeVolunteer": true, "reason": "站点骨干"}"#, manager).status == .unprocessableContent)
        try client.run(
            """
            INSERT INTO volunteer_profile (volunteer_id, languages, contact_name, contact_relation, contact_phone,
                created_at, updated_at)
            VALUES (\(id), '', '王家人', 'spouse', '+8613900000555', 0, 0)
            """)
        let marked = await set(on, manager)
        #expect(marked.json["emergencyContact"] == .null, "who sets the flag learns no more of somebody out of reach")
        #expect(marked.json["practice"]?["stationId"]?.integer == TestClient.community)
        #expect(await set(on, manager).status == .ok, "the same again is success")
        #expect(await set(off, stranger).status == .forbidden)
        let taken = #"{"isPracticeVolunteer": true, "stationId": 7, "reason": "转入本站"}"#
        #expect(await set(taken, stranger).status == .forbidden, "it is the other station's flag")
        let ended = await set(off, manager)
        #expect(ended.json["practice"] == .null)
        #expect(await set(taken, stranger).json["practice"]?["stationId"]?.integer == TestClient.otherCommunity)
        let unknown = await client.send(.put, "/api/v1/volunteers/999/practice-status", on, token: manager.token)
        #expect(unknown.status == .notFound)
    }

    @Test func `nobody counts themselves among the practice volunteers, nor stops counting`() async throws {
        let client = try TestClient()
        try client.stations()
        let person = try await client.volunteer()
        let path = "/api/v1/volunteers/\(try await client.volunteerID(of: person))/practice-status"
        try client.promote(person, .stationManager, at: TestClient.street)
        let manager = try client.staff(.stationManager, at: TestClient.street)
        for json in [
            #"{"isPracticeVolunteer": true, "stationId": 6, "reason": "站点骨干"}"#,
            #"{"isPracticeVolunteer": false, "reason": "本人搬离"}"#,
        ] {
            let own = await client.send(.put, path, json, token: person.token)
            #expect(own.status == .forbidden && own.json["type"]?.string == "/problems/own-case", "\(own.text)")
            #expect(await client.send(.put, path, json, token: manager.token).status == .ok)
        }
    }
}
