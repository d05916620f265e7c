import App
import FoundationEssentials
import Glibc

/// `wenming`: the server and the tools of the machine room.
@main
enum Server {
    static var commands: [any Command.Type] {
        [
            ServeCommand.self, MigrateCommand.self, ImportCommand.self, StaffCommand.self, BackupCommand.self,
            CheckCommand.self, RetentionCommand.self, VersionCommand.self,
        ]
    }

    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            try run(arguments, environment: ProcessInfo.processInfo.environment)
        } catch let failure as CommandFailure {
            say("wenming: \(failure.message)\n", to: 2)
            exit(failure.status.rawValue)
        } catch {
            say("wenming: \(error)\n", to: 2)
            exit(CommandFailure.Status.failed.rawValue)
        }
    }

    static func run(_ arguments: [String], environment: [String: String]) throws {
        guard let name = arguments.first, name != "--help", name != "help" else {
            guard arguments.first != nil else { throw CommandFailure(.usage, "which command?\n\n\(overview)") }
            return say(overview, to: 1)
        }
        guard let command = commands.first(where: { $0.name == name }) else {
            throw CommandFailure(.usage, "there is no command '\(name)'\n\n\(overview)")
        }
        let rest = Array(arguments.dropFirst())
        if rest.contains("--help") { return say(command.help + "\n", to: 1) }
        try command.run(rest, environment: environment)
    }

    private static var overview: String {
        var lines = ""
        for command in commands {
            let name: String = command.name
            let summary: String = command.summary
            lines += "  \(name)\(String(repeating: " ", count: max(1, 10 - name.count)))\(summary)\n"
        }
        return "usage: wenming COMMAND [FLAGS]\n\n\(lines)\nwenming COMMAND --help tells more.\n"
    }

    /// Writes to standard output (1) or error (2).
    static func say(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else { return }
            bytes = bytes.dropFirst(written)
        }
    }
}
