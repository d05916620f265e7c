import Foundation
import Glibc
import HTTP
import Support

/// A server on a port of its own with answers that show what the machinery does with them.
final class TestServer {
    let desk = Desk()
    private let folder: TemporaryFolder
    var temporaryDirectory: String { folder.path }
    let server: HTTPServer<TestResponder>
    var port: UInt16 { server.port }

    init(
        lanes: Int = 1, host: String = "127.0.0.1", port: UInt16 = 0,
        streams: [String: @Sendable () -> any BodyStream] = [:], limits change: (inout Limits) -> Void = { _ in }
    ) throws {
        folder = try TemporaryFolder()
        var limits = Limits()
        change(&limits)
        server = try HTTPServer(
            responder: TestResponder(desk: desk, streams: streams), host: host, port: port, lanes: lanes,
            limits: limits, commonFields: [("x-served-by", "test")], temporaryDirectory: folder.path)
        server.start()
    }

    deinit { _ = server.stop(seconds: 0) }

    func client(
        source: String? = nil, receiveBuffer: Int32? = nil, sendBuffer: Int32? = nil
    ) throws -> SocketClient {
        try SocketClient(port: port, source: source, receiveBuffer: receiveBuffer, sendBuffer: sendBuffer)
    }

    /// Waits until `condition` holds, for what the other end of a socket sees only a moment later.
    func eventually(_ condition: () -> Bool) -> Bool {
        for _ in 0..<1_000 {
            if condition() { return true }
            usleep(5_000)
        }
        return false
    }

    /// A file in the temporary directory.
    func file(_ bytes: [UInt8]) throws -> String {
        let path = temporaryDirectory + "/file-\(UUID().uuidString)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    var temporaryFiles: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: temporaryDirectory)) ?? []
    }
}

struct TestResponder: Responder {
    struct LaneState {
        var lane: Int
        var requests = 0
    }

    let desk: Desk
    let streams: [String: @Sendable () -> any BodyStream]

    func makeLaneState(lane: Int) throws -> LaneState { LaneState(lane: lane) }

    func beginRound(_ state: inout LaneState) { state.requests = 0 }
    func rest(_ state: inout LaneState) {}
    func endRound(_ state: inout LaneState) { desk.noteRound(state.requests) }

    func admit(_ head: RequestHead, peer: PeerAddress, state: inout LaneState) -> Admission {
        switch path(of: head) {
        case "/form": .form(limit: 4_000_000)
        case "/forbidden": .refuse(Response(.forbidden))
        default: .body(limit: 1_000)
        }
    }

    func respond(to request: Request, reply: Reply, state: inout LaneState) -> Outcome {
        state.requests += 1
        let path = path(of: request.head)
        let query = request.head.query.map { String(decoding: request.head.bytes[$0], as: UTF8.self) } ?? ""
        if path.hasPrefix("/later") {
            desk.put(.init(path: path, reply: reply))
            return .pending
        }
        if let stream = streams[path] { return .response(Response(.ok, body: .stream(stream()))) }
        return .response(answer(path, query, request, lane: state.lane))
    }

    private func answer(_ path: String, _ query: String, _ request: Request, lane: Int) -> Response {
        switch path {
        case "/echo":
            if case .bytes(let bytes) = request.body { return Response(.ok, body: .bytes(bytes)) }
            return Response(.ok)
        case "/bytes": return Response(.ok, body: .bytes([UInt8](repeating: 0x62, count: Int(query) ?? 0)))
        case "/deferred": return Response(.ok, body: .deferred { Array("made on the lane".utf8) })
        case "/lane": return Response(.ok, body: .bytes(Array("\(lane)".utf8)))
        case "/peer": return Response(.ok, body: .bytes(Array("\(request.peer)".utf8)))
        case "/close":
            var response = Response(.ok, body: .bytes(Array(path.utf8)))
            response.closesConnection = true
            return response
        case "/nothing": return Response(.noContent)
        case "/file": return file(query)
        case "/form": return form(request)
        default: return Response(.ok, body: .bytes(Array(path.utf8)))
        }
    }

    /// The query is `path,from,to`.
    private func file(_ query: String) -> Response {
        let parts = query.split(separator: ",")
        guard parts.count == 3, let from = Int(parts[1]), let to = Int(parts[2]) else { return Response(.badRequest) }
        return Response(.ok, body: .file(FileSlice(path: String(parts[0]), range: from..<to)))
    }

    private func form(_ request: Request) -> Response {
        guard case .form(let form) = request.body else { return Response(.badRequest) }
        var lines = form.fields.map { "\($0.name)=\($0.value)" }
        for file in form.files {
            desk.noteUpload(file.contents.path)
            var status = stat()
            stat(file.contents.path, &status)
            lines.append(
                "\(file.name):\(file.filename):\(file.contents.size):\(status.st_size):\(status.st_mode & 0o777)")
        }
        return Response(.ok, body: .bytes(Array(lines.joined(separator: ";").utf8)))
    }

    func refuse(_ fault: WireFault, head: RequestHead?, peer: PeerAddress, state: inout LaneState) -> Response {
        Response(fault.status, body: .bytes(Array(fault.detail.en.utf8)))
    }

    func turnAway(_ peer: PeerAddress, for limit: ConnectionLimit, state: inout LaneState) -> Response {
        desk.noteTurnedAway(limit)
        return Response(.serviceUnavailable)
    }

    func finished(_ exchange: Exchange, state: inout LaneState) { desk.noteFinished(exchange.status) }

    private func path(of head: RequestHead) -> String { String(decoding: head.bytes[head.path], as: UTF8.self) }
}
