import CSQLite
import Glibc

/// A copy of a database in use. Writers go on meanwhile; the copy is one moment's state, that of its beginning.
package struct Backup: Sendable {
    /// Pages copied before a pause.
    package var pagesPerStep = 1_024
    /// The pause, which leaves the disk to others.
    package var pauseMilliseconds = 2
    /// Reads the whole copy again before it gets its name.
    package var checksIntegrity = true
    /// Whether a file that has the destination's name already gives way to the copy once that is whole.
    package var replaces = false

    package init() {}

    /// Copies to `destination`, which must not exist unless `replaces` is set. It is written under another name first, so
    /// that a file of this name is always whole, and is readable by its owner alone. While it runs the source's log cannot
    /// restart.
    ///
    /// Throws `BackupProblem`, `SQLiteError` or `DatabaseFileProblem`, and leaves nothing behind.
    package func copy(_ source: Database, to destination: String) throws {
        let partial = destination + ".partial"
        if access(destination, F_OK) == 0 {
            guard replaces else { throw BackupProblem.destinationExists(destination) }
            guard !isPart(of: source, destination) else { throw BackupProblem.destinationInUse(destination) }
        }
        // What a backup that was killed left behind must not stop the next.
        unlink(partial)
        let file = open(partial, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw BackupProblem.cannotCreate(partial, errorNumber: errno) }
        defer { close(file) }
        do {
            try source.withoutTimeLimit {
                try source.snapshot { try copyPages(of: source, to: partial) }
            }
            if checksIntegrity { try check(partial) }
            removeSideFiles(of: partial)
            guard fsync(file) == 0, rename(partial, destination) == 0 else {
                throw BackupProblem.cannotCreate(destination, errorNumber: errno)
            }
        } catch {
            unlink(partial)
            removeSideFiles(of: partial)
            throw error
        }
        // Not every mount that backups go to can do it.
        _ = syncDirectory(of: destination)
    }

    /// Whether the file is the database itself or one of those beside it, by whatever path.
    private func isPart(of source: Database, _ path: String) -> Bool {
        guard let name = sqlite3_db_filename(source.connection.handle, "main") else { return false }
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        return ([""] + Database.sideFiles).contains { suffix in
            var own = stat()
            return stat(String(cString: name) + suffix, &own) == 0
                && (own.st_dev, own.st_ino) == (status.st_dev, status.st_ino)
        }
    }

    /// Empty ones are left behind by the check, for the copy is in WAL mode like its source.
    private func removeSideFiles(of path: String) {
        for suffix in Database.sideFiles { unlink(path + suffix) }
    }

    private func copyPages(of source: Database, to path: String) throws {
        // Takes the snapshot now: without one each step would read its own, and a commit in between start all over.
        _ = try source.value("SELECT 1 FROM sqlite_schema", as: Int.self)
        let target = try Connection(path: path, access: .readWrite, busyTimeoutMilliseconds: 0)
        guard let backup = sqlite3_backup_init(target.handle, "main", source.connection.handle, "main") else {
            throw SQLiteError.latest(on: target.handle)
        }
        var result = sqlite3_backup_step(backup, Int32(clamping: pagesPerStep))
        while result == SQLITE_OK {
            usleep(UInt32(clamping: pauseMilliseconds * 1_000))
            result = sqlite3_backup_step(backup, Int32(clamping: pagesPerStep))
        }
        guard sqlite3_backup_finish(backup) == SQLITE_OK else { throw SQLiteError.latest(on: target.handle) }
    }

    private func check(_ path: String) throws {
        let report = try IntegrityCheck(of: Database(path: path))
        guard report.isSound else { throw BackupProblem.unsound(report) }
    }
}

package enum BackupProblem: Error, Sendable, Equatable, CustomStringConvertible {
    case destinationExists(String)
    case destinationInUse(String)
    case cannotCreate(String, errorNumber: Int32)
    case unsound(IntegrityCheck)

    package var description: String {
        switch self {
        case .destinationExists(let path): "\(path) exists already. Name a new file."
        case .destinationInUse(let path): "\(path) is the database itself. Name another file."
        case .cannotCreate(let path, let number): "\(path) cannot be created: \(String(cString: strerror(number)))."
        case .unsound(let check):
            "The copy is damaged, so the database is too: \(check.damage.first ?? "\(check.foreignKeys.count) foreign keys")."
        }
    }
}
