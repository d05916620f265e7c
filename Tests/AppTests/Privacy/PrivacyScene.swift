import App
import HTTP
import SQLite
import Support
import Testing

/// People with data in many services.
enum PrivacyScene {
    /// A volunteer with a team, a sign-up, an order, a message, a consent, a profile and a correction under way.
    static func busyPerson(_ client: TestClient) async throws -> TestClient.Person {
        let admin = try client.staff()
        let leader = try await client.volunteer(90)
        let person = try await client.volunteer(1)
        let leaderID = try await volunteer(client, leader)
        let personID = try await volunteer(client, person)
        let team = await client.send(
            .post, "/api/v1/teams", #"{"stationId": 6, "name": "邻里帮帮队", "leaderId": \#(leaderID)}"#, token: admin.token)
        let teamID = try #require(team.json["id"]?.integer)
        _ = await client.send(.put, "/api/v1/teams/\(teamID)/members/\(personID)", token: admin.token)
        let activity = try await client.activity(start: 60 * 24, by: admin)
        let steps: [(HTTP.Method, String, String?)] = [
            (.post, "/api/v1/activities/\(activity)/sign-ups", nil),
            (
                .post, "/api/v1/demand-tickets",
                #"{"stationId": 6, "title": "陪诊", "detail": "请打 13900000001", "category": "17", "address": "总府路1号"}"#
            ),
            (
                .post, "/api/v1/feedback",
                #"{"category": "hygiene", "text": "垃圾未清运，请联系 13900000001", "position": {"longitude": 104.0785, "latitude": 30.6541}}"#
            ),
            (
                .post, "/api/v1/me/corrections",
                #"{"field": "name", "value": "李致远", "reason": "登记有误", "stationId": 6}"#
            ),
        ]
        for (method, path, body) in steps {
            let answer = await client.send(method, path, body, token: person.token)
            #expect(answer.status == .created, "\(path): \(answer.text)")
        }
        let policy =
            #"{"titleZh": "隐私政策", "textZh": "…", "purposes": [{"code": "account", "labelZh": "账号", "isRequired": true}]}"#
        _ = await client.send(.post, "/api/v1/policies/privacy/versions", policy, token: admin.token)
        _ = await client.send(
            .post, "/api/v1/me/consents",
            #"{"kind": "privacy", "version": 1, "purposes": ["account"], "channel": "app"}"#, token: person.token)
        try client.run(
            """
            INSERT INTO volunteer_profile (volunteer_id, languages, contact_name, contact_relation, contact_phone,
                created_at, updated_at)
            VALUES (\(personID), '', '王家人', 'spouse', '+8613900000555', 0, 0)
            """)
        return person
    }

    static func volunteer(_ client: TestClient, _ person: TestClient.Person) async throws -> Int64 {
        let me = await client.send(.get, "/api/v1/me/volunteer", token: person.token)
        return try #require(me.json["id"]?.integer)
    }
}
