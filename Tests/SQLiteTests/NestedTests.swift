import SQLite
import Testing

@Suite("A savepoint within a closure") struct NestedTests {
    private func insert(_ name: String, in db: Transaction) throws {
        try db.run("INSERT INTO person (name) VALUES (\(name))")
    }

    @Test func `what throws is undone alone, and the closure goes on`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        try writer.writeAndWait { db in
            try self.insert("a", in: db)
            #expect(throws: Refusal.self) {
                try db.nested { db in
                    try self.insert("b", in: db)
                    throw Refusal()
                }
            }
            let kept = try db.nested { db in
                try self.insert("c", in: db)
                #expect(throws: SQLiteError.self) { try db.nested { try self.insert("a", in: $0) } }
                return db.lastInsertedID
            }
            #expect(kept > 0)
        }
        #expect(try scratch.names() == ["a", "c"])
    }

    @Test func `a closure that throws at its end takes what was nested with it`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        #expect(throws: Refusal.self) {
            try writer.writeAndWait { db in
                try db.nested { try self.insert("a", in: $0) }
                throw Refusal()
            }
        }
        #expect(try scratch.names() == [])
    }

    @Test func `a transaction that is lost inside stays lost outside`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        try writer.writeAndWait { try self.insert("a", in: $0) }
        #expect(throws: SQLiteError.self) {
            try writer.writeAndWait { db in
                _ = try? db.nested { try $0.run("INSERT OR ROLLBACK INTO person (name) VALUES ('a')") }
                try self.insert("b", in: db)
            }
        }
        #expect(try scratch.names() == ["a"])
    }
}
