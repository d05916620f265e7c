import CSQLite

/// The library this process has loaded.
package enum SQLiteLibrary {
    /// Bytes of page cache each connection allocates at once, at its first page. A lane's cache is void after every commit,
    /// and pages that came one by one went back to the allocator, and to the system, with each.
    private static let pageCacheBytes: Int32 = 1 << 20

    /// Without counting every allocation under one process-wide mutex. Must precede the first use of SQLite, hence the
    /// lazy constant; SQLite refuses it later, which costs speed and nothing else.
    private static let results = (
        wenming_sqlite_disable_memory_status(), wenming_sqlite_preallocate_page_caches(pageCacheBytes / 1_024)
    )

    static func configure() { _ = results }

    /// As in `3.40.1`.
    package static var version: String { String(cString: sqlite3_libversion()) }
}
