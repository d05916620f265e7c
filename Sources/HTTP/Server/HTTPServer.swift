import Dispatch
import Glibc
import Synchronization

/// Lanes on one port.
package final class HTTPServer<R: Responder>: Sendable {
    private let lanes: [Lane<R>]
    private let census: ConnectionCensus
    /// The port listened on, also where 0 was asked for.
    package let port: UInt16

    /// - Parameters:
    ///   - host: an IPv4 or IPv6 address, or `localhost`.
    ///   - lanes: serial queues that serve connections.
    ///   - commonFields: what every answer carries.
    ///   - temporaryDirectory: for the files of uploads on their way in.
    ///
    /// SIGPIPE is ignored by the whole process from here on.
    /// - Throws: `ServerError`, or what `makeLaneState` throws.
    package init(
        responder: R, host: String, port: UInt16, lanes count: Int, limits: Limits = Limits(),
        commonFields: [(HeaderName, String)] = [], temporaryDirectory: String = "/tmp"
    ) throws {
        // `sendfile` has no MSG_NOSIGNAL: a client that goes in the middle of a file would end the process.
        signal(SIGPIPE, SIG_IGN)
        let census = ConnectionCensus(limits: limits)
        self.census = census
        var lanes: [Lane<R>] = []
        var bound = port
        for number in 0..<max(1, count) {
            let listener = try Listener(host: host, port: bound, isShared: number > 0)
            bound = listener.port
            lanes.append(
                try Lane(
                    number: number, listener: listener, responder: responder, limits: limits, census: census,
                    commonFields: commonFields, temporaryDirectory: temporaryDirectory))
        }
        self.lanes = lanes
        self.port = bound
    }

    package func start() { for lane in lanes { lane.perform { $0.start() } } }

    /// Open connections.
    package var connections: Int { census.total }

    /// Accepts no more, lets what runs finish, and closes everything at the deadline. Blocks; not to be called on a lane.
    /// - Returns: whether everything had finished by then.
    package func stop(seconds: Double) -> Bool {
        let group = DispatchGroup()
        for lane in lanes {
            group.enter()
            lane.perform { lane in lane.drain { group.leave() } }
        }
        let isDone = group.wait(timeout: .now() + seconds) == .success
        let aborted = DispatchGroup()
        for lane in lanes {
            aborted.enter()
            lane.perform { lane in
                lane.abort()
                aborted.leave()
            }
        }
        aborted.wait()
        return isDone
    }
}

extension Lane {
    /// Runs a block on the lane's queue, from any thread.
    nonisolated func perform(_ block: @escaping @Sendable (isolated Lane) -> Void) {
        queue.async { self.assumeIsolated(block) }
    }
}
