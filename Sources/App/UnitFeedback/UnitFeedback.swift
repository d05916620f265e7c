import SQLite

/// What a community tells a unit after a quarter (季度反馈): counts as they were when it was made, and remarks. Sent once,
/// never changed. Sums alone, of the unit as a whole: nobody is named, scored or ranked.
package struct UnitFeedback: Encodable, Sendable {
    package var id: ID<UnitFeedback>
    package var unitId: ID<PartyUnit>
    package var stationId: ID<Station>
    package var year: Int
    package var quarter: Int
    package var counts: Counts
    package var remarks: String?
    package var sentAt: Timestamp

    package struct Counts: Encodable, Sendable {
        /// Members of the unit checked in to the community at some time of the quarter.
        package var membersCheckedIn: Int
        /// Claims of its members with at least one confirmed day of service in the quarter.
        package var postsServed: Int
        /// Projects of the two that were done in the quarter.
        package var projectsDone: Int
    }

    package struct Draft: RequestBody {
        package var unitId: ID<PartyUnit>
        package var stationId: ID<Station>
        package var year: Int
        package var quarter: Int
        package var remarks: String?

        package func check(_ faults: inout Faults) {
            faults.number("/year", year, UnitFeedbackRules.years)
            faults.number("/quarter", quarter, 1...4)
            faults.text("/remarks", remarks, 1...2_000)
        }
    }
}

/// What a community and a unit think of a year together (年度互评), each once.
package struct UnitEvaluation: Encodable, Sendable {
    package enum Grade: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        /// 优秀, 良好, 一般, 较差
        case excellent, good, fair, poor
    }

    package var id: ID<UnitEvaluation>
    package var unitId: ID<PartyUnit>
    package var stationId: ID<Station>
    package var year: Int
    /// Who rates the other.
    package var ratedBy: UnitSide
    package var grade: Grade
    package var remarks: String?
    package var madeAt: Timestamp

    package struct Draft: RequestBody {
        package var unitId: ID<PartyUnit>
        package var stationId: ID<Station>
        package var year: Int
        /// For which side the caller speaks.
        package var side: UnitSide
        package var grade: Grade
        package var remarks: String?

        package func check(_ faults: inout Faults) {
            faults.number("/year", year, UnitFeedbackRules.years)
            faults.text("/remarks", remarks, 1...2_000)
        }
    }
}
