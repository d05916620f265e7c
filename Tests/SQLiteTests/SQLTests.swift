import SQLite
import Testing

@Suite("SQL literals") struct SQLTests {
    @Test func `values are bound, static text is pasted, fragments keep their values in order`() {
        let condition: SQL = "b = \("x") AND c IN (\(1), \(2))"
        let sql: SQL = "SELECT \(raw: "a, b") FROM t WHERE \(condition) AND d = \(Int?.none)"
        #expect(sql.text == "SELECT a, b FROM t WHERE b = ? AND c IN (?, ?) AND d = ?")
        #expect(sql.bindings == [.text("x"), .integer(1), .integer(2), .null])
    }

    @Test func `pieces are added and joined`() {
        let parts: [SQL] = ["a = \(1)", "b = \(2)"]
        let sum = "SELECT 1 WHERE " as SQL + SQL.joined(parts, separator: " AND ")
        #expect(sum.text == "SELECT 1 WHERE a = ? AND b = ?")
        #expect(sum.bindings == [.integer(1), .integer(2)])
        #expect(SQL.joined([SQL](), separator: ", ").text == "")
    }

    @Test func `a question mark in the text without a value is refused`() throws {
        let scratch = try Scratch()
        #expect(throws: SQLiteError.self) { try Database(path: scratch.path).value("SELECT ?", as: Int.self) }
    }

    @Test(arguments: ["SELECT 1; SELECT 2", "", " ; "] as [SQL])
    func `anything but exactly one statement is refused`(sql: SQL) throws {
        let scratch = try Scratch()
        #expect(throws: SQLiteError.self) { try Database(path: scratch.path).value(sql, as: Int.self) }
    }

    @Test func `a misspelt name in double quotes is an error, not a text`() throws {
        let scratch = try Scratch()
        #expect(throws: SQLiteError.self) {
            try Database(path: scratch.path).values("SELECT id FROM person WHERE \"nmae\" = 'x'", as: Int.self)
        }
    }

    @Test func `an error never repeats what was bound`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        try writer.writeAndWait { try $0.run("CREATE VIRTUAL TABLE text USING fts5(body)") }
        let database = try Database(path: scratch.path)
        for secret in ["13800138000:x", "\"13800138000"] {
            let error = #expect(throws: SQLiteError.self) {
                try database.values("SELECT rowid FROM text WHERE text MATCH \(secret)", as: Int.self)
            }
            #expect(!"\(try #require(error))".contains("13800138000"))
        }
        let malformed = #expect(throws: SQLiteError.self) {
            try database.value("SELECT json_extract('{}', \("13800138000"))", as: String.self)
        }
        #expect(!"\(try #require(malformed))".contains("13800138000"))
    }
}
