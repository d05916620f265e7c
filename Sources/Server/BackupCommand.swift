import App
import SQLite

enum BackupCommand: Command {
    static let name = "backup"
    static let summary = "copy the database to a file while the server runs"
    static let help = """
        usage: wenming backup FILE [--data DIR]

        Copies the database by SQLite's backup interface; writers are not stopped. The copy appears under its name only
        when it is whole and its integrity was checked. An existing FILE is replaced. Uploaded files lie beside the
        database in DIR/uploads and never change: copy them with any tool, after this command. The time of the backup is
        noted for /readyz.
        """

    static func run(_ arguments: [String], environment: [String: String]) throws {
        guard let file = arguments.first, !file.hasPrefix("--") else {
            throw CommandFailure(.usage, "backup needs a FILE")
        }
        let configuration = try configuration(Array(arguments.dropFirst()), environment)
        let bytes = try Installation.backup(configuration, to: file)
        Server.say("\(file): \(bytes) bytes\n", to: 1)
    }
}
