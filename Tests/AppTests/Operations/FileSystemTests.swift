import App
import Glibc
import Support
import Testing

@Suite("The file system") struct FileSystemTests {
    @Test func `a new file is for our eyes only, and one that is there is left alone`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/file"
        #expect(FileSystem.write([1, 2], to: path))
        #expect(!FileSystem.write([3], to: path))
        #expect(FileSystem.read(path, limit: 10) == [1, 2])
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    @Test(.enabled(if: geteuid() == 0, "mounting a tmpfs needs root"))
    func `a file the disk has no room for leaves nothing behind`() throws {
        let folder = try TemporaryFolder()
        let disk = folder.path + "/disk"
        mkdir(disk, 0o700)
        guard mount("tmpfs", disk, "tmpfs", 0, "size=64k") == 0 else { return }
        defer { umount2(disk, 2) }
        let path = disk + "/file"
        #expect(!FileSystem.write([UInt8](repeating: 1, count: 100_000), to: path))
        #expect(access(path, F_OK) != 0)
        #expect(FileSystem.write([1], to: path), "there is room again")
    }
}
