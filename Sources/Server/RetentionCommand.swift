import App
import SQLite

enum RetentionCommand: Command {
    static let name = "retention"
    static let summary = "drop what was kept long enough, or say what would go"
    static let help = """
        usage: wenming retention [--dry-run] [--data DIR]

        Prints for each rule how many rows went: ended sessions, void codes, old answers, unused uploads, old audit rows,
        consents and corrections, and the log of shared data. The server does the same by itself every few minutes;
        --dry-run only counts. Rows go in small batches, so the server may run meanwhile.
        """

    static func run(_ arguments: [String], environment: [String: String]) throws {
        let isDry = arguments.contains("--dry-run")
        let configuration = try configuration(arguments.filter { $0 != "--dry-run" }, environment)
        try Installation.migrate(configuration)
        try Installation.withWriter(configuration) { writer in
            for rule in RetentionRule.all {
                let rows = try isDry ? count(rule, configuration) : rule.job.run(writer, configuration, rounds: .max)
                Server.say("\(rule.code): \(rows) \(isDry ? "would go" : "went")\n", to: 1)
            }
        }
    }

    private static func count(_ rule: RetentionRule, _ configuration: Configuration) throws -> Int {
        let database = try Database(path: configuration.databasePath)
        return try database.withoutTimeLimit {
            try rule.count(configuration, now: Timestamp.current, limit: .max, in: database)
        }
    }
}
