import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Closing an account") struct ClosureTests {
    private static let path = "/api/v1/me/closure"
    private static let phrase = #"{"confirmation": "注销我的账号"}"#

    private func carryOut(_ client: TestClient) throws -> Int {
        try AccountClosure.housekeeping.run(client.services.writer, client.services.configuration)
    }

    /// Every text of every table, to look for what should be gone.
    private func everything(_ client: TestClient, but tables: Set<String>) throws -> String {
        try client.services.writer.writeAndWait { db in
            var text = ""
            for section in PersonalData.all where !tables.contains("\(section.table)") {
                let columns = SQL.joined(section.columns.map { "coalesce(\(raw: $0), '')" }, separator: " || ' ' || ")
                try db.forEach("SELECT \(columns) FROM \(raw: section.table)") { row in
                    let line: String = try row[0]
                    text += line + "\n"
                }
            }
            return text
        }
    }

    @Test func `what it means is told before it is asked for`() async throws {
        let client = try TestClient()
        let person = try client.resident()
        let view = await client.send(.get, Self.path, token: person.token)
        #expect(view.json["state"]?.string == "none")
        #expect(view.json["coolingOffDays"]?.integer == 7)
        let kept = view.json["kept"]?.array ?? []
        #expect(kept.allSatisfy { $0["law"]?.string?.isEmpty == false && $0["why"]?.string?.isEmpty == false })
        #expect(kept.contains { $0["code"]?.string == "serviceRecords" })
        let refused = await client.send(.post, Self.path, #"{"confirmation": "是"}"#, token: person.token)
        #expect(refused.json["errors"]?[0]?["pointer"]?.string == "/confirmation")
        #expect(await client.send(.delete, Self.path, token: person.token).status == .notFound)
    }

    @Test func `asking ends sessions, sign-ups, memberships and open orders at once, and can be taken back`()
        async throws
    {
        let client = try TestClient()
        try client.stations()
        let person = try await PrivacyScene.busyPerson(client)
        try client.run(
            """
            INSERT INTO session (token_key, token_hash, id, account_id, method, device, address, created_at, last_used_at,
                expires_at, idle_seconds)
            VALUES (random(), randomblob(32), (SELECT coalesce(max(id), 0) + 1 FROM session),
                \(person.account), 'phone', '', '', \(client.now), \(client.now), \(client.now + 1_000), 1000)
            """)
        let asked = await client.send(.post, Self.path, Self.phrase, token: person.token)
        #expect(asked.status == .created)
        #expect(asked.json["dueAt"]?.string == (client.now + 7 * 86_400).description)
        #expect(try client.count("SELECT count(*) FROM session WHERE account_id = \(person.account)") == 1)
        #expect(try client.count("SELECT taken FROM activity_places") == 0, "the place is free")
        #expect(try client.count("SELECT count(*) FROM team_member") == 1, "the leader alone")
        #expect(try client.text("SELECT state FROM demand_ticket") == "cancelled")
        let me = await client.send(.get, "/api/v1/me", token: person.token)
        #expect(me.json["closesAt"] == asked.json["dueAt"])
        let again = await client.send(.post, Self.path, Self.phrase, token: person.token)
        #expect(again.json["dueAt"] == asked.json["dueAt"])
        #expect(await client.send(.delete, Self.path, token: person.token).status == .noContent)
        client.advance(minutes: 8 * 1_440)
        #expect(try carryOut(client) == 0)
        #expect(try client.text("SELECT phone FROM account WHERE id = \(person.account)") != nil)
    }

    @Test func `after the cooling-off the person is gone and the service stays`() async throws {
        let client = try TestClient()
        try client.stations()
        let person = try await PrivacyScene.busyPerson(client)
        try client.run(
            """
            INSERT INTO service_record (volunteer_id, sign_up_id, activity_name, date, place, content, minutes,
                organiser, person_in_charge, evidence, recorded_by, recorded_at)
            VALUES (2, 1, '河道清洁', '2027-03-01', '合江亭', '捡拾垃圾', 60, '总府路社区', '王小明', 'checkedInAndOut', 1, 0)
            """)
        #expect(await client.send(.post, Self.path, Self.phrase, token: person.token).status == .created)
        #expect(try carryOut(client) == 0, "not before its time")
        client.advance(minutes: 7 * 1_440)
        #expect(try carryOut(client) == 1)
        #expect(try carryOut(client) == 0)
        #expect(try client.text("SELECT name FROM volunteer WHERE id = 2") == "已注销")
        #expect(try client.text("SELECT number FROM volunteer WHERE id = 2")?.count == 12, "the number stays")
        #expect(try client.text("SELECT birth_date FROM volunteer WHERE id = 2") == "1990-01-01")
        #expect(try client.count("SELECT sum(minutes) FROM service_record WHERE volunteer_id = 2") == 60)
        #expect(try client.count("SELECT count(*) FROM identity_document WHERE volunteer_id = 2") == 0)
        #expect(try client.count("SELECT count(*) FROM session WHERE account_id = \(person.account)") == 0)
        let text = try everything(client, but: ["session", "audit_entry"])
        for trace in ["13900000001", "李致远", "王家人", "13900000555", "总府路1号", TestClient.identityNumber(1)] {
            #expect(!text.contains(trace), "\(trace)")
        }
        #expect(text.contains("垃圾未清运"), "the message stays without the person")
        let faults = try IntegrityCheck(of: Database(path: client.services.configuration.databasePath))
        #expect(faults.foreignKeys.isEmpty)
    }

    @Test func `a closing that fails is put off and reported, and holds up no other`() async throws {
        let client = try TestClient()
        try client.stations()
        let people = [try client.resident(1), try client.resident(2)]
        for person in people {
            #expect(await client.send(.post, Self.path, Self.phrase, token: person.token).status == .created)
        }
        client.advance(minutes: 7 * 1_440)
        try client.run(
            """
            CREATE TRIGGER fails BEFORE UPDATE ON account WHEN old.phone = '+8613900000001'
            BEGIN SELECT raise(ABORT, 'no'); END
            """)
        #expect(throws: SQLiteError.self) { try carryOut(client) }
        #expect(try client.text("SELECT phone FROM account WHERE id = \(people[0].account)") == "+8613900000001")
        #expect(try client.text("SELECT phone FROM account WHERE id = \(people[1].account)") == nil)
        #expect(try carryOut(client) == 0, "not again at once")
        try client.run("DROP TRIGGER fails")
        client.advance(minutes: 7 * 1_440)
        #expect(try carryOut(client) == 1)
        #expect(try client.text("SELECT phone FROM account WHERE id = \(people[0].account)") == nil)
    }

    @Test func `the picture of an award goes once the closing is committed, and not before`() async throws {
        let client = try TestClient()
        try client.stations()
        let person = try await client.volunteer(1)
        let token = String(repeating: "a", count: 43)
        let path = client.services.configuration.uploadsPath + "/" + token
        #expect(FileSystem.write([1], to: path))
        try client.run(
            """
            INSERT INTO upload (token, account_id, type, bytes, created_at, is_used)
            VALUES (\(token), \(person.account), 'image/png', 1, 0, 1)
            """)
        try client.run(
            """
            INSERT INTO award_record (volunteer_id, station_id, name, granted_on, granting_body, level, upload_id, state,
                entered_by, entered_at)
            VALUES (1, 6, '优秀志愿者', '2026-12-05', '总府路社区', 'community', 1, 'submitted', \(person.account), 0)
            """)
        #expect(await client.send(.post, Self.path, Self.phrase, token: person.token).status == .created)
        client.advance(minutes: 7 * 1_440)
        #expect(throws: LostCommit.self) { try client.loseCommit(of: AccountClosure.housekeeping) }
        #expect(FileSystem.size(of: path) == 1)
        #expect(try client.text("SELECT name FROM volunteer") == "李志愿")
        #expect(try carryOut(client) == 1)
        #expect(FileSystem.size(of: path) == nil)
    }

    @Test func `whoever comes back is new, by phone and by paper`() async throws {
        let client = try TestClient()
        let person = try await client.volunteer(1)
        _ = await client.send(.post, Self.path, Self.phrase, token: person.token)
        client.advance(minutes: 7 * 1_440)
        #expect(try carryOut(client) == 1)
        let back = try await client.volunteer(1)
        #expect(back.account != person.account)
        let admin = try client.staff()
        let shown = await client.send(.get, "/api/v1/volunteers/1", token: admin.token)
        #expect(shown.json["name"]?.string == "已注销")
        #expect(shown.json["phone"]?.string == "****")
        let opened = await client.send(
            .post, "/api/v1/volunteers/1/identity-views", #"{"reason": "核对保险名单"}"#, token: admin.token)
        #expect(opened.status == .notFound)
    }

    @Test func `obligations to others come first, each named`() async throws {
        let client = try TestClient()
        try client.stations()
        let admin = try client.staff()
        #expect(
            await client.send(.post, Self.path, Self.phrase, token: admin.token).json["reasons"]?.array
                == [.string("holdsGrants")])
        let person = try await client.volunteer(1)
        let id = try await PrivacyScene.volunteer(client, person)
        _ = await client.send(
            .post, "/api/v1/teams", #"{"stationId": 6, "name": "邻里帮帮队", "leaderId": \#(id)}"#, token: admin.token)
        let resident = try client.resident(9)
        let order = #"{"stationId": 6, "title": "陪诊", "detail": "周三", "category": "17", "address": "总府路1号"}"#
        _ = await client.send(.post, "/api/v1/demand-tickets", order, token: resident.token)
        _ = await client.send(
            .put, "/api/v1/demand-tickets/1/dispatch", #"{"volunteerId": \#(id)}"#, token: admin.token)
        _ = await client.send(.put, "/api/v1/demand-tickets/1/acceptance", token: person.token)
        let activity = try await client.activity(start: 10, by: admin)
        _ = await client.send(.post, "/api/v1/activities/\(activity)/sign-ups", token: person.token)
        try client.run("UPDATE sign_up SET state = 'checkedIn', checked_in_at = \(client.now)")
        let refused = await client.send(.post, Self.path, Self.phrase, token: person.token)
        #expect(refused.json["type"]?.string == "/problems/closure-refused")
        #expect(
            refused.json["reasons"]?.array == [.string("leadsTeam"), .string("acceptedTicket"), .string("checkedIn")])
        let waiting = await client.send(.post, Self.path, Self.phrase, token: resident.token)
        #expect(waiting.json["reasons"]?.array == [.string("orderUnderWay")])
        #expect(try client.count("SELECT count(*) FROM account_closure") == 0)
        _ = await client.send(
            .put, "/api/v1/demand-tickets/1/declination", #"{"reason": "即将注销"}"#, token: person.token)
        let less = await client.send(.post, Self.path, Self.phrase, token: person.token)
        #expect(less.json["reasons"]?.array == [.string("leadsTeam"), .string("checkedIn")])
    }

    @Test func `an obligation taken on meanwhile postpones the closing`() async throws {
        let client = try TestClient()
        try client.stations()
        let person = try await client.volunteer(1)
        _ = await client.send(.post, Self.path, Self.phrase, token: person.token)
        try client.run("INSERT INTO role_grant (account_id, role, granted_at) VALUES (1, 'dispatcher', 0)")
        client.advance(minutes: 7 * 1_440)
        _ = try carryOut(client)
        #expect(try client.text("SELECT name FROM volunteer") == "李志愿")
        try client.run("DELETE FROM role_grant")
        client.advance(minutes: 1_440)
        _ = try carryOut(client)
        #expect(try client.text("SELECT name FROM volunteer") == "已注销")
    }
}
