import App
import Foundation
import HTTP
import SQLite
import Support
import Testing

/// One of everything in community 6, written straight into the tables: what belongs to a person belongs to the owner, a
/// volunteer; what belongs to a place lies in the community.
struct AccessScene {
    let client: TestClient
    let owner: TestClient.Person
    /// A volunteer who has nothing to do with any of it.
    let stranger: TestClient.Person

    init() async throws {
        client = try TestClient { configuration in
            let unlimited = RateLimit(calls: 0, seconds: 1)
            (configuration.rateReads, configuration.rateWrites) = (unlimited, unlimited)
            configuration.rateUploads = unlimited
        }
        try client.stations()
        owner = try await client.volunteer(1)
        stranger = try await client.volunteer(2)
        for letter in ["a", "b", "c"] {
            try Data("a picture".utf8).write(
                to: URL(
                    filePath: "\(client.services.configuration.uploadsPath)/\(String(repeating: letter, count: 43))"))
        }
        let (account, community, now) = (owner.account, TestClient.community, client.now.seconds)
        try client.services.writer.writeAndWait { db in
            for statement in Self.rows(account, community, now) { try db.run(statement) }
        }
    }

    /// Staff with every right there is, at one station: three people, for no one person may hold all three duties.
    func staff(at station: Int64) throws -> [String: TestClient.Person] {
        var people: [String: TestClient.Person] = [:]
        for role in [RoleName.administrator, .securityAdministrator, .auditor] {
            people[role.rawValue] = try client.staff(role, at: station)
        }
        return people
    }

    /// Every parameter is 1 but for those that are no ids.
    static func path(_ route: Route) -> String {
        route.path.description.replacing("{name}", with: "clerk").replacing("{day}", with: "2027-01-02")
            .replacing("{token}", with: String(repeating: "a", count: 43)).replacing("/staff/{id}", with: "/staff/901")
            .replacing("{kind}", with: "privacy").replacing(/\{\w+\}/, with: "1").replacing(
                "/stations/1", with: "/stations/6")
    }

    private static func rows(_ owner: Int64, _ place: Int64, _ now: Int64) -> [SQL] {
        people(owner, place, now) + service(owner, place, now) + profile(owner, place, now) + party(owner, place, now)
            + grids(owner, place, now)
    }

    private static func people(_ owner: Int64, _ place: Int64, _ now: Int64) -> [SQL] {
        [
            "INSERT INTO account (id, name, created_at) VALUES (901, '张站长', \(now)), (902, '数据大屏', \(now))",
            """
            INSERT INTO staff_credential (account_id, name, password_hash, must_change, changed_at)
            VALUES (901, 'clerk', 'x', 0, \(now))
            """,
            """
            INSERT INTO role (name, title, permissions, created_at, updated_at)
            VALUES ('clerk', '值班员', '["dispatchTickets"]', \(now), \(now))
            """,
            """
            INSERT INTO role_grant (id, account_id, role, station_id, granted_at)
            VALUES (1, 901, 'dispatcher', \(place), \(now))
            """,
            """
            INSERT INTO service_token (id, account_id, permissions, station_id, expires_at, issued_by, issued_at)
            VALUES (1, 902, '["dispatchTickets"]', \(place), \(now + 9_999), 901, \(now))
            """,
            "UPDATE volunteer SET residence_code = '510104020007' WHERE id = 1",
            """
            INSERT INTO volunteer_claim (id, account_id, volunteer_id, name, masked_number, reason, state, created_at)
            VALUES (1, 901, 1, '李志愿', '5101****', '换了手机号', 'open', \(now))
            """,
            """
            INSERT INTO guardianship (id, volunteer_id, account_id, name, phone, relation, state, document_version,
                invited_at, consented_at)
            VALUES (1, 1, \(owner), '李家长', '+8613900000001', 'parent', 'consented', '1', \(now), \(now))
            """,
        ]
    }

    private static func service(_ owner: Int64, _ place: Int64, _ now: Int64) -> [SQL] {
        [
            """
            INSERT INTO team (id, station_id, path, level, kind, name, leader_id, categories, state, created_at, updated_at)
            VALUES (1, \(place), '/1/', 'squad', 'ordinary', '邻里队', 1, '[]', 'active', \(now), \(now))
            """,
            "INSERT INTO team_member (team_id, volunteer_id, joined_at, role, is_main) VALUES (1, 1, \(now), 'leader', 1)",
            """
            INSERT INTO team_join_request (id, team_id, volunteer_id, state, created_at) VALUES (1, 1, 1, 'open', \(now))
            """,
            """
            INSERT INTO team_change (id, kind, team_id, review_station_id, state, old_values, new_values, proposed_by,
                proposed_at)
            VALUES (1, 'rename', 1, \(place), 'proposed', '{}', '{"name":"新名队"}', \(owner), \(now))
            """,
            """
            INSERT INTO activity (id, station_id, title, summary, category, risk_notice, address, starts_at, ends_at,
                sign_up_closes_at, age_min, person_in_charge, state, code_secret, created_by, created_at,
                updated_at)
            VALUES (1, \(place), '河道清洁', '捡垃圾', '06', '路滑', '合江亭', \(now + 60), \(now + 7_260), \(now + 60), 14,
                '王小明', 'published', zeroblob(32), 901, \(now), \(now))
            """,
            "INSERT INTO activity_places (activity_id, capacity, taken) VALUES (1, 10, 1)",
            """
            INSERT INTO sign_up (id, activity_id, volunteer_id, state, starts_at, ends_at, created_at)
            VALUES (1, 1, 1, 'signedUp', \(now + 60), \(now + 7_260), \(now))
            """,
            """
            INSERT INTO service_record (id, volunteer_id, sign_up_id, activity_name, date, place, content, minutes,
                organiser, person_in_charge, evidence, recorded_by, recorded_at)
            VALUES (1, 1, 1, '河道清洁', '2027-01-01', '合江亭', '捡垃圾', 60, '社区', '王小明', 'checkedInAndOut', 901, \(now))
            """,
            """
            INSERT INTO demand_ticket (id, requester_id, station_id, title, detail, category, address, contact_phone,
                state, created_at, updated_at)
            VALUES (1, \(owner), \(place), '修水管', '厨房漏水', '02', '春熙路1号', '+8613900000001', 'ordered', \(now), \(now))
            """,
            """
            INSERT INTO feedback (id, reporter_id, station_id, office_id, category, text, longitude, latitude, state,
                is_hidden, created_at, updated_at)
            VALUES (1, \(owner), \(place), \(TestClient.street), 'hygiene', '垃圾没人收', 104.07, 30.65, 'submitted', 1,
                \(now), \(now))
            """,
        ]
    }

    private static func profile(_ owner: Int64, _ place: Int64, _ now: Int64) -> [SQL] {
        [
            """
            INSERT INTO upload (id, token, account_id, type, bytes, created_at, is_used) VALUES
                (1, \(String(repeating: "a", count: 43)), \(owner), 'image/png', 9, \(now), 1),
                (2, \(String(repeating: "b", count: 43)), \(owner), 'image/png', 9, \(now), 1),
                (3, \(String(repeating: "c", count: 43)), \(owner), 'image/png', 9, \(now), 1)
            """,
            "INSERT INTO private_upload (upload_id) VALUES (1), (2), (3)",
            """
            INSERT INTO correction_request (id, account_id, volunteer_id, station_id, field, wished, reason, upload_id,
                state, due_at, created_at)
            VALUES (1, \(owner), 1, \(place), 'name', '李致远', '登记有误', 3, 'open', \(now + 9_999), \(now))
            """,
            """
            INSERT INTO volunteer_profile (volunteer_id, languages, contact_name, contact_relation, contact_phone,
                created_at, updated_at)
            VALUES (1, '[]', '李家人', 'spouse', '+8613900000002', \(now), \(now))
            """,
            """
            INSERT INTO qualification (id, volunteer_id, station_id, kind, title, issuer, issued_on, upload_id, state,
                submitted_at)
            VALUES (1, 1, \(place), 'firstAider', '救护员证', '红十字会', '2026-01-01', 1, 'submitted', \(now))
            """,
            """
            INSERT INTO award_record (id, volunteer_id, station_id, name, granted_on, granting_body, level, upload_id,
                state, entered_by, entered_at)
            VALUES (1, 1, \(place), '优秀志愿者', '2026-01-01', '区文明办', 'county', 2, 'submitted', \(owner), \(now))
            """,
            """
            INSERT INTO training_record (id, volunteer_id, station_id, name, content, minutes, organiser, date,
                recorded_by, recorded_at)
            VALUES (1, 1, \(place), '急救培训', '心肺复苏', 60, '社区', '2026-01-01', 901, \(now))
            """,
            """
            INSERT INTO expert_listing (volunteer_id, introduction, is_retired, consented_at, updated_at)
            VALUES (1, '退休医生', 1, \(now), \(now))
            """,
            "INSERT INTO expert_station (volunteer_id, station_id) VALUES (1, \(place))",
            """
            INSERT INTO expert_invitation (id, volunteer_id, station_id, invited_by, message, wished_at, state, created_at,
                expires_at)
            VALUES (1, 1, \(place), 901, '请来义诊', \(now + 99_999), 'invited', \(now), \(now + 9_999))
            """,
            """
            INSERT INTO star_award (id, volunteer_id, station_id, level, minutes, threshold_minutes, manner, awarded_by,
                awarded_at)
            VALUES (1, 1, \(place), 1, 6000, 6000, 'automatic', 901, \(now))
            """,
            """
            INSERT INTO star_application (id, volunteer_id, station_id, level, state, submitted_at)
            VALUES (1, 1, \(place), 2, 'submitted', \(now))
            """,
        ]
    }

    private static func party(_ owner: Int64, _ place: Int64, _ now: Int64) -> [SQL] {
        [
            """
            INSERT INTO party_unit (id, name, kind, seat_id, contact_name, contact_phone, created_at, updated_at)
            VALUES (1, '锦江区水务局党委', 'agency', \(place), '赵联络', '+8613900009999', \(now), \(now))
            """,
            """
            INSERT INTO unit_representative (unit_id, account_id, linked_by, linked_at) VALUES (1, \(owner), 901, \(now))
            """,
            """
            INSERT INTO party_membership (volunteer_id, unit_id, state, consent_version, consented_at, decided_at)
            VALUES (1, 1, 'confirmed', '1', \(now), \(now))
            """,
            """
            INSERT INTO unit_check_in (id, unit_id, station_id, state, proposed_by, proposed_at)
            VALUES (1, 1, \(place), 'proposed', \(owner), \(now))
            """,
            """
            INSERT INTO member_check_in (id, volunteer_id, unit_id, station_id, state, proposed_at, accepted_at)
            VALUES (1, 1, 1, \(place), 'accepted', \(now), \(now))
            """,
            """
            INSERT INTO community_post (id, station_id, title, duties, category, places, taken, begins_on, ends_on,
                risk_notice, state, created_by, created_at, updated_at)
            VALUES (1, \(place), '楼栋联络员', '上门走访', '01', 5, 1, '2026-01-01', '2028-01-01', '注意安全', 'open', 901, \(now),
                \(now))
            """,
            """
            INSERT INTO post_claim (id, post_id, volunteer_id, unit_id, state, claimed_at)
            VALUES (1, 1, 1, 1, 'claimed', \(now))
            """,
            """
            INSERT INTO post_service (id, claim_id, served_on, minutes, state, reported_at)
            VALUES (1, 1, '2026-12-31', 60, 'reported', \(now))
            """,
            """
            INSERT INTO unit_bond (id, unit_id, station_id, proposed_by, state, contact_name, contact_phone, created_by,
                created_at)
            VALUES (1, 1, \(place), 'unit', 'proposed', '赵联络', '+8613900009999', \(owner), \(now))
            """,
            """
            INSERT INTO community_need (id, station_id, title, detail, category, state, created_at, updated_at)
            VALUES (1, \(place), '修路灯', '三盏不亮', '01', 'open', \(now), \(now))
            """,
            """
            INSERT INTO unit_resource (id, unit_id, title, detail, category, state, created_at, updated_at)
            VALUES (1, 1, '电工', '两名', '01', 'offered', \(now), \(now))
            """,
            """
            INSERT INTO unit_project (id, need_id, resource_id, unit_id, station_id, title, plan, proposed_by, state,
                created_at, updated_at)
            VALUES (1, 1, 1, 1, \(place), '亮灯工程', '一周内修好', 'unit', 'proposed', \(now), \(now))
            """,
        ]
    }

    private static func grids(_ owner: Int64, _ place: Int64, _ now: Int64) -> [SQL] {
        [
            """
            INSERT INTO grid (id, station_id, code, name, kind, created_at, updated_at)
            VALUES (1, \(place), 'W1', '一号网格', 'general', \(now), \(now))
            """,
            """
            INSERT INTO grid_place (id, grid_id, kind, name, address, created_at, updated_at)
            VALUES (1, 1, 'shop', '小卖部', '春熙路1号', \(now), \(now))
            """,
            """
            INSERT INTO grid_worker (id, grid_id, account_id, role, since, appointed_by)
            VALUES (1, 1, \(owner), 'fullTime', \(now), 901)
            """,
            """
            INSERT INTO chat_group (id, station_id, source_code, name, kind, is_public, state, created_at, updated_at)
            VALUES (1, \(place), 'ABCDEFGH', '业主群', 'owners', 0, 'active', \(now), \(now))
            """,
            """
            INSERT OR REPLACE INTO import_run (id, kind, file_hash, account_id, started_at, updated_at)
            VALUES (1, 'grids', zeroblob(32), 901, \(now), \(now))
            """,
        ]
    }
}
