import Glibc

/// Has the name of a new file reach the disk: the file's own `fsync` promises no more than its contents (fsync(2)).
/// - Returns: false when the directory cannot be opened or synced.
package func syncDirectory(of path: String) -> Bool {
    let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return fsync(descriptor) == 0
}
