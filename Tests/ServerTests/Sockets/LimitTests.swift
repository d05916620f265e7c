import HTTP
import Support
import Testing

@Suite("Limits over a socket") struct LimitTests {
    @Test func `beyond the connection limit a client is told to come back, and may once another has left`() throws {
        let server = try TestServer { $0.connections = 2 }
        let first = try server.client()
        let second = try server.client()
        for client in [first, second] {
            try client.get("/a")
            #expect(try client.answer().status == 200)
        }
        let third = try server.client()
        try third.get("/a")
        let refusal = try third.answer()
        #expect(refusal.status == 503)
        #expect(refusal.fields["retry-after"] == "1")
        #expect(refusal.closes)
        #expect(server.desk.turnedAway == [.total])
        #expect(third.isClosedByServer())
        try second.get("/still")
        #expect(try second.answer().text == "/still")

        first.reset()
        #expect(server.eventually { server.server.connections == 1 })
        let fourth = try server.client()
        try fourth.get("/a")
        #expect(try fourth.answer().status == 200)
    }

    @Test func `a client turned away can send its request slowly and still read the refusal`() throws {
        let server = try TestServer { $0.connections = 1 }
        let first = try server.client()
        try first.get("/a")
        #expect(try first.answer().status == 200)
        let second = try server.client()
        #expect(server.eventually { server.desk.finished.count == 1 })
        for _ in 0..<20 { try second.send("GET /a HTTP/1.1\r\nhost: a\r\n\r\n") }
        #expect(try second.answer().status == 503)
        #expect(second.isClosedByServer())
    }

    @Test func `one address cannot take all connections`() throws {
        let server = try TestServer { $0.connectionsPerAddress = 1 }
        let first = try server.client()
        try first.get("/peer")
        #expect(try first.answer().text == "127.0.0.1")
        let second = try server.client()
        #expect(try second.answer().status == 503)
        #expect(server.desk.turnedAway == [.address])
        let elsewhere = try server.client(source: "127.0.0.2")
        try elsewhere.get("/peer")
        #expect(try elsewhere.answer().text == "127.0.0.2")
    }

    @Test func `a proxy may open as many connections as all its callers need`() throws {
        let server = try TestServer {
            $0.connectionsPerAddress = 1
            $0.proxies = [.loopback]
        }
        let clients = try (0..<5).map { _ in try server.client() }
        for client in clients {
            try client.get("/peer")
            #expect(try client.answer().status == 200)
        }
    }

    /// What the sockets hold is the kernel's; beyond that, next to nothing is made before the client reads.
    @Test func `a slow reader of 100 megabytes costs only what the sockets hold`() throws {
        let stream = CountedStream(pieces: 10_000, bytes: 10_000)
        let server = try TestServer(streams: ["/stream": { stream }])
        let slow = try server.client(receiveBuffer: 16_384)
        try slow.get("/stream")
        let other = try server.client()
        var before = -1
        while before != stream.pulled {
            before = stream.pulled
            for _ in 0..<20 {
                try other.get("/a")
                #expect(try other.answer().text == "/a")
            }
        }
        #expect(stream.pulled > 0)
        #expect(stream.pulled * 10_000 < 20_000_000)
        #expect(try slow.answer().body.count == 100_000_000)
    }

    /// Of sixteen megabytes the sockets may hold six (`tcp_rmem`); the server takes no more than it answers.
    @Test func `a client that sends faster than it is served waits, and its requests do not pile up here`() throws {
        let server = try TestServer { $0.pipelinedRequests = 1 }
        let client = try server.client(sendBuffer: 65_536)
        let padding = String(repeating: "p", count: 1_024 - "GET /a HTTP/1.1\r\nhost: a\r\nx-p: \r\n\r\n".utf8.count)
        try client.get("/a", fields: "x-p: \(padding)\r\n")
        #expect(server.eventually { server.desk.finished.count == 1 })
        let answerBytes = try client.discard(upTo: 1)
        let requests = Array("GET /a HTTP/1.1\r\nhost: a\r\nx-p: \(padding)\r\n\r\n".utf8)
        let many = Array(repeatElement(requests, count: 256).joined())
        var (sent, read, most) = (0, 0, 0)
        while read < 16 * 1_024 * answerBytes {
            if sent < 16 * 1_024 * 1_024 { sent += try client.sendWhatFits(many[(sent % 1_024)...]) }
            most = max(most, sent - read / answerBytes * 1_024)
            // What was sent last may go beyond the sixteen megabytes.
            if read / answerBytes * 1_024 >= sent { break }
            read += try client.discard(upTo: 1)
        }
        #expect(most < 10 * 1_024 * 1_024)
    }

    @Test func `requests of a client that does not read its answers are not handled`() throws {
        let server = try TestServer()
        let slow = try server.client(receiveBuffer: 16_384)
        let count = 200
        for _ in 0..<count { try slow.get("/bytes?500000") }
        let other = try server.client()
        var before = -1
        while before != server.desk.finished.count {
            before = server.desk.finished.count + 20
            for _ in 0..<20 {
                try other.get("/a")
                #expect(try other.answer().text == "/a")
            }
        }
        #expect(server.desk.finished.count - before < count / 2)
        for _ in 0..<count { #expect(try slow.answer().body.count == 500_000) }
    }
}
