import CSQLite
import Dispatch
import Glibc

/// Keeps writers apart while they commit or checkpoint, also those of different processes, as when `wenming backup` notes
/// its run beside a server. SQLite's own lock is gone before the checkpoint of a commit begins, and up to 3.51.2 a commit
/// that restarts the log during another connection's checkpoint can be lost (sqlite.org/wal.html#walresetbug).
///
/// It is a lock of `flock` on an empty file beside the database: the database itself must not be opened for it, since
/// closing any descriptor of a file lets go of all that SQLite has locked in it. The system lets go of it when a process
/// dies.
final class WriterLock {
    static let suffix = "-lock"
    private static let pollMicroseconds: UInt32 = 1_000

    private let descriptor: Int32
    private let waitMilliseconds: Int
    private var isHeld = false

    /// - Parameter waitMilliseconds: how long `acquire` waits.
    /// - Throws: `DatabaseFileProblem` when there is no file and none can be made.
    init(besideDatabase path: String, waitMilliseconds: Int) throws {
        descriptor = open(path + Self.suffix, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let kind: DatabaseFileProblem.Kind =
                switch errno {
                case EACCES, EPERM, EROFS: .readOnly
                case ENOSPC, EDQUOT: .full
                default: .other(String(cString: strerror(errno)))
                }
            throw DatabaseFileProblem(kind, path: path + Self.suffix)
        }
        self.waitMilliseconds = waitMilliseconds
    }

    deinit { close(descriptor) }

    /// - Throws: `SQLiteError` with `isBusy` when another writer holds it for all the time.
    func acquire() throws {
        if tryAcquire() { return }
        let deadline = DispatchTime.now().uptimeNanoseconds &+ UInt64(clamping: waitMilliseconds) &* 1_000_000
        while DispatchTime.now().uptimeNanoseconds < deadline {
            usleep(Self.pollMicroseconds)
            if tryAcquire() { return }
        }
        throw SQLiteError(extendedCode: SQLITE_BUSY, message: "another process is writing")
    }

    /// - Returns: false when another writer holds it.
    func tryAcquire() -> Bool {
        if !isHeld { isHeld = flock(descriptor, LOCK_EX | LOCK_NB) == 0 }
        return isHeld
    }

    /// Without effect when it is not held.
    func release() {
        guard isHeld else { return }
        flock(descriptor, LOCK_UN)
        isHeld = false
    }
}

extension Database {
    /// What the names of the files beside a database end in.
    package static let sideFiles = ["-journal", "-wal", "-shm", WriterLock.suffix]
}
