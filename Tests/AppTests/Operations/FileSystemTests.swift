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

    @Test(.enabled(if: SmallDisk.isPermitted, "mounting a tmpfs is not permitted here"))
    func `a file the disk has no room for leaves nothing behind`() throws {
        let disk = try SmallDisk(size: "64k")
        let path = disk.path + "/file"
        #expect(!FileSystem.write([UInt8](repeating: 1, count: 100_000), to: path))
        #expect(access(path, F_OK) != 0)
        #expect(FileSystem.write([1], to: path), "there is room again")
    }
}
