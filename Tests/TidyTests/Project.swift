import Foundation
import Testing

/// The project's own files, read once.
struct Project: Sendable {
    struct File: Sendable, CustomTestStringConvertible {
        /// From the project's folder on, such as `Sources/HTTP/Wire/Limits.swift`.
        let path: String
        let lines: [String]

        var name: String { path.split(separator: "/").last.map(String.init) ?? path }
        var testDescription: String { path }

        /// The lines of code: whole-line comments are blank, comments behind code are cut off.
        let code: [String]

        init(path: String, text: String) {
            self.path = path
            lines = text.components(separatedBy: "\n")
            code = lines.map { line in
                // Bytes are compared, because characters take ten times as long and every test reads every line.
                let bytes = Array(line.utf8)
                if bytes.drop(while: { $0 == 0x20 }).starts(with: "//".utf8) { return "" }
                return line.range(of: " // ").map { String(line[..<$0.lowerBound]) } ?? line
            }
        }

        /// `path:line` and the line itself, for every line of code that matches.
        func places(_ matches: (String) -> Bool) -> [String] { code.indices.filter { matches(code[$0]) }.map(place) }

        func place(_ index: Int) -> String {
            "\(path):\(index + 1): \(lines[index].trimmingCharacters(in: .whitespaces))"
        }
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let sources = swiftFiles(under: "Sources")
    static let tests = swiftFiles(under: "Tests")

    static func text(of path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    static func entries() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.path).sorted()
    }

    private static func swiftFiles(under folder: String) -> [File] {
        let paths = FileManager.default.enumerator(atPath: root.appending(path: folder).path) ?? .init()
        return paths.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted().compactMap { path in
            guard let text = try? text(of: "\(folder)/\(path)") else { return nil }
            return File(path: "\(folder)/\(path)", text: text)
        }
    }
}

extension String {
    /// Whether any of the words stands somewhere in it: the cheap question before a regular expression.
    func holds(_ words: String...) -> Bool {
        words.contains { strstr(self, $0) != nil }
    }
}
