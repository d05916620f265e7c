import App
package import Foundation
import SQLite
import Synchronization

/// The built executable as a child, on a data directory of its own.
package final class ServerProcess: Sendable {
    package struct Ended: Sendable {
        package var status: Int32
        package var output: String
        package var error: String
    }

    package struct NotStarted: Error {
        package var log: String
    }

    /// Beside the test bundle, whatever folder the tests were built in.
    package static let executable: URL = {
        let bundle = URL(fileURLWithPath: CommandLine.arguments.first ?? "").deletingLastPathComponent()
        let beside = bundle.appendingPathComponent("wenming")
        if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return root.appendingPathComponent(".build/debug/wenming")
    }()

    private let process: Process
    package let port: UInt16
    private let log: String

    /// Starts `wenming serve` on a free port and waits until it says that it listens.
    package init(data: String, flags: [String] = []) throws {
        log = data + "-\(SecureRandom.token()).log"
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        process = Process()
        process.executableURL = Self.executable
        process.arguments = ["serve", "--data", data, "--listen", "127.0.0.1:0", "--rate-writes", "0/1"] + flags
        process.environment = [:]
        process.standardError = FileHandle(forWritingAtPath: log)
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        var found: UInt16?
        while found == nil {
            let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            found = Self.port(in: text)
            guard found != nil || process.isRunning else { throw NotStarted(log: text) }
            usleep(2_000)
        }
        port = found ?? 0
    }

    private static func port(in log: String) -> UInt16? {
        guard let line = log.split(separator: "\n").first(where: { $0.contains("\"event\":\"listening\"") }) else {
            return nil
        }
        return line.components(separatedBy: "\"port\":\"").dropFirst().first.flatMap {
            UInt16($0.prefix { $0 != "\"" })
        }
    }

    /// What it has written to standard error.
    package var logged: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

    package func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Waits for the end.
    /// - Returns: the exit status, or the signal's number below zero.
    @discardableResult
    package func wait() -> Int32 {
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
    }

    /// Runs a command to its end.
    package static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Ended {
        let process = Process()
        let (output, error) = (Pipe(), Pipe())
        process.executableURL = executable
        process.arguments = arguments
        process.environment = environment
        process.standardOutput = output
        process.standardError = error
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let complaint = error.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Ended(
            status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
            error: String(decoding: complaint, as: UTF8.self))
    }

    /// A migrated data directory with a city, a street, and a resident whose token is given back.
    package static func prepare(_ data: String) throws -> String {
        _ = try run(["migrate", "--data", data])
        let token = SecureRandom.token()
        let writer = try Writer(path: data + "/wenming.db", clock: { Timestamp.current.seconds })
        defer { writer.stop() }
        _ = try Importing.run(
            StationImporter(),
            "code,parentCode,kind,name,longitude,latitude\nc,,city,市中心,104.0,30.6\nd,c,center,区中心,104.0,30.6\n",
            in: data, writer)
        try writer.writeAndWait { db in
            try db.run("INSERT INTO account (phone, created_at) VALUES ('+8613900000001', \(db.now))")
            try Session.insert(
                TokenHash(of: token.utf8), of: ID(db.lastInsertedID), .phone, expiresAt: db.now + 86_400,
                idleSeconds: 86_400, in: db)
        }
        return token
    }

    package static let ticket = """
        {"stationId": 2, "title": "陪诊", "detail": "需要帮忙", "category": "17", "address": "总府路"}
        """
}
