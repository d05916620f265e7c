import App
import Foundation
import SQLite
import Support
import Testing

@Suite("What operators and auditors see") struct OperationsTests {
    private func ended(_ server: ServerProcess) -> String {
        server.signal(SIGTERM)
        #expect(server.wait() == 0)
        return server.logged
    }

    private func count(_ name: String, _ page: String) -> Int? {
        page.split(separator: "\n").first { $0.hasPrefix(name + " ") }.flatMap { Int($0.dropFirst(name.count + 1)) }
    }

    @Test func `the access log names whom a configured proxy forwards for, and nobody else's word counts`() throws {
        let folder = try TemporaryFolder()
        let data = folder.path + "/data"
        _ = try ServerProcess.prepare(data)
        let server = try ServerProcess(data: data, flags: ["--proxies", "127.0.0.1"])
        let proxy = try SocketClient(port: server.port)
        let stranger = try SocketClient(port: server.port, source: "127.0.0.2")
        let requests: [(SocketClient, String, Int)] = [
            (proxy, "GET /api/v1/stations HTTP/1.1\r\n", 200), (proxy, "GET /nothing HTTP/1.1\r\n", 404),
            (stranger, "GET /api/v1/stations HTTP/1.1\r\n", 200),
            (proxy, "POST /api/v1/feedback HTTP/1.1\r\nContent-Length: 70000\r\n", 413),
        ]
        for (client, head, status) in requests {
            try client.send("\(head)Host: a\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n")
            #expect(try client.answer().status == status)
        }
        let lines = ended(server).split(separator: "\n").filter { $0.contains(#""event":"request""#) }
        let addresses = lines.compactMap { $0.components(separatedBy: #""address":""#).last?.prefix { $0 != "\"" } }
        // Each lane writes its own lines, so their order is open.
        #expect(addresses.sorted() == ["127.0.0.2", "203.0.113.7", "203.0.113.7", "203.0.113.7"])
    }

    @Test func `connections turned away are counted by the limit they ran into`() throws {
        let folder = try TemporaryFolder()
        let data = folder.path + "/data"
        _ = try ServerProcess.prepare(data)
        let server = try ServerProcess(
            data: data, flags: ["--connections", "2", "--connections-per-address", "1", "--lanes", "1"])
        let first = try SocketClient(port: server.port)
        try first.get("/metrics")
        let before = try first.answer().text
        let byTotal = #"wenming_connections_turned_away_total{limit="total"}"#
        let byAddress = #"wenming_connections_turned_away_total{limit="address"}"#
        #expect(count(byTotal, before) == 0 && count(byAddress, before) == 0)
        #expect(try SocketClient(port: server.port).answer().status == 503)
        let second = try SocketClient(port: server.port, source: "127.0.0.2")
        try second.get("/healthz")
        #expect(try second.answer().status == 200)
        for _ in 0..<2 { #expect(try SocketClient(port: server.port, source: "127.0.0.3").answer().status == 503) }
        try first.get("/metrics")
        let after = try first.answer().text
        #expect(count(byAddress, after) == 1)
        #expect(count(byTotal, after) == 2)
        _ = ended(server)
    }

    @Test func `requests shed because the workers had too much to do are counted`() throws {
        let folder = try TemporaryFolder()
        let data = folder.path + "/data"
        _ = try ServerProcess.prepare(data)
        let server = try ServerProcess(
            data: data, flags: ["--workers", "1", "--worker-queue", "1", "--rate-logins", "0/1"])
        let clients = try (0..<12).map { _ in try SocketClient(port: server.port) }
        for client in clients {
            try client.post(
                "/api/v1/sessions/staff", #"{"name": "nobody", "password": "whatever-1"}"#,
                fields: "content-type: application/json\r\n")
        }
        let shed = try clients.map { try $0.answer().status }.count { $0 == 503 }
        try clients[0].get("/metrics")
        let page = try clients[0].answer().text
        #expect(shed > 0)
        #expect(count(#"wenming_requests_shed_total{by="workers"}"#, page) == shed)
        #expect(count(#"wenming_requests_shed_total{by="writer"}"#, page) == 0)
        _ = ended(server)
    }

    @Test func `an auditor finds the newest audit entry in the log and holds the database against it`() throws {
        let folder = try TemporaryFolder()
        let data = folder.path + "/data"
        let token = try ServerProcess.prepare(data)
        let server = try ServerProcess(data: data, flags: ["--log-level", "warning"])
        let client = try SocketClient(port: server.port)
        try client.post(
            "/api/v1/demand-tickets", ServerProcess.ticket,
            fields: "authorization: Bearer \(token)\r\ncontent-type: application/json\r\n")
        #expect(try client.answer().status == 201)
        #expect(ended(server).contains(#""event":"audit log","entry":"0""#))
        // The next start is the next line.
        let restarted = try ServerProcess(data: data)
        let line = try #require(
            ended(restarted).split(separator: "\n").first { $0.contains(#""event":"audit log""#) })
        let hash = try #require(line.components(separatedBy: #""hash":""#).last?.prefix { $0 != "\"" })
        #expect(line.contains(#""entry":"1""#) && hash.count == 64)

        let check = ["check", "--data", data]
        let whole = try ServerProcess.run(check + ["--audit", "1:\(hash)"])
        #expect(whole.status == 0 && whole.output.contains("audit log: 1:\(hash)"), "\(whole)")
        let writer = try Writer(path: data + "/wenming.db", clock: { Timestamp.current.seconds })
        try writer.writeAndWait { db in
            try db.run("DROP TRIGGER audit_entry_is_kept")
            try db.run("DELETE FROM audit_entry")
        }
        writer.stop()
        #expect(try ServerProcess.run(check).status == 0)
        let cut = try ServerProcess.run(check + ["--audit", "1:\(hash)"])
        #expect(cut.status == 1 && cut.output.contains("audit entries 1 to 1 are missing"), "\(cut)")
        #expect(try ServerProcess.run(check + ["--audit", "yesterday"]).status == 2)
        #expect(try ServerProcess.run(check + ["--audit"]).status == 2)
    }
}
