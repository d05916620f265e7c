import App
import Foundation
import HTTP
import SQLite
import Support
import Testing

/// One person with data in every table that can know a person, and a merged-away volunteer besides.
@Suite("A person with data in every service") struct EveryServiceTests {
    private static let name = "欧阳晓晓"
    private static let address = "香槟广场3栋"
    private static let familyPhone = "13955550000"
    private static let passport = "E87654321"

    private func scene() async throws -> AccessScene {
        let scene = try await AccessScene()
        let (account, client) = (scene.owner.account, scene.client)
        for statement in Self.rest(account, client.now.seconds) { try client.run(statement) }
        return scene
    }

    private static func rest(_ owner: Int64, _ now: Int64) -> [SQL] {
        let place = TestClient.community
        return merged(owner, now) + [
            "UPDATE account SET name = \(name) WHERE id = \(owner)",
            "UPDATE volunteer SET name = \(name) WHERE id = 1",
            "UPDATE volunteer_profile SET contact_name = '欧阳家人', contact_phone = \("+86" + familyPhone)",
            "UPDATE demand_ticket SET address = \(address), detail = \("请打 " + familyPhone)",
            "UPDATE feedback SET title = '没人收', text = \("垃圾没人收，电话 " + familyPhone)",
            "UPDATE team SET contact_name = \(name), contact_phone = '+8613900000001'",
            "UPDATE sign_up SET companion_name = '欧阳家人'",
            """
            INSERT INTO wechat_identity (app_id, open_id, account_id, created_at)
            VALUES ('wx1', 'open-of-owner', \(owner), \(now))
            """,
            """
            INSERT INTO staff_credential (account_id, name, password_hash, must_change, changed_at)
            VALUES (\(owner), 'ouyang', 'x', 0, \(now))
            """,
            """
            INSERT INTO role_grant (account_id, role, station_id, granted_at, ends_at)
            VALUES (\(owner), 'dispatcher', \(place), \(now - 9), \(now - 1))
            """,
            "INSERT INTO availability VALUES (1, 6, 540, 720)",
            "INSERT INTO volunteer_particulars (volunteer_id, ethnicity, updated_at) VALUES (1, '01', \(now))",
            """
            INSERT INTO volunteer_verification (volunteer_id, method, result, reason, account_id, created_at)
            VALUES (1, 'manual', 'verified', '已核对', 901, \(now))
            """,
            "UPDATE volunteer_claim SET account_id = \(owner), name = \(name)",
            """
            INSERT INTO practice_volunteer (volunteer_id, station_id, reason, marked_by, marked_at)
            VALUES (1, \(place), '常来服务', 901, \(now))
            """,
            "INSERT INTO expert_field VALUES (1, 'medicine')",
            """
            INSERT INTO team_member_event (team_id, volunteer_id, kind, actor_id, reason, at)
            VALUES (1, 1, 'joined', 901, \(name), \(now))
            """,
            """
            INSERT INTO grid_worker (grid_id, volunteer_id, role, office_phone, since, appointed_by)
            VALUES (1, 1, 'partTime', \("+86" + familyPhone), \(now), 901)
            """,
            "INSERT INTO imported_volunteer VALUES (1, 1, \(place), 2, 1)",
            """
            INSERT INTO demand_ticket (id, requester_id, station_id, title, detail, category, address, contact_phone,
                volunteer_id, state, created_at, updated_at)
            VALUES (2, 901, \(place), '陪诊', '周三', '17', '总府路1号', '+8613900007777', 1, 'dispatched', \(now), \(now))
            """,
            "INSERT INTO demand_ticket_move (ticket_id, to_state, actor_id, at) VALUES (1, 'ordered', \(owner), \(now))",
            "INSERT INTO feedback_move (feedback_id, to_state, actor_id, at) VALUES (1, 'submitted', \(owner), \(now))",
            """
            INSERT INTO policy (id, kind, version, effective_at, title_zh, text_zh, published_by, published_at)
            VALUES (1, 'privacy', 1, 0, '隐私政策', '全文', 901, 0)
            """,
            "INSERT INTO policy_purpose VALUES (1, 0, 'account', '账号', NULL, 1)",
            """
            INSERT INTO consent (account_id, policy_id, purpose, channel, address, given_at)
            VALUES (\(owner), 1, 'account', 'app', '203.0.113.7', \(now))
            """,
        ]
    }

    /// Account 903 with volunteer 3, who registered with a passport, was merged into the owner.
    private static func merged(_ owner: Int64, _ now: Int64) -> [SQL] {
        [
            "INSERT INTO account (id, name, merged_into, created_at) VALUES (903, \(name), \(owner), \(now))",
            """
            INSERT INTO volunteer (id, account_id, number, name, sex, birth_date, phone, residence_code, categories, skills,
                identity_kind, identity_masked, merged_into, created_at, updated_at)
            VALUES (3, 903, '510000000903', \(name), 'female', '1990-01-02', \("+86" + familyPhone), '510104020007', '[]',
                '[]', 'passport', 'E87***321', 1, \(now), \(now))
            """,
            """
            INSERT INTO identity_document (volunteer_id, kind, number, number_hash)
            VALUES (3, 'passport', \(passport), randomblob(32))
            """,
            """
            INSERT INTO sign_up (id, activity_id, volunteer_id, state, starts_at, ends_at, created_at)
            VALUES (3, 1, 3, 'confirmed', \(now + 60), \(now + 7_260), \(now))
            """,
            """
            INSERT INTO service_record (id, volunteer_id, sign_up_id, activity_name, date, place, content, minutes,
                organiser, person_in_charge, evidence, recorded_by, recorded_at)
            VALUES (3, 3, 3, '河道巡护', '2026-12-01', '合江亭', '巡河', 30, '社区', '王小明', 'checkedInAndOut', 901, \(now))
            """,
            """
            INSERT INTO account_merge (from_id, into_id, reason, moved, merged_by, merged_at)
            VALUES (903, \(owner), '本人到窗口核实', '{}', 901, \(now))
            """,
        ]
    }

    /// All that is in the file and its log, free pages too: what is deleted is overwritten (`PRAGMA secure_delete`).
    private func everything(_ client: TestClient) throws -> String {
        let path = client.services.configuration.databasePath
        return try [path, path + "-wal"].filter(FileManager.default.fileExists).map {
            String(decoding: try Data(contentsOf: URL(filePath: $0)), as: UTF8.self)
        }.joined()
    }

    @Test func `the copy has something under every heading, and both volunteers' papers and records`() async throws {
        let scene = try await scene()
        let (client, owner) = (scene.client, scene.owner)
        try client.run(
            "INSERT INTO account_closure (account_id, requested_at, due_at) VALUES (\(owner.account), 0, 0)")
        let copy = await client.send(.get, "/api/v1/me/export", token: owner.token)
        #expect(copy.status == .ok)
        let again = await client.send(.get, "/api/v1/me/export", token: owner.token)
        let sections = try #require(again.json["sections"])
        for section in PersonalData.all {
            #expect(sections["\(section.section)"]?.array.isEmpty == false, "\(section.section)")
        }
        let papers = copy.json["identityDocuments"]?.array.compactMap { $0["number"]?.string }
        #expect(papers == [TestClient.identityNumber(1), Self.passport])
        #expect(sections["serviceRecords"]?.array.compactMap { $0["minutes"]?.integer } == [60, 30])
        #expect(sections["volunteer"]?.array.compactMap { $0["id"]?.integer } == [1, 3])
    }

    @Test func `one list tells everything they agreed to, and where each is taken back`() async throws {
        let scene = try await scene()
        let consents = await scene.client.send(.get, "/api/v1/me/consents", token: scene.owner.token)
        #expect(consents.json["items"]?.array.map { $0["purpose"]?.string } == ["account"])
        let services = consents.json["services"]?.array ?? []
        #expect(
            services.compactMap { $0["subject"]?.string } == [
                "guardianship", "partyMembership", "expertListing", "registrationByStation",
            ])
        let operations = Set(Routes.all.map(\.operation))
        #expect(services.allSatisfy { $0["withdrawnBy"]?.string.map(operations.contains) == true })
    }

    @Test func `closing leaves no trace of the person anywhere, and the service of both stays`() async throws {
        let scene = try await scene()
        let (client, owner) = (scene.client, scene.owner)
        let traces = [
            Self.name, "欧阳家人", Self.address, Self.familyPhone, "13900000001", Self.passport, "ouyang", "open-of-owner",
            "203.0.113.7", TestClient.identityNumber(1), "李致远", "1990-01-02",
        ]
        let before = try everything(client)
        for trace in traces { #expect(before.contains(trace), "\(trace) is looked for in vain") }
        let path = "/api/v1/me/closure"
        let phrase = #"{"confirmation": "注销我的账号"}"#
        let refused = await client.send(.post, path, phrase, token: owner.token)
        #expect(refused.json["reasons"]?.array == [.string("looksAfterGrid"), .string("leadsTeam")])
        try client.run(
            "UPDATE grid_worker SET until = \(client.now), ended_by = 901, end_reason = '调整'")
        try client.run("UPDATE team SET leader_id = 2")
        #expect(await client.send(.post, path, phrase, token: owner.token).status == .created)
        client.advance(minutes: 7 * 1_440)
        let configuration = client.services.configuration
        for job in Routes.housekeeping { _ = try job.run(client.services.writer, configuration) }
        #expect(try client.count("SELECT sum(minutes) FROM service_record WHERE volunteer_id IN (1, 3)") == 90)
        #expect(try client.count("SELECT count(*) FROM party_membership") == 0)
        let faults = try IntegrityCheck(of: Database(path: configuration.databasePath))
        #expect(faults.foreignKeys.isEmpty)
        client.services.writer.stop()
        let after = try everything(client)
        for trace in traces {
            let place = after.firstRange(of: trace).map { after[..<$0.upperBound].suffix(120).filter(\.isLetter) }
            #expect(place == nil, "\(trace)")
        }
    }
}
