package import HTTP
import SQLite

/// Somebody's wish to leave (账号注销, 个人信息保护法 art. 47, 网络数据安全管理条例 art. 24): heard at once where it costs nobody
/// anything, and carried out after a time in which it can be taken back.
package struct AccountClosure: Sendable {
    package enum State: String, Encodable, Sendable, CaseIterable { case none, pending }

    /// What has to be ended first, because others rely on it. Open: clients must bear new ones.
    package enum Obstacle: String, Codable, Sendable, CaseIterable {
        /// Staff hand back their rights first.
        case holdsGrants
        case leadsTeam
        /// The community names somebody else first.
        case looksAfterGrid
        /// An accepted order of somebody else's waits for its report.
        case acceptedTicket
        /// Somebody has accepted an order of one's own.
        case orderUnderWay
        case checkedIn
        case guardsChild
    }

    package var requestedAt: Timestamp
    package var dueAt: Timestamp

    /// What the person is told before and after.
    package struct View: Encodable, Sendable {
        package struct Kept: Encodable, Sendable {
            package var code: String
            package var what: String
            package var why: String
            package var law: String
            /// Days it is kept; null where the law gives no end.
            package var days: Int?
        }

        package var state: State
        package var requestedAt: Timestamp?
        package var dueAt: Timestamp?
        package var coolingOffDays: Int
        /// What has to be typed.
        package var confirmation: String
        package var obstacles: [Obstacle]
        package var endedAtOnce: [String]
        package var erased: [String]
        package var kept: [Kept]
    }

    package struct Draft: RequestBody {
        package var confirmation: String

        package func check(_ faults: inout Faults) {
            let phrases = [ClosureRules.confirmation.zh, ClosureRules.confirmation.en]
            if !phrases.contains(confirmation) {
                faults.add(
                    "/confirmation", "请输入“\(ClosureRules.confirmation.zh)”",
                    "must be “\(ClosureRules.confirmation.en)”")
            }
        }
    }
}

enum ClosureRules {
    static let confirmation = Wording(zh: "注销我的账号", en: "close my account")

    static let endedAtOnce = [
        Wording(zh: "其他设备上的登录", en: "sign-ins on other devices"),
        Wording(zh: "未开始活动的报名（名额让出）", en: "sign-ups for activities to come; their places become free"),
        Wording(zh: "队伍成员身份、岗位认领与专家库登记", en: "memberships of teams, posts and the listing as an expert"),
        Wording(zh: "未受理的需求工单", en: "orders nobody has accepted"),
    ]

    static let erased = [
        Wording(zh: "手机号、姓名、微信绑定、工作人员登录名", en: "phone, name, WeChat sign-in and staff name"),
        Wording(
            zh: "证件号码、出生月日、详细住址区划、技能、监护人信息", en: "identity number, day of birth, exact division, skills, guardians"),
        Wording(
            zh: "志愿者档案、资质材料、紧急联系人、党组织关系", en: "profile, proofs of qualification, emergency contact, party membership"),
        Wording(zh: "需求工单的联系电话与地址，反映与工单正文中的号码", en: "phones and addresses of orders, numbers within texts"),
        Wording(
            zh: "所监护未成年人档案中您的姓名与手机号", en: "your name and phone in the records of the children you answered for"),
        Wording(zh: "全部会话、同意记录中的网络地址", en: "all sessions, and the addresses in the consent log"),
    ]

    static let kept: [Keeping] = [.serviceRecords, .honours, .messages, .publicWork, .consents, .auditLog, .closure]

    /// Carried out a day later where something stands in the way by then. Seconds.
    static let postponement: Int64 = 86_400
    /// Accounts closed in one transaction.
    static let batch = 20
    /// Messages and orders of one account whose texts lose their numbers.
    static let textsMax = 10_000
}

extension Problem.Kind {
    package static let closureRefused = Self(
        "/problems/closure-refused", status: .conflict,
        title: Wording(zh: "尚有未了事项，暂不能注销", en: "Something has to be ended before the account can be closed"))
}

extension AccountClosure {
    package static let routes: [Route] = [
        .read(.get, "/api/v1/me/closure", "getMyClosure", access: .account) { request, db in
            .json(try view(request, in: db))
        },
        .write(.post, "/api/v1/me/closure", "requestClosure", access: .account, body: Draft.self) { request, _, db in
            let caller = try request.signedIn()
            let person = PersonalData.Person(account: caller.account, volunteer: caller.volunteer)
            if try find(caller.account, in: db) == nil {
                let obstacles = try obstacles(of: person, now: request.now, in: db)
                guard obstacles.isEmpty else {
                    throw Problem(.closureRefused, reasons: obstacles.map(\.rawValue))
                }
                try insert(person, keeping: caller.session, days: request.services.configuration.closureDays, in: db)
            }
            return .json(try view(request, in: db), status: .created).located(at: "/api/v1/me/closure")
        }.changingAccess,
        .write(.delete, "/api/v1/me/closure", "cancelClosure", access: .account) { request, db in
            guard try cancel(request.account(), in: db) else { throw Problem(.notFound) }
            return .noContent
        },
    ]

    private static func view(_ request: APIRequest, in db: Database) throws -> View {
        let (caller, language) = (try request.signedIn(), request.language)
        let configuration = request.services.configuration
        let closure = try find(caller.account, in: db)
        let person = PersonalData.Person(account: caller.account, volunteer: caller.volunteer)
        return View(
            state: closure == nil ? .none : .pending, requestedAt: closure?.requestedAt, dueAt: closure?.dueAt,
            coolingOffDays: configuration.closureDays, confirmation: ClosureRules.confirmation[language],
            obstacles: try obstacles(of: person, now: request.now, in: db),
            endedAtOnce: ClosureRules.endedAtOnce.map { $0[language] },
            erased: ClosureRules.erased.map { $0[language] },
            kept: ClosureRules.kept.map { keeping in
                .init(
                    code: keeping.rawValue, what: keeping.what[language], why: keeping.why[language], law: keeping.law,
                    days: keeping.days(configuration))
            })
    }
}
