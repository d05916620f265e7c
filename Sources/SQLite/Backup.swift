import CSQLite
import Glibc

/// A copy of a database made while others read and write it.
package enum Backup {
    /// Pages copied between two pauses, so that writers get their turn.
    private static let pagesPerStep: Int32 = 2_000
    private static let pauseMicroseconds: UInt32 = 2_000
    /// Steps that may find the database busy before the copy is given up.
    private static let busyMax = 2_000

    /// Copies to a temporary name beside `destination`, checks the copy's integrity and renames it, so that a file of
    /// that name is always whole.
    /// - Returns: bytes of the copy.
    package static func run(from source: String, to destination: String) throws -> Int {
        let partial = destination + ".partial"
        unlink(partial)
        do {
            try copy(from: source, to: partial)
            let faults = try IntegrityCheck.faults(path: partial)
            guard faults.isEmpty else {
                throw SQLiteError(extendedCode: SQLITE_CORRUPT, message: "the copy is damaged: \(faults[0])")
            }
        } catch {
            unlink(partial)
            throw error
        }
        for suffix in ["-wal", "-shm"] { unlink(partial + suffix) }
        guard rename(partial, destination) == 0 else {
            throw SQLiteError(extendedCode: SQLITE_CANTOPEN, message: "cannot rename the copy to \(destination)")
        }
        var status = stat()
        stat(destination, &status)
        return Int(status.st_size)
    }

    private static func copy(from source: String, to destination: String) throws {
        let from = try Database(path: source, options: .init(queryMilliseconds: 0))
        let to = try Database(
            path: destination, flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, options: .init(queryMilliseconds: 0))
        guard let backup = sqlite3_backup_init(to.handle, "main", from.handle, "main") else {
            throw SQLiteError(to.handle, code: sqlite3_errcode(to.handle))
        }
        // One read transaction over all steps: a commit meanwhile would make the copy begin again.
        from.beginRound()
        _ = try from.value("SELECT count(*) FROM sqlite_schema", as: Int.self)
        defer { from.endRound() }
        var busy = 0
        var code = SQLITE_OK
        repeat {
            code = sqlite3_backup_step(backup, pagesPerStep)
            if code == SQLITE_BUSY || code == SQLITE_LOCKED { busy += 1 }
            if code != SQLITE_DONE { usleep(pauseMicroseconds) }
        } while code == SQLITE_OK || ((code == SQLITE_BUSY || code == SQLITE_LOCKED) && busy < busyMax)
        let end = sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE, end == SQLITE_OK else { throw SQLiteError(to.handle, code: code == SQLITE_DONE ? end : code) }
    }
}

/// Everything SQLite can find wrong with a file.
package enum IntegrityCheck {
    /// Empty when nothing is wrong; at most a hundred lines otherwise.
    package static func faults(path: String) throws -> [String] {
        let db = try Database(path: path, options: .init(queryMilliseconds: 0))
        let integrity = try db.values("PRAGMA integrity_check(100)", as: String.self).filter { $0 != "ok" }
        var references: [String] = []
        try db.forEach("PRAGMA foreign_key_check") { row in
            let table: String = try row[0]
            let id: Int64? = try row[1]
            let parent: String = try row[2]
            if references.count < 100 { references.append("\(table) \(id ?? 0) refers to a row of \(parent) that is not there") }
        }
        return integrity + references
    }
}
