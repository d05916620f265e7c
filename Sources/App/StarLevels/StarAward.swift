import SQLite

/// One star of a volunteer (星级): one to five for confirmed minutes, each in its order. A row is never changed but to
/// revoke it, when records were corrected to below what the star asked for on its day; earned again it is a new row, so
/// at most one of each level stands.
package struct StarAward: Encodable, Sendable {
    package static let levels = 1...5

    /// How stars are awarded (自动授予 or 申请授予).
    package enum Manner: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case automatic, application
    }

    package var id: ID<StarAward>
    package var volunteerId: ID<Volunteer>
    /// Where the hours were confirmed that made it full, or the application was approved.
    package var stationId: ID<Station>
    package var level: Int
    /// Confirmed minutes on the day of the award.
    package var minutes: Int
    /// What the level asked for on that day.
    package var thresholdMinutes: Int
    package var manner: Manner
    package var awardedBy: ID<Account>
    package var awardedAt: Timestamp
    package var revokedAt: Timestamp?
    package var revocationReason: String?

    /// Where a volunteer stands.
    package struct Standing: Encodable, Sendable {
        /// 0 to 5.
        package var level: Int
        package var minutes: Int
        /// Minutes in all for the next star; null with five.
        package var nextThresholdMinutes: Int?
        package var manner: Manner
        /// Newest first, the revoked ones included.
        package var awards: [StarAward]
    }
}

/// A volunteer's wish for the next star, where stars are awarded by application (星级申请).
package struct StarApplication: Encodable, Sendable {
    package enum State: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case submitted, approved, refused
    }

    package var id: ID<StarApplication>
    package var volunteerId: ID<Volunteer>
    package var stationId: ID<Station>
    package var level: Int
    package var state: State
    package var submittedAt: Timestamp
    package var decidedAt: Timestamp?
    package var reason: String?

    /// With whose it is, masked, and what they have, for those who decide.
    package struct Listed: Encodable, Sendable {
        package var application: StarApplication
        package var volunteerName: String
        package var volunteerNumber: String
        package var minutes: Int
    }

    package struct Draft: RequestBody {
        /// The station asked to decide.
        package var stationId: ID<Station>
    }
}
