import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Volunteers") struct VolunteerTests {
    @Test func `a resident registers and gets a number`() async throws {
        let client = try TestClient()
        let person = try client.resident()
        let made = await client.send(.post, "/api/v1/volunteers", TestClient.registration(), token: person.token)
        #expect(made.status == .created)
        #expect(made.json["number"]?.string?.count == 12)
        #expect(made.json["birthDate"]?.string == "1990-01-02")
        #expect(!made.text.contains(TestClient.identityNumber(1)), "the full number goes to nobody")
        let me = await client.send(.get, "/api/v1/me", token: person.token)
        #expect(me.json["volunteerId"] == made.json["id"])
    }

    @Test func `one identity number is one volunteer, even for two at once`() async throws {
        let client = try TestClient()
        let people = try (1...8).map { try client.resident($0) }
        let answers = await withTaskGroup(of: Status.self) { group in
            for person in people {
                group.addTask {
                    await client.send(.post, "/api/v1/volunteers", TestClient.registration(1), token: person.token)
                        .status
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count { $0 == .created } == 1)
        #expect(answers.count { $0 == .conflict } == 7)
    }

    @Test func `nobody registers twice`() async throws {
        let client = try TestClient()
        let person = try await client.volunteer()
        let again = await client.send(.post, "/api/v1/volunteers", TestClient.registration(2), token: person.token)
        #expect(again.json["type"]?.string == "/problems/already-a-volunteer")
    }

    @Test(arguments: ["51010419900307999X", "510104900307999", "5１0104199003079992", "", "990104199003079991"])
    func `a number that cannot be right is refused`(number: String) async throws {
        let client = try TestClient()
        let person = try client.resident()
        let body = TestClient.registration().replacing(TestClient.identityNumber(1), with: number)
        let answer = await client.send(.post, "/api/v1/volunteers", body, token: person.token)
        #expect(answer.status == .unprocessableContent)
        #expect(answer.json["errors"]?[0]?["pointer"]?.string == "/identityNumber")
    }

    @Test func `minors need a guardian and small children cannot register`() throws {
        let today = try #require(CivilDate("2027-03-01"))
        func person(_ number: String, guardian: Volunteer.Guardian? = nil) throws -> VolunteerRules.Person {
            var draft = try JSON.decode(Volunteer.Draft.self, from: Array(TestClient.registration().utf8))
            draft.identityNumber = number
            draft.guardian = guardian
            return try VolunteerRules.person(draft, accountPhone: PhoneNumber("13900000001"), today: today)
        }
        #expect(throws: Problem.self) { try person("441202201506189988") }
        #expect(
            try person("441202201506189988", guardian: .init(name: "王家长", phone: "13900000002")).birthDate.year == 2015)
        let small = try #require(CivilDate("2021-03-01"))
        #expect(small.age(on: today) == 6)
    }

    @Test func `an edit needs the version and touches only what may change`() async throws {
        let client = try TestClient()
        let person = try await client.volunteer()
        let edit = #"{"residenceCode": "510107", "categories": ["08"], "skills": []}"#
        let path = "/api/v1/me/volunteer"
        #expect(await client.send(.put, path, edit, token: person.token).status == .preconditionRequired)
        let changed = await client.send(.put, path, edit, token: person.token, fields: [("If-Match", "\"1\"")])
        #expect(changed.json["residenceCode"]?.string == "510107")
        let sneaky = #"{"residenceCode": "510107", "categories": [], "skills": [], "name": "换名"}"#
        let refused = await client.send(.put, path, sneaky, token: person.token, fields: [("If-Match", "\"2\"")])
        #expect(refused.json["errors"]?[0]?["pointer"]?.string == "/name")
    }

    @Test func `staff find a volunteer by the full number and see it masked`() async throws {
        let client = try TestClient()
        _ = try await client.volunteer(1)
        let manager = try client.staff(.stationManager)
        for body in [
            #"{"identityNumber": "\#(TestClient.identityNumber(1))"}"#, #"{"phone": "13900000001"}"#,
        ] {
            let found = await client.send(.post, "/api/v1/volunteer-searches", body, token: manager.token)
            #expect(found.json["items"]?.array.count == 1, "\(body)")
            #expect(found.json["items"]?[0]?["name"]?.string == "李*愿")
            #expect(!found.text.contains(TestClient.identityNumber(1)))
        }
        let resident = try client.resident(50)
        #expect(
            await client.send(.post, "/api/v1/volunteer-searches", #"{"number": "1"}"#, token: resident.token).status
                == .forbidden)
    }

    @Test func `a full identity is shown for a stated reason, and the audit says to whom`() async throws {
        let client = try TestClient()
        _ = try await client.volunteer(1)
        let (manager, admin) = (try client.staff(.stationManager), try client.staff())
        let path = "/api/v1/volunteers/1/identity-views"
        let reason = #"{"reason": "核对保险名单"}"#
        #expect(await client.send(.post, path, reason, token: manager.token).status == .forbidden)
        #expect(await client.send(.post, path, #"{"reason": ""}"#, token: admin.token).status == .unprocessableContent)
        let shown = await client.send(.post, path, reason, token: admin.token)
        #expect(shown.json["identityNumber"]?.string == TestClient.identityNumber(1))
        let audit = try client.services.writer.writeAndWait { db in
            try db.value(
                "SELECT reason FROM audit_entry WHERE operation = 'viewVolunteerIdentity' AND outcome = 'done'",
                as: String.self)
        }
        #expect(audit == "核对保险名单")
    }
}
