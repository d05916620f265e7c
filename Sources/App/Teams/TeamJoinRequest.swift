import SQLite

/// A volunteer's wish to join a team (入队申请), or to change from another into it.
package struct TeamJoinRequest: Encodable, Sendable {
    package enum State: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case open, approved, refused, cancelled
        /// The team ended before anybody answered.
        case lapsed
    }

    package var id: ID<TeamJoinRequest>
    package var teamId: ID<Team>
    package var teamName: String
    package var volunteerId: ID<Volunteer>
    /// A minor's masked for staff who may not see minors.
    package var volunteerName: String
    /// The team left at the moment this one says yes.
    package var fromTeamId: ID<Team>?
    package var note: String?
    package var state: State
    package var reason: String?
    package var createdAt: Timestamp
    package var decidedAt: Timestamp?

    package struct Draft: RequestBody {
        package var note: String?
        package var fromTeamId: ID<Team>?

        package func check(_ faults: inout Faults) { faults.text("/note", note, TeamRules.reasonLengths) }
    }

    package struct Refusal: RequestBody {
        package var reason: String

        package func check(_ faults: inout Faults) { faults.text("/reason", reason, TeamRules.reasonLengths) }
    }
}
