import HTTP
import Support
import Testing

@Suite("Time-outs over a socket") struct TimeOutTests {
    @Test func `an idle connection is closed without a word`() throws {
        let server = try TestServer { $0.idleMilliseconds = 60 }
        let fresh = try server.client()
        let used = try server.client()
        try used.get("/a")
        #expect(try used.answer().text == "/a")
        #expect(fresh.isClosedByServer())
        #expect(used.isClosedByServer())
        #expect(server.eventually { server.server.connections == 0 })
    }

    @Test func `a head that trickles is cut off with 408`() throws {
        let server = try TestServer { $0.headMilliseconds = 100 }
        let client = try server.client()
        try client.send("GET /a HTTP/1.1\r\n")
        let answer = try trickle("x: y\r\n", to: client)
        #expect(answer.status == 408)
        #expect(answer.closes)
    }

    @Test func `a body that trickles is cut off with 408`() throws {
        let server = try TestServer { $0.bodyMilliseconds = 100 }
        let client = try server.client()
        try client.send("POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\n")
        #expect(try trickle("x", to: client).status == 408)
    }

    /// Each piece comes well within the time the whole may take; only their sum does not.
    private func trickle(_ piece: String, to client: SocketClient) throws -> SocketClient.Answer {
        try client.trickle(piece, everyMilliseconds: 15)
    }

    @Test func `a slow body that keeps coming gets the time its length needs`() throws {
        let server = try TestServer { limits in
            limits.bodyMilliseconds = 60
            limits.bodyBytesPerSecond = 100
        }
        let client = try server.client()
        try client.send("POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 300\r\n\r\n")
        try client.send(String(repeating: "x", count: 200))
        // Long after bodyMilliseconds, well within the two seconds the first part has earned.
        let idle = ContinuousClock.now + .milliseconds(130)
        let other = try server.client()
        while ContinuousClock.now < idle {
            try other.get("/a")
            #expect(try other.answer().status == 200)
        }
        try client.send(String(repeating: "x", count: 100))
        #expect(try client.answer().body.count == 300)
    }

    @Test func `a client that reads nothing of its answer is cut off`() throws {
        let stream = CountedStream(pieces: 1_000_000, bytes: 1_000)
        let server = try TestServer(streams: ["/stream": { stream }]) { $0.writeMilliseconds = 100 }
        let client = try server.client(receiveBuffer: 4_096)
        try client.get("/stream")
        #expect(server.eventually { stream.isCancelled })
        #expect(server.eventually { server.server.connections == 0 })
    }

    @Test func `a refused client that goes on sending is listened to only so long`() throws {
        let server = try TestServer { $0.lingerMilliseconds = 60 }
        let client = try server.client()
        try client.send("POST /forbidden HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\n")
        #expect(try client.answer().status == 403)
        #expect(server.eventually { server.server.connections == 0 })
    }

    @Test func `a pending request outlives every time-out of the wire`() throws {
        let server = try TestServer { limits in
            limits.idleMilliseconds = 40
            limits.headMilliseconds = 40
            limits.writeMilliseconds = 40
        }
        let client = try server.client()
        let idle = try server.client()
        try client.get("/later")
        #expect(server.desk.wait())
        #expect(idle.isClosedByServer())
        server.desk.answer("/later")
        #expect(try client.answer().text == "/later")
    }
}
