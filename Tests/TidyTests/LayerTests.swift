import Testing

@Suite("Layers") struct LayerTests {
    private static let system: Set<String> = ["Dispatch", "FoundationEssentials", "Glibc", "Synchronization"]

    /// What each target may import besides the system: `Server → App → {HTTP, SQLite} → Executors`.
    private static let permitted: [String: Set<String>] = [
        "Executors": [],
        "HTTP": ["CLinux", "Executors"],
        "SQLite": ["CSQLite", "Executors"],
        "App": ["CLinux", "HTTP", "SQLite"],
        "Outbound": ["App", "HTTP", "Foundation", "FoundationNetworking"],
        "Server": ["App", "CLinux", "HTTP", "Outbound", "SQLite"],
    ]

    @Test(arguments: Project.sources) func `a file imports only what its layer may`(file: Project.File) throws {
        let target = String(try #require(file.path.split(separator: "/").dropFirst().first))
        let modules = try #require(Self.permitted[target], "a target without a place in the layers")
        let wrong = file.code.indices.filter { index in
            guard file.code[index].holds("import ") else { return false }
            let found = file.code[index].wholeMatch(
                of: /(?:@\S+ )?(?:[a-z]+ )?import (?:(?:struct|class|enum|protocol|func|var|let|typealias) )?(\w+).*/)
            guard let found else { return false }
            return !modules.union(Self.system).contains(String(found.1))
        }
        #expect(wrong.map(file.place) == [])
    }

    @Test func `the manifest names no package but this one`() throws {
        let manifest = try Project.text(of: "Package.swift")
        #expect(!manifest.contains(".package("))
        #expect(manifest.contains(".treatAllWarnings(as: .error)"))
        #expect(!manifest.contains("unsafeFlags"))
    }

    /// What lies on the top level; what `.gitignore` names comes and goes.
    private static let entries: Set<String> = [
        ".ci", ".dockerignore", ".editorconfig", ".gitignore", ".swift-format", "Dockerfile", "Package.swift",
        "README.md", "Sources", "Tests", "openapi.yaml", "scripts",
    ]

    @Test func `the top level holds what a newcomer expects and nothing else`() throws {
        let found = try Project.entries().filter { name in
            !name.hasPrefix(".build") && ![".git", ".swiftpm", "Package.resolved", "data"].contains(name)
        }
        #expect(Set(found).symmetricDifference(Self.entries).sorted() == [])
    }
}
