import SQLite

/// Training somebody took part in (培训记录), with the items of 民政部令67 art. 8. Not a ledger that is summed to
/// earn something, but a statement: a wrong one is withdrawn with its reason, stays to be seen, and is stated anew, which
/// is plainer than rows that correct each other.
package struct TrainingRecord: Encodable, Sendable {
    /// Volunteers recorded by one call.
    package static let volunteersMax = 200

    package var id: ID<TrainingRecord>
    package var volunteerId: ID<Volunteer>
    package var stationId: ID<Station>
    package var name: String
    /// 主要内容.
    package var content: String
    /// Learning time.
    package var minutes: Int
    package var organiser: String
    package var date: CivilDate
    package var recordedAt: Timestamp
    package var withdrawnAt: Timestamp?
    package var withdrawalReason: String?

    package struct Draft: RequestBody {
        package var stationId: ID<Station>
        package var name: String
        package var content: String
        package var minutes: Int
        package var organiser: String
        package var date: CivilDate
        package var volunteerIds: [ID<Volunteer>]

        package func check(_ faults: inout Faults) {
            faults.text("/name", name, 2...60)
            faults.text("/content", content, 1...1_000)
            // A thousand hours: the longest course worth one row.
            faults.number("/minutes", minutes, 1...60_000)
            faults.text("/organiser", organiser, 2...60)
            RecordOutcome.check(volunteerIds, &faults)
        }
    }
}

/// What became of one volunteer of a list.
package struct RecordOutcome: Encodable, Sendable {
    package enum Outcome: String, Codable, Sendable, CaseIterable {
        case recorded
        /// The same stands there already.
        case alreadyRecorded
        case unknownVolunteer
        /// The caller's own volunteer: somebody else has to record it.
        case ownCase
    }

    package var volunteerId: ID<Volunteer>
    package var outcome: Outcome
    /// Of the new row.
    package var recordId: Int64?

    static func check(_ volunteers: [ID<Volunteer>], _ faults: inout Faults) {
        let most = TrainingRecord.volunteersMax
        if !(1...most).contains(volunteers.count) {
            faults.add("/volunteerIds", "应有 1–\(most) 名志愿者", "must have 1 to \(most) items")
        } else if Set(volunteers).count != volunteers.count {
            faults.add("/volunteerIds", "不能重复", "must not repeat")
        }
    }
}
