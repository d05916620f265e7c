/// A node of the YAML that openapi.yaml is written in.
package indirect enum YAMLNode: Sendable, Equatable {
    case scalar(String, isQuoted: Bool)
    case sequence([YAMLNode])
    case mapping([String: YAMLNode])

    package subscript(name: String) -> YAMLNode? {
        if case .mapping(let members) = self { members[name] } else { nil }
    }

    package var text: String? { if case .scalar(let text, _) = self { text } else { nil } }
    package var items: [YAMLNode] { if case .sequence(let items) = self { items } else { [] } }
    package var members: [String: YAMLNode] { if case .mapping(let members) = self { members } else { [:] } }
    package var integer: Int? { text.flatMap { Int($0) } }
    package var texts: [String] { items.compactMap(\.text) }
}

/// What the reader does not take.
package struct YAMLError: Error, Sendable, CustomStringConvertible {
    /// From 1.
    package var line: Int
    package var message: String

    package var description: String { "line \(line): \(message)" }
}

/// Reads the part of YAML 1.2 a hand-written contract needs: block mappings and sequences, plain and double-quoted
/// scalars, `|` and `>-`, comments on lines of their own, and flow sequences of scalars within one line. Anything else is
/// an error, so that nothing is misread.
package struct YAMLReader {
    private struct Line {
        var indent: Int
        var content: Substring

        var isBlank: Bool { content.isEmpty }
        var isSkipped: Bool { isBlank || content.hasPrefix("#") }
        var isItem: Bool { content == "-" || content.hasPrefix("- ") }
    }

    private var lines: [Line]
    private var index = 0

    package static func read(_ text: String) throws(YAMLError) -> YAMLNode {
        var reader = YAMLReader(text)
        let node = try reader.block(indent: 0)
        reader.skip()
        guard reader.index == reader.lines.count else { throw reader.fault("is indented unlike anything before it") }
        return node
    }

    private init(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let content = line.drop { $0 == " " }
            return Line(indent: line.utf8.count - content.utf8.count, content: content)
        }
    }

    private func fault(_ message: String) -> YAMLError { YAMLError(line: index + 1, message: message) }

    private mutating func skip() {
        while index < lines.count, lines[index].isSkipped { index += 1 }
    }

    private mutating func next(indent: Int) -> Line? {
        skip()
        guard index < lines.count, lines[index].indent == indent else { return nil }
        return lines[index]
    }

    private mutating func block(indent: Int) throws(YAMLError) -> YAMLNode {
        guard let first = next(indent: indent) else { throw fault("has no value") }
        return first.isItem ? try sequence(indent: indent) : try mapping(indent: indent)
    }

    private mutating func sequence(indent: Int) throws(YAMLError) -> YAMLNode {
        var items: [YAMLNode] = []
        while let line = next(indent: indent), line.isItem {
            let content = line.content.dropFirst(2)
            guard !content.isEmpty, !content.hasPrefix(" "), !content.hasPrefix("- ") else {
                throw fault("holds an item that does not begin beside its dash")
            }
            if try key(of: content) == nil {
                items.append(try scalar(content))
                index += 1
            } else {
                lines[index] = Line(indent: indent + 2, content: content)
                items.append(try mapping(indent: indent + 2))
            }
        }
        return .sequence(items)
    }

    private mutating func mapping(indent: Int) throws(YAMLError) -> YAMLNode {
        var members: [String: YAMLNode] = [:]
        while let line = next(indent: indent), !line.isItem {
            guard let (name, rest) = try key(of: line.content) else { throw fault("has no name") }
            guard members[name] == nil else { throw fault("repeats \(name)") }
            members[name] = try value(rest, indent: indent)
        }
        return .mapping(members)
    }

    private mutating func value(_ rest: Substring, indent: Int) throws(YAMLError) -> YAMLNode {
        switch rest {
        case "|", ">-": return folded(isLiteral: rest == "|", indent: indent)
        case "":
            index += 1
            skip()
            guard index < lines.count, lines[index].indent > indent else {
                throw fault("follows a name without a value")
            }
            return try block(indent: lines[index].indent)
        default:
            let node = rest.hasPrefix("[") ? try flow(rest) : try scalar(rest)
            index += 1
            return node
        }
    }

    private mutating func folded(isLiteral: Bool, indent: Int) -> YAMLNode {
        index += 1
        var texts: [Substring] = []
        while index < lines.count, lines[index].isBlank || lines[index].indent > indent {
            texts.append(lines[index].content)
            index += 1
        }
        while texts.last?.isEmpty == true { texts.removeLast() }
        return .scalar(texts.joined(separator: isLiteral ? "\n" : " "), isQuoted: true)
    }

    /// The name a line begins with and what follows its colon; nil for a line that is no member.
    private func key(of content: Substring) throws(YAMLError) -> (name: String, rest: Substring)? {
        if content.hasPrefix("\"") {
            let (text, rest) = try quoted(content)
            guard rest.hasPrefix(":") else { return nil }
            return (text, rest.dropFirst().drop { $0 == " " })
        }
        if let colon = content.firstRange(of: ": ") {
            return (String(content[..<colon.lowerBound]), content[colon.upperBound...].drop { $0 == " " })
        }
        return content.hasSuffix(":") ? (String(content.dropLast()), "") : nil
    }

    private func scalar(_ content: Substring) throws(YAMLError) -> YAMLNode {
        if content.hasPrefix("\"") {
            let (text, rest) = try quoted(content)
            guard rest.isEmpty else { throw fault("goes on after the quotation mark") }
            return .scalar(text, isQuoted: true)
        }
        guard let first = content.first, !"[]{}&*!|>'%@`#,".contains(first), !content.contains(" #"),
            !content.contains(": "), !content.contains("\t")
        else { throw fault("is YAML this reader does not take") }
        return .scalar(String(content), isQuoted: false)
    }

    /// A double-quoted scalar and what follows it. Only `\"` and `\\` are escapes here.
    private func quoted(_ content: Substring) throws(YAMLError) -> (text: String, rest: Substring) {
        var text = ""
        var isEscaped = false
        for place in content.indices.dropFirst() {
            let character = content[place]
            if isEscaped {
                guard character == "\"" || character == "\\" else { throw fault("has an unknown escape") }
                text.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                return (text, content[content.index(after: place)...])
            } else {
                text.append(character)
            }
        }
        throw fault("has no closing quotation mark")
    }

    private func flow(_ content: Substring) throws(YAMLError) -> YAMLNode {
        guard content.hasSuffix("]") else { throw fault("has a flow sequence longer than its line") }
        let inner = content.dropFirst().dropLast()
        var items: [YAMLNode] = []
        for part in inner.split(separator: ",") { items.append(try scalar(part.drop { $0 == " " })) }
        return .sequence(items)
    }
}
