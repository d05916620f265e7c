import SQLite

/// A volunteer service team (志愿服务队) of a station. Teams are a tree of their own beside the stations' (总队 over 大队
/// over 小队, with 分队 below); a team's leader takes orders on its behalf.
package struct Team: Encodable, Sendable, Equatable {
    package enum Level: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        /// 总队
        case general
        /// 大队
        case brigade
        /// 小队
        case squad
        /// 分队
        case branch
    }

    package enum Kind: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case ordinary
        /// 特色队: known for one thing or for whom it is made of
        case themed
        /// 宣讲队: speaks to people
        case lecture
    }

    package enum State: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case active, closed
        /// Its people went over to `successorId`.
        case merged
    }

    /// The body that answers for the team (主管单位).
    package struct SupervisingBody: Codable, Sendable, Equatable {
        package var name: String
        /// 统一社会信用代码; bodies without legal personality have none.
        package var creditCode: String?
    }

    package var id: ID<Team>
    package var stationId: ID<Station>
    package var parentId: ID<Team>?
    package var level: Level
    package var kind: Kind
    package var theme: TeamTheme?
    package var name: String
    /// For members and staff; null for everybody else and in lists.
    package var leaderId: ID<Volunteer>?
    package var memberCount: Int
    package var supervisingBody: SupervisingBody?
    package var introduction: String?
    /// Codes of the service categories (志愿服务类别), 01 to 22.
    package var categories: [String]
    package var contactName: String?
    /// For members and staff; null for everybody else and in lists.
    package var contactPhone: String?
    package var state: State
    package var successorId: ID<Team>?
    /// The teams from the root of the tree down to this one.
    package var path: [ID<Team>]
    package var version: Int64
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    package var treePath: TreePath<Team> { TreePath(path) }

    /// As it is shown to whoever has no part in it.
    package var publicView: Team {
        var team = self
        team.leaderId = nil
        team.contactPhone = nil
        return team
    }

    /// What its leader or its station's staff set without asking above.
    package struct Edit: RequestBody {
        package var kind: Kind
        package var theme: TeamTheme?
        package var supervisingBody: SupervisingBody?
        package var introduction: String?
        package var categories: [String]
        package var contactName: String?
        package var contactPhone: String?

        package func check(_ faults: inout Faults) {
            TeamRules.check(kind, theme, &faults)
            if let supervisingBody { TeamRules.check(supervisingBody, &faults) }
            faults.text("/introduction", introduction, 1...2_000)
            TeamRules.check(categories, &faults)
            faults.text("/contactName", contactName, 2...30)
            if let contactPhone, PhoneNumber(contactPhone) == nil {
                faults.add("/contactPhone", "电话号码无效", "is not a phone number")
            }
        }
    }

    /// A new team: an ordinary squad without a parent unless it says otherwise.
    package struct Draft: RequestBody, Encodable, Equatable {
        package var stationId: ID<Station>
        package var name: String
        package var leaderId: ID<Volunteer>
        package var parentId: ID<Team>?
        package var level: Level?
        package var kind: Kind?
        package var theme: TeamTheme?
        package var supervisingBody: SupervisingBody?
        package var introduction: String?
        package var categories: [String]?
        package var contactName: String?
        package var contactPhone: String?

        package var edit: Edit {
            Edit(
                kind: kind ?? .ordinary, theme: theme, supervisingBody: supervisingBody, introduction: introduction,
                categories: categories ?? [], contactName: contactName, contactPhone: contactPhone)
        }

        package func check(_ faults: inout Faults) {
            faults.text("/name", name, TeamRules.nameLengths)
            edit.check(&faults)
        }
    }
}

/// What a team is known for, or whom it is made of (特色队、宣讲队的主题).
package enum TeamTheme: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
    /// 党员
    case party
    /// 职工
    case workers
    /// 青年
    case youth
    /// 学生
    case students
    /// 巾帼
    case women
    /// 退役军人
    case veterans
    /// 银龄、老干部
    case seniors
    /// 领导干部
    case officials
    /// 专家学者
    case scholars
    /// 百姓
    case citizens
    /// 道德模范、身边好人
    case exemplars
    /// 科学普及
    case science
    /// 文艺轻骑兵
    case arts
    /// 普法
    case law
    /// 医疗健康
    case health
    /// 支教助学
    case education
    /// 移风易俗
    case customs
    /// 生态环保
    case environment
    /// 应急救援
    case emergency
    /// 邻里互助
    case neighbours
    /// 助残
    case disability
    /// 平安巡防
    case safety
    /// 文明交通
    case traffic
    case other
}
