import Glibc

/// Why a database file cannot be used, in words for whoever operates the server: what is wrong and what to do.
package struct DatabaseFileProblem: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: Sendable, Equatable {
        case missingDirectory, missing, isDirectory, noPermission, readOnly, notADatabase, corrupt, busy, full
        /// The file system offers no shared memory between processes (some network and container mounts).
        case noWriteAheadLog
        /// The file belongs to another program: its `PRAGMA application_id`.
        case foreign(applicationID: Int32)
        /// A newer version of the server has migrated the file.
        case newerSchema(found: Int, known: Int)
        /// A migration is still to be applied.
        case olderSchema(found: Int, known: Int)
        /// The full text of what SQLite reported.
        case other(String)
    }

    package let kind: Kind
    package let path: String

    package init(_ kind: Kind, path: String) {
        self.kind = kind
        self.path = path
    }

    init(path: String, error: SQLiteError) {
        self.path = path
        if error.isBusy {
            kind = .busy
        } else if error.isFull || error.extendedCode == SQLiteError.Extended.sharedMemorySize {
            kind = .full
        } else if error.isReadOnly {
            kind = .readOnly
        } else if error.code == 26 {
            kind = .notADatabase
        } else if error.isCorrupt {
            kind = .corrupt
        } else {
            kind = Self.diagnosis(of: path) ?? .other(error.description)
        }
    }

    /// What the file system says of a path that SQLite could not open.
    private static func diagnosis(of path: String) -> Kind? {
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        var status = stat()
        if stat(path, &status) == 0 {
            if status.st_mode & S_IFMT == S_IFDIR { return .isDirectory }
            if access(path, R_OK) != 0 { return .noPermission }
            return access(path, W_OK) != 0 || access(directory, W_OK) != 0 ? .readOnly : nil
        }
        if errno == EACCES { return .noPermission }
        if stat(directory, &status) != 0 { return .missingDirectory }
        return .missing
    }

    package var description: String {
        switch kind {
        case .missingDirectory: "The directory of \(path) does not exist. Create it or correct the data directory."
        case .missing: "\(path) does not exist. Create it with the subcommand migrate, or correct the data directory."
        case .isDirectory: "\(path) is a directory. Name a file."
        case .noPermission:
            "\(path) may not be opened by this user. Give the server's user read and write permission on the file "
                + "and on its directory."
        case .readOnly:
            "\(path) cannot be written. Check that the file, its directory and the file system are writable."
        case .notADatabase: "\(path) is not an SQLite database. Move it away or restore a backup."
        case .corrupt:
            "\(path) is damaged. Stop the server, keep a copy of the file with its -wal, and restore the latest backup."
        case .busy: "\(path) is locked by another process. Stop the other process that uses it."
        case .full: "The disk of \(path) is full. Free space and start again."
        case .noWriteAheadLog:
            "\(path) lies on a file system that cannot keep a write-ahead log. Put the data directory on a local disk."
        case .foreign(let id):
            "\(path) belongs to another program (application_id \(id)). Name another file."
        case .newerSchema(let found, let known):
            "\(path) has schema \(found), this program knows schemas up to \(known). Start the newer program, or "
                + "restore a backup made before the upgrade."
        case .olderSchema(let found, let known):
            "\(path) has schema \(found), this program needs \(known). Run the subcommand migrate."
        case .other(let text): "\(path) cannot be opened: \(text)"
        }
    }
}
