import App
import Glibc
import SQLite

/// One subcommand of `wenming`.
protocol Command {
    static var name: String { get }
    /// One line for `wenming --help`.
    static var summary: String { get }
    /// The whole of `wenming NAME --help`.
    static var help: String { get }

    /// - Throws: `CommandFailure`, whose status is the process's.
    static func run(_ arguments: [String], environment: [String: String]) throws
}

/// Ends the process with a message for people and a status for scripts.
struct CommandFailure: Error {
    /// 1 the work failed, 2 the command line or a variable is wrong, 3 the work was done in part, 75 try again later.
    enum Status: Int32 {
        case failed = 1
        case usage = 2
        case partial = 3
        case temporary = 75
    }

    var status: Status
    var message: String

    init(_ status: Status, _ message: String) {
        self.status = status
        self.message = message
    }

    /// What the system's `errno` says against something; a full disk is left when there is room again.
    init(errno code: Int32, _ what: String) {
        self.init(Self.isNoRoom(code) ? .temporary : .failed, "\(what): \(String(cString: strerror(code)))")
    }

    private static func isNoRoom(_ code: Int32) -> Bool { code == ENOSPC || code == EDQUOT }

    /// What a tool ends with when its work threw `error`; one that says so itself is passed on as it is.
    /// - Parameters:
    ///   - place: the file it worked on.
    ///   - rest: what became of the work done before.
    init(_ error: any Error, at place: String, _ rest: String = "") {
        if let failure = error as? CommandFailure {
            self = failure
            return
        }
        // A problem of a file names it.
        let what = error is DatabaseFileProblem ? "\(error)" : "\(place): \(Installation.advice(error))"
        self.init(Self.isTemporary(error) ? .temporary : .failed, what + rest)
    }

    private static func isTemporary(_ error: any Error) -> Bool {
        switch error {
        case let error as SQLiteError: error.isUnavailability
        case let problem as DatabaseFileProblem: problem.kind == .busy || problem.kind == .full
        case BackupProblem.cannotCreate(_, let code): isNoRoom(code)
        case let failure as MigrationFailure: isTemporary(failure.reason)
        default: false
        }
    }
}

extension Command {
    /// Reads the settings, turning what is wrong with them into a usage failure.
    static func configuration(_ arguments: [String], _ environment: [String: String]) throws -> Configuration {
        do {
            return try Configuration(environment: environment, arguments: arguments)
        } catch {
            throw CommandFailure(.usage, error.description)
        }
    }
}
