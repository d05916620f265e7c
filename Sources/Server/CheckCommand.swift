import App
import SQLite

enum CheckCommand: Command {
    static let name = "check"
    static let summary = "check the database: integrity, foreign keys, migrations"
    static let help = """
        usage: wenming check [--data DIR]

        Reads the whole database and prints every fault found. Exit status 0 when there is none, 1 otherwise. The server
        may run meanwhile.
        """

    static func run(_ arguments: [String], environment: [String: String]) throws {
        let configuration = try configuration(arguments, environment)
        let faults = try Installation.faults(configuration)
        for fault in faults { Server.say("\(fault)\n", to: 1) }
        guard faults.isEmpty else {
            throw CommandFailure(.failed, "\(faults.count) faults in \(configuration.databasePath)")
        }
        Server.say("\(configuration.databasePath): no faults, schema \(Migrations.all.count)\n", to: 1)
    }
}
