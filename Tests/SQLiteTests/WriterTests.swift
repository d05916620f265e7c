import Dispatch
import Foundation
import SQLite
import Synchronization
import Testing

@Suite("The writer") struct WriterTests {
    @Test func `of 200 concurrent writes the refused half leaves nothing and the other half all`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        let outcomes = Outcomes<Int64>()
        DispatchQueue.concurrentPerform(iterations: 200) { number in
            try? outcomes.submit(number, to: writer) { db in
                try db.run("INSERT INTO person (id, name) VALUES (\(number + 1), \("p\(number)"))")
                if number % 2 == 1 { throw Refusal() }
                return db.lastInsertedID
            }
        }
        let results = outcomes.wait()
        #expect(results.count == 200)
        for (label, result) in results {
            #expect(result.isSuccess == (label % 2 == 0))
            if label % 2 == 1 { #expect(result.error is Refusal) }
        }
        let kept: [Int] = try Database(path: scratch.path).values("SELECT id FROM person ORDER BY id")
        #expect(kept == stride(from: 1, through: 199, by: 2).map { $0 })
    }

    @Test func `order of arrival is order of commit and of answers, over many batches`() throws {
        let scratch = try Scratch()
        var options = Writer.Options()
        options.batchMax = 7
        let writer = try scratch.writer(options)
        let gate = try Gate(closing: writer)
        let outcomes = Outcomes<Int64>()
        for number in 1...100 {
            try outcomes.submit(number, to: writer) { db in
                try db.run("INSERT INTO person (name) VALUES (\("p\(number)"))")
                return db.lastInsertedID
            }
        }
        gate.open()
        let results = outcomes.wait()
        #expect(results.map(\.label) == Array(1...100))
        #expect(try results.map { try $0.result.get() } == Array(1...100))
        #expect(try scratch.names() == (1...100).map { "p\($0)" })
    }

    @Test func `what waits is committed together, at most batchMax at a time`() throws {
        let scratch = try Scratch()
        let batches = Mutex<[CommitObservation]>([])
        var options = Writer.Options()
        options.batchMax = 4
        let writer = try scratch.writer(options) { observation in batches.withLock { $0.append(observation) } }
        let gate = try Gate(closing: writer)
        let outcomes = Outcomes<Void>()
        for number in 1...6 {
            try outcomes.submit(number, to: writer) { db in
                try db.run("INSERT INTO person (name) VALUES (\("p\(number)"))")
                if number == 2 { throw Refusal() }
            }
        }
        gate.open()
        _ = outcomes.wait()
        writer.stop()
        let seen = batches.withLock { $0 }
        #expect(seen.map(\.kept) == [1, 3, 2])
        #expect(seen.map(\.refused) == [0, 1, 0])
        #expect(seen.map(\.lost) == [0, 0, 0])
        #expect(seen.map(\.pending) == [6, 2, 0])
        #expect(seen.allSatisfy { $0.nanoseconds > 0 })
    }

    @Test(arguments: [false, true])
    func `a batch runs once more when a closure failed after it had written, and only then`(writes: Bool) throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        let gate = try Gate(closing: writer)
        let outcomes = Outcomes<Int64>()
        let runs = Atomic<Int>(0)
        for number in 1...6 {
            try outcomes.submit(number, to: writer) { db in
                runs.add(1, ordering: .relaxed)
                if number == 3 && !writes { throw Refusal() }
                try db.run("INSERT INTO person (name) VALUES (\("p\(number)"))")
                if number == 3 { throw Refusal() }
                return db.lastInsertedID
            }
        }
        gate.open()
        let results = outcomes.wait()
        #expect(results.map(\.result.isSuccess) == [true, true, false, true, true, true])
        #expect(results.compactMap { try? $0.result.get() } == [1, 2, 3, 4, 5])
        #expect(try scratch.names() == ["p1", "p2", "p4", "p5", "p6"])
        // Three ran before the failure showed, and all six again.
        #expect(runs.load(ordering: .relaxed) == (writes ? 9 : 6))
    }

    @Test func `a batch past its time budget is committed and the rest follow in order`() throws {
        let scratch = try Scratch()
        let batches = Mutex<[Int]>([])
        var options = Writer.Options()
        options.batchBudgetMilliseconds = 0
        let writer = try scratch.writer(options) { observation in batches.withLock { $0.append(observation.kept) } }
        let gate = try Gate(closing: writer)
        let outcomes = Outcomes<Void>()
        for number in 1...3 {
            try outcomes.submit(number, to: writer) { try $0.run("INSERT INTO person (name) VALUES (\("p\(number)"))") }
        }
        gate.open()
        #expect(outcomes.wait().map(\.label) == [1, 2, 3])
        writer.stop()
        #expect(batches.withLock { $0 } == [1, 1, 1, 1])
        #expect(try scratch.names() == ["p1", "p2", "p3"])
    }

    @Test func `an answer comes after its commit`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        let seen = Mutex<Int?>(nil)
        let answered = DispatchSemaphore(value: 0)
        try writer.submit({ try $0.run("INSERT INTO person (name) VALUES ('a')") }) { _ in
            let count = try? Database(path: scratch.path).value("SELECT count(*) FROM person", as: Int.self)
            seen.withLock { $0 = count }
            answered.signal()
        }
        answered.wait()
        #expect(seen.withLock { $0 } == 1)
    }

    @Test func `a closure is lent the time, the rows changed and the last row id`() throws {
        let scratch = try Scratch()
        let clock = Atomic<Int64>(100)
        let writer = try Writer(path: scratch.path, clock: { clock.add(1, ordering: .relaxed).newValue })
        let first = try writer.writeAndWait { ($0.now, $0.now) }
        #expect(first == (101, 101))
        #expect(try writer.writeAndWait { $0.now } == 102)
        let changes = try writer.writeAndWait { db in
            [
                try db.run("INSERT INTO person (name) VALUES ('a'), ('b'), ('c')"), Int(db.lastInsertedID),
                try db.run("UPDATE person SET name = name || '!' WHERE id > 1"),
                try db.run("CREATE TABLE other (id INTEGER PRIMARY KEY) STRICT"),
                try db.run("DELETE FROM person WHERE id = 99"), try db.run("DELETE FROM person"),
            ]
        }
        #expect(changes == [3, 3, 2, 0, 0, 3])
    }

    @Test func `past the bound a closure is refused at once and never runs`() throws {
        let scratch = try Scratch()
        var options = Writer.Options()
        options.pendingMax = 3
        let writer = try scratch.writer(options)
        let gate = try Gate(closing: writer)
        let outcomes = Outcomes<Void>()
        for number in 1...3 {
            try outcomes.submit(number, to: writer) { try $0.run("INSERT INTO person (name) VALUES (\("p\(number)"))") }
        }
        #expect(writer.pending == 3)
        #expect(throws: WriterRefusal.full) {
            try writer.submit({ try $0.run("INSERT INTO person (name) VALUES ('late')") }) { _ in }
        }
        gate.open()
        #expect(outcomes.wait().allSatisfy { $0.result.isSuccess })
        try writer.writeAndWait { try $0.run("INSERT INTO person (name) VALUES ('after')") }
        #expect(try scratch.names() == ["p1", "p2", "p3", "after"])
    }

    @Test func `stop commits what waits, refuses what comes, and folds the log into the file`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        let gate = try Gate(closing: writer)
        let outcomes = Outcomes<Void>()
        for number in 1...20 {
            try outcomes.submit(number, to: writer) { try $0.run("INSERT INTO person (name) VALUES (\("p\(number)"))") }
        }
        let stopped = DispatchSemaphore(value: 0)
        DispatchQueue.global().async {
            writer.stop()
            stopped.signal()
        }
        gate.open()
        stopped.wait()
        #expect(outcomes.wait().allSatisfy { $0.result.isSuccess })
        #expect(throws: WriterRefusal.stopped) { try writer.submit({ _ in }) { _ in } }
        #expect(throws: WriterRefusal.stopped) { try writer.writeAndWait { _ in } }
        #expect(!FileManager.default.fileExists(atPath: scratch.path + "-wal"))
        #expect(try scratch.names().count == 20)
        writer.stop()
    }

    @Test func `an async caller gets the value or the error`() async throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        let id = try await writer.write { db in
            try db.run("INSERT INTO person (name) VALUES ('a')")
            return db.lastInsertedID
        }
        #expect(id == 1)
        await #expect(throws: Refusal.self) { try await writer.write { _ in throw Refusal() } }
        writer.stop()
        await #expect(throws: WriterRefusal.stopped) { try await writer.write { _ in } }
    }

    @Test func `a log with nothing to follow is written back while the writer is idle`() throws {
        let scratch = try Scratch()
        var options = Writer.Options()
        options.idleCheckpointMilliseconds = 1
        let writer = try scratch.writer(options)
        try writer.writeAndWait { try $0.run("INSERT INTO person (name) VALUES ('checkpointed')") }
        let deadline = Date(timeIntervalSinceNow: 10)
        var isInFile = false
        while !isInFile && Date() < deadline {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: scratch.path))
            isInFile = bytes.range(of: Data("checkpointed".utf8)) != nil
            usleep(1_000)
        }
        #expect(isInFile)
    }
}
