import CSQLite

/// A refusal by SQLite, or a result that is not what the caller's types say.
///
/// It names the statement and the rule, and never carries a bound value: a log line made from it holds no one's data.
@usableFromInline package struct SQLiteError: Error, Sendable, CustomStringConvertible {
    package enum Cause: Sendable {
        /// SQLite reported `code`.
        case library
        /// A column holds another type than the caller reads, or NULL.
        case unexpectedColumn
        /// A query that must yield a row yielded none.
        case noRow
        /// The transaction ended under the closure; nothing of its batch was kept.
        case transactionLost
    }

    package let cause: Cause
    /// The primary result code, `SQLITE_…`.
    package let code: Int32
    package let extendedCode: Int32
    package let message: String
    /// The text of the statement with `?` for every value; empty when there was none.
    package let sql: String

    init(cause: Cause = .library, extendedCode: Int32, message: String, sql: String = "") {
        self.cause = cause
        self.code = extendedCode & 0xff
        self.extendedCode = extendedCode
        self.message = message
        self.sql = sql
    }

    @usableFromInline package var description: String {
        sql.isEmpty ? "SQLite \(extendedCode): \(message)" : "SQLite \(extendedCode): \(message) in: \(sql)"
    }

    package var isConstraintViolation: Bool { code == SQLITE_CONSTRAINT }
    /// A UNIQUE constraint or a primary key refused the row.
    package var isUniqueViolation: Bool {
        extendedCode == Extended.unique || extendedCode == Extended.primaryKey || extendedCode == Extended.rowID
    }
    package var isForeignKeyViolation: Bool { extendedCode == Extended.foreignKey }
    /// Another connection held the lock longer than the busy timeout.
    package var isBusy: Bool { code == SQLITE_BUSY || code == SQLITE_LOCKED }
    package var isFull: Bool { code == SQLITE_FULL }
    package var isReadOnly: Bool { code == SQLITE_READONLY }
    package var isCorrupt: Bool { code == SQLITE_CORRUPT || code == SQLITE_NOTADB }
    /// The statement ran past its time limit.
    package var isInterrupted: Bool { code == SQLITE_INTERRUPT }
    package var isIO: Bool { code == SQLITE_IOERR }
    package var isNoRow: Bool { cause == .noRow }
    package var isUnexpectedColumn: Bool { cause == .unexpectedColumn }
    /// The state of the machine, not the request, is at fault, and trying again later may succeed.
    package var isUnavailability: Bool {
        isBusy || isFull || isIO || isReadOnly || cause == .transactionLost || code == SQLITE_NOMEM
            || code == SQLITE_CANTOPEN
    }

    /// The extended codes are macros with arithmetic, which Swift does not import (sqlite.org/rescode.html).
    enum Extended {
        static let foreignKey: Int32 = 787
        static let primaryKey: Int32 = 1555
        static let unique: Int32 = 2067
        static let rowID: Int32 = 2579
        /// The file beside the log cannot grow: there is no room for it, whoever asks, a reader too.
        static let sharedMemorySize: Int32 = 4874
    }
}

extension SQLiteError {
    @usableFromInline static func noRow(_ sql: SQL) -> SQLiteError {
        SQLiteError(cause: .noRow, extendedCode: SQLITE_OK, message: "no row where one must be", sql: sql.text)
    }

    static func unexpectedColumn(statement: OpaquePointer, index: Int32, expected: String) -> SQLiteError {
        let name = sqlite3_column_name(statement, index).map { String(cString: $0) } ?? "past the last"
        let type =
            switch sqlite3_column_type(statement, index) {
            case SQLITE_INTEGER: "an integer"
            case SQLITE_FLOAT: "a real number"
            case SQLITE_TEXT: "text"
            case SQLITE_BLOB: "a blob"
            default: "NULL"
            }
        return SQLiteError(
            cause: .unexpectedColumn, extendedCode: SQLITE_MISMATCH,
            message: "column \(index) (\(name)) holds \(type) where \(expected) is expected",
            sql: sqlite3_sql(statement).map { String(cString: $0) } ?? "")
    }

    static func transactionLost(sql: String = "") -> SQLiteError {
        SQLiteError(
            cause: .transactionLost, extendedCode: SQLITE_ABORT, message: "the transaction has already ended", sql: sql)
    }

    /// What the connection reports for the call that just failed.
    static func latest(on handle: OpaquePointer?, sql: String = "") -> SQLiteError {
        SQLiteError(
            extendedCode: sqlite3_extended_errcode(handle), message: String(cString: sqlite3_errmsg(handle)), sql: sql)
    }

    /// What a statement that was running reports.
    ///
    /// SQLite's own text for the general code 1 may quote what was bound (FTS5: `no such column: …`, JSON: `malformed
    /// path near …`), so with bound values only the code's standing name is kept.
    static func running(_ statement: OpaquePointer) -> SQLiteError {
        let handle = sqlite3_db_handle(statement)
        let code = sqlite3_extended_errcode(handle)
        let sql = sqlite3_sql(statement).map { String(cString: $0) } ?? ""
        let mayQuote = code & 0xff == SQLITE_ERROR && sqlite3_bind_parameter_count(statement) > 0
        let text = mayQuote ? sqlite3_errstr(code) : sqlite3_errmsg(handle)
        return SQLiteError(extendedCode: code, message: text.map { String(cString: $0) } ?? "", sql: sql)
    }
}
