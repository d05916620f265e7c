import App
import Foundation
import SQLite
import Support
import Synchronization
import Testing

@Suite("The data directory") struct InstallationTests {
    private func writer(_ data: String) throws -> Writer {
        try Writer(path: data + "/wenming.db", clock: { Timestamp.current.seconds })
    }

    private func file(_ path: String, _ text: String) throws -> String {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test func `a key is made for a database without hashes, and never beside one with them`() throws {
        let folder = try TemporaryFolder()
        let (data, key) = (folder.path + "/data", folder.path + "/data/lookup.key")
        let stations = try file(folder.path + "/stations.csv", "code,parentCode,kind,name\nc,,city,市中心\n")
        let people = try file(
            folder.path + "/people.csv",
            """
            name,identityNumber,phone,residenceCode,enteredBy,consent
            李志愿,\(TestClient.identityNumber(1)),13900010001,510104,c,yes
            """)
        #expect(try ServerProcess.run(["import", "stations", stations, "--data", data]).status == 0)
        #expect(FileSystem.size(of: key) == 32)
        FileSystem.remove(key)
        let taken = try ServerProcess.run(["import", "volunteers", people, "--data", data])
        #expect(taken.status == 0 && taken.output.contains("1 created"), "\(taken)")
        let bytes = try #require(FileSystem.read(key, limit: 32))
        FileSystem.remove(key)
        for more in [[], ["--dry-run"]] {
            let ended = try ServerProcess.run(["import", "volunteers", people, "--again", "--data", data] + more)
            #expect(ended.status == 1 && ended.error.contains("lookup.key is missing"), "\(ended)")
            #expect(ended.error.contains("restore it from the backup"), "\(ended)")
            #expect(FileSystem.size(of: key) == nil)
        }
        do {
            let server = try ServerProcess(data: data)
            server.signal(SIGKILL)
            Issue.record("it serves without the key")
        } catch let failure as ServerProcess.NotStarted {
            #expect(failure.log.contains("lookup.key is missing"), "\(failure)")
        }
        #expect(FileSystem.write(bytes, to: key))
        let again = try ServerProcess.run(["import", "volunteers", people, "--again", "--data", data])
        #expect(again.status == 0 && again.output.contains("1 unchanged"), "\(again)")
    }

    @Test func `a directory is served by one server, and by the next once that has ended`() throws {
        let folder = try TemporaryFolder()
        let data = folder.path + "/data"
        _ = try ServerProcess.prepare(data)
        let first = try ServerProcess(data: data)
        let second = try ServerProcess.run(["serve", "--data", data, "--listen", "127.0.0.1:0"])
        #expect(second.status == 75)
        #expect(second.error.contains("another server serves"), "\(second)")
        #expect(!second.error.contains("listening"))
        first.signal(SIGKILL)
        #expect(first.wait() != 0)
        let next = try ServerProcess(data: data)
        next.signal(SIGTERM)
        #expect(next.wait() == 0)
    }

    @Test func `what another process holds is to be tried again later`() throws {
        let folder = try TemporaryFolder()
        let data = folder.path + "/data"
        _ = try ServerProcess.prepare(data)
        let stations = try file(folder.path + "/stations.csv", "code,parentCode,kind,name\nc,,city,市中心\n")
        let commands = [
            ["staff", "add", "boss", "--name", "王小明"], ["retention"], ["import", "stations", stations],
            ["backup", folder.path + "/copy.db"],
        ]
        let writer = try writer(data)
        // The closure has the lock as long as it runs, longer than a tool waits for it.
        let ended = try writer.writeAndWait { _ in
            let (ended, running) = (Endings(), DispatchGroup())
            for (index, command) in commands.enumerated() {
                running.enter()
                Thread.detachNewThread {
                    ended.note(index, try? ServerProcess.run(command + ["--data", data]))
                    running.leave()
                }
            }
            running.wait()
            return ended
        }
        writer.stop()
        for (index, command) in commands.enumerated() {
            let one = try #require(ended.of(index))
            #expect(one.status == 75, "\(command): \(one)")
            #expect(one.error.contains("another process holds the database"), "\(command): \(one)")
            #expect(!one.error.contains("CommandFailure"), "\(command): \(one)")
        }
        #expect(ended.of(2)?.error.contains("goes on behind it") == true)
        #expect(ended.of(3)?.error.contains("copy.db is whole") == true)
        #expect(try ServerProcess.run(["check", "--data", data]).status == 0)
    }

    @Test(arguments: [["staff", "add", "boss", "--name", "王小明"], ["retention"], ["backup", "copy.db"], ["check"]])
    func `a mistyped directory is named, and no new city is made in it`(command: [String]) throws {
        let folder = try TemporaryFolder()
        let ended = try ServerProcess.run(command + ["--data", folder.path + "/dat"])
        #expect(ended.status == 1)
        #expect(ended.error.contains("/dat/wenming.db does not exist"), "\(ended)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }

    @Test func `a migration that finds the database held is to be tried again later`() throws {
        let folder = try TemporaryFolder()
        let data = folder.path + "/data"
        let path = data + "/wenming.db"
        #expect(FileSystem.makeDirectory(data))
        let some = Migrator(
            migrations: Array(Migrations.migrator.migrations.dropLast()),
            applicationID: Migrations.migrator.applicationID)
        try some.migrate(path: path) { 0 }
        let writer = try writer(data)
        let ended = try writer.writeAndWait { _ in try ServerProcess.run(["migrate", "--data", data]) }
        writer.stop()
        #expect(ended.status == 75, "\(ended)")
        #expect(try ServerProcess.run(["migrate", "--data", data]).status == 0)
    }
}

/// How tools ended that ran side by side.
private final class Endings: Sendable {
    private let ended = Mutex<[Int: ServerProcess.Ended]>([:])

    func note(_ index: Int, _ end: ServerProcess.Ended?) { ended.withLock { $0[index] = end } }
    func of(_ index: Int) -> ServerProcess.Ended? { ended.withLock { $0[index] } }
}
