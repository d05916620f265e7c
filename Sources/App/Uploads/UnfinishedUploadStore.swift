import Glibc
package import SQLite

/// A picture whose file may stand there without its row, because the process can die between the two: an empty file in
/// the folder for temporary files names it from before it is written until its row is committed.
///
/// What is in the folder of uploads without a row is not removed for that alone. After a restore it may be whatever came
/// since the backup, and whoever finds a newer copy of the database wants it back.
package struct UnfinishedUpload {
    private static let prefix = "unfinished-"
    /// Names one sweep looks up, so that writers wait for no more than some milliseconds.
    private static let most = 1_000

    private let file: String
    private let mark: String

    package init(_ token: String, _ configuration: Configuration) {
        file = Upload.path(token, configuration)
        mark = "\(configuration.temporaryPath)/\(Self.prefix)\(token)"
    }

    /// - Returns: false when there is no room; nothing is left then.
    package func write(_ bytes: [UInt8]) -> Bool {
        guard FileSystem.write([], to: mark) else { return false }
        guard FileSystem.write(bytes, to: file) else {
            FileSystem.remove(mark)
            return false
        }
        return true
    }

    /// Its row is committed.
    func finish() { FileSystem.remove(mark) }

    /// It will have no row.
    func abandon() {
        FileSystem.remove(file)
        FileSystem.remove(mark)
    }

    /// Whether a name in the folder for temporary files is such a mark, which goes with its picture alone.
    package static func isMark(_ name: String) -> Bool { name.hasPrefix(prefix) }

    /// Settles what killed processes left.
    /// - Parameter cutoff: UTC seconds; what began later may still be finished.
    /// - Returns: how many pictures are gone.
    package static func sweep(
        beganBefore cutoff: Int64, _ configuration: Configuration, _ writer: Writer
    ) throws -> Int {
        let names = Leftovers.names(in: configuration.temporaryPath, changedBefore: cutoff).filter(isMark)
        let tokens = names.prefix(most).map { String($0.dropFirst(prefix.count)) }
        guard !tokens.isEmpty else { return 0 }
        let kept = try writer.writeAndWait { db in
            try tokens.filter { try db.exists("SELECT 1 FROM upload WHERE token = \($0)") }
        }
        for token in kept { UnfinishedUpload(token, configuration).finish() }
        let lost = Set(tokens).subtracting(kept)
        for token in lost { UnfinishedUpload(token, configuration).abandon() }
        return lost.count
    }
}
