import App
import Foundation
import SQLite
import Testing

@Suite("Bigrams") struct BigramsTests {
    @Test(arguments: [
        ("", ""), ("玉", "玉"), ("玉林", "玉林 林"), ("玉林街道", "玉林 林街 街道 道"), ("玉林,街", "玉林 林 街"),
        ("Ｗｉ－Ｆｉ 免费", "wi fi 免费 费"), ("A区3栋", "a 区 3 栋"), ("Café Müller", "café müller"),
        ("cafe\u{301}", "cafe"), ("カラオケ", "カラ ラオ オケ ケ"), ("體育", "體育 育"), ("😀！？", ""),
    ])
    func `texts become pairs and words`(text: String, words: String) { #expect(Bigrams.index(text) == words) }

    @Test(arguments: [
        ("玉", "\"玉\"*"), ("玉林", "\"玉林\""), ("玉林街", "\"玉林 林街\""), ("玉林 wifi", "\"玉林\" AND \"wifi\"*"),
        ("林A1", "\"林\"* AND \"a1\"*"),
    ])
    func `queries become phrases joined by AND`(text: String, expression: String) {
        #expect(Bigrams.query(text) == expression)
    }

    @Test(arguments: ["", "  ", "\"", "*", "-()", "！？", "😀"])
    func `a query without a word is none`(text: String) { #expect(Bigrams.query(text) == nil) }

    @Test func `a query is bounded in words and in their length`() throws {
        let many = try #require(Bigrams.query((0..<100).map { "w\($0)" }.joined(separator: " ")))
        #expect(many.split(separator: " AND ").count == Bigrams.queryWordsMax)
        let long = try #require(Bigrams.query(String(repeating: "玉", count: 10_000)))
        #expect(long.split(separator: " ").count == Bigrams.queryWordLengthMax - 1)
    }

    private static let texts = [
        "玉林街道玉林东路社区新时代文明实践站", "玉双路口的路灯坏了", "双林路 Wi-Fi 免费", "社区实践", "Yulin Community Café", "请到玉林",
    ]

    /// Against FTS5 itself, as the stores use it.
    private func search(_ queries: [String]) throws -> [[Int]] {
        let path = FileManager.default.temporaryDirectory.appending(path: "bigrams-\(UUID().uuidString).sqlite").path
        defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
        let create = "CREATE VIRTUAL TABLE page USING fts5 (words, tokenize = 'unicode61')"
        try Migrator(migrations: [Migration(number: 1, name: "create", statements: create)], applicationID: 1)
            .migrate(path: path) { 0 }
        let writer = try Writer(path: path, clock: { 0 })
        defer { writer.stop() }
        return try writer.writeAndWait { db in
            for (index, text) in Self.texts.enumerated() {
                try db.run("INSERT INTO page (rowid, words) VALUES (\(index), \(Bigrams.index(text)))")
            }
            return try queries.map { query in
                guard let expression = Bigrams.query(query) else { return [] }
                return try db.values("SELECT rowid FROM page WHERE words MATCH \(expression) ORDER BY rowid")
            }
        }
    }

    @Test func `one, two and more characters find what holds them and nothing else`() throws {
        let found = try search(["玉林", "林", "站", "玉", "实践站", "双路", "玉双", "实践", "林东路社", "路玉", "林玉"])
        #expect(found == [[0, 5], [0, 2, 5], [0], [0, 1, 5], [0], [1], [1], [0, 3], [0], [], []])
    }

    @Test func `Latin words find by their beginning, in any case and width`() throws {
        let found = try search(["wi", "ＷＩ fi", "yul", "CAFE", "café", "lin", "玉林 社区", "免费 wi"])
        #expect(found == [[2], [2], [4], [4], [4], [], [0], [2]])
    }

    @Test func `FTS5's own syntax has no power in a query`() throws {
        let hostile = [
            "玉林\" OR \"1", "玉林 NOT 街道", "words:玉林", "NEAR(玉林 街道)", "玉林*", "^玉林", "{words}:玉", "玉林 AND", "(", "\"\"\"",
            "-玉林", "a\u{0}b",
            "+玉 + 林", "' OR 1=1 --",
        ]
        #expect(try search(hostile).count == hostile.count)
        #expect(try search(["玉林\" OR \"双路"]) == [[]])
        #expect(try search(["玉林 NOT 街道"]) == [[]])
        #expect(try search(["^请到玉林*"]) == [[5]])
    }
}
