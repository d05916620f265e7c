import App
import HTTP
import SQLite
import Support
import Testing

@Suite("The lock on staff passwords") struct StaffLockTests {
    /// A member of staff named chunxi, and nobody named ghost.
    private struct Scene {
        let client: TestClient
        let password: String

        init(configure: (inout Configuration) -> Void = { _ in }) async throws {
            client = try TestClient(configure: configure)
            try client.stations()
            let made = await client.send(
                .post, "/api/v1/staff",
                #"{"staffName": "chunxi", "name": "李主任", "role": "stationManager", "stationId": 4}"#,
                token: try client.staff().token)
            password = try #require(made.json["firstPassword"]?.string)
        }

        func signIn(_ name: String, _ password: String = "wrong") async -> TestClient.Answer {
            await client.send(
                .post, "/api/v1/sessions/staff", #"{"name": "\#(name)", "password": "\#(password)"}"#)
        }

        /// The answers to so many at the same time.
        func signIn(_ name: String, _ password: String = "wrong", times: Int) async -> [Status] {
            await withTaskGroup(of: Status.self) { group in
                for _ in 0..<times { group.addTask { await signIn(name, password).status } }
                return await group.reduce(into: []) { $0.append($1) }
            }
        }
    }

    @Test(arguments: ["chunxi", "ghost"])
    func `of wrong passwords that come at once no more are looked at than lock the name`(_ name: String) async throws {
        let scene = try await Scene()
        let answers = await scene.signIn(name, times: 30)
        #expect(answers.count { $0 == .unauthorized } == 5)
        #expect(answers.count { $0 == .tooManyRequests } == 25)
    }

    @Test func `right passwords that come at once are let in as far as wrong ones would be looked at`() async throws {
        let scene = try await Scene()
        let answers = await scene.signIn("chunxi", scene.password, times: 5)
        #expect(answers.allSatisfy { $0 == .created })
        #expect(await scene.signIn("chunxi", scene.password).status == .created, "nothing is left of their counts")
    }

    @Test func `the last try allowed may be the right one, and then counting begins anew`() async throws {
        let scene = try await Scene()
        for _ in 0..<2 {
            for _ in 0..<4 { #expect(await scene.signIn("chunxi").status == .unauthorized) }
            #expect(await scene.signIn("chunxi", scene.password).status == .created)
        }
    }

    @Test func `a right password is let in though others locked its name while it was hashed`() async throws {
        let scene = try await Scene()
        let proof = try StaffCredential.verify("chunxi", scene.password, scene.client.services)
        for _ in 0..<4 { #expect(await scene.signIn("chunxi").status == .unauthorized) }
        #expect(await scene.signIn("chunxi").status == .tooManyRequests, "its try is counted with theirs")
        try scene.client.services.writer.writeAndWait { try StaffCredential.accept(proof, in: $0) }
        #expect(await scene.signIn("chunxi").status == .unauthorized)
    }

    @Test func `a name nobody has is answered as a name of somebody is, in small letters and capitals`() async throws {
        let scene = try await Scene()
        for time in 0..<2 {
            for names in [["chunxi", "ghost"], ["ChunXi", "GHOST"], ["chunxi", "Ghost"], ["chunxi", "ghost"]] {
                let (known, unknown) = (await scene.signIn(names[0]), await scene.signIn(names[1]))
                #expect(known.status == unknown.status)
                #expect(known.json["type"] == unknown.json["type"])
            }
            for name in ["chunxi", "ghost"] { #expect(await scene.signIn(name).status == .unauthorized) }
            scene.client.advance(minutes: 1)
            for name in ["chunxi", "ghost"] {
                let locked = await scene.signIn(name)
                #expect(locked.json["type"]?.string == "/problems/locked", "\(time)")
                #expect(locked.value(of: .retryAfter) == "840")
            }
            scene.client.advance(minutes: 14)
        }
    }

    @Test func `of a name nobody has neither the name nor more than its newest fellows are kept`() async throws {
        let scene = try await Scene()
        for _ in 0..<5 { _ = await scene.signIn("ghost") }
        #expect(await scene.signIn("ghost").status == .tooManyRequests)
        try scene.client.run(
            """
            WITH RECURSIVE name (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM name WHERE n < \(UnknownStaffName.namesMax))
            INSERT INTO unknown_staff_name (name_hash, failures, locked_until) SELECT randomblob(32), 1, 0 FROM name
            """)
        #expect(await scene.signIn("ghost").status == .tooManyRequests, "there is room for it")
        #expect(await scene.signIn("spirit").status == .unauthorized)
        #expect(try scene.client.count("SELECT count(*) FROM unknown_staff_name") == Int(UnknownStaffName.namesMax))
        #expect(await scene.signIn("ghost").status == .unauthorized, "it was the oldest")
    }

    @Test func `a name that comes to be somebody's begins without the tries from before`() async throws {
        let scene = try await Scene()
        for _ in 0..<5 { _ = await scene.signIn("ghost") }
        let made = await scene.client.send(
            .post, "/api/v1/staff",
            #"{"staffName": "ghost", "name": "王主任", "role": "dispatcher", "stationId": 4}"#,
            token: try scene.client.staff().token)
        let password = try #require(made.json["firstPassword"]?.string)
        #expect(await scene.signIn("ghost", password).status == .created)
    }
}
