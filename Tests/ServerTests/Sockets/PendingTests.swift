import Dispatch
import HTTP
import Support
import Testing

@Suite("Answers that come later") struct PendingTests {
    @Test func `each connection gets its own answer whatever the order they are given in`() throws {
        let server = try TestServer()
        let clients = try (0..<10).map { _ in try server.client() }
        for (number, client) in clients.enumerated() { try client.get("/later/\(number)") }
        #expect(server.desk.wait(for: 10))
        for number in (0..<10).reversed() { server.desk.answer("/later/\(number)") }
        for (number, client) in clients.enumerated() { #expect(try client.answer().text == "/later/\(number)") }
    }

    @Test func `requests behind a pending one wait for it and are then answered in order`() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.get("/a")
        try client.get("/later/1")
        try client.get("/b")
        try client.get("/later/2")
        try client.get("/c")
        #expect(try client.answer().text == "/a")
        #expect(server.desk.wait())
        #expect(!server.desk.answer("/later/2"))
        server.desk.answer("/later/1")
        #expect(try client.answer().text == "/later/1")
        #expect(try client.answer().text == "/b")
        #expect(server.desk.wait())
        server.desk.answer("/later/2")
        #expect(try client.answer().text == "/later/2")
        #expect(try client.answer().text == "/c")
    }

    @Test func `what arrives while a request is pending is served after it`() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.get("/later")
        #expect(server.desk.wait())
        try client.post("/echo", "afterwards")
        let other = try server.client()
        try other.get("/meanwhile")
        #expect(try other.answer().text == "/meanwhile")
        server.desk.answer("/later")
        #expect(try client.answer().text == "/later")
        #expect(try client.answer().text == "afterwards")
    }

    @Test func `a client that half closes while its request is pending gets its answer`() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.get("/later")
        client.finishSending()
        #expect(server.desk.wait())
        server.desk.answer("/later")
        #expect(try client.answer().text == "/later")
        #expect(client.isClosedByServer())
    }

    @Test func `the answer to a client that has gone vanishes and reaches nobody else`() throws {
        let server = try TestServer()
        let gone = try server.client()
        try gone.get("/later/gone")
        #expect(server.desk.wait())
        gone.reset()
        #expect(server.eventually { server.server.connections == 0 })
        // The next client gets the same descriptor.
        let next = try server.client()
        try next.get("/later/next")
        #expect(server.desk.wait())
        server.desk.answer("/later/gone")
        server.desk.answer("/later/next")
        #expect(try next.answer().text == "/later/next")
    }

    @Test func `a second answer to the same request is not sent`() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.get("/later")
        #expect(server.desk.wait())
        server.desk.answerTwice("/later")
        #expect(try client.answer().text == "/later")
        try client.get("/next")
        #expect(try client.answer().text == "/next")
    }

    @Test func `a burst of answers from another queue reaches every connection of every lane`() throws {
        let server = try TestServer(lanes: 2)
        let clients = try (0..<256).map { _ in try server.client() }
        for (number, client) in clients.enumerated() { try client.get("/later/\(number)") }
        #expect(server.desk.wait(for: 256))
        let desk = server.desk
        DispatchQueue.global().async { for number in 0..<256 { desk.answer("/later/\(number)") } }
        for (number, client) in clients.enumerated() { #expect(try client.answer().text == "/later/\(number)") }
    }
}
