import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Rights over a team") struct TeamGrantTests {
    @Test func `show who holds them to those who manage staff where the team lies, and to no others`() async throws {
        let scene = try TeamScene()
        let team = try await scene.team("东街队", try await scene.volunteer(1))
        let staff = try scene.client.staff(.stationManager)
        try scene.client.run(
            "UPDATE role_grant SET team_id = \(team) WHERE account_id = \(staff.account)")
        for (place, isShown) in [(TestClient.district, true), (TestClient.otherDistrict, false)] {
            let manager = try scene.client.staff(.securityAdministrator, at: place)
            let listed = await scene.get("/staff", as: manager)
            #expect(listed.ids.contains(staff.account) == isShown, "\(listed.text)")
            #expect(await scene.get("/staff/\(staff.account)", as: manager).status == (isShown ? .ok : .forbidden))
        }
    }

    @Test func `end with a merger at once, and do not pass to the team it became part of`() async throws {
        let scene = try TeamScene()
        let people = try await scene.volunteers(1...3)
        let (source, target) = (
            try await scene.team("东街队", people[0]), try await scene.team("西街队", people[1])
        )
        let staff = try scene.client.staff(.stationManager)
        try scene.client.run(
            "UPDATE role_grant SET station_id = NULL, team_id = \(source) WHERE account_id = \(staff.account)")
        let member = people[2].id
        #expect(await scene.put("/teams/\(source)/members/\(member)", as: staff).status == .ok)
        let merged = await scene.propose(
            #"{"kind": "merge", "teamId": \#(source), "successorId": \#(target), "reason": "精简队伍"}"#, as: scene.city)
        #expect(merged.json["state"]?.string == "applied", "\(merged.text)")
        #expect(await scene.put("/teams/\(target)/members/\(member)", as: staff).status == .forbidden)
        let held = await scene.get("/staff/\(staff.account)", as: scene.city)
        #expect(held.json["grants"]?.array.isEmpty == true)
    }
}
