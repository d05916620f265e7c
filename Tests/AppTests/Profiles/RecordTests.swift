import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Training and awards") struct RecordTests {
    private struct Scene {
        var client: TestClient
        var people: [TestClient.Person]
        var ids: [Int64]
        var manager: TestClient.Person
        var stranger: TestClient.Person

        func train(_ volunteers: [Int64], date: String = "2027-02-20", as staff: TestClient.Person? = nil) async
            -> TestClient.Answer
        {
            await client.send(
                .post, "/api/v1/training-records",
                """
                {"stationId": 6, "name": "急救培训", "content": "心肺复苏与止血包扎", "minutes": 180,
                 "organiser": "市红十字会", "date": "\(date)", "volunteerIds": \(volunteers)}
                """, token: (staff ?? manager).token)
        }

        func submit(_ level: String = "county", name: String = "优秀志愿者") async throws -> TestClient.Answer {
            let picture = try await client.picture(by: people[0]).id
            return await client.send(
                .post, "/api/v1/me/award-records",
                """
                {"stationId": 6, "name": "\(name)", "grantedOn": "2026-12-05", "grantingBody": "区文明办",
                 "level": "\(level)", "uploadId": \(picture)}
                """, token: people[0].token)
        }

        func decide(_ id: Int64, _ step: String, _ json: String? = nil, as staff: TestClient.Person? = nil) async
            -> TestClient.Answer
        {
            await client.send(.put, "/api/v1/award-records/\(id)/\(step)", json, token: (staff ?? manager).token)
        }
    }

    private func scene(_ count: Int = 1) async throws -> Scene {
        let client = try TestClient()
        try client.stations()
        var people: [TestClient.Person] = []
        var ids: [Int64] = []
        for number in 1...count {
            let person = try await client.volunteer(number)
            people.append(person)
            ids.append(try await client.volunteerID(of: person))
        }
        return Scene(
            client: client, people: people, ids: ids,
            manager: try client.staff(.stationManager, at: TestClient.street),
            stranger: try client.staff(.stationManager, at: TestClient.otherStreet))
    }

    @Test func `a training is recorded for many, and each is answered for`() async throws {
        let scene = try await scene(2)
        let answer = await scene.train([scene.ids[0], 999, scene.ids[1]])
        #expect(
            answer.json["items"]?.array.compactMap { $0["outcome"]?.string }
                == ["recorded", "unknownVolunteer", "recorded"])
        let again = await scene.train([scene.ids[0]])
        #expect(again.json["items"]?[0]?["outcome"]?.string == "alreadyRecorded")
        let mine = await scene.client.send(.get, "/api/v1/me/training-records", token: scene.people[0].token)
        #expect(mine.json["items"]?.array.count == 1)
        #expect(mine.json["items"]?[0]?["content"]?.string == "心肺复苏与止血包扎")
        let path = "/api/v1/volunteers/\(scene.ids[0])/training-records"
        let colleague = try scene.client.staff(.stationManager, at: TestClient.street)
        let seen = await scene.client.send(.get, path, token: colleague.token)
        #expect(seen.json["items"]?.array.count == 1)
        // What one recorded oneself opens nothing.
        #expect(await scene.client.send(.get, path, token: scene.manager.token).status == .forbidden)
    }

    @Test func `a training of elsewhere, of the future or of too many is refused`() async throws {
        let scene = try await scene()
        #expect(await scene.train(scene.ids, as: scene.stranger).status == .forbidden)
        #expect(await scene.train(scene.ids, date: "2027-03-02").json["errors"]?[0]?["pointer"]?.string == "/date")
        #expect(await scene.train([]).status == .unprocessableContent)
        #expect(await scene.train([1, 1]).status == .unprocessableContent)
        #expect(await scene.train(Array(1...201)).status == .unprocessableContent)
        #expect(await scene.train(Array(1...200)).status == .ok)
        #expect(await scene.train(scene.ids, as: scene.people[0]).status == .forbidden)
    }

    @Test func `a wrong training record is withdrawn, seen with its reason, and may be stated anew`() async throws {
        let scene = try await scene()
        let made = await scene.train(scene.ids)
        let id = try #require(made.json["items"]?[0]?["recordId"]?.integer)
        let path = "/api/v1/training-records/\(id)/withdrawal"
        let reason = #"{"reason": "本人未到场"}"#
        #expect(await scene.client.send(.put, path, reason, token: scene.stranger.token).status == .forbidden)
        let withdrawn = await scene.client.send(.put, path, reason, token: scene.manager.token)
        #expect(withdrawn.json["withdrawalReason"]?.string == "本人未到场")
        let again = await scene.client.send(.put, path, #"{"reason": "别的原因"}"#, token: scene.manager.token)
        #expect(again.json["withdrawalReason"]?.string == "本人未到场")
        let honours = await scene.client.send(.get, "/api/v1/me/honours", token: scene.people[0].token)
        #expect(honours.json["trainings"]?.array.isEmpty == true)
        #expect(honours.json["trainingMinutes"]?.integer == 0)
        #expect(await scene.train(scene.ids).json["items"]?[0]?["outcome"]?.string == "recorded")
    }

    @Test func `the schema keeps training records and verified awards as they were`() async throws {
        let scene = try await scene()
        _ = await scene.train(scene.ids)
        let id = try #require(try await scene.submit().json["id"]?.integer)
        _ = await scene.decide(id, "verification")
        let forbidden: [SQL] = [
            "UPDATE training_record SET minutes = 1", "DELETE FROM training_record",
            "UPDATE award_record SET name = '别的'", "DELETE FROM award_record",
        ]
        for statement in forbidden {
            #expect(throws: SQLiteError.self) {
                try scene.client.services.writer.writeAndWait { try $0.run(statement) }
            }
        }
    }

    @Test func `a station's own award takes body and level from the station`() async throws {
        let scene = try await scene(2)
        let json = """
            {"stationId": 4, "name": "月度之星", "grantedOn": "2027-02-28", "volunteerIds": \(scene.ids)}
            """
        let path = "/api/v1/award-records"
        #expect(await scene.client.send(.post, path, json, token: scene.stranger.token).status == .forbidden)
        let made = await scene.client.send(.post, path, json, token: scene.manager.token)
        #expect(made.json["items"]?.array.compactMap { $0["outcome"]?.string } == ["recorded", "recorded"])
        let mine = await scene.client.send(.get, "/api/v1/me/award-records", token: scene.people[0].token)
        let award = mine.json["items"]?[0]
        #expect(award?["grantingBody"]?.string == "春熙路街道新时代文明实践所")
        #expect(award?["level"]?.string == "township")
        #expect(award?["state"]?.string == "verified")
        let own = "/api/v1/me/award-records/\(award?["id"]?.integer ?? 0)"
        #expect(await scene.client.send(.get, "\(own)/proof", token: scene.people[0].token).status == .notFound)
        #expect(await scene.client.send(.delete, own, token: scene.people[0].token).status == .conflict)
        let late = json.replacing("2027-02-28", with: "2027-03-02")
        #expect(await scene.client.send(.post, path, late, token: scene.manager.token).status == .unprocessableContent)
    }

    @Test func `an award of others is submitted with proof, and verified where it was sent`() async throws {
        let scene = try await scene()
        let made = try await scene.submit()
        #expect(made.status == .created, "\(made.text)")
        let id = try #require(made.json["id"]?.integer)
        #expect(try await scene.submit().status == .conflict, "the same award twice")
        let queue = await scene.client.send(.get, "/api/v1/award-records", token: scene.manager.token)
        #expect(queue.json["items"]?[0]?["award"]?["id"]?.integer == id)
        let others = await scene.client.send(.get, "/api/v1/award-records", token: scene.stranger.token)
        #expect(others.json["items"]?.array.isEmpty == true)
        #expect(await scene.decide(id, "verification", as: scene.stranger).status == .forbidden)
        let view = "/api/v1/award-records/\(id)/proof-views"
        #expect(await scene.client.send(.post, view, token: scene.stranger.token).status == .forbidden)
        #expect(await scene.client.send(.post, view, token: scene.manager.token).status == .ok)
        #expect(try scene.client.audited("viewAwardProof") == ["award-records/\(id) "])
        #expect(await scene.decide(id, "verification").json["state"]?.string == "verified")
        #expect(await scene.decide(id, "verification").status == .ok)
        let honours = await scene.client.send(.get, "/api/v1/me/honours", token: scene.people[0].token)
        #expect(honours.json["awards"]?.array.count == 1)
        #expect(await scene.decide(id, "withdrawal", #"{"reason": "证书系伪造"}"#).json["state"]?.string == "withdrawn")
        #expect(await scene.decide(id, "withdrawal", #"{"reason": "证书系伪造"}"#).status == .ok)
        #expect(await scene.decide(id, "verification").status == .conflict)
    }

    @Test func `an award of county level falls only for its proof, a lesser one also otherwise`() async throws {
        let scene = try await scene()
        let high = try #require(try await scene.submit().json["id"]?.integer)
        let low = try #require(try await scene.submit("organisation", name: "年度之星").json["id"]?.integer)
        let lightly = #"{"ground": "notEstablished", "reason": "无法核实"}"#
        #expect(await scene.decide(high, "refusal", lightly).json["errors"]?[0]?["pointer"]?.string == "/ground")
        #expect(await scene.decide(low, "refusal", lightly).json["state"]?.string == "refused")
        let unreadable = #"{"ground": "proofUnreadable", "reason": "照片模糊"}"#
        #expect(await scene.decide(high, "refusal", unreadable).json["ground"]?.string == "proofUnreadable")
        #expect(await scene.decide(high, "withdrawal", #"{"reason": "照片模糊"}"#).status == .conflict)
        let path = "/api/v1/me/award-records/\(high)"
        #expect(await scene.client.send(.get, "\(path)/proof", token: scene.people[0].token).status == .ok)
        #expect(await scene.client.send(.delete, path, token: scene.people[0].token).status == .noContent)
        #expect(await scene.client.send(.get, "\(path)/proof", token: scene.people[0].token).status == .notFound)
        #expect(try await scene.submit().status == .created, "after a refusal it may be submitted again")
    }

    @Test(arguments: [AwardRecord.Level.national, .provincial, .municipal, .county])
    func `levels that must be recorded on proof`(level: AwardRecord.Level) throws {
        for ground in [AwardRecord.Ground.notEstablished, .notVolunteering] {
            #expect(throws: Problem.self) { try AwardRecord.checkRefusal(of: level, on: ground) }
        }
        try AwardRecord.checkRefusal(of: level, on: .proofDiffers)
        try AwardRecord.checkRefusal(of: .township, on: .notEstablished)
    }

    @Test func `nobody trains or awards themselves, whoever else is on the list`() async throws {
        let scene = try await scene(2)
        try scene.client.promote(scene.people[0])
        let trained = await scene.train(scene.ids, as: scene.people[0])
        let awarded = await scene.client.send(
            .post, "/api/v1/award-records",
            #"{"stationId": 4, "name": "月度之星", "grantedOn": "2027-02-28", "volunteerIds": \#(scene.ids)}"#,
            token: scene.people[0].token)
        for answer in [trained, awarded] {
            #expect(answer.json["items"]?.array.compactMap { $0["outcome"]?.string } == ["ownCase", "recorded"])
            #expect(answer.json["items"]?[0]?["recordId"] == .null)
        }
        for path in ["training-records", "award-records"] {
            let own = await scene.client.send(.get, "/api/v1/me/\(path)", token: scene.people[0].token)
            #expect(own.json["items"]?.array.isEmpty == true)
        }
    }

    @Test func `nobody verifies their own award`() async throws {
        let scene = try await scene()
        let id = try #require(try await scene.submit().json["id"]?.integer)
        try scene.client.promote(scene.people[0])
        let answer = await scene.decide(id, "verification", as: scene.people[0])
        #expect(answer.json["type"]?.string == "/problems/own-case")
    }

    @Test func `nobody withdraws a training or an award of their own, but somebody else does`() async throws {
        let scene = try await scene()
        let training = try #require(await scene.train(scene.ids).json["items"]?[0]?["recordId"]?.integer)
        let award = try #require(try await scene.submit().json["id"]?.integer)
        #expect(await scene.decide(award, "verification").status == .ok)
        try scene.client.promote(scene.people[0])
        for path in ["training-records/\(training)", "award-records/\(award)"] {
            func withdraw(as staff: TestClient.Person) async -> TestClient.Answer {
                await scene.client.send(
                    .put, "/api/v1/\(path)/withdrawal", #"{"reason": "记录有误"}"#, token: staff.token)
            }
            let own = await withdraw(as: scene.people[0])
            #expect(own.status == .forbidden && own.json["type"]?.string == "/problems/own-case")
            #expect(await withdraw(as: scene.manager).status == .ok)
            #expect(await withdraw(as: scene.people[0]).status == .ok, "what is done already is answered as it is")
        }
    }
}
