import App
import HTTP
import SQLite
import Support
import Testing

@Suite("What a person takes back after a merge") struct MergedConsentTests {
    /// The two, each a row of `volunteer`, and an hour's housekeeping to come.
    private struct Pair {
        let merge: MergeScene
        let from: Int64
        let into: Int64

        init() async throws {
            merge = try await MergeScene.ofVolunteers()
            from = try merge.number("SELECT id FROM volunteer WHERE account_id = \(merge.from.account)")
            into = try merge.number("SELECT id FROM volunteer WHERE account_id = \(merge.into.account)")
        }

        func send(
            _ method: HTTP.Method, _ path: String, _ json: String? = nil, as person: TestClient.Person? = nil
        ) async -> TestClient.Answer {
            await merge.client.send(
                method, "/api/v1/\(path)", json, token: (person ?? merge.into).token,
                fields: [("If-Match", "*")])
        }

        func keepHouse() throws {
            let services = merge.client.services
            _ = try AccountMerge.housekeeping.run(services.writer, services.configuration)
        }

        /// Each declares to be a member of a unit of their own.
        func declare() async throws -> [Int64] {
            let manager = try merge.client.staff(.stationManager, at: TestClient.street)
            var units: [Int64] = []
            for (name, person) in [("市水务局党委", merge.from), ("市图书馆党支部", merge.into)] {
                let unit = try await PartyScene.unit(name, of: merge.client, by: manager)
                #expect(await send(.put, "me/party-membership", Self.declaration(unit), as: person).status == .ok)
                units.append(unit)
            }
            return units
        }

        static func declaration(_ unit: Int64) -> String {
            #"{"unitId": \#(unit), "consent": true, "consentVersion": "2027-01"}"#
        }
    }

    @Test func `whoever withdraws their membership is a member nowhere, and does not become one again`() async throws {
        let pair = try await Pair()
        _ = try await pair.declare()
        let merge = await pair.merge.merged()
        #expect(merge.status == .created)
        #expect(try pair.merge.number("SELECT count(*) FROM party_membership") == 2)
        #expect(await pair.send(.delete, "me/party-membership").status == .noContent)
        #expect(try pair.merge.number("SELECT count(*) FROM party_membership") == 0)
        try pair.keepHouse()
        #expect(await pair.send(.get, "me/party-membership").status == .notFound)
        #expect(await pair.merge.reverse(merge).status == .ok)
        #expect(try pair.merge.number("SELECT count(*) FROM party_membership") == 0)
    }

    @Test func `a new declaration takes the place of both, and undoing gives it to nobody else`() async throws {
        let pair = try await Pair()
        let units = try await pair.declare()
        #expect(await pair.send(.delete, "me/party-membership").status == .noContent)
        let merge = await pair.merge.merged()
        #expect(await pair.send(.get, "me/party-membership").json["unitId"]?.integer == units[0], "it moved")
        pair.merge.client.advance(minutes: 1)
        let declared = await pair.send(.put, "me/party-membership", Pair.declaration(units[1]))
        #expect(declared.json["unitId"]?.integer == units[1])
        #expect(await pair.merge.reverse(merge).status == .ok)
        #expect(try pair.merge.number("SELECT sum(volunteer_id) FROM party_membership") == pair.into)
        let other = try await Pair()
        let theirs = try await other.declare()
        #expect(await other.merge.merged().status == .created)
        #expect(await other.send(.put, "me/party-membership", Pair.declaration(theirs[0])).status == .ok)
        #expect(try other.merge.number("SELECT sum(volunteer_id) FROM party_membership") == other.into)
    }

    @Test func `a check-in that is ended is not followed by the other one`() async throws {
        let pair = try await Pair()
        let units = try await pair.declare()
        for (volunteer, unit) in [(pair.from, units[0]), (pair.into, units[1])] {
            try pair.merge.run(
                """
                INSERT INTO member_check_in (volunteer_id, unit_id, station_id, state, proposed_at)
                VALUES (\(volunteer), \(unit), 6, 'proposed', 0)
                """)
        }
        #expect(await pair.merge.merged().status == .created)
        #expect(await pair.send(.get, "me/member-check-ins").json["items"]?.array.count == 2)
        #expect(await pair.send(.delete, "me/member-check-in").status == .noContent)
        try pair.keepHouse()
        #expect(try pair.merge.number("SELECT count(*) FROM member_check_in WHERE state = 'proposed'") == 0)
    }

    @Test func `particulars taken back stay away, and those said since stay with who said them`() async throws {
        let pair = try await Pair()
        let path = "me/volunteer/particulars"
        #expect(await pair.send(.put, path, #"{"ethnicity": "05"}"#, as: pair.merge.from).status == .ok)
        #expect(await pair.send(.put, path, #"{"ethnicity": "06"}"#).status == .ok)
        #expect(await pair.merge.merged().status == .created)
        #expect(await pair.send(.put, path, "{}").status == .ok)
        try pair.keepHouse()
        #expect(await pair.send(.get, path).json["ethnicity"] == .null)
        #expect(try pair.merge.number("SELECT count(*) FROM volunteer_particulars") == 0)
        let other = try await Pair()
        #expect(await other.send(.put, path, #"{"ethnicity": "05"}"#, as: other.merge.from).status == .ok)
        let merge = await other.merge.merged()
        other.merge.client.advance(minutes: 1)
        #expect(await other.send(.put, path, #"{"ethnicity": "07"}"#).status == .ok)
        #expect(await other.merge.reverse(merge).status == .ok)
        #expect(try other.merge.number("SELECT sum(volunteer_id) FROM volunteer_particulars") == other.into)
    }

    @Test func `a team both were in is left once and for all`() async throws {
        let pair = try await Pair()
        let team = try await pair.merge.team("邻里帮帮队", ledBy: try await pair.merge.client.volunteer(5))
        for volunteer in [pair.from, pair.into] {
            let added = await pair.send(.put, "teams/\(team)/members/\(volunteer)", as: pair.merge.admin)
            #expect(added.status == .ok)
        }
        #expect(await pair.merge.merged().status == .created)
        #expect(await pair.send(.delete, "me/teams/\(team)").status == .noContent)
        #expect(try pair.merge.number("SELECT count(*) FROM team_member") == 1)
        try pair.keepHouse()
        #expect(await pair.send(.get, "me/teams").json["items"]?.array.isEmpty == true)
    }

    @Test func `what gave way to the kept person's does not take its place later`() async throws {
        let pair = try await Pair()
        for volunteer in [pair.from, pair.into] {
            try pair.merge.run(
                """
                INSERT INTO practice_volunteer (volunteer_id, station_id, reason, marked_by, marked_at)
                VALUES (\(volunteer), 6, '常年参加', \(pair.merge.admin.account), 0)
                """)
        }
        #expect(await pair.merge.merged().status == .created)
        try pair.merge.run(
            """
            UPDATE practice_volunteer SET ended_by = \(pair.merge.admin.account), ended_at = 1, end_reason = '本人要求'
            WHERE volunteer_id = \(pair.into)
            """)
        try pair.keepHouse()
        let marks = try pair.merge.number(
            "SELECT count(*) FROM practice_volunteer WHERE volunteer_id = \(pair.into) AND ended_at IS NULL")
        #expect(marks == 0)
    }

    @Test func `an invitation to whom one was is answered, and the listing is withdrawn with one's own`() async throws {
        let pair = try await Pair()
        let listing = """
            {"consents": true, "fields": ["medical"], "introduction": "退休医师", "isRetired": true, "stationIds": [4]}
            """
        #expect(await pair.send(.put, "me/expert-listing", listing, as: pair.merge.from).status == .ok)
        var invitations: [Int64] = []
        for station in [4, 6] {
            let wishedAt = pair.merge.client.now + 7 * 86_400
            let made = await pair.send(
                .post, "experts/\(pair.from)/invitations",
                #"{"stationId": \#(station), "message": "请来讲一堂健康课", "wishedAt": "\#(wishedAt)"}"#,
                as: pair.merge.admin)
            let id = try #require(made.json["id"]?.integer, "\(made.text)")
            let accepted = await pair.send(.put, "expert-invitations/\(id)/acceptance", as: pair.merge.from)
            #expect(accepted.status == .ok)
            invitations.append(id)
        }
        let merge = await pair.merge.merged()
        #expect(await pair.send(.get, "me/expert-invitations").json["items"]?.array.count == 2)
        let declined = await pair.send(.put, "expert-invitations/\(invitations[0])/declination", "{}")
        #expect(declined.json["state"]?.string == "declined")
        #expect(await pair.send(.delete, "me/expert-listing").status == .noContent)
        let open = try pair.merge.number("SELECT count(*) FROM expert_invitation WHERE state = 'accepted'")
        #expect(open == 0)
        #expect(await pair.merge.reverse(merge).status == .ok)
        #expect(await pair.send(.get, "experts", as: pair.merge.admin).json["items"]?.array.isEmpty == true)
    }
}
