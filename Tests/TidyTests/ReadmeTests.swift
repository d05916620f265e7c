import App
import Foundation
import Testing

@Suite("README.md") struct ReadmeTests {
    @Test func `the table of settings is the code's`() throws {
        let rows = Configuration.settings.map { setting in
            let value = setting.show(Configuration())
            return "| `\(setting.variable)` | `\(setting.flag)` | \(value.isEmpty ? "" : "`\(value)`") | "
                + "\(setting.range) | \(setting.meaning)\(setting.isSecret ? " (secret)" : "") |"
        }
        #expect(try Self.table(headed: "| Variable | Flag | Default | Range | Meaning |") == rows)
    }

    @Test func `everything the glossary names is declared`() throws {
        let names = try Self.table(headed: "| 中文 | Type | Meaning |").flatMap { row in
            row.matches(of: /`(\w+)`/).map { String($0.1) }
        }
        #expect(names.count > 15)
        let lines = Project.sources.flatMap(\.code).filter { $0.holds("struct ", "enum ", "class ", "case ") }
        let declared = Set(lines.flatMap { $0.split { !$0.isLetter } }.map(String.init))
        #expect(Set(names).subtracting(declared).sorted() == [])
    }

    @Test func `the map of the code shows every folder of Sources`() throws {
        let text = try Project.text(of: "README.md")
        let folders = Set(Project.sources.map { $0.path.split(separator: "/").dropFirst().dropLast() })
        let missing = folders.filter { !$0.isEmpty && !text.contains("\($0[$0.endIndex - 1])/") }
        #expect(missing.map { $0.joined(separator: "/") }.sorted() == [])
    }

    @Test func `lines fit the editor, but for tables and commands`() throws {
        var isCode = false
        let long = try Project.text(of: "README.md").components(separatedBy: "\n").filter { line in
            if line.hasPrefix("```") { isCode.toggle() }
            return line.count > 120 && !isCode && !line.hasPrefix("|")
        }
        #expect(long == [])
    }

    /// The rows below a table's head.
    private static func table(headed head: String) throws -> [String] {
        let lines = try Project.text(of: "README.md").components(separatedBy: "\n")
        let start = try #require(lines.firstIndex(of: head), "README.md has no table \(head)")
        return Array(lines[(start + 2)...].prefix { $0.hasPrefix("|") })
    }
}
