import Foundation
import Glibc
import SQLite
import Testing

/// A file system of its own, which only root may mount.
@Suite("A small disk", .enabled(if: Mount.isPermitted, "mounting a tmpfs is not permitted here"))
struct SmallDiskTests {
    @Test func `a full disk loses nothing acknowledged, keeps nothing refused, and recovers when there is room`() throws
    {
        let mount = try Mount(bytes: 1 << 20)
        let path = mount.folder + "/test.sqlite"
        try Scratch.migrator().migrate(path: path) { 0 }
        let writer = try Writer(path: path, clock: { 0 })
        let acknowledged = try fill(writer, count: 400)
        #expect(acknowledged.failed > 0)
        #expect(acknowledged.allFull)
        #expect(!acknowledged.ids.isEmpty)
        #expect(try Database(path: path).values("SELECT id FROM person ORDER BY id") == acknowledged.ids)
        mount.remount("size=16m")
        try writer.writeAndWait { try $0.run("INSERT INTO person (id, name) VALUES (9999, 'after')") }
        writer.stop()
        let database = try Database(path: path)
        #expect(try database.values("SELECT id FROM person ORDER BY id") == acknowledged.ids + [9_999])
        #expect(try IntegrityCheck(of: database).isSound)
    }

    @Test func `a disk with no room left is called full, by a reader too`() throws {
        let mount = try Mount(bytes: 1 << 20)
        let path = mount.folder + "/test.sqlite"
        try Scratch.migrator().migrate(path: path) { 0 }
        mount.fill()
        #expect(throws: DatabaseFileProblem(.full, path: path)) { try Writer(path: path, clock: { 0 }) }
        #expect(throws: DatabaseFileProblem(.full, path: path)) { try Database(path: path) }
        let another = mount.folder + "/another.sqlite"
        #expect(throws: DatabaseFileProblem(.full, path: another)) {
            try Scratch.migrator().migrate(path: another) { 0 }
        }
        mount.remount("size=16m")
        #expect(try Database(path: path).value("SELECT count(*) FROM person") == 0)
    }

    @Test func `a read-only file system is named as such`() throws {
        let mount = try Mount(bytes: 1 << 20)
        let path = mount.folder + "/test.sqlite"
        try Scratch.migrator().migrate(path: path) { 0 }
        mount.remount("ro")
        #expect(throws: DatabaseFileProblem(.readOnly, path: path)) { try Writer(path: path, clock: { 0 }) }
    }
}

private final class Mount {
    let folder: String
    private let scratch: Scratch

    static let isPermitted: Bool = {
        guard geteuid() == 0, let mount = try? Mount(bytes: 1 << 16) else { return false }
        return FileManager.default.fileExists(atPath: mount.folder)
    }()

    init(bytes: Int) throws {
        scratch = try Scratch(migrated: false)
        folder = scratch.folder + "/disk"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        guard Glibc.mount("tmpfs", folder, "tmpfs", 0, "size=\(bytes)") == 0 else { throw Refusal() }
    }

    func remount(_ options: String) {
        let isReadOnly = options == "ro"
        let flags = UInt(32 | (isReadOnly ? 1 : 0))
        #expect(Glibc.mount("tmpfs", folder, "tmpfs", flags, isReadOnly ? nil : options) == 0)
    }

    /// Leaves no byte free.
    func fill() {
        let descriptor = open(folder + "/filler", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        let page = [UInt8](repeating: 1, count: 4_096)
        while page.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count) }) > 0 {}
    }

    deinit { umount2(folder, 2) }
}
