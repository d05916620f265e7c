import App
import Glibc
import HTTP
import Outbound
import SQLite

/// The data directory and what lives in it.
enum Installation {
    /// Makes the directories and brings the database to this version's schema.
    /// - Parameter isNew: whether there may be no database yet. A tool for what is there must not make a new city out of a
    ///   mistyped directory.
    /// - Returns: how many migrations were applied.
    @discardableResult
    static func migrate(_ configuration: Configuration, mayBeNew isNew: Bool = false) throws -> Int {
        let path = configuration.databasePath
        guard isNew || FileSystem.size(of: path) != nil else {
            throw CommandFailure(.failed, "\(DatabaseFileProblem(.missing, path: path))")
        }
        try makeDirectories(configuration)
        do {
            return try Migrations.migrator.migrate(path: configuration.databasePath) { Timestamp.current.seconds }.count
        } catch {
            throw CommandFailure(error, at: configuration.databasePath)
        }
    }

    static func makeDirectories(_ configuration: Configuration) throws {
        for directory in [configuration.data, configuration.uploadsPath, configuration.temporaryPath] {
            guard FileSystem.makeDirectory(directory) else {
                throw CommandFailure(errno: errno, "cannot make the directory \(directory)")
            }
        }
    }

    /// What went wrong with the database and what to do about it.
    static func advice(_ error: any Error) -> String {
        guard let error = error as? SQLiteError else { return "\(error)" }
        if error.isCorrupt {
            return
                "the file is damaged or no database (\(error.message)): restore a backup, keep this file for a look at it"
        }
        if error.isReadOnly {
            return
                "cannot be opened for writing (\(error.message)): check the owner and rights of the directory and its files"
        }
        if error.isFull { return "the disk is full: free space and start again" }
        if error.isBusy { return "another process holds the database (\(error.message)): wait for its end, or stop it" }
        return "\(error)"
    }

    /// - Parameter witnessed: an audit entry that must be there unchanged.
    /// - Returns: what is wrong, and the newest audit entry where the schema is this version's.
    static func faults(
        _ configuration: Configuration, witnessed: AuditChain.Head? = nil
    ) throws -> (faults: [String], newest: AuditChain.Head?) {
        do {
            let database = try Database(path: configuration.databasePath)
            let report = try IntegrityCheck(of: database)
            var faults = report.damage + report.foreignKeys.map(\.description)
            let version = try database.schemaVersion
            if version != Migrations.all.count {
                let advice = version > Migrations.all.count ? "use the newer program" : "run `wenming migrate`"
                faults.append("schema \(version), this wenming has \(Migrations.all.count): \(advice)")
                return (faults, nil)
            }
            // One state for all of it: rows are added meanwhile, and the oldest dropped.
            return try database.withoutTimeLimit {
                try database.snapshot {
                    faults += try AuditChain.faults(in: database)
                    if let fault = try witnessed.flatMap({ try AuditChain.contradiction(to: $0, in: database) }) {
                        faults.append(fault)
                    }
                    return (faults, try AuditChain.newest(in: database))
                }
            }
        } catch {
            throw CommandFailure(error, at: configuration.databasePath)
        }
    }

    /// - Returns: bytes of the copy.
    static func backup(_ configuration: Configuration, to file: String) throws -> Int {
        var backup = Backup()
        backup.replaces = true
        do {
            try backup.copy(Database(path: configuration.databasePath), to: file)
        } catch {
            throw CommandFailure(error, at: configuration.databasePath)
        }
        let bytes = Int(FileSystem.size(of: file) ?? 0)
        do {
            try withWriter(configuration) { writer in
                try writer.writeAndWait { db in
                    try db.run("INSERT INTO backup_run (at, bytes) VALUES (\(db.now), \(bytes))")
                }
            }
        } catch let failure as CommandFailure {
            throw CommandFailure(
                failure.status, "\(file) is whole, but its time could not be noted for /readyz: \(failure.message)")
        }
        return bytes
    }

    /// Lends a writer to a tool; the server may run meanwhile, for writers take turns.
    /// - Throws: `CommandFailure` for what the database has against it, and else what `body` threw.
    @discardableResult
    static func withWriter<Result>(_ configuration: Configuration, _ body: (Writer) throws -> Result) throws -> Result {
        do {
            let writer = try Writer(path: configuration.databasePath, clock: { Timestamp.current.seconds })
            defer { writer.stop() }
            return try body(writer)
        } catch let error where error is SQLiteError || error is DatabaseFileProblem {
            throw CommandFailure(error, at: configuration.databasePath)
        }
    }

    /// The key of `KeyedHash`: made once, kept beside the database and not in it, so that a copy of the database alone
    /// gives nobody's number away. It is never made beside hashes there are: by another key nobody would be found again,
    /// and everybody could register a second time. Needs the database to be migrated.
    static func lookupKey(_ configuration: Configuration) throws -> [UInt8] {
        let path = configuration.data + "/lookup.key"
        if FileSystem.size(of: path) == nil {
            guard try isUnhashed(configuration) else {
                throw CommandFailure(
                    .failed,
                    "\(path) is missing, and identity numbers are hashed with it: restore it from the backup")
            }
            guard FileSystem.write(SecureRandom.bytes(KeyedHash.keyBytes), to: path) else {
                throw CommandFailure(errno: errno, "cannot write \(path)")
            }
        }
        guard let key = FileSystem.read(path, limit: KeyedHash.keyBytes), key.count == KeyedHash.keyBytes else {
            throw CommandFailure(
                .failed, "\(path) is not a key of \(KeyedHash.keyBytes) bytes: restore it from the backup")
        }
        return key
    }

    private static func isUnhashed(_ configuration: Configuration) throws -> Bool {
        do {
            return try IdentityVault.isEmpty(in: Database(path: configuration.databasePath))
        } catch {
            throw CommandFailure(error, at: configuration.databasePath)
        }
    }

    /// Everything handlers use, for a server with this many lanes.
    static func services(_ configuration: Configuration, lanes: Int) throws -> Services {
        let key = try lookupKey(configuration)
        let log = Log(level: configuration.logLevel)
        let metrics = Metrics(lanes: lanes, operations: Routes.all.map(\.operation))
        let wakes = PendingWakes()
        let writer = try Writer(
            path: configuration.databasePath, options: configuration.writerOptions,
            clock: { Timestamp.current.seconds },
            observe: {
                wakes.flush()
                metrics.countCommit(requests: $0.kept + $0.refused, nanoseconds: $0.nanoseconds)
            })
        return Services(
            configuration: configuration, clock: .system, log: log, writer: writer,
            workers: WorkerPool(threads: configuration.workers, waitingMax: configuration.workerQueue),
            limiter: RateLimiter(entries: configuration.rateEntries), sessions: SessionEpoch(),
            keyedHash: KeyedHash(key: key),
            codeSender: codeSender(configuration, log), weChat: weChat(configuration), metrics: metrics,
            realNameVerifier: realNameVerifier(configuration), wakes: wakes)
    }

    private static func realNameVerifier(_ configuration: Configuration) -> (any RealNameVerifier)? {
        switch configuration.realNameVerification {
        case .manual: nil
        case .http:
            RealNameService(
                url: configuration.realNameURL, token: configuration.realNameToken,
                seconds: configuration.outboundSeconds)
        }
    }

    private static func codeSender(_ configuration: Configuration, _ log: Log) -> any CodeSender {
        switch configuration.codeDelivery {
        case .log: LoggedCodes(log: log)
        case .http:
            GatewayCodes(
                url: configuration.smsURL, token: configuration.smsToken, seconds: configuration.outboundSeconds)
        }
    }

    private static func weChat(_ configuration: Configuration) -> any WeChatClient {
        WeChatAPI(
            base: configuration.weChatURL, appID: configuration.weChatAppID, secret: configuration.weChatSecret,
            seconds: configuration.outboundSeconds)
    }
}
