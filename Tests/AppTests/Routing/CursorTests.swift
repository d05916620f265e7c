import App
import HTTP
import Support
import Testing

@Suite("Cursors") struct CursorTests {
    @Test func `each list knows its own by a mark no other has`() {
        let lists = Routes.all.filter { $0.query.contains("cursor") }
        #expect(lists.count > 50)
        #expect(Set(lists.map(\.cursorMark)).count == lists.count)
    }

    @Test(arguments: [Cursor(0), Cursor(1_803_862_800, 17), Cursor(.min, .max)])
    func `a cursor is read as it was written, by its list alone`(_ cursor: Cursor) {
        let mark = Cursor.mark(of: "listActivities")
        let text = cursor.text(mark: mark)
        #expect(Cursor(text, mark: mark) == cursor)
        #expect(Cursor(text, mark: Cursor.mark(of: "listStations")) == nil)
        for other in ["", "1.2", "1.2.", ".2.\(mark)", "1.2.3.\(mark)", "1_.2.\(mark)", "\(text) ", "1.\(mark)"] {
            #expect(Cursor(other, mark: mark) == nil, "\(other)")
        }
    }

    @Test func `a list goes on from its own cursor and refuses another list's`() async throws {
        let client = try TestClient()
        try client.stations()
        let manager = try client.staff()
        for _ in 0..<2 { _ = try await client.activity(by: manager) }
        let lists = ["/api/v1/stations", "/api/v1/activities"]
        for (list, other) in zip(lists, lists.reversed()) {
            let first = await client.send(.get, "\(list)?limit=1")
            let next = try #require(first.json["next"]?.string)
            #expect(first.value(of: .link)?.contains("cursor=\(next)>") == true)
            let second = await client.send(.get, "\(list)?limit=1&cursor=\(next)")
            #expect(second.status == .ok)
            #expect(second.json["items"]?[0]?["id"]?.integer == 2)
            let refused = await client.send(.get, "\(other)?limit=1&cursor=\(next)")
            #expect(refused.status == .badRequest)
            #expect(refused.json["type"]?.string == "/problems/malformed")
            #expect(refused.json["errors"]?[0]?["pointer"]?.string == "?cursor")
        }
    }
}
