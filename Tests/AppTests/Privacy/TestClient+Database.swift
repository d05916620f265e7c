import App
import SQLite
import Support

extension TestClient {
    /// Runs a statement on the database as a careless program would.
    func run(_ statement: SQL) throws { try services.writer.writeAndWait { _ = try $0.run(statement) } }

    func count(_ sql: SQL) throws -> Int {
        try services.writer.writeAndWait { try $0.value(sql, as: Int.self) ?? 0 }
    }

    func text(_ sql: SQL) throws -> String? {
        try services.writer.writeAndWait { try $0.value(sql, as: String.self) }
    }
}
