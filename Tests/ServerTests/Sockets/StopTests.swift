import Dispatch
import HTTP
import Support
import Synchronization
import Testing

@Suite("Stopping") struct StopTests {
    @Test func `a pending request is finished, idle connections close, and nobody new gets in`() throws {
        let server = try TestServer(lanes: 2)
        let idle = try (0..<8).map { _ in try server.client() }
        for client in idle {
            try client.get("/a")
            #expect(try client.answer().status == 200)
        }
        let busy = try server.client()
        try busy.get("/later")
        #expect(server.desk.wait())
        let stopping = Stopping(server, seconds: 5)
        for client in idle { #expect(client.isClosedByServer()) }
        #expect(server.eventually { (try? server.client()) == nil })
        server.desk.answer("/later")
        let answer = try busy.answer()
        #expect(answer.text == "/later")
        #expect(answer.closes)
        #expect(busy.isClosedByServer())
        busy.reset()
        #expect(stopping.result() == true)
    }

    @Test func `at the deadline what still runs is cut off and said not to be finished`() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.get("/later")
        #expect(server.desk.wait())
        #expect(server.server.stop(seconds: 0.05) == false)
        #expect(throws: SocketClient.Failure.self) { try client.answer() }
        server.desk.answer("/later")
    }

    @Test func `a request that had arrived when the stop began is answered`() throws {
        let server = try TestServer()
        let clients = try (0..<20).map { _ in try server.client() }
        for client in clients {
            try client.get("/first")
            #expect(try client.answer().status == 200)
        }
        for client in clients { try client.get("/second") }
        let stopping = Stopping(server, seconds: 5)
        for client in clients { #expect(try client.answer().text == "/second") }
        for client in clients { client.reset() }
        #expect(stopping.result() == true)
    }

    @Test func `an answer half sent is finished before the connection closes`() throws {
        let server = try TestServer()
        let client = try server.client(receiveBuffer: 16_384)
        try client.get("/bytes?9000000")
        #expect(server.eventually { server.desk.finished.count == 1 })
        let stopping = Stopping(server, seconds: 5)
        #expect(server.eventually { (try? server.client()) == nil })
        #expect(try client.answer().body.count == 9_000_000)
        #expect(client.isClosedByServer())
        #expect(stopping.result() == true)
    }

    @Test func `a server without connections stops at once`() throws {
        let server = try TestServer(lanes: 2)
        #expect(server.server.stop(seconds: 5))
    }
}

/// A stop under way on a thread of its own, because it blocks.
private final class Stopping: Sendable {
    private let done = DispatchSemaphore(value: 0)
    private let isFinished = Mutex(false)

    init(_ server: TestServer, seconds: Double) {
        let http = server.server
        DispatchQueue.global().async {
            let isFinished = http.stop(seconds: seconds)
            self.isFinished.withLock { $0 = isFinished }
            self.done.signal()
        }
    }

    /// What `stop` returned; nil when it did not return.
    func result() -> Bool? {
        guard done.wait(timeout: .now() + 8) == .success else { return nil }
        return isFinished.withLock { $0 }
    }
}
