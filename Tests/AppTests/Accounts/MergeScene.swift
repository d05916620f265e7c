import App
import HTTP
import SQLite
import Support
import Testing

/// Two accounts that staff believe to be one person's.
struct MergeScene {
    let client: TestClient
    let admin: TestClient.Person
    var from: TestClient.Person
    var into: TestClient.Person

    static let path = "/api/v1/account-merges"

    init(configure: (inout Configuration) -> Void = { _ in }) throws {
        client = try TestClient(configure: configure)
        try client.stations()
        admin = try client.staff()
        from = try client.resident(1)
        into = try client.resident(2)
    }

    /// Both registered: one with an identity card, the other with a passport.
    static func ofVolunteers(configure: (inout Configuration) -> Void = { _ in }) async throws -> MergeScene {
        let scene = try MergeScene(configure: configure)
        try await scene.register(scene.from)
        try await scene.registerWithPassport(scene.into)
        return scene
    }

    func register(_ person: TestClient.Person, _ number: Int = 1) async throws {
        let answer = await client.send(
            .post, "/api/v1/volunteers", TestClient.registration(number), token: person.token)
        try #require(answer.status == .created)
    }

    /// The one of `register`, with another paper.
    func registerWithPassport(_ person: TestClient.Person, birthDate: String = "1990-01-02") async throws {
        let answer = await client.send(
            .post, "/api/v1/volunteers",
            """
            {"name": "李志愿", "identityKind": "passport", "identityNumber": "E12345678", "sex": "female",
             "birthDate": "\(birthDate)", "residenceCode": "510104", "categories": ["01"], "skills": []}
            """, token: person.token)
        try #require(answer.status == .created, "\(answer.text)")
    }

    func preview(from: Int64? = nil, into: Int64? = nil, token: String? = nil) async -> TestClient.Answer {
        await client.send(
            .post, Self.path + "/previews",
            #"{"from": \#(from ?? self.from.account), "into": \#(into ?? self.into.account), "reason": "本人到窗口核实"}"#,
            token: token ?? admin.token)
    }

    func merge(
        _ fingerprint: String?, from: Int64? = nil, into: Int64? = nil, token: String? = nil
    ) async -> TestClient.Answer {
        await client.send(
            .post, Self.path,
            """
            {"from": \(from ?? self.from.account), "into": \(into ?? self.into.account), "reason": "本人到窗口核实",
             "fingerprint": "\(fingerprint ?? "none")"}
            """, token: token ?? admin.token)
    }

    /// Previews and merges.
    func merged(from: Int64? = nil, into: Int64? = nil) async -> TestClient.Answer {
        let preview = await preview(from: from, into: into)
        return await merge(preview.json["fingerprint"]?.string, from: from, into: into)
    }

    func reverse(_ merge: TestClient.Answer, token: String? = nil) async -> TestClient.Answer {
        await client.send(
            .post, "\(Self.path)/\(merge.json["id"]?.integer ?? 0)/reversal", #"{"reason": "实为两人"}"#,
            token: token ?? admin.token)
    }

    func signIn(phone: String) async -> TestClient.Answer {
        _ = await client.send(.post, "/api/v1/phone-codes", #"{"phone": "\#(phone)"}"#)
        let code = client.codes.last(to: "+86" + phone) ?? ""
        return await client.send(.post, "/api/v1/sessions/phone", #"{"phone": "\#(phone)", "code": "\#(code)"}"#)
    }

    func signIn(weChat name: String) async -> TestClient.Answer {
        client.weChat.learn(name, WeChatIdentity(appID: "wx1", openID: name, unionID: nil))
        return await client.send(.post, "/api/v1/sessions/wechat", #"{"code": "\#(name)"}"#)
    }

    func link(weChat name: String, to person: TestClient.Person) async {
        client.weChat.learn(name, WeChatIdentity(appID: "wx1", openID: name, unionID: nil))
        _ = await client.send(
            .post, "/api/v1/me/wechat-identities", #"{"code": "\#(name)"}"#, token: person.token)
    }

    func get(_ path: String, _ person: TestClient.Person) async -> TestClient.Answer {
        await client.send(.get, path, token: person.token)
    }

    func signUp(_ person: TestClient.Person, _ activity: Int64) async throws -> Int64 {
        let answer = await client.send(.post, "/api/v1/activities/\(activity)/sign-ups", token: person.token)
        return try #require(answer.json["id"]?.integer, "\(answer.text)")
    }

    /// Hours by hand, after the activity.
    func confirm(_ signUp: Int64, minutes: Int) async throws {
        let answer = await client.send(
            .put, "/api/v1/sign-ups/\(signUp)/confirmation", #"{"minutes": \#(minutes), "reason": "现场核对名单"}"#,
            token: admin.token)
        try #require(answer.status == .ok, "\(answer.text)")
    }

    func ticket(_ person: TestClient.Person) async throws -> Int64 {
        let answer = await client.send(
            .post, "/api/v1/demand-tickets",
            """
            {"stationId": 6, "title": "陪诊", "detail": "老人周三复查", "category": "17", "address": "总府路1号"}
            """, token: person.token)
        return try #require(answer.json["id"]?.integer, "\(answer.text)")
    }

    /// A team with its leader as the first member.
    func team(_ name: String, ledBy person: TestClient.Person) async throws -> Int64 {
        let leader = try number("SELECT id FROM volunteer WHERE account_id = \(person.account)")
        let answer = await client.send(
            .post, "/api/v1/teams", #"{"stationId": 6, "name": "\#(name)", "leaderId": \#(leader)}"#, token: admin.token
        )
        return try #require(answer.json["id"]?.integer, "\(answer.text)")
    }

    func run(_ sql: SQL) throws { try client.services.writer.writeAndWait { db in _ = try db.run(sql) } }

    func number(_ sql: SQL) throws -> Int64 {
        try Database(path: client.services.configuration.databasePath).value(sql) ?? 0
    }

    func count(_ preview: TestClient.Answer, _ kind: String, _ fate: String) -> Int64 {
        let items = preview.json["items"]?.array ?? []
        return items.first { $0["kind"]?.string == kind && $0["fate"]?.string == fate }?["count"]?.integer ?? 0
    }

    /// Every row a merge may touch, as text.
    func rows() throws -> [String] {
        let db = try Database(path: client.services.configuration.databasePath)
        var tables: [String: StaticString] = [:]
        for reference in PersonReference.all {
            switch reference.fate {
            case .stays, .ends: continue
            case .moves, .follows: tables["\(reference.table)"] = reference.table
            }
        }
        tables["account"] = "account"
        tables["activity"] = "activity"
        var lines: [String] = []
        for (name, table) in tables {
            try db.forEach("SELECT * FROM \(raw: table)") { row in
                let columns: [Value] = try (0..<row.columnCount).map { index in try row[index] }
                lines.append("\(name) \(columns)")
            }
        }
        return lines.sorted()
    }
}
