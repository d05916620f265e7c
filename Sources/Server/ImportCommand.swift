import App
import SQLite

enum ImportCommand: Command {
    static let name = "import"
    static let summary = "import stations, grids, chat groups, staff, volunteers or teams from a CSV file"
    static var help: String {
        let kinds = ImportKind.allCases.map { kind in
            let columns = kind.columns.map {
                "    \($0.name) (\($0.title))\($0.isRequired ? ", required" : ""): \($0.meaning)\n"
            }
            return "\(kind.rawValue)\n\(columns.joined())"
        }
        return """
            usage: wenming import KIND FILE.csv [--dry-run] [--again] [--report FILE] [--passwords FILE] [--data DIR]

            The file is UTF-8; its first line names the columns below, in English or Chinese, in any order. Every bad row is
            named with its line, its column and what is wrong, never with what stands in it; all other rows are kept. Of
            what is known already, a column that the file lacks stays as it is, and an empty field takes the value away.

              --dry-run         try all of it on a copy of the database: everything is checked, nothing is kept
              --again           begin with the first row though this file was imported before
              --report FILE     write every problem to FILE (line,column,problem); without it the first \(problemsShown) are shown
              --passwords FILE  where first passwords of staff go, a file nobody else may read; staff need it

            Rows are committed in batches and the server may run meanwhile. An import that was cut off goes on behind its
            last batch when the same file is imported again; one that is complete says so. Exit status 0 when every row was
            good, 3 when some were not, 1 when nothing could be done, 75 when it should be tried again.

            \(kinds.joined(separator: "\n"))
            """
    }

    /// Problems printed without `--report`.
    private static let problemsShown = 1_000
    /// Half of the time the lock is the server's.
    private static let pauseShare = 1.0

    private struct Wish {
        var kind: ImportKind
        var path: String
        var isDry = false
        var isNew = false
        var report: String?
        var passwords: String?
        var rest: [String] = []
    }

    static func run(_ arguments: [String], environment: [String: String]) throws {
        let wish = try wish(arguments)
        let configuration = try configuration(wish.rest, environment)
        if wish.kind == .staff, wish.passwords == nil, !wish.isDry {
            throw CommandFailure(.usage, "staff get first passwords: say with --passwords FILE where they go")
        }
        try Installation.migrate(configuration, mayBeNew: true)
        let means = ImportMeans(
            keyedHash: KeyedHash(key: try Installation.lookupKey(configuration)), today: Timestamp.current.day,
            teamLimits: configuration.teamLimits,
            passwords: wish.isDry ? nil : try wish.passwords.map { try file($0, emptied: false) })
        do {
            let file = try ImportFile(wish.path)
            guard wish.isDry else { return try go(wish, file, means, configuration) }
            let copy = try DatabaseCopy(of: configuration)
            try go(wish, file, means, copy.configuration)
        } catch let failure as ImportFailure {
            throw CommandFailure(failure == .runningElsewhere ? .temporary : .failed, "\(failure)")
        } catch let error where error is SQLiteError || error is DatabaseFileProblem || error is BackupProblem {
            throw CommandFailure(error, at: configuration.databasePath)
        }
    }

    private static func wish(_ arguments: [String]) throws -> Wish {
        let kinds = ImportKind.allCases.map(\.rawValue).joined(separator: ", ")
        guard arguments.count >= 2, let kind = ImportKind(rawValue: arguments[0]), !arguments[1].hasPrefix("--") else {
            throw CommandFailure(.usage, "say `wenming import KIND FILE.csv`; KIND is one of \(kinds)")
        }
        var wish = Wish(kind: kind, path: arguments[1])
        var iterator = arguments.dropFirst(2).makeIterator()
        while let argument = iterator.next() {
            switch argument {
            case "--dry-run": wish.isDry = true
            case "--again": wish.isNew = true
            case "--report", "--passwords":
                guard let value = iterator.next() else { throw CommandFailure(.usage, "\(argument) needs a value") }
                if argument == "--report" { wish.report = value } else { wish.passwords = value }
            default: wish.rest.append(argument)
            }
        }
        return wish
    }

    private static func file(_ path: String, emptied: Bool) throws -> PrivateFile {
        guard let file = PrivateFile(path, emptied: emptied) else {
            throw CommandFailure(.failed, "\(ImportFailure.passwordFile(path))")
        }
        return file
    }

    private static func go(
        _ wish: Wish, _ file: ImportFile, _ means: ImportMeans, _ configuration: Configuration
    ) throws {
        var options = ImportOptions()
        // What an earlier import of the file found says nothing of what is so now.
        options.isNew = wish.isNew || wish.isDry
        options.pauseShare = wish.isDry ? 0 : pauseShare
        var report: PrivateFile?
        var shown = 0
        var isDone = false
        func hear(_ news: ImportNews) throws {
            switch news {
            case .opened(let record):
                isDone = record.completedAt != nil
                if !isDone, record.rowReached > 0 {
                    Server.say("goes on behind row \(record.rowReached)\n", to: 2)
                }
                // One that goes on adds to the report of its first part.
                report = try wish.report.map { try self.file($0, emptied: record.rowReached == 0) }
            case .problems(let problems): try tell(problems, wish.path, report, &shown)
            }
        }
        let record = try Installation.withWriter(configuration) { writer in
            do {
                return try wish.kind.run(file, means, options, writer, tell: hear)
            } catch let error as SQLiteError {
                throw CommandFailure(
                    error, at: configuration.databasePath,
                    ". What was committed stays: the same command goes on behind it")
            }
        }
        try close(record, wish, wasDone: isDone)
    }

    private static func tell(
        _ problems: [ImportProblem], _ path: String, _ report: PrivateFile?, _ shown: inout Int
    ) throws {
        guard !problems.isEmpty else { return }
        if let report {
            let text = problems.map { "\($0.line),\($0.column),\"\($0.en.replacing("\"", with: "\"\""))\"\n" }.joined()
            guard report.append(text) else { throw CommandFailure(.failed, "the report cannot be written") }
            return
        }
        let some = problems.prefix(max(0, problemsShown - shown))
        let text = some.map { "\(path): line \($0.line): \($0.column.isEmpty ? "" : $0.column + " ")\($0.en)\n" }
        Server.say(text.joined(), to: 2)
        shown += problems.count
    }

    private static func close(_ record: ImportRecord, _ wish: Wish, wasDone: Bool) throws {
        let counts =
            "\(record.created) created, \(record.updated) updated, \(record.unchanged) unchanged, \(record.refused) refused"
        if wasDone {
            Server.say("complete since \(record.completedAt ?? record.updatedAt): \(counts)\n", to: 1)
        } else {
            if wish.report == nil, record.problems > problemsShown {
                Server.say(
                    "of \(record.problems) problems the first \(problemsShown) are shown; --report FILE takes all\n",
                    to: 2)
            }
            Server.say("\(wish.isDry ? "nothing kept: " : "")\(counts)\n", to: 1)
        }
        guard record.refused == 0 else { throw CommandFailure(.partial, "\(record.refused) rows were refused") }
    }
}
