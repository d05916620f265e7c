import App
import Foundation
import SQLite
import Support
import Testing

@Suite("Hostile input") struct HostileInputTests {
    /// What is thrown at every operation: headers, a body and whether the token goes along.
    private struct Throw {
        var name: String
        var fields = "Content-Type: application/json\r\n"
        var body: String?
        var isSignedIn = true
    }

    private static let throwsAtAll: [Throw] = [
        Throw(name: "nothing"),
        Throw(name: "no token", body: "{}", isSignedIn: false),
        Throw(name: "an empty object", body: "{}"),
        Throw(name: "half a text", body: #"{"name": "#),
        Throw(name: "an array", body: "[[[[1]]]]"),
        Throw(name: "wrong types", body: #"{"name": 1, "text": null, "position": "x", "stationId": -1, "code": {}}"#),
        Throw(name: "deep", body: String(repeating: "[", count: 5_000)),
        Throw(name: "no text at all", body: "\u{0}\u{1}\u{2}"),
        Throw(name: "another type", fields: "Content-Type: text/plain\r\n", body: "hello"),
        Throw(name: "a form that is none", fields: "Content-Type: multipart/form-data; boundary=x\r\n", body: "--y--"),
        Throw(name: "compressed", fields: "Content-Type: application/json\r\nContent-Encoding: gzip\r\n", body: "{}"),
        Throw(name: "oversized", body: String(repeating: " ", count: 200_000)),
    ]

    @Test func `every operation answers a problem, never a 500 and never nothing`() throws {
        let folder = try TemporaryFolder()
        let data = folder.path + "/data"
        _ = try ServerProcess.prepare(data)
        let token = try Self.administrator(data)
        let server = try ServerProcess(
            data: data,
            flags: ["--rate-reads", "0/1", "--rate-logins", "0/1", "--rate-codes", "0/1", "--rate-uploads", "0/1"])
        defer {
            server.signal(SIGKILL)
            server.wait()
        }
        // Ending all sessions would end the test's own.
        let operations = OpenAPI.shared.operations.filter { $0.id != "endAllSessions" }
        #expect(operations.count > 70)
        for operation in operations {
            for id in ["1", "999999999", "abc", "%E7%8E%89", "9223372036854775808"] {
                let path = operation.path.replacing(/\{[a-zA-Z]+\}/, with: id)
                for input in Self.throwsAtAll where id == "1" || input.body == "{}" {
                    let answer = try Self.send(input, operation.method.uppercased(), path, token, server.port)
                    let label =
                        "\(operation.method) \(path) with \(input.name): \(answer.status) \(answer.text.prefix(200))"
                    #expect(answer.status >= 200 && answer.status < 500 || answer.status == 503, "\(label)")
                    let isTaken = answer.status != 413 || operation.method == "GET"
                    #expect(isTaken || input.name != "an empty object", "\(label)")
                    guard answer.status >= 400 else { continue }
                    #expect(answer.fields["content-type"] == "application/problem+json; charset=utf-8", "\(label)")
                }
                if !operation.path.contains("{") { break }
            }
        }
    }

    private static func send(
        _ input: Throw, _ method: String, _ path: String, _ token: String, _ port: UInt16
    ) throws -> SocketClient.Answer {
        let client = try SocketClient(port: port)
        let sender = input.isSignedIn ? "Authorization: Bearer \(token)\r\n" : ""
        let length = input.body.map { "Content-Length: \($0.utf8.count)\r\n" } ?? ""
        let head = "\(method) \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(sender)\(input.fields)\(length)\r\n"
        try client.send(head)
        // The server may answer and close before it has taken all of it: that is what the answer is for.
        try? client.send(input.body ?? "")
        return try client.answer()
    }

    private static func administrator(_ data: String) throws -> String {
        let token = SecureRandom.token()
        let writer = try Writer(path: data + "/wenming.db", clock: { Timestamp.current.seconds })
        defer { writer.stop() }
        try writer.writeAndWait { db in
            try db.run("INSERT INTO account (name, created_at) VALUES ('王小明', \(db.now))")
            let account = db.lastInsertedID
            try db.run(
                "INSERT INTO role_grant (account_id, role, granted_at) VALUES (\(account), 'administrator', \(db.now))")
            try Session.insert(
                TokenHash(of: token.utf8), of: ID(account), .staff, expiresAt: db.now + 86_400, idleSeconds: 86_400,
                in: db)
        }
        return token
    }
}
