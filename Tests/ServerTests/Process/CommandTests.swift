import App
import Foundation
import SQLite
import Support
import Testing

@Suite("Commands") struct CommandTests {
    @Test(arguments: ["serve", "migrate", "import", "staff", "backup", "check", "version", "retention"])
    func `each command explains itself`(command: String) throws {
        let ended = try ServerProcess.run([command, "--help"])
        #expect(ended.status == 0)
        #expect(ended.output.contains("usage: wenming \(command)"))
    }

    @Test func `what is wrong with a command line is named and ends with 2`() throws {
        let shown = ["serve", "--print-configuration"]
        let cases: [([String], [String: String], String)] = [
            ([], [:], "which command"), (["fly"], [:], "fly"), (["serve", "--fast"], [:], "--fast"),
            (["serve", "--lanes", "many"], [:], "--lanes"), (["serve", "--lanes"], [:], "--lanes"),
            (["serve"], ["WENMING_LANS": "2"], "WENMING_LANS"),
            (["serve"], ["WENMING_LISTEN": "here"], "WENMING_LISTEN"),
            (shown, ["WENMING_CODE_DELIVERY": "http"], "WENMING_SMS_URL"),
            (shown, ["WENMING_REAL_NAME_VERIFICATION": "http"], "WENMING_REAL_NAME_URL"),
            (shown, ["WENMING_WECHAT_APP_ID": "wx1"], "WENMING_WECHAT_SECRET"),
            (shown, ["WENMING_WECHAT_SECRET": "hush"], "WENMING_WECHAT_APP_ID"),
            (["backup"], [:], "FILE"), (["import", "people", "x.csv"], [:], "KIND"),
            (["import", "staff", "x.csv"], [:], "--passwords"), (["staff", "add", "boss"], [:], "--name"),
        ]
        for (arguments, environment, name) in cases {
            let ended = try ServerProcess.run(arguments, environment: environment)
            #expect(ended.status == 2, "\(arguments)")
            #expect(ended.error.contains(name), "\(ended.error)")
        }
    }

    @Test func `the effective configuration is printed without secrets`() throws {
        let ended = try ServerProcess.run(
            ["serve", "--print-configuration", "--lanes", "3"],
            environment: ["WENMING_WECHAT_APP_ID": "wx1", "WENMING_WECHAT_SECRET": "hush-hush"])
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

    @Test func `an import told to be dry reports the same and keeps nothing`() throws {
        let folder = try TemporaryFolder()
        let (file, data) = (folder.path + "/stations.csv", folder.path + "/data")
        try "code,parentCode,kind,name\nc,,city,市中心\nd,c,center,区中心\nx,c,palace,宫殿\n".write(
            toFile: file, atomically: true, encoding: .utf8)
        let dry = try ServerProcess.run(["import", "stations", file, "--dry-run", "--data", data])
        #expect(dry.status == 3 && dry.output.contains("nothing kept: 2 created"), "\(dry)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: data + "/temporary") == [])
        let real = try ServerProcess.run(
            ["import", "stations", file, "--report", folder.path + "/report.csv", "--data", data])
        #expect(real.status == 3 && real.output.contains("2 created"), "\(real)")
        #expect(!real.error.contains("line 4"))
        let report = try String(contentsOfFile: folder.path + "/report.csv", encoding: .utf8)
        #expect(report.hasPrefix("4,kind,"))
        let again = try ServerProcess.run(["import", "stations", file, "--data", data])
        #expect(again.status == 3 && again.output.contains("complete since"), "\(again)")
        let anotherDry = try ServerProcess.run(["import", "stations", file, "--dry-run", "--data", data])
        #expect(anotherDry.status == 3 && anotherDry.output.contains("nothing kept: 0 created"), "\(anotherDry)")
        #expect(anotherDry.output.contains("2 unchanged") && anotherDry.error.contains("line 4"), "\(anotherDry)")
        let anew = try ServerProcess.run(["import", "stations", file, "--again", "--data", data])
        #expect(anew.output.contains("2 unchanged"), "\(anew)")
    }

    @Test func `an import that is killed goes on where it was`() throws {
        let folder = try TemporaryFolder()
        let (file, data) = (folder.path + "/grids.csv", folder.path + "/data")
        try "code,parentCode,kind,name\nc,,city,市中心\nd,c,center,区中心\np,d,station,社区站\n".write(
            toFile: file, atomically: true, encoding: .utf8)
        #expect(try ServerProcess.run(["import", "stations", file, "--data", data]).status == 0)
        let rows = (1...20_000).map { "W\($0),p,第\($0)网格\n" }.joined()
        try "code,communityCode,name\n\(rows)".write(toFile: file, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = ServerProcess.executable
        process.arguments = ["import", "grids", file, "--data", data]
        process.environment = [:]
        try process.run()
        let database = try Database(path: data + "/wenming.db")
        var reached = 0
        while reached == 0, process.isRunning {
            reached = try database.value("SELECT max(row_reached) FROM import_run WHERE kind = 'grids'") ?? 0
        }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let rest = try ServerProcess.run(["import", "grids", file, "--data", data])
        #expect(rest.status == 0 && rest.error.contains("goes on behind row"), "\(rest)")
        #expect(rest.output.contains("20000 created"))
        #expect(try database.value("SELECT count(*) FROM grid", as: Int.self) == 20_000)
    }

    @Test func `imported staff need a file for their passwords that nobody else may read`() throws {
        let folder = try TemporaryFolder()
        let (file, data, passwords) = (folder.path + "/staff.csv", folder.path + "/data", folder.path + "/passwords")
        try "登录名,姓名,角色,阵地编码\nwang,王小明,dispatcher,*\n".write(toFile: file, atomically: true, encoding: .utf8)
        let arguments = ["import", "staff", file, "--data", data]
        #expect(try ServerProcess.run(arguments).status == 2)
        #expect(try ServerProcess.run(arguments + ["--dry-run"]).status == 0)
        #expect(
            FileManager.default.createFile(
                atPath: passwords, contents: nil, attributes: [.posixPermissions: 0o644]))
        let open = try ServerProcess.run(arguments + ["--passwords", passwords])
        #expect(open.status == 1 && open.error.contains("0600"), "\(open)")
        try FileManager.default.removeItem(atPath: passwords)
        let made = try ServerProcess.run(arguments + ["--passwords", passwords])
        #expect(made.status == 0, "\(made)")
        let text = try String(contentsOfFile: passwords, encoding: .utf8)
        #expect(text.hasPrefix("wang,") && text.count > 20)
        #expect(!made.output.contains(text.dropFirst(5).prefix(16)))
    }

    @Test func `a backup of a running server is whole`() throws {
        let folder = try TemporaryFolder()
        let data = folder.path + "/data"
        _ = try ServerProcess.prepare(data)
        let server = try ServerProcess(data: data)
        for _ in ["today", "tomorrow"] {
            let ended = try ServerProcess.run(["backup", folder.path + "/copy.db", "--data", data])
            #expect(ended.status == 0, "\(ended.error)")
        }
        server.signal(SIGTERM)
        #expect(server.wait() == 0)
        try FileManager.default.createDirectory(atPath: folder.path + "/restored", withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: folder.path + "/copy.db", toPath: folder.path + "/restored/wenming.db")
        #expect(try ServerProcess.run(["check", "--data", folder.path + "/restored"]).status == 0)
    }

    @Test func `a member of staff is added once, with a password shown once`() throws {
        let folder = try TemporaryFolder()
        let arguments = ["staff", "add", "boss", "--name", "王小明", "--data", folder.path + "/data"]
        #expect(try ServerProcess.run(["migrate", "--data", folder.path + "/data"]).status == 0)
        let made = try ServerProcess.run(arguments)
        #expect(made.status == 0)
        #expect(made.output.split(separator: " ").last.map { $0.count >= 16 } == true)
        #expect(try ServerProcess.run(arguments).status == 1)
        #expect(try ServerProcess.run(arguments + ["--role", "king"]).status == 2)
    }
}
