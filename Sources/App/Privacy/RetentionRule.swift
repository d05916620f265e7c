package import HTTP
import SQLite

/// How long one kind of row is kept, and why (保存期限, 个人信息保护法 art. 19: the shortest time that serves).
package struct RetentionRule: Sendable {
    package var code: String
    package var table: StaticString
    /// The moment the time counts from.
    package var column: StaticString
    /// What a row is told by.
    var key: StaticString = "id"
    /// What must hold besides.
    var also: StaticString?
    /// Rows are added in order of that moment, so that those to go have the lowest ids and the column needs no index.
    var isAppended = false
    /// Seconds after that moment.
    package var seconds: @Sendable (Configuration) -> Int64
    package var source: Wording
    /// How rows go where a plain deletion is not all.
    var run: (@Sendable (Transaction, _ cutoff: Int64, _ limit: Int) throws -> HousekeepingJob.Round)?

    /// Rows one round of one rule takes, so that writers wait for no more than some milliseconds.
    package static let batch = 500
    /// 网络安全法 asks for six months of logs; the schema refuses less.
    package static let auditDaysMin = 180
    /// Three years, the time of limitation (民法典 art. 188), and a day for the leap year.
    package static let consentDays = 1_096
    /// 网络数据安全管理条例 art. 12: three years at least.
    package static let sharingDays = 1_096
    /// Time to object to a decision. Days.
    package static let evidenceDays = 30

    private static func days(_ count: Int) -> @Sendable (Configuration) -> Int64 {
        { _ in Int64(count) * Timestamp.secondsPerDay }
    }

    package static let all: [RetentionRule] = [
        .init(
            code: "endedSessions", table: "session", column: "expires_at", seconds: { _ in 0 },
            source: Wording(zh: "会话已结束", en: "the session has ended")),
        .init(
            code: "oneTimeCodes", table: "phone_code", column: "sent_at", key: "phone", seconds: days(2),
            source: Wording(zh: "验证码已失效，发送次数按日计", en: "codes are void, and counted by the day")),
        .init(
            code: "idempotentAnswers", table: "idempotent_answer", column: "created_at",
            isAppended: true, seconds: { Int64($0.idempotencyHours) * 3_600 },
            source: Wording(zh: "重试窗口已过", en: "nobody retries any more")),
        .init(
            code: "unusedUploads", table: "upload", column: "created_at", also: "is_used = 0",
            seconds: { _ in Upload.unusedSeconds },
            source: Wording(zh: "未被引用的图片", en: "pictures nothing refers to"),
            run: { db, cutoff, limit in
                let tokens = try Upload.dropUnused(before: cutoff, limit: limit, in: db)
                return .init(tokens.count, atMost: limit, uploadTokens: tokens)
            }),
        .init(
            code: "auditEntries", table: "audit_entry", column: "at", isAppended: true,
            seconds: { Int64($0.auditDays) * Timestamp.secondsPerDay },
            source: Wording(zh: "网络安全法：日志留存不少于六个月", en: "Cybersecurity Law: logs for six months at least"),
            run: { .init(try AuditChain.drop(before: $1, limit: $2, in: $0), atMost: $2) }),
        .init(
            code: "withdrawnConsents", table: "consent", column: "withdrawn_at", seconds: days(consentDays),
            source: Wording(zh: "民法典第一百八十八条：诉讼时效三年", en: "Civil Code art. 188: claims lapse after three years")),
        .init(
            code: "correctionEvidence", table: "correction_request", column: "decided_at",
            also: "upload_id IS NOT NULL", seconds: days(evidenceDays),
            source: Wording(zh: "个人信息保护法第十九条：目的已实现", en: "PIPL art. 19: it has served its purpose"),
            run: { .init(try CorrectionRequest.dropEvidence(before: $1, limit: $2, in: $0), atMost: $2) }),
        .init(
            code: "decidedCorrections", table: "correction_request", column: "decided_at", also: "upload_id IS NULL",
            seconds: days(consentDays),
            source: Wording(zh: "民法典第一百八十八条：诉讼时效三年", en: "Civil Code art. 188: claims lapse after three years")),
        .init(
            code: "sharedData", table: "data_sharing", column: "at", seconds: days(sharingDays),
            source: Wording(zh: "网络数据安全管理条例第十二条：不少于三年", en: "Network Data Regulations art. 12: three years")),
    ]

    /// One small job for each rule, so that one that fails stops no other.
    package static let housekeeping: [HousekeepingJob] = all.map(\.job)

    package var job: HousekeepingJob {
        HousekeepingJob(name: "retention: \(code)") { try drop($0, $1) }
    }
}

extension RetentionRule {
    /// A rule with what it would take now.
    package struct Forecast: Encodable, Sendable {
        package var code: String
        package var table: String
        package var column: String
        package var keptMinutes: Int
        package var source: String
        package var rows: Int
        /// There are more than were counted.
        package var isMore: Bool
    }

    /// Rows counted at the most for an answer.
    package static let countMax = 10_000

    package static let routes: [Route] = [
        .read(.get, "/api/v1/retention", "getRetention", access: .staff(.readOperations)) { request, db in
            let configuration = request.services.configuration
            let forecasts = try all.map { rule in
                let rows = try rule.count(configuration, now: request.now, limit: countMax + 1, in: db)
                return Forecast(
                    code: rule.code, table: rule.table.description, column: rule.column.description,
                    keptMinutes: Int(rule.seconds(configuration) / 60), source: rule.source[request.language],
                    rows: min(rows, countMax), isMore: rows > countMax)
            }
            return .json(ItemList(items: forecasts, next: nil))
        }
    ]
}
