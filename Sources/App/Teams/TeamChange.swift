import HTTP
import SQLite

/// A change of the team tree (队伍变更), reviewed by the level above. Where the proposer belongs to that level it is applied
/// at once; the row is written all the same.
package struct TeamChange: Encodable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case found, move, rename, leader, close, merge
    }

    package enum State: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case proposed, applied, refused, withdrawn
    }

    /// What the change is about, before and after it; null is whatever it does not touch.
    package struct Values: Codable, Sendable, Equatable {
        package var parentId: ID<Team>?
        package var level: Team.Level?
        package var name: String?
        package var leaderId: ID<Volunteer>?
        /// The team that a merged one becomes part of.
        package var successorId: ID<Team>?
        /// The team to found.
        package var team: Team.Draft?
    }

    package var id: ID<TeamChange>
    package var kind: Kind
    /// Null until a team is founded.
    package var teamId: ID<Team>?
    package var state: State
    package var reason: String?
    package var oldValues: Values
    package var newValues: Values
    package var proposedBy: ID<Account>
    package var proposedAt: Timestamp
    package var decidedBy: ID<Account>?
    package var decidedAt: Timestamp?
    package var decisionReason: String?

    /// What somebody wants changed: with `kind` the fields that belong to it.
    package struct Proposal: RequestBody {
        package var kind: Kind
        package var teamId: ID<Team>?
        /// For `move`; null makes the team a tree of its own.
        package var parentId: ID<Team>?
        /// For `move`; null keeps it.
        package var level: Team.Level?
        package var name: String?
        package var leaderId: ID<Volunteer>?
        package var successorId: ID<Team>?
        package var team: Team.Draft?
        package var reason: String?

        package func check(_ faults: inout Faults) {
            let given: [(name: String, isGiven: Bool)] = [
                ("teamId", teamId != nil), ("parentId", parentId != nil), ("level", level != nil),
                ("name", name != nil), ("leaderId", leaderId != nil), ("successorId", successorId != nil),
                ("team", team != nil),
            ]
            for field in given {
                if needed.contains(field.name) && !field.isGiven {
                    faults.add("/\(field.name)", "此类变更须填写", "is needed for this kind of change")
                }
                if field.isGiven && !needed.contains(field.name) && !optional.contains(field.name) {
                    faults.add("/\(field.name)", "不属于此类变更", "does not belong to this kind of change")
                }
            }
            if reason == nil && (kind == .close || kind == .merge) {
                faults.add("/reason", "须说明原因", "is needed for this kind of change")
            }
            faults.text("/reason", reason, TeamRules.reasonLengths)
            faults.text("/name", name, TeamRules.nameLengths)
            if let team {
                var inner = Faults()
                team.check(&inner)
                for fault in inner.all { faults.add("/team\(fault.pointer)", fault.detail.zh, fault.detail.en) }
            }
        }

        private var needed: [String] {
            switch kind {
            case .found: ["team"]
            case .move, .close: ["teamId"]
            case .rename: ["teamId", "name"]
            case .leader: ["teamId", "leaderId"]
            case .merge: ["teamId", "successorId"]
            }
        }

        private var optional: [String] { kind == .move ? ["parentId", "level"] : [] }
    }

    package struct Refusal: RequestBody {
        package var reason: String

        package func check(_ faults: inout Faults) { faults.text("/reason", reason, TeamRules.reasonLengths) }
    }
}
