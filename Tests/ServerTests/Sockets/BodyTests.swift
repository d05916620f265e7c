import HTTP
import Support
import Testing

@Suite("Request bodies over a socket") struct BodyTests {
    @Test func `a chunked body with extensions and trailers arrives whole`() throws {
        let server = try TestServer()
        let client = try server.client()
        let head = "POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n"
        try client.send(head + "5;name=value\r\nhello\r\n7\r\n, world\r\n0\r\nchecksum: 1\r\n\r\n")
        try client.get("/next")
        #expect(try client.answer().text == "hello, world")
        #expect(try client.answer().text == "/next")
    }

    @Test func `a client that expects it is told to continue once the body is admitted`() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send("POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\nexpect: 100-continue\r\n\r\n")
        #expect(try client.answer().status == 100)
        try client.send("ok")
        #expect(try client.answer().text == "ok")
        // The body came along with the head: nothing to wait for.
        try client.post("/echo", "at once", fields: "expect: 100-continue\r\n")
        #expect(try client.answer().text == "at once")
    }

    @Test(arguments: [("/echo", 413), ("/forbidden", 403)])
    func `a body that will be refused is not asked for`(_ path: String, _ status: Int) throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send("POST \(path) HTTP/1.1\r\nhost: a\r\ncontent-length: 5000\r\nexpect: 100-continue\r\n\r\n")
        let answer = try client.answer()
        #expect(answer.status == status)
        #expect(answer.closes)
    }

    /// The client writes far more than the sockets hold before it reads: the answer must outlive what was not wanted.
    @Test func `a body too large is refused at its head and the client can read why`() throws {
        let server = try TestServer()
        let client = try server.client()
        let size = 8_000_000
        try client.send("POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: \(size)\r\n\r\n")
        try client.send([UInt8](repeating: 0x78, count: size))
        let answer = try client.answer()
        #expect(answer.status == 413)
        #expect(answer.closes)
        #expect(client.isClosedByServer())
    }

    @Test func `a chunked body is refused when it passes the limit`() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send("POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n")
        try client.send("258\r\n" + String(repeating: "x", count: 600) + "\r\n")
        try client.send("258\r\n" + String(repeating: "x", count: 600) + "\r\n")
        #expect(try client.answer().status == 413)
        client.finishSending()
        #expect(client.isClosedByServer())
    }

    @Test func `a malformed chunk is answered 400 and the connection closed`() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send(
            "POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhelloGET / HTTP/1.1\r\n")
        #expect(try client.answer().status == 400)
        #expect(client.isClosedByServer())
    }
}

@Suite("Uploads over a socket") struct UploadTests {
    private static let boundary = "----wenming"

    private static func head(_ length: Int) -> String {
        "POST /form HTTP/1.1\r\nhost: a\r\ncontent-type: multipart/form-data; boundary=\(boundary)\r\n"
            + "content-length: \(length)\r\n\r\n"
    }

    private static func form(_ contents: String, isWhole: Bool = true) -> String {
        "--\(boundary)\r\ncontent-disposition: form-data; name=\"note\"\r\n\r\n路灯坏了\r\n"
            + "--\(boundary)\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n"
            + "content-type: image/jpeg\r\n\r\n\(contents)" + (isWhole ? "\r\n--\(boundary)--\r\n" : "")
    }

    @Test func `a file of a form is stored for nobody else to read, and gone once nobody wants it`() throws {
        let server = try TestServer()
        let client = try server.client()
        let body = Self.form(String(repeating: "\r\n--almost", count: 100_000))
        try client.send(Self.head(body.utf8.count) + body)
        #expect(try client.answer().text == "note=路灯坏了;file:a.jpg:1000000:1000000:384")
        #expect(server.desk.uploads.count == 1)
        #expect(server.desk.uploads.allSatisfy { $0.hasPrefix(server.temporaryDirectory) })
        #expect(server.eventually { server.temporaryFiles.isEmpty })
        try client.get("/next")
        #expect(try client.answer().text == "/next")
    }

    @Test func `an upload that breaks off leaves no file`() throws {
        let server = try TestServer()
        let client = try server.client()
        let part = Self.form(String(repeating: "x", count: 100_000), isWhole: false)
        try client.send(Self.head(1_000_000) + part)
        #expect(server.eventually { !server.temporaryFiles.isEmpty })
        client.reset()
        #expect(server.eventually { server.temporaryFiles.isEmpty })
    }

    @Test func `a form that never closes its last part is refused and leaves no file`() throws {
        let server = try TestServer()
        let client = try server.client()
        let body = Self.form("x", isWhole: false)
        try client.send(Self.head(body.utf8.count) + body)
        #expect(try client.answer().status == 400)
        #expect(server.eventually { server.temporaryFiles.isEmpty })
    }

    @Test func `an upload beyond its limit and one that is no form are refused at the head`() throws {
        let server = try TestServer()
        let large = try server.client()
        try large.send(Self.head(5_000_000))
        #expect(try large.answer().status == 413)
        let other = try server.client()
        try other.post("/form", "{}", fields: "content-type: application/json\r\n")
        #expect(try other.answer().status == 415)
    }
}
