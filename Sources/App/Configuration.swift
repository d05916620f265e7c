package import HTTP
package import SQLite

/// Everything that can be set from outside, with its default. Names, ranges and meanings stand in
/// `Configuration.settings`.
package struct Configuration: Sendable, Equatable {
    package enum AuditedWrites: String, Sendable, CaseIterable { case all, staff }
    /// Who says that a name and an identity number are one person's (实名核验).
    package enum RealNameVerification: String, Sendable, CaseIterable { case manual, http }
    package enum CodeDelivery: String, Sendable, CaseIterable { case log, http }

    package var listenHost = "127.0.0.1"
    package var listenPort = 8080
    package var data = "data"
    package var openAPI = "openapi.yaml"
    package var lanes = 0
    package var stopSeconds = 10
    package var proxies: [String] = []
    package var origins: [String] = []

    package var connections = 20_000
    package var connectionsPerAddress = 2_048
    package var targetBytes = 8_192
    package var headBytes = 32_768
    package var headerCount = 100
    package var uploadBytes = 10_485_760
    package var pipelinedRequests = 32
    package var backlogBytes = 1_048_576
    package var idleSeconds = 75
    package var headSeconds = 15
    package var bodySeconds = 60
    package var writeSeconds = 60
    package var bodyBytesPerSecond = 16_384
    package var formParts = 20

    package var queryMilliseconds = 2_000
    package var writeQueue = 10_000
    package var writeBatch = 256
    package var workers = 8
    package var workerQueue = 256

    package var rateEntries = 262_144
    package var rateReads = RateLimit(calls: 1_200, seconds: 60)
    package var rateWrites = RateLimit(calls: 120, seconds: 60)
    package var rateLogins = RateLimit(calls: 30, seconds: 300)
    package var rateCodes = RateLimit(calls: 30, seconds: 3_600)
    package var rateUploads = RateLimit(calls: 60, seconds: 600)
    package var rateExports = RateLimit(calls: 5, seconds: 86_400)
    package var rateAddressFactor = 10

    package var residentSessionDays = 90
    package var residentIdleDays = 30
    package var staffSessionHours = 12
    package var staffIdleMinutes = 30
    package var sessionsPerAccount = 20
    package var loginFailures = 5
    package var lockMinutes = 15
    package var passwordCharacters = 10
    package var passwordDays = 90
    package var separateDuties = true
    package var codeSeconds = 300
    package var codeTries = 5
    package var codesPerPhoneAndDay = 10
    package var codeIntervalSeconds = 60
    package var codeDelivery = CodeDelivery.log
    package var smsURL = ""
    package var smsToken = ""
    package var realNameVerification = RealNameVerification.manual
    package var realNameURL = ""
    package var realNameToken = ""
    package var verificationsPerDay = 3
    package var outboundSeconds = 5
    package var weChatURL = "https://api.weixin.qq.com"
    package var weChatAppID = ""
    package var weChatSecret = ""

    /// Confirmed minutes for one to five stars, ascending.
    package var starMinutes = [6_000, 18_000, 36_000, 60_000, 90_000]
    package var starAwards = StarAward.Manner.automatic
    package var teamMembers = 3_000
    package var teamDeputies = 5
    package var teamsPerVolunteer = 10
    package var joinRequestsPerVolunteer = 5

    package var idempotencyHours = 24
    package var auditedWrites = AuditedWrites.all
    package var accessLog = true
    package var logLevel = Log.Level.info
    package var backupHours = 26
    package var auditDays = 1_095
    package var closureDays = 7
    package var overviewSeconds = 10

    package init() {}

    package var readOptions: Database.Options {
        var options = Database.Options()
        options.queryLimitMilliseconds = queryMilliseconds
        // No mapping: SQLite gives back the whole of it whenever the snapshot has moved, and beside a busy writer that is a
        // munmap and a page fault for every page a round touches: sign-ups cost 74 µs with it and 59 without, reads the same.
        options.mmapBytes = 0
        // Beside a writer each commit empties it, and without one the system's cache is near.
        options.cacheBytes = 10 << 20
        return options
    }
    package var writerOptions: Writer.Options {
        var options = Writer.Options()
        (options.pendingMax, options.batchMax) = (writeQueue, writeBatch)
        return options
    }
    package var wireLimits: Limits {
        var limits = Limits()
        limits.connections = connections
        limits.connectionsPerAddress = connectionsPerAddress
        limits.proxies = Set(proxies.compactMap(PeerAddress.init(text:)))
        limits.targetBytes = targetBytes
        limits.headBytes = headBytes
        limits.headerCount = headerCount
        limits.pipelinedRequests = pipelinedRequests
        limits.backlogBytes = backlogBytes
        limits.idleMilliseconds = idleSeconds * 1_000
        limits.headMilliseconds = headSeconds * 1_000
        limits.bodyMilliseconds = bodySeconds * 1_000
        limits.writeMilliseconds = writeSeconds * 1_000
        limits.bodyBytesPerSecond = bodyBytesPerSecond
        limits.parts = formParts
        return limits
    }
    package var databasePath: String { data + "/wenming.db" }
    package var uploadsPath: String { data + "/uploads" }
    /// Upload bodies on their way in; on the same file system as `uploadsPath`, so that keeping one is a rename.
    package var temporaryPath: String { data + "/temporary" }

    package func rate(_ rate: RateClass) -> RateLimit? {
        let limit: RateLimit
        switch rate {
        case .unlimited: return nil
        case .reads: limit = rateReads
        case .writes: limit = rateWrites
        case .logins: limit = rateLogins
        case .codes: limit = rateCodes
        case .uploads: limit = rateUploads
        case .exports: limit = rateExports
        }
        return limit.calls == 0 ? nil : limit
    }
}
