import Foundation
import HTTP
import Support
import Testing

@Suite("Answers that are not in memory") struct AnswerBodyTests {
    private static func pattern(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    }

    @Test func `a file is sent from its first to its last byte, and the connection goes on`() throws {
        let server = try TestServer()
        let contents = Self.pattern(6_000_000)
        let path = try server.file(contents)
        let client = try server.client(receiveBuffer: 16_384)
        try client.get("/file?\(path),0,6000000")
        try client.get("/next")
        try client.get("/file?\(path),1000,2001")
        try client.get("/last")
        #expect(try client.answer().body == contents)
        #expect(try client.answer().text == "/next")
        #expect(try client.answer().body == Array(contents[1_000..<2_001]))
        #expect(try client.answer().text == "/last")
    }

    @Test func `HEAD of a file sends its length alone`() throws {
        let server = try TestServer()
        let path = try server.file(Self.pattern(500))
        let client = try server.client()
        try client.send("HEAD /file?\(path),0,500 HTTP/1.1\r\nhost: a\r\n\r\n")
        #expect(try client.answer(isHead: true).fields["content-length"] == "500")
        try client.get("/next")
        #expect(try client.answer().text == "/next")
    }

    @Test func `a file that is not there is a failure of ours and the connection closes`() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.get("/file?\(server.temporaryDirectory)/none,0,5")
        let answer = try client.answer()
        #expect(answer.status == 500)
        #expect(answer.closes)
    }

    @Test func `a file that has shrunk cuts the answer off instead of leaving the client to wait`() throws {
        let server = try TestServer()
        let path = try server.file(Self.pattern(100))
        let client = try server.client()
        try client.get("/file?\(path),0,200")
        #expect(throws: SocketClient.Failure.self) { try client.answer() }
    }

    /// With the default action of SIGPIPE this ends the process, and the test run with it.
    @Test func `clients that go in the middle of a file harm nobody`() throws {
        signal(SIGPIPE, SIG_DFL)
        let server = try TestServer()
        let path = try server.file(Self.pattern(8_000_000))
        for round in 0..<20 {
            let client = try server.client(receiveBuffer: 4_096)
            try client.get("/file?\(path),0,8000000")
            _ = try client.read(1_000 * round + 1)
            client.reset()
        }
        #expect(server.eventually { server.server.connections == 0 })
    }

    @Test func `a large answer in memory arrives whole and what is pipelined behind it too`() throws {
        let server = try TestServer()
        let client = try server.client(receiveBuffer: 16_384)
        try client.get("/bytes?9000000")
        try client.get("/next")
        #expect(try client.answer().body.count == 9_000_000)
        #expect(try client.answer().text == "/next")
    }

    @Test func `a stream is chunked for HTTP 1_1 and the connection goes on`() throws {
        let server = try TestServer(streams: ["/stream": { CountedStream(pieces: 300, bytes: 7_000) }])
        let client = try server.client()
        try client.get("/stream")
        try client.get("/next")
        let answer = try client.answer()
        #expect(answer.fields["transfer-encoding"] == "chunked")
        #expect(answer.body.count == 2_100_000)
        #expect(try client.answer().text == "/next")
    }

    @Test func `a stream for HTTP 1_0 ends with the connection`() throws {
        let server = try TestServer(streams: ["/stream": { CountedStream(pieces: 30, bytes: 7_000) }])
        let client = try server.client()
        try client.send("GET /stream HTTP/1.0\r\nconnection: keep-alive\r\n\r\n")
        let answer = try client.answer()
        #expect(answer.fields["transfer-encoding"] == nil)
        #expect(answer.body.count == 210_000)
    }

    @Test func `events go out as they come, and those who wait hold nobody up`() throws {
        let stream = FedStream()
        let server = try TestServer(streams: ["/events": { stream }]) { limits in
            limits.idleMilliseconds = 40
            limits.writeMilliseconds = 40
        }
        let client = try server.client()
        let other = try server.client()
        try client.get("/events")
        #expect(other.isClosedByServer())
        #expect(server.eventually { stream.isStarted })
        stream.feed("one")
        let head = try client.read(1)
        #expect(head == Array("H".utf8))
        var line = ""
        while !line.hasSuffix("\r\n\r\n") { line += String(decoding: try client.read(1), as: UTF8.self) }
        #expect(try client.chunk() == Array("one".utf8))
        stream.feed("two")
        #expect(try client.chunk() == Array("two".utf8))
        stream.finish()
        #expect(try client.chunk() == nil)
    }

    @Test(arguments: ["1.0", "1.1"])
    func `a stream that fails is cut off, so that nobody takes it for whole`(version: String) throws {
        let stream = FedStream()
        let server = try TestServer(streams: ["/events": { stream }])
        let client = try server.client()
        try client.send("GET /events HTTP/\(version)\r\nhost: a\r\n\r\n")
        #expect(server.eventually { stream.isStarted })
        stream.feed("half")
        stream.fail()
        #expect(throws: SocketClient.Failure.self) { try client.answer() }
        #expect(stream.isCancelled)
    }

    @Test func `a stream is told when its client goes`() throws {
        let stream = FedStream()
        let server = try TestServer(streams: ["/events": { stream }])
        let client = try server.client()
        try client.get("/events")
        #expect(server.eventually { stream.isStarted })
        client.reset()
        #expect(server.eventually { stream.isCancelled })
        stream.feed("to nobody")
        let other = try server.client()
        try other.get("/a")
        #expect(try other.answer().text == "/a")
    }

    /// While the endless stream is read as fast as it comes, the lane has to serve the other client too.
    @Test func `a fast reader of a long stream does not keep the lane to itself`() throws {
        let stream = CountedStream(pieces: 20_000, bytes: 10_000)
        let server = try TestServer(streams: ["/stream": { stream }])
        let done = DispatchSemaphore(value: 0)
        let port = server.port
        DispatchQueue.global().async {
            if let greedy = try? SocketClient(port: port) {
                try? greedy.get("/stream")
                _ = try? greedy.discard(upTo: 150_000_000)
            }
            done.signal()
        }
        #expect(server.eventually { stream.pulled > 0 })
        let other = try server.client()
        for _ in 0..<10 {
            try other.get("/a")
            #expect(try other.answer().text == "/a")
        }
        #expect(stream.pulled < 20_000)
        #expect(done.wait(timeout: .now() + 5) == .success)
    }

    @Test func `HEAD of a stream pulls nothing`() throws {
        let stream = CountedStream(pieces: 3, bytes: 10)
        let server = try TestServer(streams: ["/stream": { stream }])
        let client = try server.client()
        try client.send("HEAD /stream HTTP/1.1\r\nhost: a\r\n\r\n")
        #expect(try client.answer(isHead: true).status == 200)
        try client.get("/next")
        #expect(try client.answer().text == "/next")
        #expect(stream.pulled == 0)
        #expect(stream.isCancelled)
    }
}
