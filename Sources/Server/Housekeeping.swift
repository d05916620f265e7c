import App
import Dispatch
import SQLite
import Synchronization

/// What is done now and then without anybody asking: each job small, each run bounded.
final class Housekeeping {
    private static let minutes = 5
    private let chores: Chores
    private let timer: any DispatchSourceTimer

    init(_ services: Services) {
        chores = Chores(services)
        let source = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "wenming.housekeeping"))
        source.schedule(deadline: .now() + .seconds(10), repeating: .seconds(60 * Self.minutes))
        timer = source
    }

    func start() {
        chores.witnessAudit()
        timer.setEventHandler { @Sendable [chores] in
            // Before the jobs, which may drop old audit rows.
            chores.witnessAudit()
            chores.runJobs()
            chores.removeLeftovers()
        }
        timer.resume()
    }

    func stop() { timer.cancel() }
}

private final class Chores: Sendable {
    private let services: Services
    private let witness = Mutex(AuditWitness())

    init(_ services: Services) { self.services = services }

    /// At the level of the start and the stop, for an auditor must find the line whatever the level is.
    func witnessAudit() {
        do {
            let head = try witness.withLock { witness in
                try witness.statement(at: services.clock.now()) {
                    try services.writer.writeAndWait { try AuditChain.newest(in: $0) }
                }
            }
            guard let head else { return }
            services.log(.warning, "audit log", ["entry": String(head.id), "hash": head.hexadecimal])
        } catch {
            services.log(.error, "housekeeping failed", ["job": "audit log", "error": "\(error)"])
        }
    }

    func removeLeftovers() {
        let cutoff = services.clock.now().seconds - Leftovers.ageSeconds
        note("leftovers", Leftovers.remove(in: services.configuration.temporaryPath, changedBefore: cutoff))
        do {
            note(
                "unfinished uploads",
                try UnfinishedUpload.sweep(beganBefore: cutoff, services.configuration, services.writer))
        } catch WriterRefusal.stopped {
            return
        } catch {
            services.log(.error, "housekeeping failed", ["job": "unfinished uploads", "error": "\(error)"])
        }
    }

    private func note(_ job: String, _ files: Int) {
        guard files > 0 else { return }
        services.log(.info, "housekeeping", ["job": job, "files": String(files)])
    }

    func runJobs() {
        for job in Routes.housekeeping {
            do {
                let count = try job.run(services.writer, services.configuration)
                guard count > 0 else { continue }
                // A closed account must not stay signed in for as long as lanes remember sessions.
                services.sessions.advance()
                services.log(.info, "housekeeping", ["job": job.name, "rows": String(count)])
            } catch WriterRefusal.stopped {
                return
            } catch {
                // Rounds before the one that failed may have closed accounts.
                services.sessions.advance()
                services.log(.error, "housekeeping failed", ["job": job.name, "error": "\(error)"])
            }
        }
    }
}
