import HTTP
import SQLite

/// Whether the server can do its work now. Not ready is 503, so that a load balancer looks elsewhere.
struct Readiness: Encodable, Sendable {
    /// Less free space than this and writes are about to fail. Bytes.
    static let freeBytesMin: Int64 = 104_857_600

    var isReady: Bool
    var schemaVersion: Int
    var isMigrated: Bool
    var isWritable: Bool
    var freeBytes: Int64
    var lastBackupAt: Timestamp?
    /// A warning only: an old backup stops nobody from being served.
    var isBackupOld: Bool

    static func measure(_ request: APIRequest, in db: Database) throws -> Readiness {
        let configuration = request.services.configuration
        let version = try db.value("PRAGMA user_version", as: Int.self) ?? 0
        let lastBackup = try db.value("SELECT max(at) FROM backup_run", as: Int64.self).map(Timestamp.init(seconds:))
        let free = FileSystem.freeBytes(at: configuration.data) ?? 0
        let isMigrated = version == Migrations.all.count
        let isWritable = FileSystem.isWritable(configuration.databasePath) && free >= freeBytesMin
        let oldest = request.now.seconds - Int64(configuration.backupHours) * 3_600
        return Readiness(
            isReady: isMigrated && isWritable, schemaVersion: version, isMigrated: isMigrated, isWritable: isWritable,
            freeBytes: free, lastBackupAt: lastBackup, isBackupOld: (lastBackup?.seconds ?? 0) < oldest)
    }
}
