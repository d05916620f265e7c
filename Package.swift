// swift-tools-version: 6.3
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

func target(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "wenming",
    products: [.executable(name: "wenming", targets: ["Server"])],
    targets: [
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CLinux"),
        target("Executors"),
        target("HTTP", ["CLinux", "Executors"]),
        target("SQLite", ["CSQLite", "Executors"]),
        target("App", ["CLinux", "HTTP", "SQLite"], exclude: ["Migrations/schema.sql"]),
        target("Outbound", ["App"]),
        .executableTarget(
            name: "Server", dependencies: ["App", "HTTP", "SQLite", "Outbound", "CLinux"], swiftSettings: settings),
        .target(
            name: "Support", dependencies: ["App", "HTTP", "SQLite"], path: "Tests/Support", swiftSettings: settings),
        tests("HTTPTests", ["HTTP", "Support"]),
        tests("SQLiteTests", ["SQLite", "CSQLite", "Support"]),
        tests("AppTests", ["App", "CSQLite", "Support"]),
        tests("ServerTests", ["App", "HTTP", "Outbound", "Support", "Server"]),
        tests("TidyTests", ["App"]),
    ]
)
