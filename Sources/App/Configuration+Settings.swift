import HTTP

extension Configuration {
    /// One variable: `WENMING_LISTEN` in the environment, `--listen` on the command line.
    package struct Setting: Sendable {
        package var name: String
        package var range: String
        package var meaning: String
        package var isSecret = false
        package var read: @Sendable (String, inout Configuration) -> Bool
        package var show: @Sendable (Configuration) -> String

        package var variable: String {
            "WENMING_" + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
        }
        package var flag: String { "--" + name }
    }

    /// Every setting, in the order `--print-configuration` and the README show them.
    package static var settings: [Setting] {
        listening + limits + capacity + rates + identity + recognition + teams + records
    }

    private static var listening: [Setting] {
        [
            Setting(
                name: "listen", range: "HOST:PORT, port 0–65535",
                meaning: "address to listen on; [::]:8080 for IPv6, port 0 takes a free one",
                read: { text, configuration in
                    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...])
                    else {
                        return false
                    }
                    let host = text[..<colon].filter { $0 != "[" && $0 != "]" }
                    guard !host.isEmpty else { return false }
                    configuration.listenHost = String(host)
                    configuration.listenPort = Int(port)
                    return true
                },
                show: {
                    $0.listenHost.contains(":")
                        ? "[\($0.listenHost)]:\($0.listenPort)" : "\($0.listenHost):\($0.listenPort)"
                }),
            text("data", \.data, "directory of the database and the uploaded files"),
            text("openapi", \.openAPI, "file served as /openapi.yaml"),
            number("lanes", \.lanes, 0...256, "serial queues that serve connections; 0 is one for each core"),
            number("stop-seconds", \.stopSeconds, 1...600, "time to finish what runs after SIGTERM"),
            list("proxies", \.proxies, "addresses whose X-Forwarded-For is believed, separated by commas"),
            list("origins", \.origins, "web origins allowed by CORS, separated by commas"),
        ]
    }

    private static var limits: [Setting] {
        [
            number("connections", \.connections, 1...1_000_000, "open connections; beyond it new ones get 503"),
            number(
                "connections-per-address", \.connectionsPerAddress, 1...1_000_000,
                "open connections of one address, or one /64"),
            number("target-bytes", \.targetBytes, 256...65_536, "longest request target; beyond it 414"),
            number("head-bytes", \.headBytes, 1_024...1_048_576, "longest request head; beyond it 431"),
            number("header-count", \.headerCount, 8...1_000, "header fields of one request; beyond it 431"),
            number("upload-bytes", \.uploadBytes, 1_024...1_073_741_824, "longest upload; beyond it 413"),
            number(
                "pipelined-requests", \.pipelinedRequests, 1...1_000, "requests of one connection answered in one round"
            ),
            number(
                "backlog-bytes", \.backlogBytes, 65_536...1_073_741_824,
                "unsent answer bytes before a connection is read no further"),
            number("idle-seconds", \.idleSeconds, 1...3_600, "a connection without a request is closed after"),
            number("head-seconds", \.headSeconds, 1...600, "time for a request's head; beyond it 408"),
            number("body-seconds", \.bodySeconds, 1...3_600, "time for a request's body; beyond it 408"),
            number(
                "body-bytes-per-second", \.bodyBytesPerSecond, 1...1_073_741_824,
                "a body that keeps coming this fast is not cut off by body-seconds"),
            number("form-parts", \.formParts, 1...1_000, "parts of one multipart form; beyond it 400"),
            number("write-seconds", \.writeSeconds, 1...3_600, "a reader that takes nothing is cut off after"),
        ]
    }

    private static var capacity: [Setting] {
        [
            number(
                "query-milliseconds", \.queryMilliseconds, 10...600_000, "a query is interrupted after; answered 503"),
            number("write-queue", \.writeQueue, 1...1_000_000, "writes that may wait; beyond it 503"),
            number("write-batch", \.writeBatch, 1...10_000, "writes that share one commit"),
            number("workers", \.workers, 1...256, "threads for passwords, pictures and other servers"),
            number("worker-queue", \.workerQueue, 1...100_000, "jobs that may wait for them; beyond it 503"),
        ]
    }

    private static var rates: [Setting] {
        [
            number("rate-entries", \.rateEntries, 1_024...100_000_000, "callers the rate limiter remembers"),
            rate("rate-reads", \.rateReads, "reads of one caller"),
            rate("rate-writes", \.rateWrites, "writes of one caller"),
            rate("rate-logins", \.rateLogins, "attempts to sign in from one address"),
            rate("rate-codes", \.rateCodes, "one-time codes asked for from one address"),
            rate("rate-uploads", \.rateUploads, "uploads of one caller"),
            rate("rate-exports", \.rateExports, "copies of all of one's data"),
            number(
                "rate-address-factor", \.rateAddressFactor, 1...1_000,
                "an address without a session may do so many times a caller's reads and writes: people share addresses"),
        ]
    }

    private static var identity: [Setting] {
        [
            number("resident-session-days", \.residentSessionDays, 1...365, "a resident's session ends after"),
            number("resident-idle-days", \.residentIdleDays, 1...365, "or unused after"),
            number("staff-session-hours", \.staffSessionHours, 1...168, "a staff session ends after"),
            number("staff-idle-minutes", \.staffIdleMinutes, 5...1_440, "or unused after"),
            number(
                "sessions-per-account", \.sessionsPerAccount, 1...1_000,
                "living sessions of one account; the oldest ends"),
            number("login-failures", \.loginFailures, 1...100, "wrong passwords before a staff account is locked"),
            number("lock-minutes", \.lockMinutes, 1...1_440, "for"),
            number("password-characters", \.passwordCharacters, 8...128, "shortest staff password"),
            number(
                "password-days", \.passwordDays, 0...3_650, "a staff password must be changed after; 0 is never"),
            choice(
                "separate-duties", \.separateDuties,
                "whether nobody may hold two of system, security and audit roles"),
            number("code-seconds", \.codeSeconds, 60...3_600, "a one-time code ends after"),
            number("code-tries", \.codeTries, 1...20, "wrong tries before a code is void"),
            number("codes-per-phone-and-day", \.codesPerPhoneAndDay, 1...1_000, "codes sent to one phone in 24 hours"),
            number("code-interval-seconds", \.codeIntervalSeconds, 0...3_600, "time between two codes to one phone"),
            choice(
                "code-delivery", \.codeDelivery,
                "how codes travel: log writes them to the log (development only), http posts them to sms-url"),
            text("sms-url", \.smsURL, "SMS gateway: gets POST {\"phone\",\"code\"}"),
            text("sms-token", \.smsToken, "bearer token for it", isSecret: true),
            choice(
                "real-name-verification", \.realNameVerification,
                "who verifies identities: manual is staff alone, http asks the service at real-name-url too"),
            text(
                "real-name-url", \.realNameURL,
                "verification service: gets POST {\"name\",\"identityKind\",\"identityNumber\"}"),
            text("real-name-token", \.realNameToken, "bearer token for it", isSecret: true),
            number(
                "verifications-per-day", \.verificationsPerDay, 1...100,
                "times one volunteer may ask that service in 24 hours"),
            number("outbound-seconds", \.outboundSeconds, 1...60, "time-out of calls to other servers"),
            text("wechat-url", \.weChatURL, "base URL of WeChat's API"),
            text("wechat-app-id", \.weChatAppID, "the mini-program's appid; empty switches WeChat sign-in off"),
            text("wechat-secret", \.weChatSecret, "its secret", isSecret: true),
        ]
    }

    private static var recognition: [Setting] {
        [
            Setting(
                name: "star-hours", range: "five ascending integers from 1 to 100000, separated by commas",
                meaning: "confirmed hours for one to five stars",
                read: { text, configuration in
                    let hours = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
                    guard hours.count == StarAward.levels.count, (1...100_000).contains(hours[0]),
                        zip(hours, hours.dropFirst()).allSatisfy({ $0 < $1 && $1 <= 100_000 })
                    else { return false }
                    configuration.starMinutes = hours.map { $0 * 60 }
                    return true
                },
                show: { $0.starMinutes.map { String($0 / 60) }.joined(separator: ",") }),
            choice(
                "star-awards", \.starAwards,
                "stars come by themselves when hours are confirmed, or volunteers apply and staff approve"),
        ]
    }

    private static var teams: [Setting] {
        [
            number("team-members", \.teamMembers, 1...5_000, "members of one team; beyond it 409"),
            number("team-deputies", \.teamDeputies, 0...50, "deputies of one team"),
            number("teams-per-volunteer", \.teamsPerVolunteer, 1...100, "teams one volunteer belongs to"),
            number(
                "join-requests-per-volunteer", \.joinRequestsPerVolunteer, 1...100,
                "requests to join a team that one volunteer may have open"),
        ]
    }

    private static var records: [Setting] {
        [
            number("idempotency-hours", \.idempotencyHours, 1...720, "an answer is kept for its Idempotency-Key"),
            choice(
                "audited-writes", \.auditedWrites, "whose writes leave an audit row: all callers', or staff's alone"),
            choice("access-log", \.accessLog, "one log line for each request"),
            choice("log-level", \.logLevel, "least level that is logged"),
            number(
                "overview-seconds", \.overviewSeconds, 0...3_600,
                "the overview is counted anew when it is older, 0 being each time; a count rests twenty times as long as it "
                    + "took"),
            number(
                "audit-days", \.auditDays, RetentionRule.auditDaysMin...36_500, "audit rows are kept for"),
            number("closure-days", \.closureDays, 0...90, "an account is closed so long after its owner asked"),
            number("backup-hours", \.backupHours, 1...8_760, "/readyz warns when the last backup is older"),
        ]
    }
}
