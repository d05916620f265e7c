import App
import SQLite

enum VersionCommand: Command {
    static let name = "version"
    static let summary = "print the version of wenming, of its schema and of SQLite"
    static let help = "usage: wenming version"

    static func run(_ arguments: [String], environment: [String: String]) throws {
        guard arguments.isEmpty else { throw CommandFailure(.usage, "version takes no arguments") }
        Server.say("wenming \(Version.text), schema \(Migrations.all.count), SQLite \(SQLiteLibrary.version)\n", to: 1)
    }
}
