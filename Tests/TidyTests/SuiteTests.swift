import Testing

@Suite("Suites") struct SuiteTests {
    @Test(arguments: Project.tests) func `every function of a suite is a test or private`(file: Project.File) {
        #expect(Self.idle(in: file.code).map(file.place) == [])
    }

    @Test func `a function that nobody calls is found`() {
        let code = [
            "@Suite(\"A\") struct ATests {", "    @Test func `one`() {", "    }", "    func `two`() {", "    }",
            "    private func three() {}", "    @Test(arguments: [", "        1,", "    ]) func `four`(x: Int) {",
            "    }",
            "    @Test(arguments: [1])", "    func `five`(x: Int) {", "    }", "}", "func six() {}",
            "extension ATests {",
            "    static func seven() {}", "}",
        ]
        #expect(Self.idle(in: code) == [3, 16])
    }

    @Test func `every file whose name says so holds a suite`() {
        let without = Project.tests.filter { file in
            file.name.hasSuffix("Tests.swift") && !file.code.contains { $0.hasPrefix("@Suite(") }
        }
        #expect(without.map(\.path) == [])
    }

    /// Functions directly in a suite, or in an extension of one, that are neither tests nor private: a forgotten `@Test`.
    private static func idle(in code: [String]) -> [Int] {
        var suites: Set<Substring> = []
        var isInSuite = false
        var attribute = ""
        var found: [Int] = []
        for (index, line) in code.enumerated() {
            if line.hasPrefix("@Suite"), let suite = line.firstMatch(of: /^@Suite.* struct (\w+)/) {
                suites.insert(suite.1)
                isInSuite = true
            } else if line.hasPrefix("extension "), let name = line.firstMatch(of: /^extension (\w+)/) {
                isInSuite = suites.contains(name.1)
            } else if line.hasPrefix("}") {
                isInSuite = false
            }
            guard isInSuite else { continue }
            // An attribute may end on a later line than it begins.
            if line.hasPrefix("    @Test") || line.hasPrefix("    @Suite") {
                attribute = line
            } else {
                attribute += line
            }
            if line.holds("func "), line.contains(#/^    (?:[^ ].* )?func /#) {
                if !attribute.hasPrefix("    @Test") && !line.contains("private ") { found.append(index) }
                attribute = ""
            }
            if line.hasPrefix("    }") && !line.contains("func ") { attribute = "" }
        }
        return found
    }
}
