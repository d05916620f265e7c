import CSQLite

// The generic shells of this module are inlinable, so that they are made for each type where it is used: called across
// modules they would look up metadata and witnesses for every column of every row.

/// A type that can be read from one column. The wrong storage class, or NULL where none is allowed, throws
/// `SQLiteError.unexpectedColumn`.
@usableFromInline package protocol ColumnDecodable {
    init(column: Column) throws
}

/// A type that can be read from a row, usually beside the list of columns it reads.
@usableFromInline package protocol RowDecodable {
    init(row: borrowing Row) throws
}

/// The row a statement stands on. It is lent to a closure or an initialiser and gone when the statement moves on.
@usableFromInline package struct Row: ~Copyable {
    @usableFromInline let statement: OpaquePointer

    @usableFromInline init(statement: OpaquePointer) { self.statement = statement }

    package var columnCount: Int { Int(sqlite3_column_count(statement)) }

    /// The column at `index`, from 0. An index past the last column reads as NULL.
    @inlinable package subscript<T: ColumnDecodable>(_ index: Int) -> T {
        get throws { try T(column: Column(statement: statement, index: index)) }
    }

    package func isNull(_ index: Int) -> Bool { Column(statement: statement, index: index).isNull }

    /// Lends the bytes of a text as SQLite holds them, without a copy, for a renderer that writes them on at once.
    /// They are what was stored: only a reader of untrusted files must check that they are well-formed UTF-8.
    /// Throws `SQLiteError.unexpectedColumn` when the column is not text.
    @inlinable package func withText<R>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> R) throws -> R {
        try body(Column(statement: statement, index: index).textBytes())
    }
}

/// A column of the current row, valid as long as the `Row` it came from.
@usableFromInline package struct Column {
    private let statement: OpaquePointer
    private let index: Int32

    @usableFromInline init(statement: OpaquePointer, index: Int) {
        self.statement = statement
        self.index = Int32(clamping: index)
    }

    @usableFromInline package var isNull: Bool { sqlite3_column_type(statement, index) == SQLITE_NULL }

    @usableFromInline package func integer() throws -> Int64 {
        guard sqlite3_column_type(statement, index) == SQLITE_INTEGER else { throw unexpected("an integer") }
        return sqlite3_column_int64(statement, index)
    }

    /// An integer is taken too: `sum` and literals yield one where a fraction was meant.
    @usableFromInline package func real() throws -> Double {
        let type = sqlite3_column_type(statement, index)
        guard type == SQLITE_FLOAT || type == SQLITE_INTEGER else { throw unexpected("a number") }
        return sqlite3_column_double(statement, index)
    }

    @usableFromInline package func text() throws -> String { String(decoding: try textBytes(), as: UTF8.self) }

    @usableFromInline package func blob() throws -> [UInt8] {
        guard sqlite3_column_type(statement, index) == SQLITE_BLOB else { throw unexpected("a blob") }
        let start = sqlite3_column_blob(statement, index)
        return [UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, index))))
    }

    @usableFromInline package func value() throws -> Value {
        switch sqlite3_column_type(statement, index) {
        case SQLITE_INTEGER: .integer(try integer())
        case SQLITE_FLOAT: .real(try real())
        case SQLITE_TEXT: .text(try text())
        case SQLITE_BLOB: .blob(try blob())
        default: .null
        }
    }

    @usableFromInline func textBytes() throws -> UnsafeBufferPointer<UInt8> {
        guard sqlite3_column_type(statement, index) == SQLITE_TEXT,
            let start = sqlite3_column_text(statement, index)
        else { throw unexpected("text") }
        return UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, index)))
    }

    /// The error for a column that cannot be read as `expected`. Names the column, never its content.
    @usableFromInline package func unexpected(_ expected: String) -> SQLiteError {
        .unexpectedColumn(statement: statement, index: index, expected: expected)
    }
}

extension Int64: ColumnDecodable {
    @inlinable package init(column: Column) throws { self = try column.integer() }
}

extension Int: ColumnDecodable {
    @inlinable package init(column: Column) throws { self = Int(try column.integer()) }
}

extension Bool: ColumnDecodable {
    @inlinable package init(column: Column) throws {
        switch try column.integer() {
        case 0: self = false
        case 1: self = true
        default: throw column.unexpected("0 or 1")
        }
    }
}

extension Double: ColumnDecodable {
    @inlinable package init(column: Column) throws { self = try column.real() }
}

extension String: ColumnDecodable {
    @inlinable package init(column: Column) throws { self = try column.text() }
}

extension [UInt8]: ColumnDecodable {
    @inlinable package init(column: Column) throws { self = try column.blob() }
}

extension Value: ColumnDecodable {
    @inlinable package init(column: Column) throws { self = try column.value() }
}

extension Optional: ColumnDecodable where Wrapped: ColumnDecodable {
    @inlinable package init(column: Column) throws {
        self = column.isNull ? nil : try Wrapped(column: column)
    }
}

extension ColumnDecodable where Self: RawRepresentable, RawValue: ColumnDecodable {
    @inlinable package init(column: Column) throws {
        guard let value = Self(rawValue: try RawValue(column: column)) else {
            throw column.unexpected("a value of \(Self.self)")
        }
        self = value
    }
}
