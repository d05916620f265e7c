import App
import HTTP
import SQLite
import Support
import Testing

@Suite("What staff see of minors") struct MinorProtectionTests {
    private func reader(_ client: TestClient, _ permissions: String) throws -> TestClient.Person {
        try client.run(
            """
            INSERT INTO role (name, title, permissions, created_at, updated_at)
            VALUES ('reader', '查阅员', \(permissions), 0, 0)
            """)
        return try client.staff(RoleName(rawValue: "reader"))
    }

    @Test func `a minor's profile is closed to a plain look, and opens for a stated purpose that is noted`()
        async throws
    {
        let client = try TestClient()
        let (_, child) = try await client.family()
        let admin = try client.staff()
        let plain = await client.send(.get, "/api/v1/volunteers/\(child)/profile", token: admin.token)
        #expect(plain.json["type"]?.string == "/problems/minor-protected")
        let path = "/api/v1/volunteers/\(child)/profile-views"
        let without = await client.send(.post, path, #"{"reason": "安排保险"}"#, token: admin.token)
        #expect(without.json["errors"]?[0]?["pointer"]?.string == "/purpose")
        let seen = await client.send(
            .post, path, #"{"reason": "安排保险", "purpose": "insurance"}"#, token: admin.token)
        #expect(seen.status == .created)
        #expect(seen.json["volunteerId"]?.integer == child)
        #expect(
            try client.text(
                "SELECT reason FROM audit_entry WHERE operation = 'viewVolunteerProfile' AND outcome = 'done'")
                == "insurance: 安排保险")
    }

    @Test func `the right to read volunteers does not open a minor's profile or emergency contact`() async throws {
        let client = try TestClient()
        let (guardian, child) = try await client.family()
        let contact = """
            {"languages": [], "availability": [],
             "emergencyContact": {"name": "陈建国", "relation": "parent", "phone": "13900000080"}}
            """
        let written = await client.send(
            .put, "/api/v1/me/children/\(child)/profile", contact, token: guardian.token, fields: [("If-Match", "*")])
        #expect(written.status == .ok)
        let person = try reader(client, #"["readVolunteers","readPrivateData"]"#)
        let body = #"{"reason": "安排保险", "purpose": "insurance"}"#
        for path in ["profile-views", "emergency-contact-views", "identity-views"] {
            let refused = await client.send(
                .post, "/api/v1/volunteers/\(child)/\(path)", body, token: person.token)
            #expect(refused.json["type"]?.string == "/problems/minor-protected", "\(path)")
        }
        let admin = try client.staff()
        let shown = await client.send(
            .post, "/api/v1/volunteers/\(child)/emergency-contact-views", body, token: admin.token)
        #expect(shown.json["name"]?.string == "陈建国")
    }

    @Test func `to count on a minor, or no longer, opens nothing of the profile`() async throws {
        let client = try TestClient()
        try client.stations()
        let (guardian, child) = try await client.family()
        let profile = """
            {"languages": [], "availability": [{"weekday": 6, "fromMinute": 540, "toMinute": 690}],
             "emergencyContact": {"name": "陈建国", "relation": "parent", "phone": "13900000080"}}
            """
        _ = await client.send(
            .put, "/api/v1/me/children/\(child)/profile", profile, token: guardian.token, fields: [("If-Match", "*")])
        let path = "/api/v1/volunteers/\(child)/practice-status"
        let district = try client.staff(.stationManager, at: TestClient.district)
        for staff in [district, try client.staff()] {
            for body in [
                #"{"isPracticeVolunteer": false, "reason": "核对"}"#,
                #"{"isPracticeVolunteer": true, "stationId": 6, "reason": "站点骨干"}"#,
            ] {
                let answer = await client.send(.put, path, body, token: staff.token)
                #expect(answer.status == .ok)
                #expect(answer.json["emergencyContact"] == .null)
                #expect(answer.json["availability"]?.array.isEmpty == true)
            }
        }
    }

    @Test func `an adult's profile needs neither`() async throws {
        let client = try TestClient()
        _ = try await client.volunteer()
        let person = try reader(client, #"["readVolunteers"]"#)
        #expect(await client.send(.get, "/api/v1/volunteers/1/profile", token: person.token).status == .ok)
        let noted = await client.send(
            .post, "/api/v1/volunteers/1/profile-views", #"{"reason": "安排保险"}"#, token: person.token)
        #expect(noted.status == .created)
    }

    @Test func `a right to read minors elsewhere does not reach the child`() async throws {
        let client = try TestClient()
        try client.stations()
        let (_, child) = try await client.family()
        try client.run(
            """
            INSERT INTO role (name, title, permissions, created_at, updated_at) VALUES
                ('reader', '查阅员', '["readVolunteers","readPrivateData"]', 0, 0),
                ('minors', '未成年人工作者', '["readMinors"]', 0, 0)
            """)
        let person = try client.staff(RoleName(rawValue: "reader"), at: TestClient.district)
        let body = #"{"reason": "安排保险", "purpose": "insurance"}"#
        func view() async -> Status {
            await client.send(
                .post, "/api/v1/volunteers/\(child)/profile-views", body, token: person.token
            ).status
        }
        for (station, expected) in [(TestClient.otherDistrict, false), (TestClient.district, true)] {
            try client.run(
                """
                INSERT INTO role_grant (account_id, role, station_id, granted_at)
                VALUES (\(person.account), 'minors', \(station), 0)
                """)
            client.services.sessions.advance()
            #expect(await (view() == .created) == expected)
        }
    }
}
