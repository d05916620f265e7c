import SQLite

/// An honour a volunteer was given (表彰奖励), with the items of 民政部令67 art. 9. Those a station grants itself its
/// staff record; those of others the volunteer submits with a proof, and a station verifies or refuses.
package struct AwardRecord: Encodable, Sendable {
    package enum Level: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case national, provincial, municipal, county, township, community, organisation
    }

    package enum State: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case submitted, verified, refused
        /// Was verified, wrongly; stays to be seen with the reason.
        case withdrawn
    }

    /// Why an award is not recorded.
    package enum Ground: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case proofUnreadable, proofDiffers, alreadyRecorded, notEstablished, notVolunteering
    }

    package var id: ID<AwardRecord>
    package var volunteerId: ID<Volunteer>
    /// The station that granted it or is asked to verify it.
    package var stationId: ID<Station>
    package var name: String
    package var grantedOn: CivilDate
    package var grantingBody: String
    package var level: Level
    package var hasProof: Bool
    package var state: State
    package var enteredAt: Timestamp
    package var decidedAt: Timestamp?
    package var ground: Ground?
    package var reason: String?

    /// With whose it is, masked, for those who verify.
    package struct Listed: Encodable, Sendable {
        package var award: AwardRecord
        package var volunteerName: String
        package var volunteerNumber: String
    }

    /// An award of the station's own: granting body and level follow from the station.
    package struct Draft: RequestBody {
        package var stationId: ID<Station>
        package var name: String
        package var grantedOn: CivilDate
        package var volunteerIds: [ID<Volunteer>]

        package func check(_ faults: inout Faults) {
            faults.text("/name", name, 2...60)
            RecordOutcome.check(volunteerIds, &faults)
        }
    }

    /// An award somebody else granted.
    package struct Submission: RequestBody {
        package var stationId: ID<Station>
        package var name: String
        package var grantedOn: CivilDate
        package var grantingBody: String
        package var level: Level
        package var uploadId: ID<Upload>

        package func check(_ faults: inout Faults) {
            faults.text("/name", name, 2...60)
            faults.text("/grantingBody", grantingBody, 2...60)
        }
    }

    package struct Refusal: RequestBody {
        package var ground: Ground
        package var reason: String

        package func check(_ faults: inout Faults) { faults.text("/reason", reason, 2...500) }
    }
}
