import Testing

@Suite("Words that have no place here") struct WordTests {
    @Test(arguments: Project.sources) func `nothing traps or prints on the way`(file: Project.File) {
        #expect(
            file.places { line in
                line.holds("try!", "as!", "fatalError(", "rint(")
                    && line.contains(/\b(try!|as!|fatalError\(|print\(|debugPrint\()/)
            } == [])
    }

    @Test(arguments: (Project.sources + Project.tests).filter { !$0.path.hasPrefix("Tests/TidyTests/") })
    func `no work is left behind in a remark`(file: Project.File) {
        let marked = file.lines.indices.filter { index in
            file.lines[index].holds("TODO", "FIXME", "XXX", "HACK")
                && file.lines[index].contains(/\b(TODO|FIXME|XXX|HACK)\b/)
        }
        #expect(marked.map(file.place) == [])
    }

    @Test(arguments: Project.sources) func `what the compiler cannot check has its reason above it`(file: Project.File)
    {
        let bare = file.code.indices.filter { index in
            guard file.code[index].holds("@unchecked Sendable", "nonisolated(unsafe)") else { return false }
            return !file.lines[max(0, index - 3)..<index].contains { $0.contains("//") }
        }
        #expect(bare.map(file.place) == [])
    }

    /// Files that hold model and table together because both are a few lines, and the queries that belong to no service.
    private static let withSQL: Set<String> = [
        "App/Accounts/LiveSession.swift", "App/Accounts/StaffCredential.swift", "App/Activities/ServiceRecord.swift",
        "App/Audit/AuditChain.swift", "App/Audit/AuditEntry.swift", "App/Health/Readiness.swift",
        "App/Routing/IdempotentAnswer.swift",
        "App/Privacy/IdentityVault.swift", "App/Privacy/PersonalData+Tables.swift", "App/Routing/SQL+Filter.swift",
        "App/Statistics/Overview.swift",
        "App/Uploads/Upload.swift", "Server/Installation.swift",
    ]

    private static func mayHoldSQL(_ path: String) -> Bool {
        path.hasPrefix("Sources/SQLite/") || path.hasPrefix("Sources/App/Migrations/") || path.hasSuffix("Store.swift")
            || withSQL.contains(String(path.dropFirst("Sources/".count)))
    }

    /// Words in capitals stand in Swift code only within literals.
    private static func holdsSQL(_ line: String) -> Bool {
        line.holds("SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "PRAGMA", "SAVEPOINT")
            && line.contains(/\b(SELECT|INSERT|UPDATE|DELETE FROM|CREATE|DROP|PRAGMA|SAVEPOINT)\b/)
    }

    @Test(arguments: Project.sources.filter { !mayHoldSQL($0.path) }) func `SQL stands in stores`(file: Project.File) {
        #expect(file.places(Self.holdsSQL) == [])
    }

    @Test func `the list of files with SQL names no other`() {
        let holding = Project.sources.filter { file in file.code.contains(where: Self.holdsSQL) }
        let paths = holding.map { String($0.path.dropFirst("Sources/".count)) }
        #expect(Self.withSQL.subtracting(paths).sorted() == [])
    }
}
