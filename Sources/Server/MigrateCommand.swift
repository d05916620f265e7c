import App
import SQLite

enum MigrateCommand: Command {
    static let name = "migrate"
    static let summary = "create the database or bring it to this version's schema"
    static let help = """
        usage: wenming migrate [--data DIR]

        Creates DIR and its database when they are missing, and applies the migrations it lacks, each in a transaction of
        its own. A database of a newer wenming is refused. `serve` migrates by itself.
        """

    static func run(_ arguments: [String], environment: [String: String]) throws {
        let configuration = try configuration(arguments, environment)
        let applied = try Installation.migrate(configuration, mayBeNew: true)
        Server.say("schema \(Migrations.all.count), \(applied) migrations applied\n", to: 1)
    }
}
