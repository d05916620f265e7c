import Testing

@Suite("Sizes") struct SizeTests {
    private static let fileLinesMax = 400
    private static let functionLinesMax = 70

    @Test func `the sources are found`() {
        #expect(Project.sources.count > 100)
        #expect(Project.tests.count > 20)
    }

    @Test(arguments: Project.sources + Project.tests) func `a file is short`(file: Project.File) {
        // The last line ends in a line feed, so one more than there are.
        #expect(file.lines.count - 1 <= Self.fileLinesMax)
    }

    @Test(arguments: Project.sources + Project.tests) func `a function is short`(file: Project.File) {
        let long = Self.functions(in: file.code).filter { $0.lines > Self.functionLinesMax }
        #expect(long.map { "\(file.place($0.start)) has \($0.lines) lines" } == [])
    }

    @Test func `functions are measured from their head to the brace that closes them`() {
        let code = [
            "struct X {", "    func a(", "        b: Int", "    )", "        throws", "    {", "        if b > 0 {",
            "        }",
            "    }", "", "    func c() {}", "    init() {", "    }", "}", "protocol Y {", "    func d()",
            "    func e()", "}",
        ]
        #expect(Self.functions(in: code).map(\.start) == [1, 10, 11, 15, 16])
        #expect(Self.functions(in: code).map(\.lines) == [8, 1, 2, 1, 1])
    }

    /// The formatter sees to it that a function's closing brace stands below the beginning of its head.
    private static func functions(in code: [String]) -> [(start: Int, lines: Int)] {
        let heads = code.indices.filter { index in
            code[index].holds("func ", "init", "subscript")
                && code[index].contains(#/^ *(?:[a-z@].* )?(?:func .*|(?:de)?init[?]?(?:[(<]| \{).*|subscript[(<].*)$/#)
        }
        return heads.map { start in
            let indent = code[start].prefix { $0 == " " }
            if code[start].hasSuffix("}") { return (start, 1) }
            for index in code.indices.dropFirst(start + 1) {
                if code[index].hasPrefix(indent + "}") { return (start, index - start + 1) }
                let depth = code[index].prefix { $0 == " " }.count
                let isHead = code[index].isEmpty || ")>{".contains(code[index].dropFirst(depth).first ?? "a")
                if depth <= indent.count && !isHead { break }
            }
            return (start, 1)
        }
    }
}
