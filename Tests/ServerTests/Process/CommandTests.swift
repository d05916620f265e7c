import App
import Foundation
import Support
import Testing

@Suite("Commands") struct CommandTests {
    @Test(arguments: ["serve", "migrate", "import", "staff", "backup", "check", "version"])
    func `each command explains itself`(command: String) throws {
        let ended = try ServerProcess.run([command, "--help"])
        #expect(ended.status == 0)
        #expect(ended.output.contains("usage: wenming \(command)"))
    }

    @Test func `what is wrong with a command line is named and ends with 2`() throws {
        let cases: [([String], [String: String], String)] = [
            ([], [:], "which command"), (["fly"], [:], "fly"), (["serve", "--fast"], [:], "--fast"),
            (["serve", "--lanes", "many"], [:], "--lanes"), (["serve", "--lanes"], [:], "--lanes"),
            (["serve"], ["WENMING_LANS": "2"], "WENMING_LANS"),
            (["serve"], ["WENMING_LISTEN": "here"], "WENMING_LISTEN"),
            (["backup"], [:], "FILE"), (["import", "people", "x.csv"], [:], "import stations"),
        ]
        for (arguments, environment, name) in cases {
            let ended = try ServerProcess.run(arguments, environment: environment)
            #expect(ended.status == 2, "\(arguments)")
            #expect(ended.error.contains(name), "\(ended.error)")
        }
    }

    @Test func `the effective configuration is printed without secrets`() throws {
        let ended = try ServerProcess.run(
            ["serve", "--print-configuration", "--lanes", "3"], environment: ["WENMING_WECHAT_SECRET": "hush-hush"])
        #expect(ended.status == 0)
        #expect(ended.output.contains("WENMING_LANES=3"))
        #expect(!ended.output.contains("hush-hush"))
    }

    @Test func `a bad database is refused with what to do`() throws {
        let folder = try TemporaryFolder()
        let data = folder.path + "/data"
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        try String(repeating: "not a database ", count: 100).write(
            toFile: data + "/wenming.db", atomically: true, encoding: .utf8)
        let corrupt = try ServerProcess.run(["serve", "--data", data, "--listen", "127.0.0.1:0"])
        #expect(corrupt.status == 1)
        #expect(corrupt.error.lowercased().contains("backup"), "\(corrupt.error)")
    }

    @Test func `an import keeps the good rows, names the bad ones and ends with 3`() throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/stations.csv"
        try "code,parentCode,kind,name\nc,,city,市中心\nx,c,palace,宫殿\n".write(
            toFile: file, atomically: true, encoding: .utf8)
        let ended = try ServerProcess.run(["import", "stations", file, "--data", folder.path + "/data"])
        #expect(ended.status == 3)
        #expect(ended.error.contains("line 3"))
        #expect(ended.output.contains("1 created"))
    }

    @Test func `a backup of a running server is whole`() throws {
        let folder = try TemporaryFolder()
        let data = folder.path + "/data"
        _ = try ServerProcess.prepare(data)
        let server = try ServerProcess(data: data)
        let ended = try ServerProcess.run(["backup", folder.path + "/copy.db", "--data", data])
        #expect(ended.status == 0, "\(ended.error)")
        server.signal(SIGTERM)
        #expect(server.wait() == 0)
        try FileManager.default.createDirectory(atPath: folder.path + "/restored", withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: folder.path + "/copy.db", toPath: folder.path + "/restored/wenming.db")
        #expect(try ServerProcess.run(["check", "--data", folder.path + "/restored"]).status == 0)
    }

    @Test func `a member of staff is added once, with a password shown once`() throws {
        let folder = try TemporaryFolder()
        let arguments = ["staff", "add", "boss", "--name", "王小明", "--data", folder.path + "/data"]
        let made = try ServerProcess.run(arguments)
        #expect(made.status == 0)
        #expect(made.output.split(separator: " ").last.map { $0.count >= 16 } == true)
        #expect(try ServerProcess.run(arguments).status == 1)
        #expect(try ServerProcess.run(arguments + ["--role", "king"]).status == 2)
    }
}
