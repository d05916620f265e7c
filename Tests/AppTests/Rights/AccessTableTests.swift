import App
import HTTP
import Support
import Testing

/// Drives every operation as everybody and compares with `AccessTable.rows`, written by hand: a right that moves shows
/// as a line of the table that moves.
@Suite("Every operation as every role") struct AccessTableTests {
    private static let table: [String: Set<String>] = Dictionary(
        uniqueKeysWithValues: AccessTable.rows.split(separator: "\n").map { line in
            let words = line.split(separator: " ").map(String.init)
            return (words[0], Set(words.dropFirst()))
        })

    /// What the gate says, before a body is read or a thing looked for.
    private static func isLetIn(_ answer: TestClient.Answer) -> Bool {
        let type = answer.json["type"]?.string
        return answer.status != .unauthorized && type != "/problems/forbidden" && type != "/problems/not-a-volunteer"
    }

    @Test func `the table names every operation and no other`() {
        #expect(Set(Routes.all.map(\.operation)).symmetricDifference(Self.table.keys).sorted() == [])
    }

    @Test func `the gate lets in whom the table names and nobody else`() async throws {
        let client = try TestClient { configuration in
            let unlimited = RateLimit(calls: 0, seconds: 1)
            (configuration.rateReads, configuration.rateWrites) = (unlimited, unlimited)
            configuration.rateUploads = unlimited
        }
        try client.stations()
        for (number, route) in Routes.all.enumerated() {
            let path = route.path.description.replacing(/\{\w+\}/, with: "999")
            let actors: [(String, String?)] = [
                ("nobody", nil), ("resident", try client.resident(number + 1).token),
                ("administrator", try client.staff(.administrator).token),
                ("securityAdministrator", try client.staff(.securityAdministrator).token),
                ("stationManager", try client.staff(.stationManager).token),
                ("dispatcher", try client.staff(.dispatcher).token),
                ("auditor", try client.staff(.auditor).token),
            ]
            var letIn: Set<String> = []
            for (name, token) in actors {
                let answer = await client.send(route.method, path, token: token)
                if Self.isLetIn(answer) { letIn.insert(name) }
            }
            #expect(letIn == expected(route.operation, of: actors.map(\.0)), "\(route.operation)")
        }
    }

    /// `anyone` and `account` stand for everybody and everybody signed in; volunteers are let in by their own test.
    private func expected(_ operation: String, of actors: [String]) -> Set<String> {
        let words = Self.table[operation] ?? []
        if words == ["anyone"] { return Set(actors) }
        if words == ["account"] { return Set(actors).subtracting(["nobody"]) }
        return words.subtracting(["volunteer"])
    }

    @Test func `what is for volunteers lets volunteers in, and staff operations keep them out`() async throws {
        let client = try TestClient { configuration in
            let unlimited = RateLimit(calls: 0, seconds: 1)
            (configuration.rateReads, configuration.rateWrites) = (unlimited, unlimited)
            configuration.rateUploads = unlimited
        }
        try client.stations()
        for (number, route) in Routes.all.enumerated() {
            let path = route.path.description.replacing(/\{\w+\}/, with: "999")
            let volunteer = try await client.volunteer(number + 1)
            let answer = await client.send(route.method, path, token: volunteer.token)
            let isFor = !(Self.table[route.operation] ?? []).isDisjoint(with: ["anyone", "account", "volunteer"])
            #expect(Self.isLetIn(answer) == isFor, "\(route.operation)")
        }
    }
}
