import App
import CSQLite
import HTTP
import SQLite
import Support
import Testing

@Suite("Query plans") struct QueryPlanTests {
    /// Tables that stay small whatever the city does, and may be read whole; `come_to` is made of one volunteer's teams.
    private static let small: Set<String> = ["role", "audit_anchor", "backup_run", "sqlite_schema", "come_to"]

    /// Queries that read a table whole, by their first words, and why they may.
    private static let known = [
        "SELECT team.id, team.station_id": "the walk stands in a subquery, whose LIMIT ends it"
    ]

    /// Every list and every single thing is asked for once with one of everything in the city; then each query that was
    /// prepared for it must find its rows by an index. A walk in the order of a key is right only where a LIMIT ends it
    /// and nothing has to be sorted.
    @Test func `no query of a read goes through a whole table`() async throws {
        let scene = try await AccessScene()
        let staff = try scene.staff(at: TestClient.district)
        let city = [try scene.client.staff(.administrator), try scene.client.staff(.securityAdministrator)]
        let readers = staff.values + city + [try scene.client.staff(.auditor), scene.owner]
        for route in Routes.all where route.method == .get {
            for reader in readers {
                _ = await scene.client.send(.get, AccessScene.path(route), token: reader.token)
                for query in Self.queries(route) {
                    _ = await scene.client.send(.get, AccessScene.path(route) + query, token: reader.token)
                }
            }
        }
        let plans = try QueryPlans(path: scene.client.services.configuration.databasePath)
        let texts = scene.client.preparedTexts
        #expect(texts.count > 100)
        for text in texts.sorted() where !Self.known.keys.contains(where: text.hasPrefix) {
            let faults = try plans.faults(of: text, small: Self.small)
            #expect(faults == [], "\(text)")
        }
    }

    /// The overview has a connection of its own; its totals read whole tables, but not for what was done today.
    @Test func `what was done today is found by an index`() throws {
        let client = try TestClient()
        let path = client.services.configuration.databasePath
        let database = try Database(path: path)
        _ = try Overview.measure(now: client.now, in: database)
        let plans = try QueryPlans(path: path)
        let texts = database.cachedTexts.filter { $0.contains("_move") }
        #expect(texts.count == 2)
        for text in texts { #expect(try plans.faults(of: text, small: []) == [], "\(text)") }
    }

    /// Each parameter by itself with a value that means something to it.
    private static func queries(_ route: Route) -> [String] {
        route.query.map { name in
            let value =
                switch name {
                case "q": "%E6%B2%B3%E9%81%93"
                case "near": "104.07,30.65"
                case "from", "to": "2026-01-01T00:00:00%2B08:00"
                case "limit": "5"
                case "cursor": Cursor(5, 5).text(mark: route.cursorMark)
                case "includeSubtree": "true&stationId=6"
                default: name.hasSuffix("Id") ? "6" : "1"
                }
            return "?\(name)=\(value)"
        }
    }
}

/// Asks SQLite how it would run a query.
private final class QueryPlans {
    private var handle: OpaquePointer?

    init(path: String) throws {
        try #require(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, nil) == SQLITE_OK)
    }

    deinit { sqlite3_close_v2(handle) }

    /// The steps that read a table from end to end, or might as well.
    func faults(of text: String, small: Set<String>) throws -> [String] {
        let steps = try steps(of: text)
        let isSorted = steps.contains { $0.hasPrefix("USE TEMP B-TREE FOR ORDER BY") }
        let mayWalk = text.contains("LIMIT") && !isSorted
        return steps.enumerated().compactMap { index, step in
            // An R*Tree that is asked by id, not by a box, is asked once for each row of another table.
            if step.contains("_rtree VIRTUAL TABLE INDEX 1:") { return step }
            guard step.hasPrefix("SCAN "), !step.contains("VIRTUAL TABLE"), !step.contains("CONSTANT ROW") else {
                return nil
            }
            let table = step.split(separator: " ")[1]
            let isFirst = !steps[..<index].contains { $0.hasPrefix("SCAN ") || $0.hasPrefix("SEARCH ") }
            return small.contains(String(table)) || table.hasPrefix("(") || (mayWalk && isFirst) ? nil : step
        }
    }

    private func steps(of text: String) throws -> [String] {
        var statement: OpaquePointer?
        let status = sqlite3_prepare_v2(handle, "EXPLAIN QUERY PLAN \(text)", -1, &statement, nil)
        defer { sqlite3_finalize(statement) }
        try #require(status == SQLITE_OK, "\(text)")
        var steps: [String] = []
        while sqlite3_step(statement) == SQLITE_ROW {
            steps.append(sqlite3_column_text(statement, 3).map { String(cString: $0) } ?? "")
        }
        return steps
    }
}
