import SQLite
import Testing

@Suite("Values and rows") struct ValueTests {
    enum Colour: String, Bindable, ColumnDecodable { case red, green }
    enum Level: Int64, Bindable, ColumnDecodable { case low = 1, high = 2 }

    private func echo<T: Bindable & ColumnDecodable>(_ value: T) throws -> T? {
        let scratch = try Scratch()
        return try Database(path: scratch.path).value("SELECT \(value)")
    }

    @Test func `every type comes back as it was bound`() throws {
        #expect(try echo(Int.min) == .min)
        #expect(try echo(Int64.max) == .max)
        #expect(try echo(true) == true)
        #expect(try echo(false) == false)
        #expect(try echo(1.5) == 1.5)
        #expect(try echo("") == "")
        #expect(try echo("文明实践 🌱, longer than fifteen bytes") == "文明实践 🌱, longer than fifteen bytes")
        #expect(try echo([UInt8]()) == [])
        #expect(try echo([0, 255, 0] as [UInt8]) == [0, 255, 0])
        #expect(try echo(Colour.green) == .green)
        #expect(try echo(Level.high) == .high)
        #expect(try echo(Int64?.some(4)) == .some(.some(4)))
        #expect(try echo(Value.blob([1])) == .blob([1]))
    }

    @Test func `text with NUL characters is stored and read whole`() throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.path)
        #expect(try echo("a\0b\0") == "a\0b\0")
        #expect(try database.value("SELECT length(CAST(\("a\0b\0") AS BLOB))") == 4)
    }

    @Test func `nil binds NULL and an empty text or blob does not`() throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.path)
        #expect(try database.value("SELECT typeof(\(String?.none))") == "null")
        #expect(try database.value("SELECT typeof(\(Double.nan))") == "null")
        #expect(try database.value("SELECT typeof(\(""))") == "text")
        #expect(try database.value("SELECT typeof(\([UInt8]()))") == "blob")
        #expect(try database.value("SELECT NULL", as: String.self) == nil)
        #expect(try database.value("SELECT 1 WHERE 0", as: Int.self) == nil)
    }

    struct Optionals: RowDecodable, Equatable {
        var text: String?
        var number: Int?
        init(row: borrowing Row) throws {
            text = try row[0]
            number = try row[1]
        }
    }

    @Test func `optional columns take NULL and a value`() throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.path)
        let rows: [Optionals] = try database.all("SELECT NULL, 3 UNION ALL SELECT 'x', NULL")
        #expect(rows.map(\.text) == [nil, "x"])
        #expect(rows.map(\.number) == [3, nil])
    }

    @Test(
        arguments: ["SELECT NULL AS secret", "SELECT 42 AS secret", "SELECT x'7365' AS secret", "SELECT 1.5 AS secret"]
            as [SQL])
    func `a column of another type is an error that names the column`(sql: SQL) throws {
        let scratch = try Scratch()
        let error = #expect(throws: SQLiteError.self) {
            try Database(path: scratch.path).forEach(sql) { row in _ = try row[0] as String }
        }
        #expect(error?.isUnexpectedColumn == true)
        #expect(error?.message.contains("secret") == true)
    }

    @Test func `a value outside an enumeration or a Bool is an error without the value`() throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.path)
        let error = #expect(throws: SQLiteError.self) { try database.value("SELECT \("13800138000")", as: Colour.self) }
        #expect(error?.isUnexpectedColumn == true)
        #expect("\(try #require(error))".contains("13800138000") == false)
        #expect(throws: SQLiteError.self) { try database.value("SELECT 2", as: Bool.self) }
        #expect(throws: SQLiteError.self) { try database.value("SELECT 3", as: Level.self) }
    }

    @Test func `a column past the last reads as NULL`() throws {
        let scratch = try Scratch()
        try Database(path: scratch.path).forEach("SELECT 1") { row in
            let beyond: [Int?] = [try row[1], try row[.max]]
            #expect(beyond == [nil, nil])
            let (isNull, count) = (row.isNull(-1), row.columnCount)
            #expect(isNull && count == 1)
        }
    }

    @Test func `text is lent without a copy, empty text too`() throws {
        let scratch = try Scratch()
        try Database(path: scratch.path).forEach("SELECT '玉林', '', NULL") { row in
            let bytes = [try row.withText(0) { Array($0) }, try row.withText(1) { Array($0) }]
            #expect(bytes == [Array("玉林".utf8), []])
            do {
                try row.withText(2) { _ in }
                Issue.record("NULL was lent as text")
            } catch let error as SQLiteError {
                #expect(error.isUnexpectedColumn)
            }
        }
    }

    @Test func `one throws when there is no row and first does not`() throws {
        let scratch = try Scratch()
        let database = try Database(path: scratch.path)
        let error = #expect(throws: SQLiteError.self) { try database.one("SELECT 1, 2 WHERE 0", as: Optionals.self) }
        #expect(error?.isNoRow == true)
        #expect(try database.first("SELECT 1, 2 WHERE 0", as: Optionals.self) == nil)
    }
}
