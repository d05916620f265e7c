import CSQLite

/// The library this process has loaded.
package enum SQLiteLibrary {
    /// Without counting every allocation under one process-wide mutex. Must precede the first use of SQLite, hence the
    /// lazy constant; SQLite refuses it later, which costs speed and nothing else.
    private static let memoryStatusResult = wenming_sqlite_disable_memory_status()

    static func configure() { _ = memoryStatusResult }

    /// As in `3.40.1`.
    package static var version: String { String(cString: sqlite3_libversion()) }
}
