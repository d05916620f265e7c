import App
import Foundation
import Glibc
import Support
import Testing

@Suite("Leftovers of killed processes") struct LeftoversTests {
    private static func age(_ path: String, to seconds: Int) {
        let time = timespec(tv_sec: seconds, tv_nsec: 0)
        #expect(utimensat(AT_FDCWD, path, [time, time], AT_SYMLINK_NOFOLLOW) == 0)
    }

    @Test func `old files and folders go, younger ones stay, and a link takes nothing with it`() throws {
        let (folder, elsewhere) = (try TemporaryFolder(), try TemporaryFolder())
        #expect(FileSystem.write([1], to: folder.path + "/upload"))
        #expect(FileSystem.makeDirectory(folder.path + "/copy-1"))
        #expect(FileSystem.write([1], to: folder.path + "/copy-1/wenming.db"))
        #expect(FileSystem.write([1], to: folder.path + "/young"))
        #expect(FileSystem.write([1], to: elsewhere.path + "/kept"))
        #expect(symlink(elsewhere.path, folder.path + "/link") == 0)
        for name in ["upload", "copy-1", "link"] { Self.age("\(folder.path)/\(name)", to: 999) }
        Self.age(folder.path + "/young", to: 1_000)
        #expect(Leftovers.remove(in: folder.path, changedBefore: 1_000) == 3)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["young"])
        #expect(FileSystem.size(of: elsewhere.path + "/kept") == 1)
        #expect(Leftovers.remove(in: folder.path + "/none", changedBefore: 1_000) == 0)
    }
}
