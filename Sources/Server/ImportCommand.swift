import App

enum ImportCommand: Command {
    static let name = "import"
    static let summary = "import stations from a CSV file"
    static let help = """
        usage: wenming import stations FILE.csv [--data DIR]

        The first line names the columns: \(StationImport.columns.joined(separator: ",")); the
        first four must be there. Sites are recognised by their code: known ones are updated, so a file can be imported
        again. Longitude and latitude are GCJ-02; a site without them takes its parent's, marked as approximate. Parents
        may stand anywhere in the file or be imported before.

        Every bad row is printed with its line; all others are kept. Exit status 0 when every row was good, 3 when some
        were not, 1 when nothing could be done. The server may run meanwhile.
        """

    /// Bytes of one file.
    private static let fileBytesMax = 64 * 1_048_576

    static func run(_ arguments: [String], environment: [String: String]) throws {
        guard arguments.count >= 2, arguments[0] == "stations", !arguments[1].hasPrefix("--") else {
            throw CommandFailure(.usage, "say `wenming import stations FILE.csv`")
        }
        let configuration = try configuration(Array(arguments.dropFirst(2)), environment)
        guard let bytes = FileSystem.read(arguments[1], limit: fileBytesMax) else {
            throw CommandFailure(.failed, "\(arguments[1]) cannot be read, or is longer than \(fileBytesMax) bytes")
        }
        try Installation.migrate(configuration)
        var batch = StationImport(bytes)
        try Installation.withWriter(configuration) { try batch.run($0) }
        let report = batch.report
        for fault in report.faults { Server.say("\(arguments[1]): \(fault)\n", to: 2) }
        Server.say(
            "\(report.created) created, \(report.updated) updated, \(report.unchanged) unchanged, \(report.faults.count) refused\n",
            to: 1)
        guard report.faults.isEmpty else {
            throw CommandFailure(.partial, "\(report.faults.count) rows were refused")
        }
    }
}
