import CSQLite

/// The row a statement stands on: valid inside the closure or initializer it was lent to, and nowhere else.
package struct Row: ~Copyable {
    let statement: OpaquePointer

    /// - Throws: a mismatch when the column holds another type, or NULL where the type has no nil.
    package subscript<Content: ColumnDecodable>(index: Int) -> Content {
        get throws { try Content(column: Column(statement: statement, index: Int32(index))) }
    }

    /// Lends a text column's UTF-8 to a renderer that copies it straight to its output.
    package func withText<Result>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        let bytes = sqlite3_column_text(statement, Int32(index))
        return try body(UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : Int(sqlite3_column_bytes(statement, Int32(index)))))
    }
}

/// One column of the row a statement stands on.
package struct Column {
    let statement: OpaquePointer
    let index: Int32

    var type: Int32 { sqlite3_column_type(statement, index) }
}

/// A type that can be read from a column.
package protocol ColumnDecodable {
    init(column: Column) throws
}

/// A type made of one row, columns in the order of the statement beside it.
package protocol RowDecodable {
    init(row: borrowing Row) throws
}

extension Int64: ColumnDecodable {
    package init(column: Column) throws {
        guard column.type == SQLITE_INTEGER else { throw SQLiteError.column(Int(column.index), "an integer") }
        self = sqlite3_column_int64(column.statement, column.index)
    }
}

extension Int: ColumnDecodable {
    package init(column: Column) throws { self = Int(try Int64(column: column)) }
}

extension Bool: ColumnDecodable {
    package init(column: Column) throws { self = try Int64(column: column) != 0 }
}

extension Double: ColumnDecodable {
    package init(column: Column) throws {
        guard column.type == SQLITE_FLOAT || column.type == SQLITE_INTEGER else {
            throw SQLiteError.column(Int(column.index), "a number")
        }
        self = sqlite3_column_double(column.statement, column.index)
    }
}

extension String: ColumnDecodable {
    package init(column: Column) throws {
        guard column.type == SQLITE_TEXT, let bytes = sqlite3_column_text(column.statement, column.index) else {
            throw SQLiteError.column(Int(column.index), "a text")
        }
        let count = Int(sqlite3_column_bytes(column.statement, column.index))
        self = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }
}

extension [UInt8]: ColumnDecodable {
    package init(column: Column) throws {
        guard column.type == SQLITE_BLOB else { throw SQLiteError.column(Int(column.index), "a blob") }
        let bytes = sqlite3_column_blob(column.statement, column.index)
        self = Array(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(column.statement, column.index))))
    }
}

extension Optional: ColumnDecodable where Wrapped: ColumnDecodable {
    package init(column: Column) throws { self = column.type == SQLITE_NULL ? nil : try Wrapped(column: column) }
}

extension RawRepresentable where Self: ColumnDecodable, RawValue: ColumnDecodable {
    package init(column: Column) throws {
        guard let known = Self(rawValue: try RawValue(column: column)) else {
            throw SQLiteError.column(Int(column.index), "a known value")
        }
        self = known
    }
}
