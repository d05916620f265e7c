import SQLite

/// A station asks an expert to come (专家邀请). Only after the expert has accepted does whoever invited see the phone.
package struct ExpertInvitation: Encodable, Sendable {
    package enum State: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case invited, accepted, declined, withdrawn, expired
    }

    package var id: ID<ExpertInvitation>
    package var volunteerId: ID<Volunteer>
    package var stationId: ID<Station>
    package var stationName: String
    package var message: String
    package var wishedAt: Timestamp
    package var state: State
    /// Of a declination or withdrawal.
    package var reason: String?
    package var createdAt: Timestamp
    /// Unanswered, it ends then.
    package var expiresAt: Timestamp
    package var answeredAt: Timestamp?
    var invitedBy: ID<Account>

    private enum CodingKeys: String, CodingKey {
        case id, volunteerId, stationId, stationName, message, wishedAt, state, reason, createdAt, expiresAt, answeredAt
    }

    package struct Draft: RequestBody {
        package var stationId: ID<Station>
        package var message: String
        package var wishedAt: Timestamp

        package func check(_ faults: inout Faults) { faults.text("/message", message, 1...500) }
    }

    package struct Declination: RequestBody {
        package var reason: String?

        package func check(_ faults: inout Faults) { faults.text("/reason", reason, 2...500) }
    }

    /// How to reach the expert.
    package struct Contact: Encodable, Sendable {
        package var name: String
        package var phone: String
    }
}
