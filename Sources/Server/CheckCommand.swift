import App
import SQLite

enum CheckCommand: Command {
    static let name = "check"
    static let summary = "check the database: integrity, foreign keys, migrations"
    static let help = """
        usage: wenming check [--data DIR] [--audit ID:HASH]

        Reads the whole database and prints every fault found. Exit status 0 when there is none, 1 otherwise. The server
        may run meanwhile.

        --audit says what a line "audit log" of the server's log says of the newest audit entry: the entry must still
        stand there, unchanged, and with it all before it.
        """

    static func run(_ arguments: [String], environment: [String: String]) throws {
        var rest = arguments
        let witnessed = try takeWitness(from: &rest)
        let configuration = try configuration(rest, environment)
        let (faults, newest) = try Installation.faults(configuration, witnessed: witnessed)
        for fault in faults { Server.say("\(fault)\n", to: 1) }
        guard faults.isEmpty else {
            throw CommandFailure(.failed, "\(faults.count) faults in \(configuration.databasePath)")
        }
        Server.say("\(configuration.databasePath): no faults, schema \(Migrations.all.count)\n", to: 1)
        if let newest { Server.say("audit log: \(newest)\n", to: 1) }
    }

    private static func takeWitness(from arguments: inout [String]) throws -> AuditChain.Head? {
        guard let place = arguments.firstIndex(of: "--audit") else { return nil }
        guard place + 1 < arguments.count, let witnessed = AuditChain.Head(text: arguments[place + 1]) else {
            throw CommandFailure(.usage, "--audit needs ID:HASH as the server's log has it")
        }
        arguments.removeSubrange(place...place + 1)
        return witnessed
    }
}
