import HTTP
import Synchronization

/// Another party's server on this machine: answers as it is told, and remembers what it was asked.
final class StandIn: Sendable {
    struct Asked: Sendable {
        var path: String
        var query: [String: String]
        var authorization: String?
        var body: String
    }

    private let server: HTTPServer<Clerk>
    private let clerk: Clerk

    /// - Parameter answer: status and JSON for a request, or where else to ask with a status of redirection; nil never
    ///   answers.
    init(host: String = "127.0.0.1", _ answer: @escaping @Sendable (Asked) -> (Int, String)?) throws {
        clerk = Clerk(answer)
        server = try HTTPServer(responder: clerk, host: host, port: 0, lanes: 1)
        server.start()
    }

    deinit { _ = server.stop(seconds: 0) }

    var url: String { "http://127.0.0.1:\(server.port)" }
    /// By a name that leads to 127.0.0.1 and to ::1.
    var namedURL: String { "http://localhost:\(server.port)" }
    var asked: [Asked] { clerk.asked }
}

final class Clerk: Responder {
    typealias LaneState = Int

    private let answer: @Sendable (StandIn.Asked) -> (Int, String)?
    private let requests = Mutex<[StandIn.Asked]>([])

    init(_ answer: @escaping @Sendable (StandIn.Asked) -> (Int, String)?) { self.answer = answer }

    var asked: [StandIn.Asked] { requests.withLock { $0 } }

    func makeLaneState(lane: Int) -> Int { 0 }
    func beginRound(_ state: inout Int) {}
    func endRound(_ state: inout Int) {}
    func rest(_ state: inout Int) {}
    func admit(_ head: RequestHead, peer: PeerAddress, state: inout Int) -> Admission { .body(limit: 10_000) }
    func finished(_ exchange: Exchange, state: inout Int) {}
    func refuse(_ fault: WireFault, head: RequestHead?, peer: PeerAddress, state: inout Int) -> Response {
        Response(fault.status)
    }

    func turnAway(_ peer: PeerAddress, for limit: ConnectionLimit, state: inout Int) -> Response {
        Response(.serviceUnavailable)
    }

    func respond(to request: Request, reply: Reply, state: inout Int) -> Outcome {
        let head = request.head
        let pairs = head.query.flatMap { try? QueryParameters.parse(head.bytes[$0]) } ?? []
        var body = ""
        if case .bytes(let bytes) = request.body { body = String(decoding: bytes, as: UTF8.self) }
        let asked = StandIn.Asked(
            path: String(decoding: head.bytes[head.path], as: UTF8.self),
            query: Dictionary(pairs.map { ($0.name, $0.value) }) { first, _ in first },
            authorization: head.value(of: .authorization), body: body)
        requests.withLock { $0.append(asked) }
        guard let (status, json) = answer(asked) else { return .pending }
        if (300..<400).contains(status) { return .response(Response(Status(status), fields: [(.location, json)])) }
        return .response(
            Response(
                Status(status), fields: [(.contentType, "application/json; charset=utf-8")],
                body: .bytes(Array(json.utf8))))
    }
}
