import Glibc

/// That one server serves a data directory: what it remembers of sessions and counts of calls is its own, and a second
/// would not hear of changes. It ends with the process, however that ends.
final class ServingClaim {
    private let descriptor: Int32

    /// - Throws: `CommandFailure`, temporary where another server has it.
    init(on directory: String) throws {
        let path = directory + "/serving.lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure(errno: errno, "cannot open \(path)")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw CommandFailure(.temporary, "another server serves \(directory): stop it first")
        }
    }

    func release() { close(descriptor) }
}
