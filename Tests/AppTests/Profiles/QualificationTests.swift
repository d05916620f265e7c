import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Qualifications") struct QualificationTests {
    private struct Scene {
        var client: TestClient
        var person: TestClient.Person
        var manager: TestClient.Person

        func add(
            upload: Int64? = nil, expires: String = "2030-01-01", replaces: Int64? = nil,
            by other: TestClient.Person? = nil
        ) async throws -> TestClient.Answer {
            let person = other ?? person
            let picture: Int64
            if let upload { picture = upload } else { picture = try await client.picture(by: person).id }
            return await client.send(
                .post, "/api/v1/me/qualifications",
                """
                {"stationId": 6, "kind": "firstAider", "title": "初级救护员证", "issuer": "市红十字会",
                 "number": "510104199001011234", "issuedOn": "2024-01-01", "expiresOn": "\(expires)",
                 "uploadId": \(picture), "replacesId": \(replaces.map { "\($0)" } ?? "null")}
                """, token: person.token)
        }

        func added(replaces: Int64? = nil, expires: String = "2030-01-01") async throws -> Int64 {
            try #require(try await add(expires: expires, replaces: replaces).json["id"]?.integer)
        }

        func decide(_ id: Int64, _ step: String, _ json: String? = nil, as staff: TestClient.Person? = nil) async
            -> TestClient.Answer
        {
            await client.send(
                .put, "/api/v1/qualifications/\(id)/\(step)", json, token: (staff ?? manager).token)
        }
    }

    private func scene() async throws -> Scene {
        let client = try TestClient()
        try client.stations()
        return Scene(
            client: client, person: try await client.volunteer(),
            manager: try client.staff(.stationManager, at: TestClient.street))
    }

    @Test func `a qualification is submitted, seen by its station alone, and verified`() async throws {
        let scene = try await scene()
        let id = try await scene.added()
        let queue = await scene.client.send(.get, "/api/v1/qualifications", token: scene.manager.token)
        let item = queue.json["items"]?[0]
        #expect(item?["volunteerName"]?.string == "李*愿")
        #expect(item?["qualification"]?["number"]?.string?.contains("19900101") == false)
        let stranger = try scene.client.staff(.stationManager, at: TestClient.otherStreet)
        let others = await scene.client.send(.get, "/api/v1/qualifications", token: stranger.token)
        #expect(others.json["items"]?.array.isEmpty == true)
        #expect(await scene.decide(id, "verification", as: stranger).status == .forbidden)
        let verified = await scene.decide(id, "verification")
        #expect(verified.json["state"]?.string == "verified")
        #expect(await scene.decide(id, "verification").status == .ok, "the same again is success")
        #expect(await scene.decide(id, "refusal", #"{"reason": "看不清"}"#).status == .conflict)
        let mine = await scene.client.send(.get, "/api/v1/me/qualifications", token: scene.person.token)
        #expect(mine.json["items"]?[0]?["number"]?.string == "510104199001011234")
        let honours = await scene.client.send(.get, "/api/v1/me/honours", token: scene.person.token)
        #expect(honours.json["qualifications"]?.array.count == 1)
    }

    @Test func `a refusal says why`() async throws {
        let scene = try await scene()
        let id = try await scene.added()
        #expect(await scene.decide(id, "refusal", "{}").status == .badRequest)
        let refused = await scene.decide(id, "refusal", #"{"reason": "照片看不清"}"#)
        #expect(refused.json["state"]?.string == "refused")
        #expect(refused.json["reason"]?.string == "照片看不清")
        #expect(await scene.decide(id, "refusal", #"{"reason": "照片看不清"}"#).status == .ok)
        #expect(await scene.decide(id, "verification").json["state"]?.string == "refused")
    }

    @Test func `verified and refused at once: one of them holds`() async throws {
        let scene = try await scene()
        let id = try await scene.added()
        async let verified = scene.decide(id, "verification")
        async let refused = scene.decide(id, "refusal", #"{"reason": "照片看不清"}"#)
        let statuses = [await verified.status, await refused.status]
        #expect(statuses.filter { $0 == .ok }.count == 1)
        #expect(statuses.filter { $0 == .conflict }.count == 1)
    }

    @Test func `a proof is for its owner and whoever verifies it, who leaves a trace`() async throws {
        let scene = try await scene()
        let picture = try await scene.client.picture(by: scene.person)
        #expect(await scene.client.send(.get, picture.url).status == .ok)
        let id = try #require(try await scene.add(upload: picture.id).json["id"]?.integer)
        #expect(await scene.client.send(.get, picture.url).status == .notFound, "no longer by its token")
        let own = "/api/v1/me/qualifications/\(id)/proof"
        let seen = await scene.client.send(.get, own, token: scene.person.token)
        #expect(seen.status == .ok && seen.body.prefix(2) == [0xFF, 0xD8])
        #expect(seen.value(of: .cacheControl) == "private, no-store")
        let other = try await scene.client.volunteer(2)
        #expect(await scene.client.send(.get, own, token: other.token).status == .notFound)
        let view = "/api/v1/qualifications/\(id)/proof-views"
        let stranger = try scene.client.staff(.stationManager, at: TestClient.otherStreet)
        #expect(await scene.client.send(.post, view, token: stranger.token).status == .forbidden)
        #expect(await scene.client.send(.post, view, token: scene.manager.token).body == seen.body)
        #expect(try scene.client.audited("viewQualificationProof") == ["qualifications/\(id) "])
        let full = await scene.client.send(.post, "/api/v1/qualifications/\(id)/views", token: scene.manager.token)
        #expect(full.json["number"]?.string == "510104199001011234")
        #expect(try scene.client.audited("viewQualification").count == 1)
    }

    @Test func `an upload serves once, and only its owner`() async throws {
        let scene = try await scene()
        let other = try await scene.client.volunteer(2)
        let picture = try await scene.client.picture(by: scene.person).id
        let stolen = try await scene.add(upload: picture, by: other)
        #expect(stolen.json["errors"]?[0]?["pointer"]?.string == "/uploadId")
        #expect(try await scene.add(upload: picture).status == .created)
        #expect(try await scene.add(upload: picture).status == .unprocessableContent)
    }

    @Test func `what has expired is not taken, and what expires later says so`() async throws {
        let scene = try await scene()
        let late = try await scene.add(expires: "2027-02-28")
        #expect(late.json["errors"]?[0]?["pointer"]?.string == "/expiresOn")
        #expect(try await scene.add(expires: "2023-01-01").status == .unprocessableContent)
        let id = try await scene.added(expires: "2027-03-01")
        scene.client.advance(minutes: 24 * 60)
        let listed = await scene.client.send(.get, "/api/v1/me/qualifications", token: scene.person.token)
        #expect(listed.json["items"]?[0]?["id"]?.integer == id)
        #expect(listed.json["items"]?[0]?["isExpired"] == .bool(true))
    }

    @Test func `a newer paper takes the place of a verified one when it is verified itself`() async throws {
        let scene = try await scene()
        let old = try await scene.added()
        #expect(try await scene.add(replaces: old).status == .unprocessableContent, "it is not verified yet")
        _ = await scene.decide(old, "verification")
        let new = try await scene.added(replaces: old, expires: "2033-01-01")
        _ = await scene.decide(new, "verification")
        let mine = await scene.client.send(.get, "/api/v1/me/qualifications", token: scene.person.token)
        #expect(mine.json["items"]?.array.compactMap { $0["state"]?.string } == ["verified", "replaced"])
    }

    @Test func `removing takes the picture along, and another's is not there`() async throws {
        let scene = try await scene()
        let id = try await scene.added()
        let other = try await scene.client.volunteer(2)
        let path = "/api/v1/me/qualifications/\(id)"
        #expect(await scene.client.send(.delete, path, token: other.token).status == .notFound)
        #expect(await scene.client.send(.delete, path, token: scene.person.token).status == .noContent)
        #expect(await scene.client.send(.delete, path, token: scene.person.token).status == .notFound)
        let rule = try #require(RetentionRule.all.first { $0.code == "unusedUploads" })
        #expect(try rule.job.run(scene.client.services.writer, scene.client.services.configuration) == 1)
    }

    @Test func `the queue can be asked for another state, and a station that is none is named`() async throws {
        let scene = try await scene()
        let id = try await scene.added()
        _ = await scene.decide(id, "verification")
        func count(_ query: String) async -> Int? {
            await scene.client.send(.get, "/api/v1/qualifications\(query)", token: scene.manager.token)
                .json["items"]?.array.count
        }
        #expect(await count("") == 0)
        #expect(await count("?state=verified") == 1)
        #expect(await count("?state=lost") == nil)
        let stranger = try scene.client.staff(.stationManager, at: TestClient.otherStreet)
        let view = await scene.client.send(.post, "/api/v1/qualifications/\(id)/views", token: stranger.token)
        #expect(view.status == .forbidden)
        #expect(try scene.client.audited("viewQualification") == [])
        let draft = """
            {"stationId": 99, "kind": "nurse", "title": "护士执业证", "issuer": "市卫健委", "issuedOn": "2024-01-01",
             "uploadId": \(try await scene.client.picture(by: scene.person).id)}
            """
        let lost = await scene.client.send(.post, "/api/v1/me/qualifications", draft, token: scene.person.token)
        #expect(lost.json["errors"]?[0]?["pointer"]?.string == "/stationId")
    }

    @Test func `nobody verifies their own, and nobody has more than the limit`() async throws {
        let scene = try await scene()
        let id = try await scene.added()
        try scene.client.promote(scene.person)
        #expect(await scene.decide(id, "verification", as: scene.person).json["type"]?.string == "/problems/own-case")
        for _ in 1..<QualificationRules.perVolunteerMax { _ = try await scene.add() }
        #expect(try await scene.add().json["type"]?.string == "/problems/limit-reached")
    }
}
