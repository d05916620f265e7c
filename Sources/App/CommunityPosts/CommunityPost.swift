import SQLite

/// A post of service (岗位) that a community offers to the members checked in there.
package struct CommunityPost: Encodable, Sendable {
    package enum State: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case open, closed
    }

    package var id: ID<CommunityPost>
    package var stationId: ID<Station>
    package var title: String
    package var duties: String
    package var category: DutyCategory
    package var places: Int
    /// Claims that hold a place.
    package var taken: Int
    /// First and last day of the term.
    package var beginsOn: CivilDate
    package var endsOn: CivilDate
    /// 志愿服务条例 art. 12: what may happen, said before anybody claims.
    package var riskNotice: String
    package var state: State
    package var closeReason: String?
    package var version: Int64
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    package struct Edit: RequestBody {
        package var title: String
        package var duties: String
        package var category: DutyCategory
        package var places: Int
        package var beginsOn: CivilDate
        package var endsOn: CivilDate
        package var riskNotice: String

        package func check(_ faults: inout Faults) {
            faults.text("/title", title, 2...60)
            faults.text("/duties", duties, 1...2_000)
            faults.number("/places", places, 1...CommunityPostRules.placesMax)
            faults.text("/riskNotice", riskNotice, 1...1_000)
            let days = endsOn.daysSince1970 - beginsOn.daysSince1970
            if !(0...CommunityPostRules.termDaysMax).contains(days) {
                faults.add(
                    "/endsOn", "任期应为 1 天到 \(CommunityPostRules.termDaysMax) 天",
                    "must be on or after beginsOn, by at most \(CommunityPostRules.termDaysMax) days")
            }
        }
    }

    package struct Draft: RequestBody {
        package var stationId: ID<Station>
        package var title: String
        package var duties: String
        package var category: DutyCategory
        package var places: Int
        package var beginsOn: CivilDate
        package var endsOn: CivilDate
        package var riskNotice: String

        package var edit: Edit {
            Edit(
                title: title, duties: duties, category: category, places: places, beginsOn: beginsOn, endsOn: endsOn,
                riskNotice: riskNotice)
        }

        package func check(_ faults: inout Faults) { edit.check(&faults) }
    }
}

/// What a post, a need or a resource is about (岗位类别), after the eight classes of a county's 双报到 rules.
package enum DutyCategory: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
    /// 组织建设
    case organisation = "01"
    /// 法律咨询与援助
    case legalAid = "02"
    /// 助困扶残与就业援助
    case hardship = "03"
    /// 社区治理
    case governance = "04"
    /// 健康医疗
    case health = "05"
    /// 文化体育
    case culture = "06"
    /// 安全宣传与治安巡逻
    case safety = "07"
    /// 其他
    case other = "99"
}

/// A member's hold on a post (认领).
package struct PostClaim: Encodable, Sendable {
    package enum State: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case claimed
        /// Given up by the member.
        case resigned
        /// The post closed, its term ended, or the member left the community.
        case ended
    }

    package var id: ID<PostClaim>
    package var postId: ID<CommunityPost>
    package var postTitle: String
    package var stationId: ID<Station>
    package var unitName: String
    /// Masked; null for a member whose data was wiped.
    package var memberName: String?
    package var state: State
    package var claimedAt: Timestamp
    package var endedAt: Timestamp?
    package var reason: String?
    var volunteerId: ID<Volunteer>?
    var beginsOn: CivilDate
    var endsOn: CivilDate

    private enum CodingKeys: String, CodingKey {
        case id, postId, postTitle, stationId, unitName, memberName, state, claimedAt, endedAt, reason
    }
}

/// One day of service on a post (履岗记录): reported by the member when there was any, confirmed by the community.
package struct PostService: Encodable, Sendable {
    package enum State: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case reported, confirmed, refused
    }

    package var id: ID<PostService>
    package var claimId: ID<PostClaim>
    package var servedOn: CivilDate
    package var minutes: Int
    package var note: String?
    package var state: State
    package var reportedAt: Timestamp
    package var decidedAt: Timestamp?
    package var reason: String?

    package struct Report: RequestBody {
        package var minutes: Int
        package var note: String?

        package func check(_ faults: inout Faults) {
            faults.number("/minutes", minutes, 1...1_440)
            faults.text("/note", note, 1...500)
        }
    }
}
