import App
import HTTP
import Support
import Testing

@Suite("Versions") struct VersionTests {
    private static let draft = """
        {"stationId": 6, "title": "陪诊", "detail": "老人周三去医院复查", "category": "17", "address": "总府路1号"}
        """
    private static let item = """
        {"category": "other", "text": "路灯不亮", "position": {"longitude": 104.055, "latitude": 30.63}}
        """

    private func version(_ answer: TestClient.Answer) -> String? {
        answer.value(of: .etag).map { String($0.dropFirst().prefix { $0 != "-" }) }
    }

    @Test func `each step of a ticket answers with the ticket's new version, a repeated one with the same`()
        async throws
    {
        let client = try TestClient()
        try client.stations()
        let (resident, staff) = (try client.resident(900), try client.staff(.stationManager, at: TestClient.street))
        let made = await client.send(.post, "/api/v1/demand-tickets", Self.draft, token: resident.token)
        #expect(version(made) == "1")
        let path = "/api/v1/demand-tickets/\(try #require(made.json["id"]?.integer))"
        let refused = await client.send(.put, "\(path)/refusal", #"{"reason": "不在服务范围"}"#, token: staff.token)
        #expect(version(refused) == "2")
        let again = await client.send(.put, "\(path)/refusal", #"{"reason": "不在服务范围"}"#, token: staff.token)
        #expect(again.value(of: .etag) == refused.value(of: .etag))
        let read = await client.send(.get, path, token: staff.token)
        #expect(read.value(of: .etag) == refused.value(of: .etag))
    }

    @Test func `an action that names an older version is refused and one that was done already is not`() async throws {
        let client = try TestClient()
        try client.stations()
        let (resident, staff) = (
            try client.resident(900), try client.staff(.stationManager, at: TestClient.otherStreet)
        )
        let made = await client.send(.post, "/api/v1/feedback", Self.item, token: resident.token)
        let path = "/api/v1/feedback/\(try #require(made.json["id"]?.integer))"
        let seen = [("If-Match", try #require(made.value(of: .etag)))]
        let accepted = await client.send(.put, "\(path)/acceptance", token: staff.token, fields: seen)
        #expect(accepted.status == .ok && version(accepted) == "2")
        let retried = await client.send(.put, "\(path)/acceptance", token: staff.token, fields: seen)
        #expect(retried.status == .ok && retried.value(of: .etag) == accepted.value(of: .etag))
        let reply = #"{"reply": "已报修"}"#
        let stale = await client.send(.put, "\(path)/reply", reply, token: staff.token, fields: seen)
        #expect(stale.status == .preconditionFailed)
        #expect(stale.json["type"]?.string == "/problems/stale")
        let fresh = [("If-Match", try #require(accepted.value(of: .etag)))]
        #expect(await client.send(.put, "\(path)/reply", reply, token: staff.token, fields: fresh).status == .ok)
        let hidden = await client.send(
            .put, "\(path)/visibility", #"{"isHidden": true, "reason": "含个人信息"}"#, token: staff.token)
        #expect(hidden.status == .ok && version(hidden) == "4", "naming none is allowed")
    }

    @Test func `of two actions at once on the same version one is refused`() async throws {
        let client = try TestClient()
        try client.stations()
        let (resident, staff) = (
            try client.resident(900), try client.staff(.stationManager, at: TestClient.otherStreet)
        )
        let made = await client.send(.post, "/api/v1/feedback", Self.item, token: resident.token)
        let path = "/api/v1/feedback/\(try #require(made.json["id"]?.integer))"
        let seen = [("If-Match", try #require(made.value(of: .etag)))]
        async let hiding = client.send(
            .put, "\(path)/visibility", #"{"isHidden": true, "reason": "含个人信息"}"#, token: staff.token, fields: seen)
        async let other = client.send(.put, "\(path)/acceptance", token: staff.token, fields: seen)
        let statuses = [await hiding.status, await other.status]
        #expect(statuses.count { $0 == .ok } == 1)
        #expect(statuses.count { $0 == .preconditionFailed } == 1)
    }
}
