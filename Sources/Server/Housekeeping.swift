import App
import Dispatch
import SQLite

/// What is done now and then without anybody asking: each job small, each run bounded.
final class Housekeeping {
    private static let minutes = 5
    private let services: Services
    private let timer: any DispatchSourceTimer

    init(_ services: Services) {
        self.services = services
        let source = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "wenming.housekeeping"))
        source.schedule(deadline: .now() + .seconds(10), repeating: .seconds(60 * Self.minutes))
        timer = source
    }

    func start() {
        timer.setEventHandler { @Sendable [services] in
            for job in Routes.housekeeping {
                do {
                    let count = try services.writer.writeAndWait { try job.run($0, services.configuration) }
                    if count > 0 { services.log(.info, "housekeeping", ["job": job.name, "rows": String(count)]) }
                } catch {
                    services.log(.error, "housekeeping failed", ["job": job.name, "error": "\(error)"])
                }
            }
        }
        timer.resume()
    }

    func stop() { timer.cancel() }
}
