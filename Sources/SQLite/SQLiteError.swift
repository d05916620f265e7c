import CSQLite

/// What SQLite refused, without any bound value: statements hold question marks where values were.
package struct SQLiteError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The primary result code.
    package let code: Int32
    package let extendedCode: Int32
    package let message: String
    package let statement: String

    package init(extendedCode: Int32, message: String, statement: String = "") {
        code = extendedCode & 0xFF
        self.extendedCode = extendedCode
        self.message = message
        self.statement = statement
    }

    init(_ handle: OpaquePointer?, code: Int32, statement: String = "") {
        let extended = handle.map { sqlite3_extended_errcode($0) } ?? code
        let message = handle.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) } ?? "cannot open"
        self.init(extendedCode: extended & 0xFF == code & 0xFF ? extended : code, message: message, statement: statement)
    }

    static func column(_ index: Int, _ wanted: StaticString) -> SQLiteError {
        SQLiteError(extendedCode: SQLITE_MISMATCH, message: "column \(index) is not \(wanted)")
    }

    static let noRow = SQLiteError(extendedCode: SQLITE_NOTFOUND, message: "the statement gave no row")

    package var isUniqueViolation: Bool {
        extendedCode == Extended.unique || extendedCode == Extended.primaryKey
    }
    package var isForeignKeyViolation: Bool { extendedCode == Extended.foreignKey }
    package var isCheckViolation: Bool { extendedCode == Extended.check }
    package var isConstraintViolation: Bool { code == SQLITE_CONSTRAINT }
    package var isBusy: Bool { code == SQLITE_BUSY || code == SQLITE_LOCKED }
    package var isFull: Bool { code == SQLITE_FULL }
    package var isReadOnly: Bool { code == SQLITE_READONLY }
    package var isIO: Bool { code == SQLITE_IOERR }
    package var isInterrupted: Bool { code == SQLITE_INTERRUPT }
    package var isCorrupt: Bool { code == SQLITE_CORRUPT || code == SQLITE_NOTADB }
    package var isCannotOpen: Bool { code == SQLITE_CANTOPEN || code == SQLITE_PERM || code == SQLITE_AUTH }

    package var description: String { "SQLite \(extendedCode): \(message)\(statement.isEmpty ? "" : " in: \(statement)")" }
}

/// Extended result codes, which C defines by macros that Swift does not import.
private enum Extended {
    static let unique: Int32 = SQLITE_CONSTRAINT | 8 << 8
    static let primaryKey: Int32 = SQLITE_CONSTRAINT | 6 << 8
    static let foreignKey: Int32 = SQLITE_CONSTRAINT | 3 << 8
    static let check: Int32 = SQLITE_CONSTRAINT | 1 << 8
}
