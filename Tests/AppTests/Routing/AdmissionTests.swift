import App
import HTTP
import SQLite
import Support
import Testing

@Suite("What is refused before the body is read") struct AdmissionTests {
    @Test func `a body that no operation takes is answered as the request without it is`() throws {
        let client = try TestClient()
        #expect(client.refusal(.post, "/api/v1/nothing")?.status == .notFound)
        let method = client.refusal(.put, "/api/v1/stations")
        #expect(method?.status == .methodNotAllowed)
        #expect(method?.value(of: .allow) == "GET, HEAD, OPTIONS, POST")
        let preflight = client.refusal(.options, "/api/v1/stations")
        #expect(preflight?.status == .noContent)
        #expect(preflight?.value(of: .allow) == "GET, HEAD, OPTIONS, POST")
    }

    @Test func `an operation without a body takes no more than an empty object has room in, and none with GET`() throws
    {
        let client = try TestClient()
        #expect(client.bodyLimit(.delete, "/api/v1/sessions") == 64)
        #expect(client.bodyLimit(.put, "/api/v1/join-requests/1/approval") == 64)
        #expect(client.bodyLimit(.get, "/api/v1/sessions") == 0)
        #expect(client.bodyLimit(.head, "/api/v1/sessions") == 0)
        #expect(client.bodyLimit(.post, "/api/v1/phone-codes") == 65_536)
    }

    @Test(arguments: ["gzip", "br", "identity, gzip", "x", "identity;q=1"])
    func `an encoded body is refused as such, and told what is taken`(_ coding: String) throws {
        let client = try TestClient()
        for path in ["/api/v1/phone-codes", "/api/v1/uploads"] {
            let refused = client.refusal(.post, path, fields: [("Content-Encoding", coding)])
            #expect(refused?.status == .unsupportedMediaType)
            #expect(refused?.value(of: .acceptEncoding) == "identity")
            #expect(refused?.json["type"]?.string == "/problems/http-415")
            #expect(refused?.json["detail"]?.string == "请求内容不能压缩")
        }
        #expect(client.refusal(.post, "/api/v1/nothing", fields: [("Content-Encoding", coding)])?.status == .notFound)
    }

    @Test func `a body that is said not to be encoded is taken, and so is no body at all`() async throws {
        let client = try TestClient()
        for coding in ["identity", "Identity", "identity , identity", ""] {
            #expect(client.refusal(.post, "/api/v1/phone-codes", fields: [("Content-Encoding", coding)]) == nil)
        }
        let fields = [("Content-Encoding", "identity"), ("Content-Encoding", "gzip")]
        #expect(client.refusal(.post, "/api/v1/phone-codes", fields: fields)?.status == .unsupportedMediaType)
        #expect(await client.send(.get, "/api/v1/stations", fields: [("Content-Encoding", "gzip")]).status == .ok)
    }

    @Test func `a file of a caller whom the operation is not for is not taken`() throws {
        let client = try TestClient()
        try client.stations()
        let resident = try client.resident()
        #expect(client.refusal(.post, "/api/v1/uploads")?.status == .unauthorized)
        #expect(client.refusal(.post, "/api/v1/uploads", token: "a-token-that-nobody-has")?.status == .unauthorized)
        #expect(client.refusal(.post, "/api/v1/uploads", token: resident.token) == nil)
        #expect(client.refusal(.post, "/api/v1/imports", token: resident.token)?.status == .forbidden)
    }

    @Test func `a file counts with its head, so that no more are taken at once, and not again when it is here`()
        async throws
    {
        let client = try TestClient { $0.rateUploads = RateLimit(calls: 2, seconds: 60) }
        let person = try client.resident()
        for left in ["1", "0"] {
            #expect(client.refusal(.post, "/api/v1/uploads", token: person.token) == nil)
            let here = await client.send(.post, "/api/v1/uploads", body: .bytes([0]), token: person.token)
            #expect(here.value(of: "ratelimit-remaining") == left)
        }
        let refused = client.refusal(.post, "/api/v1/uploads", token: person.token)
        #expect(refused?.status == .tooManyRequests)
        #expect(refused?.value(of: .retryAfter) == "60")
        client.advance(minutes: 1)
        #expect(client.refusal(.post, "/api/v1/uploads", token: person.token) == nil)
    }

    @Test func `files of strangers count against their address`() throws {
        let client = try TestClient {
            $0.rateUploads = RateLimit(calls: 2, seconds: 60)
            $0.rateAddressFactor = 1
        }
        for _ in 0..<2 { #expect(client.refusal(.post, "/api/v1/uploads")?.status == .unauthorized) }
        #expect(client.refusal(.post, "/api/v1/uploads")?.status == .tooManyRequests)
    }

    @Test func `what staff may not send leaves its trace although it was not read`() async throws {
        let client = try TestClient()
        try client.stations()
        let manager = try client.staff(.auditor)
        #expect(client.refusal(.post, "/api/v1/imports", token: manager.token)?.status == .forbidden)
        try client.services.writer.writeAndWait { _ in }
        #expect(
            try client.count(
                "SELECT count(*) FROM audit_entry WHERE operation = 'createImport' AND outcome = 'refused'") == 1)
    }
}
