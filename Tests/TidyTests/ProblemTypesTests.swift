import Foundation
import Testing

@Suite("Types of problems") struct ProblemTypesTests {
    /// Limits stand in titles as numbers here and by name there.
    private static func withoutNumbers(_ text: String) -> String {
        text.prefix(4) + String(text.dropFirst(4)).replacing(/\\\([\w.]+\)|\d+/, with: "N")
    }

    @Test func `openapi.yaml lists each the code has, with its status and English title, and no other`() throws {
        let code = Project.sources.map { $0.lines.joined(separator: "\n") }.joined(separator: "\n")
        let statuses = Dictionary(
            uniqueKeysWithValues: code.matches(of: /static let (\w+) = Status\((\d+)\)/).map { ($0.1, $0.2) })
        let declared = code.matches(
            of: /"(\/problems\/[a-z-]+)",\s*status: \.(\w+),\s*title: Wording\(\s*zh: "[^"]*",\s*en: "([^"]*)"/)
        #expect(declared.count > 50)
        let expected = declared.map { "\(statuses[$0.2] ?? "?") \($0.1): \"\($0.3)\"" }
        var listed: [String] = []
        var status = ""
        let contract = try Project.text(of: "openapi.yaml").components(separatedBy: "\n")
        for line in contract.drop(while: { $0 != "x-problem-types:" }).dropFirst().prefix(while: { $0.hasPrefix("  ") })
        {
            let text = line.trimmingCharacters(in: .whitespaces)
            if text.hasPrefix("\"") { status = text.filter(\.isNumber) } else { listed.append("\(status) \(text)") }
        }
        #expect(listed.map(Self.withoutNumbers).sorted() == expected.map(Self.withoutNumbers).sorted())
    }
}
