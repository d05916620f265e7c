import Dispatch
import Foundation
import SQLite
import Synchronization
import Testing

@Suite("Backups") struct BackupTests {
    /// Each closure moves a minute between two rows, so that in every state of the database the sum is the same.
    @Test func `a backup taken while writers write is one sound state, and they are not held up`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        try writer.writeAndWait { db in
            try db.run("INSERT INTO person (id, name) VALUES (1, 'a')")
            for number in 1...5_000 {
                try db.run("INSERT INTO hours (id, person, minutes) VALUES (\(number), 1, 1000)")
            }
        }
        let written = Atomic<Int>(0)
        let isDone = Atomic<Bool>(false)
        let ended = DispatchSemaphore(value: 0)
        let started = DispatchSemaphore(value: 0)
        DispatchQueue.global().async {
            while !isDone.load(ordering: .relaxed) {
                let number = written.add(1, ordering: .relaxed).newValue
                try? writer.writeAndWait { db in
                    try db.run("UPDATE hours SET minutes = minutes - 1 WHERE id = \(number % 5_000 + 1)")
                    try db.run("UPDATE hours SET minutes = minutes + 1 WHERE id = \((number + 2_500) % 5_000 + 1)")
                }
                if number == 1 { started.signal() }
            }
            ended.signal()
        }
        started.wait()
        let before = written.load(ordering: .relaxed)
        var backup = Backup()
        backup.pagesPerStep = 1
        let destination = scratch.folder + "/backup.sqlite"
        try backup.copy(Database(path: scratch.path), to: destination)
        #expect(written.load(ordering: .relaxed) > before)
        isDone.store(true, ordering: .relaxed)
        ended.wait()

        let copy = try Database(path: destination)
        #expect(try copy.value("SELECT sum(minutes) FROM hours") == 5_000_000)
        #expect(try IntegrityCheck(of: copy).isSound)
        try Scratch.migrator().verify(copy, path: destination)
        let mode = try FileManager.default.attributesOfItem(atPath: destination)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func `an existing file is not overwritten and a failure leaves nothing behind`() throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.path)
        let destination = scratch.folder + "/backup.sqlite"
        try Data("left by a backup that was killed".utf8).write(to: URL(fileURLWithPath: destination + ".partial"))
        try Backup().copy(database, to: destination)
        #expect(throws: BackupProblem.destinationExists(destination)) { try Backup().copy(database, to: destination) }
        let nowhere = scratch.folder + "/none/backup.sqlite"
        #expect(throws: BackupProblem.self) { try Backup().copy(database, to: nowhere) }
        let files = try FileManager.default.contentsOfDirectory(atPath: scratch.folder)
        #expect(files.filter { $0.hasPrefix("backup") } == ["backup.sqlite"])
    }

    @Test func `where it may replace one, the file of yesterday gives way, and never the database itself`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        let database = try Database(path: scratch.path)
        let destination = scratch.folder + "/backup.sqlite"
        var backup = Backup()
        backup.replaces = true
        for name in ["a", "b"] {
            try writer.writeAndWait { try $0.run("INSERT INTO person (name) VALUES (\(name))") }
            try backup.copy(database, to: destination)
        }
        #expect(try Database(path: destination).value("SELECT count(*) FROM person") == 2)
        let alias = scratch.folder + "/alias.sqlite"
        try FileManager.default.linkItem(atPath: scratch.path, toPath: alias)
        for own in [scratch.path, scratch.path + "-wal", alias] {
            #expect(throws: BackupProblem.destinationInUse(own)) { try backup.copy(database, to: own) }
        }
        #expect(try database.value("SELECT count(*) FROM person") == 2)
    }

    @Test func `a damaged database makes no backup`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        try writer.writeAndWait { db in
            for number in 1...500 { try db.run("INSERT INTO person (name) VALUES (\("person \(number)"))") }
            _ = try db.value("PRAGMA foreign_keys", as: Int.self)
        }
        writer.stop()
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: scratch.path))
        try file.seek(toOffset: 7 * 4_096)
        try file.write(contentsOf: Data(repeating: 0xee, count: 4_096))
        try file.close()
        let destination = scratch.folder + "/backup.sqlite"
        #expect(throws: BackupProblem.self) { try Backup().copy(Database(path: scratch.path), to: destination) }
        let files = try FileManager.default.contentsOfDirectory(atPath: scratch.folder)
        #expect(files.filter { $0.hasPrefix("backup") } == [])
    }
}
