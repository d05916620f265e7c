import CSQLite

/// The library itself.
package enum SQLiteLibrary {
    /// Switches off the memory statistics, whose lock all connections would share. Must run before the first connection;
    /// when it comes too late nothing is lost but a little speed.
    static let isConfigured: Bool = wenming_sqlite_disable_memory_status() == SQLITE_OK

    package static var version: String { String(cString: sqlite3_libversion()) }
}
