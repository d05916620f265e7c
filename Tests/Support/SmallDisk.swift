import Glibc

/// A file system of its own in memory, to be full or read-only. Only root may mount one; goes with the last reference.
package final class SmallDisk: Sendable {
    /// For the trait of tests that need one, so that none passes where it could not be mounted.
    package static let isPermitted = (try? SmallDisk(size: "64k")) != nil

    package let path: String
    private let folder: TemporaryFolder

    package struct Failure: Error {}

    /// - Parameter size: as `mount` takes it: `4m`.
    package init(size: String) throws {
        folder = try TemporaryFolder()
        path = folder.path + "/disk"
        guard mkdir(path, 0o700) == 0, mount("tmpfs", path, "tmpfs", 0, "size=\(size)") == 0 else { throw Failure() }
    }

    package func resize(to size: String) throws { try remount(0, "size=\(size)") }

    package func makeReadOnly() throws { try remount(UInt(MS_RDONLY), nil) }

    private func remount(_ flags: UInt, _ options: String?) throws {
        guard mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT) | flags, options) == 0 else { throw Failure() }
    }

    /// Leaves no byte free.
    /// - Returns: the file to remove for room.
    @discardableResult
    package func fill() -> String {
        let filler = path + "/filler"
        let descriptor = open(filler, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        let page = [UInt8](repeating: 1, count: 4_096)
        while page.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count) }) > 0 {}
        return filler
    }

    deinit { umount2(path, Int32(MNT_DETACH)) }
}
