import App
import Foundation
import SQLite
import Support
import Synchronization
import Testing

@Suite("What was acknowledged stays", .serialized) struct DurabilityTests {
    /// Orders help again and again until the server is gone.
    /// - Parameter note: called with each id that was acknowledged.
    private func order(_ port: UInt16, _ token: String, note: (Int64) -> Void) {
        guard let client = try? SocketClient(port: port) else { return }
        let fields = "Authorization: Bearer \(token)\r\nContent-Type: application/json\r\n"
        while (try? client.post("/api/v1/demand-tickets", ServerProcess.ticket, fields: fields)) != nil {
            guard let answer = try? client.answer(), answer.status == 201,
                let id = (try? JSON.parse(answer.body))?["id"]?.integer
            else { return }
            note(id)
        }
    }

    @Test func `after kill -9 every acknowledged write is there, twenty times`() throws {
        let folder = try TemporaryFolder()
        let data = folder.path + "/data"
        let token = try ServerProcess.prepare(data)
        let acknowledged = Mutex<Set<Int64>>([])
        for round in 0..<20 {
            let server = try ServerProcess(data: data)
            let before = acknowledged.withLock { $0.count }
            DispatchQueue.concurrentPerform(iterations: 5) { worker in
                guard worker > 0 else {
                    // Kills in the middle of the writes of the others, after another number of them each round.
                    while acknowledged.withLock({ $0.count }) < before + 5 + round * 3 { usleep(200) }
                    return server.signal(SIGKILL)
                }
                order(server.port, token) { id in _ = acknowledged.withLock { $0.insert(id) } }
            }
            #expect(server.wait() == -SIGKILL)
            let kept = Set(
                try Database(path: data + "/wenming.db").values("SELECT id FROM demand_ticket", as: Int64.self))
            let lost = acknowledged.withLock { $0.subtracting(kept) }
            #expect(lost.isEmpty, "round \(round) lost \(lost.count)")
        }
        let check = try ServerProcess.run(["check", "--data", data])
        #expect(check.status == 0, "\(check.output)\(check.error)")
        let moves = try Database(path: data + "/wenming.db").value(
            "SELECT count(*) FROM demand_ticket WHERE id NOT IN (SELECT ticket_id FROM demand_ticket_move)",
            as: Int.self)
        #expect(moves == 0, "a ticket and its first step stand or fall together")
    }

    @Test func `SIGTERM finishes what runs, commits it and ends with 0`() throws {
        let folder = try TemporaryFolder()
        let data = folder.path + "/data"
        let token = try ServerProcess.prepare(data)
        let server = try ServerProcess(data: data)
        let acknowledged = Mutex<Set<Int64>>([])
        DispatchQueue.concurrentPerform(iterations: 4) { worker in
            guard worker > 0 else {
                while acknowledged.withLock({ $0.count }) < 20 { usleep(200) }
                return server.signal(SIGTERM)
            }
            order(server.port, token) { id in _ = acknowledged.withLock { $0.insert(id) } }
        }
        #expect(server.wait() == 0)
        let kept = Set(try Database(path: data + "/wenming.db").values("SELECT id FROM demand_ticket", as: Int64.self))
        #expect(acknowledged.withLock { $0.isSubset(of: kept) })
    }

    @Test(.enabled(if: SmallDisk.isPermitted, "mounting a tmpfs is not permitted here"))
    func `on a disk that is full already every command says so, and to try again later`() throws {
        let (folder, disk) = (try TemporaryFolder(), try SmallDisk(size: "4m"))
        let data = disk.path + "/data"
        _ = try ServerProcess.prepare(data)
        let filler = disk.fill()
        let commands = [
            ["serve", "--listen", "127.0.0.1:0"], ["migrate"], ["staff", "add", "boss", "--name", "王小明"], ["retention"],
            ["check"], ["backup", folder.path + "/copy.db"],
        ]
        for command in commands {
            let ended = try ServerProcess.run(command + ["--data", data])
            #expect(ended.status == 75 && ended.error.contains("full"), "\(command): \(ended)")
        }
        let new = try ServerProcess.run(["migrate", "--data", disk.path + "/new"])
        #expect(new.status == 75, "\(new)")
        FileSystem.remove(filler)
        #expect(try ServerProcess.run(["migrate", "--data", data]).status == 0)
    }

    @Test(.enabled(if: SmallDisk.isPermitted, "mounting a tmpfs is not permitted here"))
    func `a full disk answers 503, loses nothing and is left without a restart`() throws {
        let disk = try SmallDisk(size: "4m")
        let data = disk.path + "/data"
        let token = try ServerProcess.prepare(data)
        let server = try ServerProcess(data: data)
        defer {
            server.signal(SIGKILL)
            server.wait()
        }
        let client = try SocketClient(port: server.port)
        let fields = "Authorization: Bearer \(token)\r\nContent-Type: application/json\r\n"
        var acknowledged: Set<Int64> = []
        var status = 201
        while status == 201, acknowledged.count < 20_000 {
            try client.post("/api/v1/demand-tickets", ServerProcess.ticket, fields: fields)
            let answer = try client.answer()
            status = answer.status
            if let id = (try? JSON.parse(answer.body))?["id"]?.integer, status == 201 { acknowledged.insert(id) }
        }
        #expect(status == 503)
        #expect(!acknowledged.isEmpty)
        try client.get("/api/v1/stations/1")
        #expect(try client.answer().status == 200, "reading goes on")
        try disk.resize(to: "64m")
        try client.post("/api/v1/demand-tickets", ServerProcess.ticket, fields: fields)
        #expect(try client.answer().status == 201)
        let kept = Set(try Database(path: data + "/wenming.db").values("SELECT id FROM demand_ticket", as: Int64.self))
        #expect(acknowledged.isSubset(of: kept))
    }
}
