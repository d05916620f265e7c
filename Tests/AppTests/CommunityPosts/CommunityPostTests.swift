import App
import HTTP
import SQLite
import Support
import Testing

/// A post in community 6, which belongs to the scene's manager.
struct PostScene {
    let scene: PartyScene
    let post: Int64

    init(_ scene: PartyScene, places: Int = 2) async throws {
        self.scene = scene
        post = try await Self.post(scene, places: places)
    }

    static func post(_ scene: PartyScene, places: Int = 2, ends: String = "2027-12-31") async throws -> Int64 {
        let answer = await scene.send(
            .post, "community-posts", #"{"stationId": 6, \#(fields(places: places, ends: ends))}"#, as: scene.manager)
        return try #require(answer.json["id"]?.integer, "\(answer.text)")
    }

    static func fields(places: Int = 2, begins: String = "2027-03-01", ends: String = "2027-12-31") -> String {
        """
        "title": "河道巡查员", "duties": "每月巡查府南河岸线", "category": "04", "places": \(places),
        "beginsOn": "\(begins)", "endsOn": "\(ends)", "riskNotice": "河边路滑"
        """
    }

    func claim(as person: TestClient.Person) async -> TestClient.Answer {
        await scene.send(.put, "community-posts/\(post)/claim", as: person)
    }
}

@Suite("Community posts") struct CommunityPostTests {
    @Test func `staff offer a post, change it by its version, and close it`() async throws {
        let scene = try await PartyScene()
        let post = try await PostScene(scene).post
        let path = "community-posts/\(post)"
        #expect(await scene.send(.get, path, as: scene.manager).status == .ok)
        let edit = "{\(PostScene.fields(places: 5))}"
        #expect(await scene.send(.put, path, edit, as: scene.manager).status.code == 428)
        #expect(await scene.send(.put, path, edit, as: scene.stranger, version: 1).status == .forbidden)
        let changed = await scene.send(.put, path, edit, as: scene.manager, version: 1)
        #expect(changed.json["places"]?.integer == 5)
        #expect(await scene.send(.put, path, edit, as: scene.manager, version: 1).status.code == 412)
        #expect(await scene.send(.put, "\(path)/closure", PartyScene.reason, as: scene.stranger).status == .forbidden)
        for _ in 0..<2 {
            let closed = await scene.send(.put, "\(path)/closure", PartyScene.reason, as: scene.manager)
            #expect(closed.json["state"]?.string == "closed")
        }
        #expect(await scene.send(.put, path, edit, as: scene.manager, version: 3).status == .conflict)
        let listed = await scene.send(.get, "community-posts?state=closed&stationId=6", as: scene.manager)
        #expect(listed.json["items"]?.array.count == 1)
        #expect(await scene.send(.get, "community-posts", as: scene.stranger).json["items"]?.array.isEmpty == true)
    }

    @Test func `a post names a community, a term ahead and no more places than a thousand`() async throws {
        let scene = try await PartyScene()
        let bad: [(String, String)] = [
            ("{\"stationId\": 4, \(PostScene.fields())}", "/stationId"),
            ("{\"stationId\": 6, \(PostScene.fields(places: 0))}", "/places"),
            ("{\"stationId\": 6, \(PostScene.fields(ends: "2027-02-01"))}", "/endsOn"),
            ("{\"stationId\": 6, \(PostScene.fields(begins: "2027-01-01", ends: "2027-02-01"))}", "/endsOn"),
            ("{\"stationId\": 6, \(PostScene.fields(ends: "2031-01-01"))}", "/endsOn"),
        ]
        for (json, pointer) in bad {
            let answer = await scene.send(.post, "community-posts", json, as: scene.manager)
            #expect(answer.status == .unprocessableContent)
            #expect(answer.json["errors"]?[0]?["pointer"]?.string == pointer)
        }
        let elsewhere = "{\"stationId\": 6, \(PostScene.fields())}"
        #expect(await scene.send(.post, "community-posts", elsewhere, as: scene.stranger).status == .forbidden)
    }

    @Test func `members of the community see and claim its posts; for others there are none`() async throws {
        let scene = try await PartyScene()
        let post = try await PostScene(scene)
        let (member, _) = try await scene.checkedIn(1)
        let (neighbour, _) = try await scene.checkedIn(2, at: TestClient.otherCommunity)
        let outsider = try await scene.client.volunteer(3)
        #expect(await scene.send(.get, "me/community-posts", as: member).json["items"]?.array.count == 1)
        #expect(await scene.send(.get, "community-posts/\(post.post)", as: member).status == .ok)
        for other in [neighbour, outsider, try scene.client.resident(4)] {
            #expect(await scene.send(.get, "community-posts/\(post.post)", as: other).status == .notFound)
        }
        for other in [neighbour, outsider] {
            #expect(await scene.send(.get, "me/community-posts", as: other).json["items"]?.array.isEmpty == true)
            #expect(await post.claim(as: other).status == .notFound)
        }
        let claimed = await post.claim(as: member)
        #expect(claimed.json["state"]?.string == "claimed")
        let again = await post.claim(as: member)
        #expect(again.json["reasons"]?[0]?.string == "alreadyClaimed")
        let claims = await scene.send(.get, "community-posts/\(post.post)/claims", as: scene.manager)
        #expect(claims.json["items"]?[0]?["memberName"]?.string == "李*愿")
        #expect(
            await scene.send(.get, "community-posts/\(post.post)/claims", as: scene.stranger).status == .forbidden)
        #expect(await scene.send(.get, "community-posts/\(post.post)/claims", as: member).status == .forbidden)
        let fewer = "{\(PostScene.fields(places: 1))}"
        let path = "community-posts/\(post.post)"
        #expect(await scene.send(.put, path, fewer, as: scene.manager, version: 1).status == .ok)
        let full = await post.claim(as: try await scene.checkedIn(5).person)
        #expect(full.json["reasons"]?[0]?.string == "full")
    }

    @Test func `with thirty members for four places exactly four get in`() async throws {
        let scene = try await PartyScene()
        let post = try await PostScene(scene, places: 4)
        var people: [TestClient.Person] = []
        for number in 1...30 { people.append(try await scene.checkedIn(number).person) }
        let answers = await withTaskGroup(of: TestClient.Answer.self) { group in
            for person in people { group.addTask { await post.claim(as: person) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count { $0.status == .ok } == 4)
        #expect(answers.filter { $0.status != .ok }.allSatisfy { $0.json["reasons"]?[0]?.string == "full" })
        let edit = "{\(PostScene.fields(places: 3))}"
        let fewer = await scene.send(.put, "community-posts/\(post.post)", edit, as: scene.manager, version: 1)
        #expect(fewer.json["errors"]?[0]?["pointer"]?.string == "/places")
    }

    @Test func `one member holds three posts at most, whatever comes at once`() async throws {
        let scene = try await PartyScene()
        let (member, _) = try await scene.checkedIn()
        var posts: [PostScene] = []
        for _ in 0..<5 { posts.append(try await PostScene(scene)) }
        let statuses = await withTaskGroup(of: Int.self) { group in
            for post in posts { group.addTask { await post.claim(as: member).status.code } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.count { $0 == 200 } == CommunityPostRules.liveClaimsMax)
    }

    @Test func `whoever gives a post up frees the place, and may come back`() async throws {
        let scene = try await PartyScene()
        let post = try await PostScene(scene, places: 1)
        let (member, _) = try await scene.checkedIn()
        let claim = try #require(await post.claim(as: member).json["id"]?.integer)
        let path = "post-claims/\(claim)/resignation"
        let (other, _) = try await scene.checkedIn(2)
        #expect(await scene.send(.put, path, PartyScene.reason, as: other).status == .notFound)
        for _ in 0..<2 {
            let resigned = await scene.send(.put, path, PartyScene.reason, as: member)
            #expect(resigned.json["state"]?.string == "resigned")
        }
        #expect(await post.claim(as: other).status == .ok)
        let full = await post.claim(as: member)
        #expect(full.json["reasons"]?[0]?.string == "full")
        #expect(await scene.send(.get, "me/post-claims", as: member).json["items"]?.array.count == 1)
    }

    @Test func `whoever gave a post up three times does not get it again`() async throws {
        let scene = try await PartyScene()
        let post = try await PostScene(scene)
        let (member, _) = try await scene.checkedIn()
        for _ in 0..<CommunityPostRules.claimsOfPostMax {
            let claim = try #require(await post.claim(as: member).json["id"]?.integer)
            let path = "post-claims/\(claim)/resignation"
            #expect(await scene.send(.put, path, PartyScene.reason, as: member).status == .ok)
        }
        #expect(await post.claim(as: member).json["reasons"]?[0]?.string == "givenUpTooOften")
    }

    @Test func `moving away ends the claims and frees their places`() async throws {
        let scene = try await PartyScene()
        let post = try await PostScene(scene, places: 1)
        let (member, _) = try await scene.checkedIn()
        let claim = try #require(await post.claim(as: member).json["id"]?.integer)
        _ = await scene.send(.put, "me/member-check-in", #"{"stationId": 7}"#, as: member)
        let own = await scene.send(.get, "me/post-claims", as: member)
        #expect(own.json["items"]?[0]?["state"]?.string == "ended")
        #expect(
            await scene.send(.get, "community-posts/\(post.post)", as: scene.manager).json["taken"]?.integer == 0)
        let late = await scene.send(
            .put, "post-claims/\(claim)/resignation", PartyScene.reason, as: member)
        #expect(late.status == .conflict)
    }

    @Test func `after its term a post takes no claims, and closes by itself`() async throws {
        let scene = try await PartyScene()
        let post = try await PostScene.post(scene, ends: "2027-03-02")
        let (member, _) = try await scene.checkedIn()
        #expect(await scene.send(.put, "community-posts/\(post)/claim", as: member).status == .ok)
        let (late, _) = try await scene.checkedIn(2)
        scene.client.advance(minutes: 2 * 1_440)
        let refused = await scene.send(.put, "community-posts/\(post)/claim", as: late)
        #expect(refused.json["reasons"]?[0]?.string == "termEnded")
        #expect(await scene.send(.get, "me/community-posts", as: late).json["items"]?.array.isEmpty == true)
        let services = scene.client.services
        #expect(try CommunityPost.housekeeping.run(services.writer, services.configuration) == 1)
        #expect(
            await scene.send(.get, "community-posts/\(post)", as: scene.manager).json["state"]?.string == "closed")
        let own = await scene.send(.get, "me/post-claims", as: member)
        #expect(own.json["items"]?[0]?["state"]?.string == "ended")
        let after = await scene.send(.put, "community-posts/\(post)/claim", as: late)
        #expect(after.json["reasons"]?.array.contains(.string("closed")) == true)
    }

    @Test func `a day of service is reported by the member and decided by the community`() async throws {
        let scene = try await PartyScene()
        let post = try await PostScene(scene)
        let (member, _) = try await scene.checkedIn()
        let claim = try #require(await post.claim(as: member).json["id"]?.integer)
        let path = "post-claims/\(claim)/services"
        let report = #"{"minutes": 90}"#
        for day in ["2027-02-28", "2027-03-02"] {
            #expect(await scene.send(.put, "\(path)/\(day)", report, as: member).status == .conflict)
        }
        #expect(await scene.send(.put, "\(path)/yesterday", report, as: member).status == .notFound)
        let none = #"{"minutes": 0}"#
        #expect(await scene.send(.put, "\(path)/2027-03-01", none, as: member).status == .unprocessableContent)
        let first = await scene.send(.put, "\(path)/2027-03-01", report, as: member)
        #expect(first.json["state"]?.string == "reported")
        let second = await scene.send(.put, "\(path)/2027-03-01", #"{"minutes": 60}"#, as: member)
        #expect(second.json["id"] == first.json["id"])
        #expect(second.json["minutes"]?.integer == 60)
        let service = try #require(first.json["id"]?.integer)
        let decision = "post-services/\(service)/confirmation"
        #expect(await scene.send(.put, decision, as: scene.stranger).status == .forbidden)
        for _ in 0..<2 {
            #expect(await scene.send(.put, decision, as: scene.manager).json["state"]?.string == "confirmed")
        }
        #expect(await scene.send(.put, "\(path)/2027-03-01", report, as: member).status == .conflict)
        let late = await scene.send(.put, "post-services/\(service)/refusal", PartyScene.reason, as: scene.manager)
        #expect(late.status == .conflict)
        for person in [member, scene.manager] {
            #expect(await scene.send(.get, path, as: person).json["items"]?.array.count == 1)
        }
        for person in [scene.stranger, scene.representative] {
            #expect(await scene.send(.get, path, as: person).status == .notFound)
        }
    }

    @Test func `staff decide nothing about days they served themselves`() async throws {
        let scene = try await PartyScene()
        let post = try await PostScene(scene)
        let (member, _) = try await scene.checkedIn()
        let claim = try #require(await post.claim(as: member).json["id"]?.integer)
        let reported = await scene.send(
            .put, "post-claims/\(claim)/services/2027-03-01", #"{"minutes": 900}"#, as: member)
        let path = "post-services/\(try #require(reported.json["id"]?.integer))"
        try scene.client.promote(member, .stationManager, at: TestClient.street)
        let decisions = [
            await scene.send(.put, "\(path)/confirmation", as: member),
            await scene.send(.put, "\(path)/refusal", PartyScene.reason, as: member),
        ]
        for own in decisions {
            #expect(own.status == .forbidden && own.json["type"]?.string == "/problems/own-case", "\(own.text)")
        }
        #expect(await scene.send(.put, "\(path)/confirmation", as: scene.manager).status == .ok)
        #expect(await scene.send(.put, "\(path)/confirmation", as: member).status == .ok, "what is done is answered")
    }

    @Test func `a refused day may be reported again`() async throws {
        let scene = try await PartyScene()
        let post = try await PostScene(scene)
        let (member, _) = try await scene.checkedIn()
        let claim = try #require(await post.claim(as: member).json["id"]?.integer)
        let path = "post-claims/\(claim)/services/2027-03-01"
        let first = try #require(await scene.send(.put, path, #"{"minutes": 900}"#, as: member).json["id"]?.integer)
        for _ in 0..<2 {
            let refused = await scene.send(
                .put, "post-services/\(first)/refusal", PartyScene.reason, as: scene.manager)
            #expect(refused.json["state"]?.string == "refused")
        }
        let second = await scene.send(.put, path, #"{"minutes": 60}"#, as: member)
        #expect(second.json["state"]?.string == "reported")
        #expect(second.json["id"]?.integer != first)
    }
}
