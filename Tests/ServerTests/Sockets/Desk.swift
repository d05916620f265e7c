import Dispatch
import HTTP
import Synchronization

/// What the tests' server knows and lets the tests steer: requests put by, streams opened, files received.
final class Desk: Sendable {
    struct Waiting: Sendable {
        var path: String
        var reply: Reply
    }

    private struct Contents {
        var waiting: [Waiting] = []
        var finished: [Status] = []
        var rounds: [Int] = []
        var uploads: [String] = []
        var turnedAway: [ConnectionLimit] = []
    }

    private let contents = Mutex(Contents())
    private let arrivals = DispatchSemaphore(value: 0)

    func put(_ waiting: Waiting) {
        contents.withLock { $0.waiting.append(waiting) }
        arrivals.signal()
    }

    /// Waits until so many more requests were put by.
    func wait(for count: Int = 1) -> Bool {
        (0..<count).allSatisfy { _ in arrivals.wait(timeout: .now() + 5) == .success }
    }

    /// Answers the waiting request of this path with its own path; false when none waits.
    @discardableResult
    func answer(_ path: String) -> Bool {
        let reply = contents.withLock { contents -> Reply? in
            guard let index = contents.waiting.firstIndex(where: { $0.path == path }) else { return nil }
            return contents.waiting.remove(at: index).reply
        }
        reply?.send(Response(.ok, body: .bytes(Array(path.utf8))))
        return reply != nil
    }

    /// Answers a waiting request a second time, which the server has to ignore.
    func answerTwice(_ path: String) {
        let reply = contents.withLock { contents in contents.waiting.first { $0.path == path }?.reply }
        answer(path)
        reply?.send(Response(.conflict))
    }

    func noteRound(_ requests: Int) { contents.withLock { $0.rounds.append(requests) } }
    func noteFinished(_ status: Status) { contents.withLock { $0.finished.append(status) } }
    func noteTurnedAway(_ limit: ConnectionLimit) { contents.withLock { $0.turnedAway.append(limit) } }
    func noteUpload(_ path: String) { contents.withLock { $0.uploads.append(path) } }

    /// How many requests each round of the lanes answered.
    var rounds: [Int] { contents.withLock { $0.rounds } }
    var finished: [Status] { contents.withLock { $0.finished } }
    /// The limits that connections ran into.
    var turnedAway: [ConnectionLimit] { contents.withLock { $0.turnedAway } }
    /// Where the files of uploads lay while they were looked at.
    var uploads: [String] { contents.withLock { $0.uploads } }
}
