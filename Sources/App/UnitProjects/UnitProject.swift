import SQLite

/// A need of a community and a resource of a unit brought together (项目清单, an entry of it). One side proposes, the other
/// agrees, the community says when it is done.
package struct UnitProject: Encodable, Sendable {
    package enum State: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case proposed, agreed, running, done, dropped
    }

    package var id: ID<UnitProject>
    package var needId: ID<CommunityNeed>
    package var resourceId: ID<UnitResource>
    package var unitId: ID<PartyUnit>
    package var stationId: ID<Station>
    package var title: String
    package var plan: String
    package var proposedBy: UnitSide
    package var state: State
    package var report: String?
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var moves: [Move]?

    /// One step of the project's life.
    package struct Move: Encodable, Sendable {
        package var fromState: State?
        package var toState: State
        package var actorId: ID<Account>
        package var at: Timestamp
        package var reason: String?
    }

    package struct Draft: RequestBody {
        package var needId: ID<CommunityNeed>
        package var resourceId: ID<UnitResource>
        /// For which side the caller proposes it.
        package var side: UnitSide
        package var title: String
        package var plan: String

        package func check(_ faults: inout Faults) {
            faults.text("/title", title, 2...60)
            faults.text("/plan", plan, 1...2_000)
        }
    }

    package struct Completion: RequestBody {
        package var report: String

        package func check(_ faults: inout Faults) { faults.text("/report", report, 1...2_000) }
    }
}
