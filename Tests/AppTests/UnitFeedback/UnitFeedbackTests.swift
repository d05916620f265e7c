import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Feedback to units and evaluations") struct UnitFeedbackTests {
    /// From the scene's 1 March 2027 into the second quarter.
    private static let toApril: Int64 = 40 * 1_440

    private static func feedback(_ unit: Int64, station: Int64 = 6, quarter: Int = 1, year: Int = 2_027) -> String {
        #"{"unitId": \#(unit), "stationId": \#(station), "year": \#(year), "quarter": \#(quarter), "remarks": "谢谢"}"#
    }

    private static func evaluation(_ unit: Int64, side: String, year: Int = 2_027) -> String {
        #"{"unitId": \#(unit), "stationId": 6, "year": \#(year), "side": "\#(side)", "grade": "good"}"#
    }

    /// People's sessions end with the quarter, so whoever acts in the next one signs in anew.
    private func staffInApril(_ scene: PartyScene, at station: Int64 = TestClient.street) throws -> TestClient.Person {
        try scene.client.staff(.stationManager, at: station)
    }

    @Test func `a quarter's feedback holds the counts of the moment it is made, and no names`() async throws {
        let scene = try await PartyScene()
        _ = try await scene.bonded()
        let post = try await PostScene(scene)
        let (first, _) = try await scene.checkedIn(1)
        _ = try await scene.checkedIn(2)
        _ = try await scene.checkedIn(3, at: TestClient.otherCommunity)
        let claim = try #require(await post.claim(as: first).json["id"]?.integer)
        let path = "post-claims/\(claim)/services/2027-03-01"
        let service = try #require(
            await scene.send(.put, path, #"{"minutes": 60}"#, as: first).json["id"]?.integer)
        #expect(await scene.send(.put, "post-services/\(service)/confirmation", as: scene.manager).status == .ok)
        let draft = Self.feedback(scene.unit)
        let early = await scene.send(.post, "unit-feedback", draft, as: scene.manager)
        #expect(early.json["errors"]?[0]?["pointer"]?.string == "/quarter")
        scene.client.advance(minutes: Self.toApril)
        let staff = try staffInApril(scene)
        let sent = await scene.send(.post, "unit-feedback", draft, as: staff)
        #expect(sent.status == .created, "\(sent.text)")
        #expect(sent.json["counts"]?["membersCheckedIn"]?.integer == 2)
        #expect(sent.json["counts"]?["postsServed"]?.integer == 1)
        #expect(sent.json["counts"]?["projectsDone"]?.integer == 0)
        #expect(await scene.send(.post, "unit-feedback", draft, as: staff).status == .conflict)
    }

    @Test func `sent at once by two, feedback is sent once, and never changed`() async throws {
        let scene = try await PartyScene()
        _ = try await scene.bonded()
        scene.client.advance(minutes: Self.toApril)
        let staff = try staffInApril(scene)
        let draft = Self.feedback(scene.unit)
        async let first = scene.send(.post, "unit-feedback", draft, as: staff)
        async let second = scene.send(.post, "unit-feedback", draft, as: staff)
        let statuses = [await first.status.code, await second.status.code].sorted()
        #expect(statuses == [201, 409])
        for sql: SQL in ["UPDATE unit_feedback SET remarks = 'x'", "DELETE FROM unit_feedback"] {
            #expect(throws: SQLiteError.self) {
                try scene.client.services.writer.writeAndWait { db in _ = try db.run(sql) }
            }
        }
    }

    @Test func `feedback is for units that were there, from staff of the community`() async throws {
        let scene = try await PartyScene()
        scene.client.advance(minutes: Self.toApril)
        let staff = try staffInApril(scene)
        let none = await scene.send(.post, "unit-feedback", Self.feedback(scene.unit), as: staff)
        #expect(none.json["type"]?.string == "/problems/no-relation")
        let stranger = try staffInApril(scene, at: TestClient.otherStreet)
        #expect(await scene.send(.post, "unit-feedback", Self.feedback(scene.unit), as: stranger).status == .forbidden)
        for (json, pointer) in [
            (Self.feedback(99), "/unitId"), (Self.feedback(scene.unit, station: 4), "/stationId"),
            (Self.feedback(scene.unit, quarter: 5), "/quarter"), (Self.feedback(scene.unit, year: 1), "/year"),
        ] {
            let answer = await scene.send(.post, "unit-feedback", json, as: staff)
            #expect(answer.json["errors"]?[0]?["pointer"]?.string == pointer)
        }
    }

    @Test func `the two sides read what was sent, and nobody else does`() async throws {
        let scene = try await PartyScene()
        _ = try await scene.bonded()
        for (side, person) in [("community", scene.manager), ("unit", scene.representative)] {
            let json = Self.evaluation(scene.unit, side: side)
            let made = await scene.send(.post, "unit-evaluations", json, as: person)
            #expect(made.json["ratedBy"]?.string == side)
            #expect(await scene.send(.post, "unit-evaluations", json, as: person).status == .conflict)
        }
        let resident = try scene.client.resident(9)
        for list in ["feedback", "evaluations"] {
            let path = "party-units/\(scene.unit)/\(list)"
            #expect(await scene.send(.get, path, as: scene.representative).status == .ok)
            #expect(await scene.send(.get, path, as: resident).status == .notFound)
            #expect(await scene.send(.get, "unit-\(list)", as: scene.representative).status == .forbidden)
            let elsewhere = await scene.send(.get, "unit-\(list)", as: scene.stranger)
            #expect(elsewhere.json["items"]?.array.isEmpty == true)
        }
        let own = await scene.send(.get, "party-units/\(scene.unit)/evaluations", as: scene.representative)
        #expect(own.json["items"]?.array.count == 2)
        let listed = await scene.send(.get, "unit-evaluations?stationId=6", as: scene.manager)
        #expect(listed.json["items"]?.array.count == 2)
    }

    @Test func `an evaluation is of this year or the last, by one's own side, of a unit that was there`()
        async throws
    {
        let scene = try await PartyScene()
        let without = Self.evaluation(scene.unit, side: "community")
        let none = await scene.send(.post, "unit-evaluations", without, as: scene.manager)
        #expect(none.json["type"]?.string == "/problems/no-relation")
        _ = try await scene.bonded()
        for year in [2_025, 2_028] {
            let json = Self.evaluation(scene.unit, side: "community", year: year)
            let answer = await scene.send(.post, "unit-evaluations", json, as: scene.manager)
            #expect(answer.json["errors"]?[0]?["pointer"]?.string == "/year")
        }
        let before = Self.evaluation(scene.unit, side: "community", year: 2_026)
        #expect(await scene.send(.post, "unit-evaluations", before, as: scene.manager).status == .conflict)
        let other = Self.evaluation(scene.unit, side: "unit")
        #expect(await scene.send(.post, "unit-evaluations", other, as: scene.manager).status == .forbidden)
        #expect(await scene.send(.post, "unit-evaluations", without, as: scene.stranger).status == .forbidden)
    }

    @Test func `quarters begin and end at midnight in Shanghai`() throws {
        let fourth = try #require(CalendarPeriod(year: 2_026, quarter: 4))
        #expect(fourth.start.description == "2026-10-01T00:00:00+08:00")
        #expect(fourth.end.description == "2027-01-01T00:00:00+08:00")
        #expect(CalendarPeriod(year: 2_026, quarter: 5) == nil)
        #expect(CalendarPeriod(year: 2_026)?.end == fourth.end)
    }
}
