import CSQLite
import Foundation
import Testing

@testable import SQLite

@Suite("Files that cannot be used") struct FileTests {
    @Test func `a missing directory, a missing file and a directory are told apart`() throws {
        let scratch = try Scratch(migrated: false)
        for open in openers {
            #expect(throws: DatabaseFileProblem(.missing, path: scratch.path)) { try open(scratch.path) }
            #expect(throws: DatabaseFileProblem(.isDirectory, path: scratch.folder)) { try open(scratch.folder) }
            let nowhere = scratch.folder + "/none/x.sqlite"
            #expect(throws: DatabaseFileProblem(.missingDirectory, path: nowhere)) { try open(nowhere) }
        }
        let nowhere = scratch.folder + "/none/x.sqlite"
        #expect(throws: DatabaseFileProblem(.missingDirectory, path: nowhere)) {
            try Scratch.migrator().migrate(path: nowhere) { 0 }
        }
        #expect(!FileManager.default.fileExists(atPath: scratch.path))
    }

    @Test func `a file that is no database is refused and left as it is`() throws {
        let scratch = try Scratch(migrated: false)
        let text = Data(String(repeating: "no database, but long enough to hold a header ", count: 100).utf8)
        try text.write(to: URL(fileURLWithPath: scratch.path))
        for open in openers {
            #expect(throws: DatabaseFileProblem(.notADatabase, path: scratch.path)) { try open(scratch.path) }
        }
        #expect(throws: DatabaseFileProblem(.notADatabase, path: scratch.path)) {
            try Scratch.migrator().migrate(path: scratch.path) { 0 }
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path)) == text)
    }

    @Test func `a damaged schema page is refused as corrupt`() throws {
        let scratch = try Scratch()
        try overwrite(scratch.path, at: 100, with: [UInt8](repeating: 0xee, count: 3_000))
        for open in openers {
            #expect(throws: DatabaseFileProblem(.corrupt, path: scratch.path)) { try open(scratch.path) }
        }
    }

    @Test func `damage further on is an error of the query and a finding of the check`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        try writer.writeAndWait { db in
            for number in 1...2_000 { try db.run("INSERT INTO person (name) VALUES (\("person \(number)"))") }
        }
        writer.stop()
        for page in 8...12 {
            try overwrite(scratch.path, at: page * 4_096, with: [UInt8](repeating: 0xee, count: 4_096))
        }
        let database = try Database(path: scratch.path)
        let error = #expect(throws: SQLiteError.self) {
            try database.values("SELECT name FROM person NOT INDEXED", as: String.self)
        }
        #expect(error?.isCorrupt == true)
        let report = try IntegrityCheck(of: database, limit: 5)
        #expect(!report.isSound)
        #expect(!report.damage.isEmpty)
    }

    @Test func `a reader alone recovers the log of a process that was killed`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        try writer.writeAndWait { try $0.run("INSERT INTO person (name) VALUES ('in the log')") }
        let copy = try Scratch(migrated: false)
        // The file and its log as a kill leaves them, without the shared memory.
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: scratch.path + suffix, toPath: copy.path + suffix)
        }
        #expect(try copy.names() == ["in the log"])
    }

    @Test func `a foreign key without its row is a finding with table, row and parent`() throws {
        let scratch = try Scratch()
        let transaction = try Transaction(path: scratch.path, options: Writer.Options())
        #expect(try IntegrityCheck(of: transaction).isSound)
        try transaction.connection.execute("PRAGMA foreign_keys = OFF; INSERT INTO hours VALUES (5, 77, 60)")
        let report = try IntegrityCheck(of: Database(path: scratch.path))
        #expect(report.damage == [])
        #expect(report.foreignKeys.map(\.description) == ["row 5 of hours names no row of person"])
    }

    @Test(.enabled(if: geteuid() != 0, "root may write to every file; SmallDiskTests has the read-only mount"))
    func `a file without write permission is read-only for the writer and readable`() throws {
        let scratch = try Scratch()
        chmod(scratch.path, 0o400)
        #expect(throws: DatabaseFileProblem(.readOnly, path: scratch.path)) { try scratch.writer() }
        #expect(try scratch.names() == [])
    }

    @Test func `every problem says what to do`() {
        let kinds: [DatabaseFileProblem.Kind] = [
            .missingDirectory, .missing, .isDirectory, .noPermission, .readOnly, .notADatabase, .corrupt, .busy,
            .noWriteAheadLog,
            .foreign(applicationID: 1), .newerSchema(found: 2, known: 1), .olderSchema(found: 1, known: 2),
        ]
        for kind in kinds {
            let text = DatabaseFileProblem(kind, path: "/data/wenming.sqlite").description
            #expect(text.contains("/data/wenming.sqlite"))
            #expect(text.split(separator: ". ").count >= 2, "\(text)")
        }
    }

    private var openers: [(String) throws -> Void] {
        [{ _ = try Database(path: $0) }, { _ = try Writer(path: $0, clock: { 0 }) }]
    }

    private func overwrite(_ path: String, at offset: Int, with bytes: [UInt8]) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        defer { try? file.close() }
        try file.seek(toOffset: UInt64(offset))
        try file.write(contentsOf: Data(bytes))
    }
}
