import CSQLite
import Testing

@testable import SQLite

@Suite("A read-only connection") struct DatabaseTests {
    private let endless: SQL = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"

    @Test func `it cannot write`() throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.path)
        let error = #expect(throws: SQLiteError.self) {
            try database.value("INSERT INTO person (name) VALUES ('a') RETURNING id", as: Int.self)
        }
        #expect(error?.isReadOnly == true)
        #expect(try scratch.names() == [])
    }

    @Test func `statements are kept by text up to their bound`() throws {
        let scratch = try Scratch()
        var options = Database.Options()
        options.cachedStatements = 2
        let database = try Database(path: scratch.path, options: options)
        for number in 1...5 { #expect(try database.value("SELECT \(number)") == number) }
        #expect(database.cachedStatements == 1)
        #expect(try database.value("SELECT \(1) + 1") == 2)
        #expect(try database.value("SELECT \(1) + 2") == 3)
        #expect(database.cachedStatements == 2)
        #expect(try database.value("SELECT \(7)") == 7)
    }

    @Test func `the same query inside its own loop is another statement`() throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.path)
        func pairs(_ limit: Int) -> SQL {
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT \(limit)) SELECT i FROM n"
        }
        var seen: [[Int]] = []
        try database.forEach(pairs(3)) { row in
            let outer: Int = try row[0]
            seen.append([outer] + (try database.values(pairs(outer))))
        }
        #expect(seen == [[1, 1], [2, 1, 2], [3, 1, 2, 3]])
        #expect(database.cachedStatements == 1)
    }

    @Test func `a statement evicted while it runs runs on`() throws {
        let scratch = try Scratch()
        var options = Database.Options()
        options.cachedStatements = 1
        let database = try Database(path: scratch.path, options: options)
        var seen: [Int] = []
        try database.forEach("SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3") { row in
            seen.append(try row[0])
            #expect(try database.value("SELECT \(5) * 2") == 10)
        }
        #expect(seen == [1, 2, 3])
    }

    @Test func `a loop left by an error leaves the statement usable and no snapshot behind`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        try writer.writeAndWait { try $0.run("INSERT INTO person (name) VALUES ('a'), ('b')") }
        let database = try Database(path: scratch.path)
        let query: SQL = "SELECT name FROM person ORDER BY id"
        #expect(throws: Refusal.self) { try database.forEach(query) { _ in throw Refusal() } }
        try writer.writeAndWait { try $0.run("INSERT INTO person (name) VALUES ('c')") }
        #expect(try database.values(query) == ["a", "b", "c"])
    }

    @Test func `a round sees one state and the next round the newest`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        let database = try Database(path: scratch.path)
        let count: SQL = "SELECT count(*) FROM person"
        database.beginRound()
        #expect(!database.isInTransaction)
        #expect(try database.value(count) == 0)
        #expect(database.isInTransaction)
        try writer.writeAndWait { try $0.run("INSERT INTO person (name) VALUES ('a')") }
        #expect(try database.value(count) == 0)
        #expect(try database.snapshot { try database.value(count) } == 0)
        #expect(try database.value(count) == 0)
        database.endRound()
        #expect(!database.isInTransaction)
        #expect(try database.value(count) == 1)
        database.beginRound()
        #expect(try database.value(count) == 1)
        database.endRound()
    }

    @Test func `a round begins with its first query, not before`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        let database = try Database(path: scratch.path)
        database.beginRound()
        try writer.writeAndWait { try $0.run("INSERT INTO person (name) VALUES ('a')") }
        #expect(try database.value("SELECT count(*) FROM person") == 1)
        database.endRound()
    }

    @Test func `a snapshot sees one state, ends with its body, and also when that throws`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        let database = try Database(path: scratch.path)
        let count: SQL = "SELECT count(*) FROM person"
        try database.snapshot {
            #expect(try database.value(count) == 0)
            try writer.writeAndWait { try $0.run("INSERT INTO person (name) VALUES ('a')") }
            #expect(try database.value(count) == 0)
        }
        #expect(try database.value(count) == 1)
        #expect(throws: Refusal.self) { try database.snapshot { throw Refusal() } }
        #expect(!database.isInTransaction)
    }

    @Test func `after a round the log can be emptied, within it not`() throws {
        let scratch = try Scratch()
        let transaction = try Transaction(path: scratch.path, options: Writer.Options())
        func truncate() -> Int32 {
            sqlite3_busy_timeout(transaction.connection.handle, 0)
            return sqlite3_wal_checkpoint_v2(
                transaction.connection.handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
        }
        let database = try Database(path: scratch.path)
        database.beginRound()
        _ = try database.value("SELECT count(*) FROM person", as: Int.self)
        try transaction.beginTransaction()
        try transaction.run("INSERT INTO person (name) VALUES ('a')")
        try transaction.commitTransaction()
        #expect(truncate() == SQLITE_BUSY)
        database.endRound()
        #expect(truncate() == SQLITE_OK)
    }

    @Test func `a query past its limit is interrupted and the connection goes on`() throws {
        let scratch = try Scratch()
        var options = Database.Options()
        options.queryLimitMilliseconds = 30
        let database = try Database(path: scratch.path, options: options)
        for _ in 1...2 {
            let error = #expect(throws: SQLiteError.self) { try database.value(endless, as: Int.self) }
            #expect(error?.isInterrupted == true)
            #expect(try database.value("SELECT 1") == 1)
        }
    }

    @Test func `maintenance may run past the limit, and the limit returns`() throws {
        let scratch = try Scratch()
        var options = Database.Options()
        options.queryLimitMilliseconds = 1
        let database = try Database(path: scratch.path, options: options)
        let long: SQL = """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300000) SELECT max(i) FROM n
            """
        #expect(try database.withoutTimeLimit { try database.value(long) } == 300_000)
        #expect(throws: SQLiteError.self) { try database.value(endless, as: Int.self) }
    }

    @Test(arguments: ["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT a", "ATTACH 'x' AS y"] as [SQL])
    func `transactions and other files are out of a query's reach`(sql: SQL) throws {
        let scratch = try Scratch()
        let error = #expect(throws: SQLiteError.self) { try Database(path: scratch.path).forEach(sql) { _ in } }
        #expect(error?.code == SQLITE_AUTH)
    }
}
