import Glibc
import HTTP
import Support
import Testing

@Suite("Listening") struct ListenerTests {
    @Test func `a port that is taken is said to be, by a server of ours or by others`() throws {
        let first = try TestServer(lanes: 2)
        #expect(throws: ServerError.addressInUse("127.0.0.1:\(first.port)")) { try TestServer(port: first.port) }
        #expect(throws: ServerError.addressInUse("127.0.0.1:\(first.port)")) {
            try TestServer(lanes: 2, port: first.port)
        }
        let client = try first.client()
        try client.get("/a")
        #expect(try client.answer().status == 200)
    }

    @Test func `what is no address of this machine is refused`() throws {
        #expect(throws: ServerError.badAddress("192.0.2.1:0")) { try TestServer(host: "192.0.2.1") }
        #expect(throws: ServerError.badAddress("example:0")) { try TestServer(host: "example") }
    }

    @Test func `connections are shared out over the lanes`() throws {
        let server = try TestServer(lanes: 2)
        var lanes: Set<String> = []
        for _ in 0..<60 {
            let client = try server.client()
            try client.get("/lane")
            lanes.insert(try client.answer().text)
        }
        #expect(lanes == ["0", "1"])
    }

    @Test(.enabled(if: ListenerTests.hasIPv6)) func `IPv6 is served`() throws {
        let server = try TestServer(host: "::1")
        let client = try SocketClient(port: server.port, host: "::1")
        try client.get("/peer")
        #expect(try client.answer().text == "0:0:0:0:0:0:0:1")
    }

    @Test(.enabled(if: ListenerTests.hasIPv6))
    func `a client of IPv4 is known by its own address on a socket for both`() throws {
        let server = try TestServer(lanes: 2, host: "::")
        let client = try SocketClient(port: server.port)
        try client.get("/peer")
        #expect(try client.answer().text == "127.0.0.1")
    }

    private static let hasIPv6 = access("/proc/net/if_inet6", F_OK) == 0 && (try? TestServer(host: "::1")) != nil
}
