import CSQLite

/// A prepared statement, owned by its database's cache; never leaves the call that steps it.
final class Statement {
    let handle: OpaquePointer
    /// A nested use of the same text must not step the same statement.
    var isInUse = false

    /// - Throws: what SQLite says of the text.
    init(_ text: String, database: OpaquePointer, isKept: Bool) throws {
        var handle: OpaquePointer?
        var text = text
        let code = text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { bytes in
                sqlite3_prepare_v3(
                    database, bytes.baseAddress, Int32(bytes.count), isKept ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0,
                    &handle, nil)
            }
        }
        guard code == SQLITE_OK, let handle else { throw SQLiteError(database, code: code, statement: text) }
        self.handle = handle
    }

    deinit { sqlite3_finalize(handle) }

    func bind(_ values: [Value]) throws {
        guard sqlite3_bind_parameter_count(handle) == Int32(values.count) else {
            throw SQLiteError(extendedCode: SQLITE_RANGE, message: "\(values.count) values for another number of places")
        }
        for (offset, value) in values.enumerated() {
            let place = Int32(offset + 1)
            let code: Int32
            switch value {
            case .null: code = sqlite3_bind_null(handle, place)
            case .integer(let number): code = sqlite3_bind_int64(handle, place, number)
            case .real(let number): code = sqlite3_bind_double(handle, place, number)
            case .text(var text):
                code = text.withUTF8 { utf8 in
                    utf8.withMemoryRebound(to: CChar.self) { bytes in
                        sqlite3_bind_text(handle, place, bytes.baseAddress ?? empty, Int32(bytes.count), transient)
                    }
                }
            case .blob(let bytes):
                code = bytes.withUnsafeBytes {
                    sqlite3_bind_blob(handle, place, $0.baseAddress ?? UnsafeRawPointer(empty), Int32($0.count), transient)
                }
            }
            guard code == SQLITE_OK else { throw SQLiteError(sqlite3_db_handle(handle), code: code) }
        }
    }

    /// A null pointer would bind NULL where an empty text or blob is meant.
    private var empty: UnsafePointer<CChar> { UnsafePointer(bitPattern: 1).unsafelyUnwrapped }
    private var transient: sqlite3_destructor_type? { wenming_sqlite_transient() }

    /// - Returns: whether there is a row.
    func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            let text = sqlite3_sql(handle).map { String(cString: $0) } ?? ""
            throw SQLiteError(sqlite3_db_handle(handle), code: code, statement: text)
        }
    }

    func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }
}
