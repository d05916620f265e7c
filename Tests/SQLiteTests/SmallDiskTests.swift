import SQLite
import Support
import Testing

/// A file system of its own, which only root may mount.
@Suite("A small disk", .enabled(if: SmallDisk.isPermitted, "mounting a tmpfs is not permitted here"))
struct SmallDiskTests {
    @Test func `a full disk loses nothing acknowledged, keeps nothing refused, and recovers when there is room`() throws
    {
        let disk = try SmallDisk(size: "1m")
        let path = disk.path + "/test.sqlite"
        try Scratch.migrator().migrate(path: path) { 0 }
        let writer = try Writer(path: path, clock: { 0 })
        let acknowledged = try fill(writer, count: 400)
        #expect(acknowledged.failed > 0)
        #expect(acknowledged.allFull)
        #expect(!acknowledged.ids.isEmpty)
        #expect(try Database(path: path).values("SELECT id FROM person ORDER BY id") == acknowledged.ids)
        try disk.resize(to: "16m")
        try writer.writeAndWait { try $0.run("INSERT INTO person (id, name) VALUES (9999, 'after')") }
        writer.stop()
        let database = try Database(path: path)
        #expect(try database.values("SELECT id FROM person ORDER BY id") == acknowledged.ids + [9_999])
        #expect(try IntegrityCheck(of: database).isSound)
    }

    @Test func `a disk with no room left is called full, by a reader too`() throws {
        let disk = try SmallDisk(size: "1m")
        let path = disk.path + "/test.sqlite"
        try Scratch.migrator().migrate(path: path) { 0 }
        disk.fill()
        #expect(throws: DatabaseFileProblem(.full, path: path)) { try Writer(path: path, clock: { 0 }) }
        #expect(throws: DatabaseFileProblem(.full, path: path)) { try Database(path: path) }
        let another = disk.path + "/another.sqlite"
        #expect(throws: DatabaseFileProblem(.full, path: another)) {
            try Scratch.migrator().migrate(path: another) { 0 }
        }
        try disk.resize(to: "16m")
        #expect(try Database(path: path).value("SELECT count(*) FROM person") == 0)
    }

    @Test func `a read-only file system is named as such`() throws {
        let disk = try SmallDisk(size: "1m")
        let path = disk.path + "/test.sqlite"
        try Scratch.migrator().migrate(path: path) { 0 }
        try disk.makeReadOnly()
        #expect(throws: DatabaseFileProblem(.readOnly, path: path)) { try Writer(path: path, clock: { 0 }) }
    }
}
