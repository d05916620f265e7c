import SQLite
import Testing

@Suite("What one closure hands on to the next") struct CarriedTests {
    /// Adds a row and hands on how many there are.
    /// - Returns: how many the closure was told of; nil when it had to count.
    @discardableResult
    private func add(_ name: String, in db: Transaction) throws -> Int? {
        let told = db.carried as? Int
        let count: Int = try told ?? db.value("SELECT count(*) FROM person") ?? 0
        #expect(try db.value("SELECT count(*) FROM person") == count)
        try db.run("INSERT INTO person (name) VALUES (\(name))")
        db.carried = count + 1
        return told
    }

    @Test func `the next in the batch is told, the next batch is not`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        let gate = try Gate(closing: writer)
        let outcomes = Outcomes<Int?>()
        for number in 1...3 { try outcomes.submit(number, to: writer) { try self.add("p\(number)", in: $0) } }
        gate.open()
        #expect(try outcomes.wait().map { try $0.result.get() } == [nil, 1, 2])
        #expect(try writer.writeAndWait { try self.add("p4", in: $0) } == nil)
    }

    @Test func `nobody is told of what was undone`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        let gate = try Gate(closing: writer)
        let outcomes = Outcomes<Int?>()
        for number in 1...4 {
            try outcomes.submit(number, to: writer) { db in
                let told = try self.add("p\(number)", in: db)
                if number == 2 { throw Refusal() }
                return told
            }
        }
        gate.open()
        #expect(outcomes.wait().map(\.result.isSuccess) == [true, false, true, true])
        #expect(try scratch.names() == ["p1", "p3", "p4"])
    }

    @Test func `what was undone within a closure is not told either`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        try writer.writeAndWait { db in
            try self.add("a", in: db)
            #expect(throws: Refusal.self) {
                try db.nested { db in
                    try self.add("b", in: db)
                    throw Refusal()
                }
            }
            #expect(try self.add("c", in: db) == nil)
            #expect(try db.nested { try self.add("d", in: $0) } == 2)
            #expect(try self.add("e", in: db) == 3)
        }
        #expect(try scratch.names() == ["a", "c", "d", "e"])
    }
}
