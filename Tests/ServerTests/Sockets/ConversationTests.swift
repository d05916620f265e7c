import HTTP
import Support
import Testing

@Suite("Conversations over a socket") struct ConversationTests {
    @Test func `one connection serves request after request`() throws {
        let server = try TestServer()
        let client = try server.client()
        for path in ["/a", "/b", "/c"] {
            try client.get(path)
            let answer = try client.answer()
            #expect(answer.status == 200)
            #expect(answer.text == path)
            #expect(answer.fields["x-served-by"] == "test")
            #expect(answer.fields["date"]?.hasSuffix(" GMT") == true)
            #expect(!answer.closes)
        }
    }

    @Test func `pipelined requests are answered in order`() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send((0..<20).map { "GET /\($0) HTTP/1.1\r\nhost: a\r\n\r\n" }.joined())
        for number in 0..<20 { #expect(try client.answer().text == "/\(number)") }
    }

    @Test func `a request that comes byte by byte is served`() throws {
        let server = try TestServer()
        let client = try server.client()
        for byte in "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc".utf8 { try client.send([byte]) }
        #expect(try client.answer().text == "abc")
    }

    @Test func `HTTP 1_0 is closed after its answer unless it asks to stay`() throws {
        let server = try TestServer()
        let brief = try server.client()
        try brief.send("GET /a HTTP/1.0\r\n\r\n")
        #expect(try brief.answer().text == "/a")
        #expect(brief.isClosedByServer())

        let staying = try server.client()
        for path in ["/a", "/b"] {
            try staying.send("GET \(path) HTTP/1.0\r\nconnection: keep-alive\r\n\r\n")
            let answer = try staying.answer()
            #expect(answer.text == path)
            #expect(answer.fields["connection"] == "keep-alive")
        }
    }

    @Test func `HEAD is answered with the length and no body`() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send("HEAD /bytes?1234 HTTP/1.1\r\nhost: a\r\n\r\n")
        try client.get("/next")
        #expect(try client.answer(isHead: true).fields["content-length"] == "1234")
        #expect(try client.answer().text == "/next")
    }

    @Test func `the refusal of a malformed request has its text, whatever was asked before`() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send("HEAD /a HTTP/1.1\r\nhost: a\r\n\r\nnonsense\r\n\r\n")
        #expect(try client.answer(isHead: true).status == 200)
        let refusal = try client.answer()
        #expect(refusal.status == 400)
        #expect(!refusal.body.isEmpty)
    }

    @Test func `an answer without content has neither body nor length`() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.get("/nothing")
        try client.get("/deferred")
        let nothing = try client.answer()
        #expect(nothing.status == 204)
        #expect(nothing.fields["content-length"] == nil)
        #expect(try client.answer().text == "made on the lane")
    }

    @Test(arguments: [
        "GET /a HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", "GET /close HTTP/1.1\r\nhost: a\r\n\r\n",
    ])
    func `after a closing answer nothing more is served`(_ request: String) throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send(request + "GET /never HTTP/1.1\r\nhost: a\r\n\r\n")
        #expect(try client.answer().closes)
        #expect(client.isClosedByServer())
        #expect(server.desk.finished.count == 1)
    }

    @Test func `a malformed request is answered 400 and what follows is not read`() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send("GET /a HTTP/1.1\r\nhost : a\r\n\r\nGET /b HTTP/1.1\r\nhost: a\r\n\r\n")
        let answer = try client.answer()
        #expect(answer.status == 400)
        #expect(answer.closes)
        #expect(client.isClosedByServer())
    }

    @Test func `a client that has finished sending is answered and closed at once`() throws {
        let server = try TestServer { $0.idleMilliseconds = 60_000 }
        let client = try server.client()
        try client.get("/a")
        client.finishSending()
        #expect(try client.answer().text == "/a")
        #expect(client.isClosedByServer())
    }

    @Test func `all requests before a half close are answered, however many`() throws {
        let server = try TestServer { $0.pipelinedRequests = 8 }
        let client = try server.client()
        try client.send((0..<100).map { "GET /\($0) HTTP/1.1\r\nhost: a\r\n\r\n" }.joined())
        client.finishSending()
        for number in 0..<100 { #expect(try client.answer().text == "/\(number)") }
        #expect(client.isClosedByServer())
    }

    @Test func `a client that half closes in the middle of a request is closed`() throws {
        let server = try TestServer()
        for part in ["GET /a HT", "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nab"] {
            let client = try server.client()
            try client.send(part)
            client.finishSending()
            #expect(client.isClosedByServer())
        }
    }

    @Test func `one connection's pipeline is served in rounds of a bounded number`() throws {
        let server = try TestServer { $0.pipelinedRequests = 4 }
        let client = try server.client()
        try client.send((0..<50).map { "GET /\($0) HTTP/1.1\r\nhost: a\r\n\r\n" }.joined())
        for number in 0..<50 { #expect(try client.answer().text == "/\(number)") }
        #expect(server.desk.rounds.allSatisfy { $0 <= 4 })
    }

    @Test func `requests of many connections and bodies meet in the same rounds unharmed`() throws {
        let server = try TestServer(lanes: 2)
        let clients = try (0..<60).map { _ in try server.client() }
        for (number, client) in clients.enumerated() {
            try client.post("/echo", "body \(number)")
            try client.get("/\(number)")
        }
        for (number, client) in clients.enumerated() {
            #expect(try client.answer().text == "body \(number)")
            #expect(try client.answer().text == "/\(number)")
        }
    }
}
