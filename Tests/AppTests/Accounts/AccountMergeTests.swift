import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Merging accounts") struct AccountMergeTests {
    @Test func `a preview counts what would move and changes nothing`() async throws {
        let scene = try MergeScene()
        _ = try await scene.ticket(scene.from)
        _ = try await scene.ticket(scene.from)
        await scene.link(weChat: "o1", to: scene.from)
        let before = try scene.rows()
        let preview = await scene.preview()
        #expect(preview.status == .ok)
        #expect(scene.count(preview, "demandTickets", "moves") == 2)
        #expect(scene.count(preview, "waysIn", "moves") == 2, "the phone and WeChat")
        #expect(scene.count(preview, "sessions", "ends") == 1)
        #expect(preview.json["blockers"]?.array.isEmpty == true)
        #expect(preview.json["from"]?["phone"]?.string == "139****0001")
        #expect(try scene.rows() == before)
        #expect(await scene.get("/api/v1/me", scene.from).status == .ok)
        #expect(await scene.preview().json["fingerprint"] == preview.json["fingerprint"])
    }

    @Test func `everything of the one account is the other's, and each way in leads there`() async throws {
        let scene = try MergeScene()
        let ticket = try await scene.ticket(scene.from)
        await scene.link(weChat: "o1", to: scene.from)
        let merge = await scene.merged()
        #expect(merge.status == .created)
        #expect(scene.count(merge, "demandTickets", "moves") == 1)
        let shown = await scene.client.send(
            .get, try #require(merge.value(of: .location)), token: scene.admin.token)
        #expect(shown.json == merge.json)
        #expect(await scene.get("/api/v1/me", scene.from).status == .unauthorized, "its sessions have ended")
        let mine = await scene.get("/api/v1/me/demand-tickets?side=requester", scene.into)
        #expect(mine.json["items"]?[0]?["id"]?.integer == ticket)
        for opened in [await scene.signIn(phone: "13900000001"), await scene.signIn(weChat: "o1")] {
            #expect(opened.json["account"]?["id"]?.integer == scene.into.account)
        }
        let ways = await scene.get("/api/v1/me/ways-in", scene.into)
        #expect(ways.json["phone"]?.string == "139****0002")
        #expect(ways.json["formerPhones"]?.array.compactMap(\.string) == ["139****0001"])
        #expect(ways.json["weChatIdentities"]?[0]?["appId"]?.string == "wx1")
    }

    @Test func `a former phone can be let go, and made one's own again`() async throws {
        let scene = try MergeScene()
        _ = await scene.merged()
        scene.client.weChat.learn("p", try #require(PhoneNumber("13900000001")))
        let linked = await scene.client.send(
            .put, "/api/v1/me/phone", #"{"weChatCode": "p"}"#, token: scene.into.token)
        #expect(linked.json["phone"]?.string == "139****0001")
        #expect(linked.json["formerPhones"]?.array.isEmpty == true)
        let other = try MergeScene()
        _ = await other.merged()
        let path = "/api/v1/me/former-phones"
        #expect(await other.client.send(.delete, path, token: other.into.token).status == .noContent)
        #expect(await other.client.send(.delete, path, token: other.into.token).status == .notFound)
        let opened = await other.signIn(phone: "13900000001")
        #expect(opened.json["account"]?["id"]?.integer != other.into.account)
    }

    @Test func `a phone moves to an account that has none`() async throws {
        let scene = try MergeScene()
        let opened = await scene.signIn(weChat: "o9")
        let into = try #require(opened.json["account"]?["id"]?.integer)
        #expect(await scene.merged(into: into).status == .created)
        let me = await scene.client.send(.get, "/api/v1/me", token: opened.json["token"]?.string)
        #expect(me.json["phone"]?.string == "139****0001")
    }

    @Test func `the one volunteer goes along, in open sessions too`() async throws {
        let scene = try MergeScene()
        try await scene.register(scene.from)
        #expect(await scene.get("/api/v1/me/volunteer", scene.into).status == .forbidden)
        let preview = await scene.preview()
        #expect(scene.count(preview, "volunteers", "moves") == 1)
        #expect(await scene.merge(preview.json["fingerprint"]?.string).status == .created)
        #expect(await scene.get("/api/v1/me/volunteer", scene.into).status == .ok)
    }

    @Test func `what changed since the preview is not merged`() async throws {
        let scene = try MergeScene()
        let preview = await scene.preview()
        _ = try await scene.ticket(scene.from)
        let before = try scene.rows()
        let refused = await scene.merge(preview.json["fingerprint"]?.string)
        #expect(refused.json["type"]?.string == "/problems/merge-changed")
        #expect(await scene.merge("guessed").status == .conflict)
        #expect(try scene.rows() == before)
        let other = await scene.merge(
            preview.json["fingerprint"]?.string, from: scene.into.account, into: scene.from.account)
        #expect(other.status == .conflict, "a fingerprint says which of the two is kept")
    }

    @Test func `two who merge at the same time merge once`() async throws {
        let scene = try MergeScene()
        let fingerprint = await scene.preview().json["fingerprint"]?.string
        let statuses = await withTaskGroup(of: Status.self) { group in
            for _ in 0..<4 { group.addTask { await scene.merge(fingerprint).status } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.filter { $0 == .created }.count == 1)
        #expect(statuses.filter { $0 == .conflict }.count == 3)
        #expect(try scene.number("SELECT count(*) FROM account_merge") == 1)
    }

    /// A request let in before the merge may be written after it.
    private func keepHouse(_ scene: MergeScene) throws {
        let services = scene.client.services
        _ = try AccountMerge.housekeeping.run(services.writer, services.configuration)
    }

    @Test func `sign-ins and tickets beside the merge end up with one of the two, whole`() async throws {
        let scene = try MergeScene()
        await scene.link(weChat: "o1", to: scene.from)
        let fingerprint = await scene.preview().json["fingerprint"]?.string
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { _ = await scene.signIn(weChat: "o1") } }
            group.addTask { _ = try? await scene.ticket(scene.from) }
            group.addTask { _ = await scene.merge(fingerprint) }
        }
        try keepHouse(scene)
        let merged = try scene.number("SELECT count(*) FROM account_merge")
        let behind = try scene.number(
            """
            SELECT (SELECT count(*) FROM session WHERE account_id = \(scene.from.account))
                + (SELECT count(*) FROM demand_ticket WHERE requester_id = \(scene.from.account))
            """)
        #expect(merged == 0 || behind == 0)
    }

    @Test func `what comes in late for a merged-away account follows, and goes back with the rest`() async throws {
        let scene = try MergeScene()
        let ticket = try await scene.ticket(scene.from)
        let merge = await scene.merged()
        try scene.run("UPDATE demand_ticket SET requester_id = \(scene.from.account) WHERE id = \(ticket)")
        try keepHouse(scene)
        #expect(try scene.number("SELECT requester_id FROM demand_ticket") == scene.into.account)
        let path = "\(MergeScene.path)/\(merge.json["id"]?.integer ?? 0)"
        let shown = await scene.client.send(.get, path, token: scene.admin.token)
        #expect(scene.count(shown, "demandTickets", "moves") == 2)
        #expect(await scene.reverse(merge).status == .ok)
        #expect(try scene.number("SELECT requester_id FROM demand_ticket") == scene.from.account)
    }

    @Test func `merged twice over, the first phone leads to the last account`() async throws {
        let scene = try MergeScene()
        let third = try scene.client.resident(3)
        #expect(await scene.merged().status == .created)
        let preview = await scene.preview(from: scene.into.account, into: third.account)
        #expect(scene.count(preview, "mergedAccounts", "moves") == 1)
        #expect(await scene.merged(from: scene.into.account, into: third.account).status == .created)
        for phone in ["13900000001", "13900000002"] {
            #expect(await scene.signIn(phone: phone).json["account"]?["id"]?.integer == third.account)
        }
        let list = await scene.client.send(.get, MergeScene.path + "?limit=1", token: scene.admin.token)
        #expect(list.json["items"]?[0]?["into"]?.integer == third.account)
        let rest = await scene.client.send(
            .get, MergeScene.path + "?cursor=\(list.json["next"]?.string ?? "")", token: scene.admin.token)
        #expect(rest.json["items"]?.array.count == 1)
    }

    @Test func `each step is audited under both accounts, with the reason`() async throws {
        let scene = try MergeScene()
        _ = await scene.reverse(await scene.merged())
        for operation in ["previewAccountMerge", "mergeAccounts", "reverseAccountMerge"] {
            for account in [scene.from.account, scene.into.account] {
                let rows = try scene.number(
                    """
                    SELECT count(*) FROM audit_entry WHERE operation = \(operation)
                        AND subject = \("accounts/\(account)") AND reason IS NOT NULL AND account_id = \(scene.admin.account)
                    """)
                #expect(rows == 1, "\(operation) \(account)")
            }
        }
    }
}

@Suite("What forbids merging accounts") struct AccountMergeRefusalTests {
    private func blockers(_ answer: TestClient.Answer) -> [String] {
        answer.json["blockers"]?.array.compactMap(\.string) ?? []
    }

    @Test func `two people with a staff name each stay two`() async throws {
        let scene = try MergeScene()
        let other = try scene.client.staff(.dispatcher, at: TestClient.street)
        let third = try scene.client.staff(.dispatcher, at: TestClient.street)
        let preview = await scene.preview(from: other.account, into: third.account)
        #expect(blockers(preview) == ["bothStaff"])
        #expect(preview.json["fingerprint"] == .null)
        let refused = await scene.merge("x", from: other.account, into: third.account)
        #expect(refused.json["type"]?.string == "/problems/merge-forbidden")
        #expect(refused.json["reasons"]?.array.compactMap(\.string) == ["bothStaff"])
    }

    @Test func `a staff name and its grants go along`() async throws {
        let scene = try MergeScene()
        let staff = try scene.client.staff(.dispatcher, at: TestClient.street)
        let preview = await scene.preview(from: staff.account)
        #expect(scene.count(preview, "grants", "moves") == 1)
        #expect(await scene.merge(preview.json["fingerprint"]?.string, from: staff.account).status == .created)
        let member = await scene.client.send(
            .get, "/api/v1/staff/\(scene.into.account)", token: scene.admin.token)
        #expect(member.json["grants"]?.array.count == 1)
        #expect(member.json["name"]?.string == "王小明")
    }

    @Test func `who could not grant a right cannot move it`() async throws {
        let scene = try MergeScene()
        let security = try scene.client.staff(.securityAdministrator)
        #expect(await scene.preview(from: security.account).status == .forbidden)
        #expect(await scene.merge("x", from: security.account).status == .forbidden)
        let plain = try scene.number("SELECT count(*) FROM account_merge")
        #expect(plain == 0)
    }

    @Test func `a machine is nobody`() async throws {
        let scene = try MergeScene()
        try scene.run(
            """
            INSERT INTO service_token (account_id, permissions, expires_at, issued_by, issued_at)
            VALUES (\(scene.from.account), '[]', 9999999999, \(scene.admin.account), 0)
            """)
        #expect(blockers(await scene.preview()) == ["machineAccount"])
    }

    @Test func `a child does not become its guardian`() async throws {
        let scene = try MergeScene()
        try await scene.register(scene.from)
        try scene.run(
            """
            INSERT INTO guardianship (volunteer_id, account_id, name, phone, relation, state, document_version,
                invited_at, consented_at)
            SELECT id, \(scene.into.account), '李家长', '+8613900000002', 'parent', 'consented', '1', 0, 0 FROM volunteer
            """)
        #expect(blockers(await scene.preview()) == ["guardianAndWard"])
        #expect(
            blockers(await scene.preview(from: scene.into.account, into: scene.from.account)) == ["guardianAndWard"])
    }

    @Test func `nobody merges their own account`() async throws {
        let scene = try MergeScene()
        #expect(blockers(await scene.preview(into: scene.admin.account)) == ["ownAccount"])
        #expect(blockers(await scene.preview(from: scene.admin.account)) == ["ownAccount"])
    }

    @Test func `an account is merged away once`() async throws {
        let scene = try MergeScene()
        let third = try scene.client.resident(3)
        _ = await scene.merged()
        #expect(blockers(await scene.preview(into: third.account)) == ["alreadyMerged"])
        #expect(blockers(await scene.preview(from: third.account, into: scene.from.account)) == ["alreadyMerged"])
    }

    @Test func `papers that cannot be one person's forbid it`() async throws {
        let sameKind = try MergeScene()
        try await sameKind.register(sameKind.from, 1)
        try await sameKind.register(sameKind.into, 366)
        #expect(blockers(await sameKind.preview()) == ["differentPeople"])
        let otherBirthday = try MergeScene()
        try await otherBirthday.register(otherBirthday.from)
        try await otherBirthday.registerWithPassport(otherBirthday.into, birthDate: "1990-01-03")
        #expect(blockers(await otherBirthday.preview()) == ["differentPeople"])
    }

    @Test func `nobody is present at two places`() async throws {
        let scene = try await MergeScene.ofVolunteers()
        let activities = [
            try await scene.client.activity(by: scene.admin), try await scene.client.activity(by: scene.admin),
        ]
        _ = try await scene.signUp(scene.from, activities[0])
        _ = try await scene.signUp(scene.into, activities[1])
        try scene.run("UPDATE sign_up SET state = 'checkedIn', checked_in_at = created_at")
        #expect(blockers(await scene.preview()) == ["bothPresent"])
        // By then somebody has forgotten to check out.
        scene.client.advance(minutes: 24 * 60)
        #expect(blockers(await scene.preview()) == [])
    }

    @Test func `only who may merge in the whole city does`() async throws {
        let scene = try MergeScene()
        let district = try scene.client.staff(.administrator, at: TestClient.district)
        let manager = try scene.client.staff(.stationManager)
        let merge = await scene.merged()
        for token in [district.token, manager.token, scene.into.token] {
            #expect(await scene.preview(token: token).status == .forbidden)
            #expect(await scene.merge("x", token: token).status == .forbidden)
            #expect(await scene.reverse(merge, token: token).status == .forbidden)
            #expect(await scene.client.send(.get, MergeScene.path, token: token).status == .forbidden)
            let one = "\(MergeScene.path)/\(merge.json["id"]?.integer ?? 0)"
            #expect(await scene.client.send(.get, one, token: token).status == .forbidden)
        }
        #expect(await scene.client.send(.get, MergeScene.path).status == .unauthorized)
        #expect(await scene.client.send(.get, MergeScene.path + "/9", token: scene.admin.token).status == .notFound)
    }

    @Test func `accounts that do not exist or are one are invalid`() async throws {
        let scene = try MergeScene()
        for (from, into, pointer) in [(999, scene.into.account, "/from"), (scene.from.account, 999, "/into")] {
            let answer = await scene.preview(from: from, into: into)
            #expect(answer.json["errors"]?[0]?["pointer"]?.string == pointer)
            #expect(await scene.merge("x", from: from, into: into).status == .unprocessableContent)
        }
        #expect(await scene.preview(into: scene.from.account).status == .unprocessableContent)
        let body = #"{"from": 1, "into": 2, "reason": "x"}"#
        let short = await scene.client.send(.post, MergeScene.path + "/previews", body, token: scene.admin.token)
        #expect(short.json["errors"]?[0]?["pointer"]?.string == "/reason")
    }
}
