import App
import Foundation
import SQLite
import Support
import Testing

/// What a lane's rounds show of the database.
@Suite("Rounds") struct RoundTests {
    private static let count: SQL = "SELECT count(*) FROM account"
    private static let insert: SQL = "INSERT INTO account (name, created_at) VALUES ('王小明', 1)"

    private func lane(_ client: TestClient) throws -> (App, LaneState) {
        let path = client.services.configuration.databasePath
        let app = App(services: client.services, databasePath: path, routes: Routes.all)
        return (app, try app.makeLaneState(lane: 0))
    }

    @Test func `a round lets go of its snapshot, and the next one shows what came meanwhile`() throws {
        let client = try TestClient()
        var (app, state) = try lane(client)
        for expected in 0..<5 {
            app.beginRound(&state)
            #expect(try state.database.value(Self.count) == expected)
            #expect(state.database.isInTransaction)
            try client.services.writer.writeAndWait { try $0.run(Self.insert) }
            #expect(try state.database.value(Self.count) == expected)
            app.endRound(&state)
            #expect(!state.database.isInTransaction)
        }
    }

    @Test func `request ids of a lane differ, and those of two lanes too`() throws {
        let client = try TestClient()
        var (_, one) = try lane(client)
        var (_, other) = try lane(client)
        let ids = (0..<2_000).flatMap { _ in [one.nextRequestID(), other.nextRequestID()] }
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { (10...15).contains($0.utf8.count) })
    }
}
