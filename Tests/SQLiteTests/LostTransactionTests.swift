import CSQLite
import Dispatch
import Testing

@testable import SQLite

/// What ends a whole transaction must neither lose what was acknowledged nor keep what was refused.
@Suite("A lost transaction") struct LostTransactionTests {
    /// Runs five closures as one batch, the third of which is `third`, and returns which were acknowledged.
    private func batch(
        on scratch: Scratch, _ writer: Writer, third: @escaping @Sendable (Transaction) throws -> Void
    ) throws -> [(label: Int, result: Result<Void, any Error>)] {
        let gate = try Gate(closing: writer)
        let outcomes = Outcomes<Void>()
        for number in 1...5 {
            try outcomes.submit(number, to: writer) { db in
                try db.run("INSERT INTO person (name) VALUES (\("p\(number)"))")
                if number == 3 { try third(db) }
            }
        }
        gate.open()
        return outcomes.wait().sorted { $0.label < $1.label }
    }

    @Test func `OR ROLLBACK fails what ran before it in the batch; what had not run yet is kept`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        let results = try batch(on: scratch, writer) {
            try $0.run("INSERT OR ROLLBACK INTO person (name) VALUES ('p3')")
        }
        #expect(results.map(\.result.isSuccess) == [false, false, false, true, true])
        #expect(try scratch.names() == ["p4", "p5"])
        #expect((results[2].result.error as? SQLiteError)?.isUniqueViolation == true)
        for (_, result) in results[..<2] { #expect((result.error as? SQLiteError)?.isUnavailability == true) }
    }

    @Test func `a closure that swallows the loss can write nothing more and is not acknowledged`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        let results = try batch(on: scratch, writer) { db in
            _ = try? db.run("INSERT OR ROLLBACK INTO person (name) VALUES ('p3')")
            #expect(throws: SQLiteError.self) { try db.run("INSERT INTO person (name) VALUES ('stowaway')") }
        }
        #expect(results.map(\.result.isSuccess) == [false, false, false, true, true])
        #expect((results[2].result.error as? SQLiteError)?.isUnavailability == true)
        #expect(try scratch.names() == ["p4", "p5"])
    }

    @Test func `a refusal made out of the loss is answered as the loss`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        let results = try batch(on: scratch, writer) { db in
            _ = try? db.run("INSERT OR ROLLBACK INTO person (name) VALUES ('p3')")
            throw Refusal()
        }
        #expect(results.map(\.result.isSuccess) == [false, false, false, true, true])
        #expect((results[2].result.error as? SQLiteError)?.cause == .transactionLost)
    }

    @Test func `a refusal in a batch that is lost later is answered as the loss, for its reason may be gone`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        let gate = try Gate(closing: writer)
        let outcomes = Outcomes<Void>()
        try outcomes.submit(1, to: writer) { _ in throw Refusal() }
        try outcomes.submit(2, to: writer) { db in
            try db.run("INSERT INTO person (name) VALUES ('a')")
            try db.run("INSERT OR ROLLBACK INTO person (name) VALUES ('a')")
        }
        gate.open()
        #expect((outcomes.wait()[0].result.error as? SQLiteError)?.cause == .transactionLost)
    }

    @Test(arguments: ["COMMIT", "ROLLBACK", "RELEASE request", "ROLLBACK TO request", "BEGIN"] as [SQL])
    func `a closure cannot end the batch's transaction`(sql: SQL) throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        let results = try batch(on: scratch, writer) { try $0.run(sql) }
        #expect(results.map(\.result.isSuccess) == [true, true, false, true, true])
        #expect(try scratch.names() == ["p1", "p2", "p4", "p5"])
    }

    @Test func `a deferred foreign key left open refuses its closure alone`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        let results = try batch(on: scratch, writer) { try $0.run("INSERT INTO pair (id, other) VALUES (1, 2)") }
        #expect(results.map(\.result.isSuccess) == [true, true, false, true, true])
        #expect((results[2].result.error as? SQLiteError)?.isForeignKeyViolation == true)
        try writer.writeAndWait { db in
            try db.run("INSERT INTO pair (id, other) VALUES (1, 2)")
            try db.run("INSERT INTO pair (id, other) VALUES (2, 1)")
        }
        #expect(try Database(path: scratch.path).values("SELECT id FROM pair ORDER BY id") == [1, 2])
    }

    @Test func `a row returned by an INSERT that breaks a foreign key is an error, not a row`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        let error = #expect(throws: SQLiteError.self) {
            try writer.writeAndWait { db in
                try db.value("INSERT INTO hours (person, minutes) VALUES (7, 60) RETURNING id", as: Int.self)
            }
        }
        #expect(error?.isForeignKeyViolation == true)
        #expect(try Database(path: scratch.path).value("SELECT count(*) FROM hours") == 0)
    }

    @Test func `a COMMIT that fails fails its whole batch, and the next one is kept`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        let results = try batch(on: scratch, writer) { db in
            sqlite3_commit_hook(db.connection.handle, { _ in 1 }, nil)
        }
        #expect(results.allSatisfy { $0.result.error is SQLiteError })
        #expect(try scratch.names() == [])
        // The hook is still there, so remove it inside a closure whose own commit then succeeds.
        try writer.writeAndWait { db in
            sqlite3_commit_hook(db.connection.handle, nil, nil)
            try db.run("INSERT INTO person (name) VALUES ('after')")
        }
        #expect(try scratch.names() == ["after"])
    }

    @Test func `a statement past its limit is interrupted and writing goes on`() throws {
        let scratch = try Scratch()
        var options = Writer.Options()
        options.statementLimitMilliseconds = 30
        let writer = try scratch.writer(options)
        let results = try batch(on: scratch, writer) { db in
            try db.run(
                """
                INSERT INTO person (name) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
                SELECT max(i) FROM n
                """)
        }
        #expect((results[2].result.error as? SQLiteError)?.isInterrupted == true)
        let kept = results.filter { $0.result.isSuccess }.map { "p\($0.label)" }
        #expect(try scratch.names() == kept)
        #expect(kept.contains("p4") && kept.contains("p5"))
    }

    @Test func `a database at its page limit keeps exactly what it acknowledged and recovers when there is room`()
        throws
    {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        try writer.writeAndWait { db in
            let pages = try #require(try db.value("PRAGMA page_count", as: Int.self))
            try db.connection.execute("PRAGMA max_page_count = \(pages + 20)")
        }
        let acknowledged = try fill(writer, count: 60)
        #expect(acknowledged.failed > 0)
        #expect(acknowledged.allFull)
        #expect(try Database(path: scratch.path).values("SELECT id FROM person ORDER BY id") == acknowledged.ids)
        try writer.writeAndWait { try $0.connection.execute("PRAGMA max_page_count = 100000") }
        try writer.writeAndWait { try $0.run("INSERT INTO person (name) VALUES ('after')") }
        #expect(try scratch.names().last == "after")
        #expect(try IntegrityCheck(of: Database(path: scratch.path)).isSound)
    }

    @Test func `while another process writes, closures fail as busy; afterwards they succeed`() throws {
        let scratch = try Scratch()
        var options = Writer.Options()
        options.busyTimeoutMilliseconds = 10
        let writer = try scratch.writer(options)
        let other = try Transaction(path: scratch.path, options: options)
        try other.beginTransaction()
        let error = #expect(throws: SQLiteError.self) {
            try writer.writeAndWait { try $0.run("INSERT INTO person (name) VALUES ('a')") }
        }
        #expect(error?.isBusy == true)
        other.rollBackTransaction()
        try writer.writeAndWait { try $0.run("INSERT INTO person (name) VALUES ('b')") }
        #expect(try scratch.names() == ["b"])
    }
}

/// Writes rows of a page each in batches of about eight, and says which were acknowledged.
func fill(_ writer: Writer, count: Int) throws -> (ids: [Int], failed: Int, allFull: Bool) {
    var results: [(label: Int, result: Result<Void, any Error>)] = []
    for start in stride(from: 1, through: count, by: 8) {
        let gate = try Gate(closing: writer)
        let outcomes = Outcomes<Void>()
        for number in start..<start + 8 {
            try outcomes.submit(number, to: writer) { db in
                let name = String(repeating: "\(number) ", count: 1_200)
                try db.run("INSERT INTO person (id, name) VALUES (\(number), \(name))")
            }
        }
        gate.open()
        results += outcomes.wait()
    }
    let errors = results.compactMap { $0.result.error as? SQLiteError }
    return (results.filter { $0.result.isSuccess }.map(\.label).sorted(), errors.count, errors.allSatisfy(\.isFull))
}
