import App
import SQLite
import Support

struct LostCommit: Error {}

extension TestClient {
    /// Runs a statement on the database as a careless program would.
    func run(_ statement: SQL) throws { try services.writer.writeAndWait { _ = try $0.run(statement) } }

    /// Does a round of a job as if its commit failed.
    func loseCommit(of job: HousekeepingJob) throws {
        try services.writer.writeAndWait { [services] db in
            _ = try job.round(db, services.configuration)
            throw LostCommit()
        }
    }

    func count(_ sql: SQL) throws -> Int {
        try services.writer.writeAndWait { try $0.value(sql, as: Int.self) ?? 0 }
    }

    func text(_ sql: SQL) throws -> String? {
        try services.writer.writeAndWait { try $0.value(sql, as: String.self) }
    }
}
