import Glibc
import SQLite

/// A copy of the database as it is now, for trying what must not be kept. It goes with the last reference to it.
package final class DatabaseCopy: Sendable {
    /// Those of the original, but for the folder.
    package let configuration: Configuration

    /// - Throws: `BackupProblem`, `SQLiteError` or `DatabaseFileProblem`: there is no room, or the original is damaged.
    package init(of original: Configuration) throws {
        var configuration = original
        configuration.data = "\(original.temporaryPath)/copy-\(SecureRandom.digits(12))"
        self.configuration = configuration
        _ = FileSystem.makeDirectory(configuration.data)
        var backup = Backup()
        backup.checksIntegrity = false
        do {
            try backup.copy(Database(path: original.databasePath), to: configuration.databasePath)
        } catch {
            rmdir(configuration.data)
            throw error
        }
    }

    deinit {
        for suffix in [""] + Database.sideFiles { FileSystem.remove(configuration.databasePath + suffix) }
        rmdir(configuration.data)
    }
}
