import App
import Testing

@Suite("CSV, read") struct CSVReaderTests {
    private func rows(
        _ text: String, limits: CSVReader.Limits = .init()
    ) -> (rows: [CSVReader.Row], faults: [CSVReader.Fault]) {
        var reader = CSVReader(Array(text.utf8), limits: limits)
        var rows: [CSVReader.Row] = []
        var faults: [CSVReader.Fault] = []
        while true {
            do throws(CSVReader.Fault) {
                guard let row = try reader.next() else { return (rows, faults) }
                rows.append(row)
            } catch { faults.append(error) }
        }
    }

    @Test(
        arguments: [
            ("", []), ("a", [["a"]]), ("a,b\n", [["a", "b"]]), ("a,b\r\nc,d", [["a", "b"], ["c", "d"]]),
            (",\n", [["", ""]]), ("\n\na\n", [[""], [""], ["a"]]), ("\"\"\n", [[""]]), ("a,\n", [["a", ""]]),
            ("\"a,\"\"b\"\"\",c\n", [["a,\"b\"", "c"]]), ("\"a\r\nb\",c\n", [["a\r\nb", "c"]]),
            ("\u{FEFF}编号,名称\n1,玉林\n", [["编号", "名称"], ["1", "玉林"]]), ("a\rb,c\n", [["a\rb", "c"]]),
            (" a , b \n", [[" a ", " b "]]),
        ] as [(String, [[String]])])
    func `fields and rows come apart as RFC 4180 has it`(text: String, fields: [[String]]) {
        let read = rows(text)
        #expect(read.rows.map(\.fields) == fields)
        #expect(read.faults.isEmpty)
    }

    @Test func `rows know the line they begin on`() {
        let read = rows("a\n\"b\nb\nb\"\r\n\nc")
        #expect(read.rows.map(\.line) == [1, 2, 5, 6])
    }

    @Test func `a bad row is named and the good ones around it are kept`() {
        let read = rows("a,1\nb\"x,2\nc,3\n\"d\"x,4\ne,5\n")
        #expect(read.rows.map { $0.fields[0] } == ["a", "c", "e"])
        #expect(read.rows.map(\.line) == [1, 3, 5])
        #expect(read.faults == [.strayQuote(line: 2), .strayQuote(line: 4)])
    }

    @Test func `a quote never closed loses only its own line`() {
        let read = rows("a,1\n\"b,2\nc,3\nd,4")
        #expect(read.rows.map { $0.fields[0] } == ["a", "c", "d"])
        #expect(read.faults == [.openQuote(line: 2)])
    }

    @Test func `bytes that are not UTF-8 spoil their row alone`() {
        var reader = CSVReader(Array("a\n".utf8) + [0xB3, 0xC9, 0x0A] + Array("b\n".utf8))
        #expect(throws: Never.self) { try reader.next() }
        #expect(throws: CSVReader.Fault.notUTF8(line: 2)) { try reader.next() }
        #expect((try? reader.next())?.fields == ["b"])
    }

    @Test func `rows are bounded in bytes and in fields`() {
        var limits = CSVReader.Limits()
        limits.rowBytes = 8
        limits.fields = 3
        let read = rows("12345678\n123456789\na,b,c\na,b,c,d\n\"1\n2\n3\n4\n5\"\nz", limits: limits)
        #expect(
            read.faults == [.rowTooLong(line: 2), .tooManyFields(line: 4), .openQuote(line: 5), .strayQuote(line: 9)])
        #expect(read.rows.map(\.fields) == [["12345678"], ["a", "b", "c"], ["2"], ["3"], ["4"], ["z"]])
    }

    @Test func `a text in pieces reads like the whole, over-long lines too`() {
        var limits = CSVReader.Limits()
        limits.rowBytes = 12
        let text = "a,1\n\"b\nb\",2\r\n" + String(repeating: "x", count: 90) + ",3\nc\"d,4\n\"never\ne,5\n\u{4E2D},6"
        let bytes = Array(text.utf8)
        let whole = rows(text, limits: limits)
        #expect(whole.faults.count == 3)
        for size in [1, 2, 3, 7, 13, 40, 200] {
            var reader = CSVReader(Array(bytes.prefix(size)), limits: limits)
            var offset = size
            var (found, faults): ([CSVReader.Row], [CSVReader.Fault]) = ([], [])
            while true {
                while offset < bytes.count, reader.unread < limits.rowBytes + 2 {
                    reader.append(Array(bytes[offset..<min(offset + size, bytes.count)]))
                    offset += size
                }
                do throws(CSVReader.Fault) {
                    guard let row = try reader.next() else { break }
                    found.append(row)
                } catch { faults.append(error) }
            }
            #expect(found == whole.rows && faults == whole.faults, "pieces of \(size)")
        }
    }
}
