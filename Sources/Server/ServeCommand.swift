import App
import Dispatch
import FoundationEssentials
import Glibc
import HTTP
import SQLite
import Synchronization

enum ServeCommand: Command {
    static let name = "serve"
    static let summary = "run the server"

    static var help: String {
        let rows = Configuration.settings.map { setting in
            "  \(setting.flag) (\(setting.variable))\n      \(setting.meaning); \(setting.range); default \(shown(setting))\n"
        }
        return """
            usage: wenming serve [--print-configuration] [FLAGS]

            Migrates the database, listens, and serves until SIGTERM or SIGINT; then it accepts no more, finishes what runs
            and exits 0. A second signal exits at once. Flags win over environment variables.

            \(rows.joined())
            """
    }

    private static func shown(_ setting: Configuration.Setting) -> String {
        let value = setting.show(Configuration())
        return value.isEmpty ? "empty" : value
    }

    /// What every answer carries besides its own fields.
    static let commonFields: [(HeaderName, String)] = [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ]

    static func run(_ arguments: [String], environment: [String: String]) throws {
        let prints = arguments.contains("--print-configuration")
        let configuration = try configuration(arguments.filter { $0 != "--print-configuration" }, environment)
        if prints { return Server.say(configuration.listing + "\n", to: 1) }
        try Installation.makeDirectories(configuration)
        // Before the migration: a newer program must not change the schema below a server that runs.
        let claim = try ServingClaim(on: configuration.data)
        defer { claim.release() }
        try Installation.migrate(configuration, mayBeNew: true)
        raiseDescriptorLimit()
        let lanes = configuration.lanes > 0 ? configuration.lanes : max(1, ProcessInfo.processInfo.activeProcessorCount)
        let services = try services(configuration, lanes)
        let app = App(services: services, databasePath: configuration.databasePath, routes: Routes.all)
        let server: HTTPServer<App>
        do {
            server = try HTTPServer(
                responder: app, host: configuration.listenHost, port: UInt16(configuration.listenPort), lanes: lanes,
                limits: configuration.wireLimits, commonFields: commonFields,
                temporaryDirectory: configuration.temporaryPath)
        } catch let error as ServerError {
            throw CommandFailure(.failed, error.description)
        } catch {
            // The lanes' connections to the database.
            throw CommandFailure(error, at: configuration.databasePath)
        }
        let signals = Signals()
        let housekeeping = Housekeeping(services)
        server.start()
        housekeeping.start()
        services.log(
            .warning, "listening",
            [
                "host": configuration.listenHost, "port": String(server.port), "lanes": String(lanes),
                "version": Version.text,
            ])
        signals.wait()
        services.log(.warning, "stopping", ["connections": String(server.connections)])
        housekeeping.stop()
        let isDone = server.stop(seconds: Double(configuration.stopSeconds))
        services.writer.stop()
        services.log(.warning, "stopped", ["finished": isDone ? "everything" : "not everything"])
    }

    private static func services(_ configuration: Configuration, _ lanes: Int) throws -> Services {
        do {
            return try Installation.services(configuration, lanes: lanes)
        } catch {
            throw CommandFailure(error, at: configuration.databasePath)
        }
    }

    /// Every connection is a descriptor; the soft limit of 1,024 would come long before ours.
    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

/// SIGTERM and SIGINT: the first wakes `wait`, a second ends the process at once.
final class Signals {
    private let sources: [any DispatchSourceSignal]
    private let first = DispatchSemaphore(value: 0)

    init() {
        let count = Mutex(0)
        let box = SignalCount(count: count)
        let first = first
        // Its own, so that no job of others' can keep a signal waiting.
        let queue = DispatchQueue(label: "wenming.signals")
        sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { @Sendable in
                if box.next() > 1 { _exit(130) }
                first.signal()
            }
            source.resume()
            return source
        }
        signal(SIGPIPE, SIG_IGN)
    }

    func wait() { first.wait() }
}

/// How many signals came.
private final class SignalCount: Sendable {
    private let count: Mutex<Int>

    init(count: consuming Mutex<Int>) { self.count = count }

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
