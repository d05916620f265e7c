package import HTTP

/// What a team may be and where in the tree it may stand.
package enum TeamRules {
    package static let nameLengths = 2...60
    package static let reasonLengths = 2...500
    /// Teams on one line from the root: 市总队, 区总队, 大队, 小队, 分队.
    package static let depthMax = 5
    /// Teams that move with their parent in one transaction.
    package static let movedTeamsMax = 1_000
    /// Demand tickets that go over with a merged team in one transaction.
    package static let movedTicketsMax = 1_000
    /// Changes one account has waiting for review.
    package static let openChangesMax = 50

    static func check(_ kind: Team.Kind, _ theme: TeamTheme?, _ faults: inout Faults) {
        if kind == .themed && theme == nil { faults.add("/theme", "特色队须选择主题", "is needed for a themed team") }
        if kind == .ordinary && theme != nil { faults.add("/theme", "普通队伍没有主题", "has no place in an ordinary team") }
    }

    static func check(_ body: Team.SupervisingBody, _ faults: inout Faults) {
        faults.text("/supervisingBody/name", body.name, 2...60)
        if let code = body.creditCode, UnifiedSocialCreditCode(code) == nil {
            faults.add("/supervisingBody/creditCode", "统一社会信用代码无效", "is not a unified social credit code")
        }
    }

    static func check(_ categories: [String], _ faults: inout Faults) {
        if Set(categories).count != categories.count { faults.add("/categories", "不能重复", "must not repeat") }
        for (index, code) in categories.enumerated() where !VolunteerRules.categories.contains(code) {
            faults.add("/categories/\(index)", "应为 01–22 的服务类别代码", "must be a service category code, 01 to 22")
        }
    }
}

extension Team.Level {
    /// A team stands under one of a wider level, a city's 总队 over the districts'; a 分队 is part of another team.
    package func mayStand(under parent: Team.Level?) -> Bool {
        switch self {
        case .general, .brigade: parent == nil || parent == .general
        case .squad: parent == nil || parent == .general || parent == .brigade
        case .branch: parent != nil && parent != .branch
        }
    }
}

extension Team {
    /// - Throws: 409 for a closed or merged team.
    package func requireActive() throws(Problem) {
        guard state == .active else { throw Problem(.teamClosed, state: state.rawValue) }
    }

    /// Whether a team of this level, with `height` levels of teams of its own counting itself, may stand under a parent.
    /// - Throws: 409.
    package static func requirePlace(_ level: Level, height: Int = 1, under parent: Team?) throws(Problem) {
        try parent?.requireActive()
        guard level.mayStand(under: parent?.level) else {
            throw Problem(
                .teamStructure,
                detail: Wording(zh: "该级别的队伍不能设在此处", en: "A team of this level may not stand there"))
        }
        guard (parent?.path.count ?? 0) + height <= TeamRules.depthMax else {
            throw Problem(
                .teamStructure,
                detail: Wording(
                    zh: "队伍层级不能超过 \(TeamRules.depthMax) 级", en: "Teams stand at most \(TeamRules.depthMax) levels deep")
            )
        }
    }
}

/// How many people and requests teams take; from `Configuration`.
package struct TeamLimits: Sendable, Equatable {
    /// Of one team, its leader included.
    package var members: Int
    package var deputies: Int
    /// Teams one volunteer belongs to.
    package var teamsPerVolunteer: Int
    /// Requests to join that one volunteer has open.
    package var openRequests: Int
}

extension Configuration {
    package var teamLimits: TeamLimits {
        TeamLimits(
            members: teamMembers, deputies: teamDeputies, teamsPerVolunteer: teamsPerVolunteer,
            openRequests: joinRequestsPerVolunteer)
    }
}

extension Problem.Kind {
    package static let teamClosed = Self(
        "/problems/team-closed", status: .conflict,
        title: Wording(zh: "队伍已撤销或合并", en: "The team is closed or merged"))
    package static let teamStructure = Self(
        "/problems/team-structure", status: .conflict,
        title: Wording(zh: "不符合队伍层级规则", en: "Against the rules of the team tree"))
    package static let teamNotEmpty = Self(
        "/problems/team-not-empty", status: .conflict,
        title: Wording(zh: "队伍尚有成员、下级队伍或未完成工单", en: "The team still has members, teams or open tickets"))
    package static let teamChangePending = Self(
        "/problems/team-change-pending", status: .conflict,
        title: Wording(zh: "队伍有一项变更正在等待审核", en: "A change of the team waits for review"))
    package static let teamFull = Self(
        "/problems/team-full", status: .conflict, title: Wording(zh: "队伍人数已满", en: "The team is full"))
    package static let deputiesFull = Self(
        "/problems/deputies-full", status: .conflict,
        title: Wording(zh: "副队长人数已满", en: "There is no place for another deputy"))
    package static let tooManyTeams = Self(
        "/problems/too-many-teams", status: .conflict,
        title: Wording(zh: "加入的队伍数量已达上限", en: "A member of as many teams as allowed"))
    package static let tooManyOpen = Self(
        "/problems/too-many-open-requests", status: .conflict,
        title: Wording(zh: "待处理的申请过多", en: "Too many requests wait for an answer"))
    package static let leaderIsGone = Self(
        "/problems/leader-is-gone", status: .conflict,
        title: Wording(zh: "拟任队长的账号已注销", en: "The account of the leader to be was closed"))
    package static let leaderMustHandOver = Self(
        "/problems/leader-must-hand-over", status: .conflict,
        title: Wording(zh: "队长须先移交职务", en: "The leader must hand over first"))
    package static let alreadyMember = Self(
        "/problems/already-a-member", status: .conflict,
        title: Wording(zh: "已是该队成员", en: "A member of the team already"))
}
