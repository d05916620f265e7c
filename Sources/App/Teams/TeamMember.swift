import SQLite

/// One volunteer's membership in a team (队员). A volunteer may belong to several teams, one of which is the main one.
package struct TeamMember: Encodable, Sendable {
    package enum Role: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        /// 队长
        case leader
        /// 副队长: takes people in and edits as the leader does, and does not act for the team outside
        case deputy
        /// 记录员
        case recorder
        case member
    }

    /// Null for the public.
    package var volunteerId: ID<Volunteer>?
    /// Masked for the public; for others a minor's, and that of somebody who did not come to the team by themselves and
    /// whom the caller may not look up.
    package var name: String
    /// 志愿者编号; null for all but those who run the team, and for them where they may not know the member.
    package var number: String?
    /// Masked, and null like `number`.
    package var phone: String?
    package var role: Role
    package var joinedAt: Timestamp

    /// Somebody inside who looks at the members, or at those who ask to become one.
    struct Viewer {
        var caller: Caller
        var standing: TeamStanding
        var today: CivilDate
    }

    /// One of the caller's own teams.
    package struct Own: Encodable, Sendable {
        package var team: Team
        package var role: Role
        package var isMain: Bool
        package var joinedAt: Timestamp
    }

    /// What happened to a membership.
    package struct Event: Encodable, Sendable {
        package enum Kind: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
            case founded
            /// By the team's consent to a request.
            case joined
            /// By staff.
            case added
            /// By the consent of the other team.
            case transferred
            case role, left, removed
            /// Went over with a merged team.
            case merged
            /// The leader's, with the closing of the team.
            case closed
        }

        package var id: ID<Event>
        package var volunteerId: ID<Volunteer>
        package var kind: Kind
        package var role: Role?
        package var actorId: ID<Account>
        package var reason: String?
        package var at: Timestamp
    }

    package struct RoleChange: RequestBody {
        /// The leader is changed by a reviewed change of the team.
        package enum Choice: String, Codable, Sendable, CaseIterable { case deputy, recorder, member }

        package var role: Choice

        var target: Role {
            switch role {
            case .deputy: .deputy
            case .recorder: .recorder
            case .member: .member
            }
        }
    }

    package struct Removal: RequestBody {
        package var reason: String

        package func check(_ faults: inout Faults) { faults.text("/reason", reason, TeamRules.reasonLengths) }
    }

    package struct MainChoice: RequestBody {
        package var teamId: ID<Team>
    }
}
