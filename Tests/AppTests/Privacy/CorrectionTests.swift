import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Corrections") struct CorrectionTests {
    private struct Scene {
        var client: TestClient
        var person: TestClient.Person
        var manager: TestClient.Person

        func ask(_ field: String, _ value: String, _ more: String = "") async -> TestClient.Answer {
            await client.send(
                .post, "/api/v1/me/corrections",
                #"{"field": "\#(field)", "value": "\#(value)", "reason": "登记有误", "stationId": 6\#(more)}"#,
                token: person.token)
        }

        func decide(_ step: String, _ id: Int64 = 1, as staff: TestClient.Person? = nil) async -> TestClient.Answer {
            await client.send(
                .put, "/api/v1/corrections/\(id)/\(step)", step == "refusal" ? #"{"reason": "材料不足"}"# : nil,
                token: (staff ?? manager).token)
        }
    }

    private func scene() async throws -> Scene {
        let client = try TestClient()
        try client.stations()
        let person = try await client.volunteer(1)
        return Scene(client: client, person: person, manager: try client.staff(.stationManager, at: TestClient.street))
    }

    @Test func `an accepted name is entered, and the old one stays only masked`() async throws {
        let scene = try await scene()
        let asked = await scene.ask("name", "李致远")
        #expect(asked.status == .created)
        #expect(asked.json["dueAt"]?.string == (scene.client.now + 14 * 86_400).description)
        let list = await scene.client.send(.get, "/api/v1/corrections", token: scene.manager.token)
        #expect(list.json["items"]?.array.count == 1)
        let accepted = await scene.decide("acceptance")
        #expect(accepted.json["state"]?.string == "accepted")
        #expect(accepted.json["oldMasked"]?.string == "李*愿")
        #expect(accepted.json["wished"]?.string == "李*远")
        #expect(try scene.client.text("SELECT name FROM volunteer") == "李致远")
        #expect(await scene.decide("acceptance").status == .ok, "a repetition changes nothing")
        #expect(await scene.decide("refusal").json["state"]?.string == "accepted")
    }

    @Test func `a corrected number is checked, kept in the vault, and brings its birth date`() async throws {
        let scene = try await scene()
        let kind = #", "identityKind": "residentIdentityCard""#
        let wrong = await scene.ask("identityNumber", "51010419900307999X", kind)
        #expect(wrong.json["errors"]?[0]?["pointer"]?.string == "/value")
        #expect(await scene.ask("identityNumber", TestClient.identityNumber(5)).status == .unprocessableContent)
        let asked = await scene.ask("identityNumber", TestClient.identityNumber(5), kind)
        #expect(asked.json["wished"]?.string == Masking.identityNumber(TestClient.identityNumber(5)))
        #expect(await scene.decide("acceptance").status == .ok)
        #expect(try scene.client.text("SELECT number FROM identity_document") == TestClient.identityNumber(5))
        #expect(try scene.client.text("SELECT birth_date FROM volunteer") == "1990-01-06")
        #expect(try scene.client.count("SELECT count(*) FROM identity_wish") == 0)
        #expect(try scene.client.text("SELECT verification FROM volunteer") == "unverified")
    }

    @Test func `another's number is not taken over`() async throws {
        let scene = try await scene()
        _ = try await scene.client.volunteer(2)
        let kind = #", "identityKind": "residentIdentityCard""#
        _ = await scene.ask("identityNumber", TestClient.identityNumber(2), kind)
        #expect(await scene.decide("acceptance").json["type"]?.string == "/problems/identity-taken")
        #expect(await scene.decide("refusal").json["decisionReason"]?.string == "材料不足")
        #expect(try scene.client.text("SELECT number FROM identity_document") == TestClient.identityNumber(1))
    }

    @Test func `what follows from the number is corrected with it, and faults are named`() async throws {
        let scene = try await scene()
        #expect(await scene.ask("birthDate", "1990-05-05").status == .conflict)
        #expect(await scene.ask("sex", "male").status == .conflict)
        #expect(await scene.ask("name", "1").status == .unprocessableContent)
        #expect(await scene.ask("phone", "123").status == .unprocessableContent)
        #expect(await scene.ask("name", "李四", #", "uploadId": 99"#).status == .unprocessableContent)
        let nowhere = await scene.client.send(
            .post, "/api/v1/me/corrections",
            #"{"field": "name", "value": "李四", "reason": "登记有误", "stationId": 99}"#, token: scene.person.token)
        #expect(nowhere.json["errors"]?[0]?["pointer"]?.string == "/stationId")
    }

    @Test func `one is open for each field, even for two at once, and a withdrawn one makes room`() async throws {
        let scene = try await scene()
        let answers = await withTaskGroup(of: Status.self) { group in
            for _ in 1...4 { group.addTask { await scene.ask("phone", "13700000009").status } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count { $0 == .created } == 1)
        #expect(await scene.ask("name", "李四").status == .created)
        let mine = await scene.client.send(.get, "/api/v1/me/corrections", token: scene.person.token)
        #expect(mine.json["items"]?[1]?["wished"]?.string == "137****0009")
        let path = "/api/v1/me/corrections/1/withdrawal"
        let stranger = try scene.client.resident(9)
        #expect(await scene.client.send(.put, path, token: stranger.token).status == .notFound)
        #expect(await scene.client.send(.put, path, token: scene.person.token).json["state"]?.string == "withdrawn")
        #expect(await scene.ask("phone", "13700000009").status == .created)
        #expect(await scene.decide("acceptance", 1).status == .conflict)
    }

    @Test func `only the station's own staff decide`() async throws {
        let scene = try await scene()
        _ = await scene.ask("name", "李四")
        let elsewhere = try scene.client.staff(.stationManager, at: TestClient.otherStreet)
        #expect(await scene.decide("acceptance", as: elsewhere).status == .forbidden)
        #expect(await scene.client.send(.get, "/api/v1/corrections/1", token: elsewhere.token).status == .forbidden)
        let none = await scene.client.send(.get, "/api/v1/corrections", token: elsewhere.token)
        #expect(none.json["items"]?.array.isEmpty == true)
        #expect(await scene.decide("acceptance", 99).status == .notFound)
    }

    @Test(arguments: ["acceptance", "refusal"])
    func `nobody decides on their own request, nor on one about them or a child they answer for`(step: String)
        async throws
    {
        let scene = try await scene()
        _ = await scene.ask("name", "李四")
        try scene.client.promote(scene.person, .stationManager, at: TestClient.street)
        func refused(_ staff: TestClient.Person) async -> Bool {
            await scene.decide(step, as: staff).json["type"]?.string == "/problems/own-case"
        }
        #expect(await refused(scene.person))
        // As after a merge of accounts: another asked, and it is about the one who would decide; and the reverse.
        try scene.client.run("UPDATE correction_request SET account_id = \(scene.manager.account)")
        #expect(await refused(scene.person))
        #expect(await refused(scene.manager))
        let other = try scene.client.staff(.stationManager, at: TestClient.street)
        #expect(await scene.decide(step, as: other).status == .ok)
    }

    @Test func `the evidence is seen by those who decide, and leaves a trace`() async throws {
        let scene = try await scene()
        try scene.client.run(
            """
            INSERT INTO upload (token, account_id, type, bytes, created_at)
            VALUES (\(String(repeating: "a", count: 43)), \(scene.person.account), 'image/png', 4, 0)
            """)
        let path = scene.client.services.configuration.uploadsPath + "/" + String(repeating: "a", count: 43)
        #expect(FileSystem.write([1, 2, 3, 4], to: path))
        _ = await scene.ask("name", "李四", #", "uploadId": 1"#)
        let token = String(repeating: "a", count: 43)
        #expect(await scene.client.send(.get, "/api/v1/uploads/\(token)").status == .notFound)
        let seen = await scene.client.send(.get, "/api/v1/corrections/1/evidence", token: scene.manager.token)
        #expect(seen.body == [1, 2, 3, 4])
        #expect(
            try scene.client.count("SELECT count(*) FROM audit_entry WHERE operation = 'getCorrectionEvidence'") == 1)
        _ = await scene.ask("phone", "13700000009")
        let without = await scene.client.send(.get, "/api/v1/corrections/2/evidence", token: scene.manager.token)
        #expect(without.status == .notFound)
    }
}
