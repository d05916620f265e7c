import SQLite

/// A volunteer's place in the pool of experts (银发人才库), by consent that can be taken back at any time: then it
/// leaves the list at once and what it said is wiped. Open to every age, though it was made for the retired.
package struct ExpertListing: Encodable, Sendable {
    package static let fieldsMax = 5
    package static let stationsMax = 5
    package static let introductionLength = 1...500

    /// What somebody is an expert in (专长类别).
    package enum Field: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case medical, legal, education, engineering, agriculture, arts, technology, management, craft, other
    }

    package var isListed: Bool
    package var fields: [Field]
    package var introduction: String?
    package var isRetired: Bool
    /// The places served (服务阵地): any station, with all below it.
    package var stationIds: [ID<Station>]
    package var consentedAt: Timestamp?
    /// 0 for a listing that never was.
    package var version: Int64

    package struct Edit: RequestBody {
        /// To being found by the staff of these places, with age band, languages, times and verified qualifications.
        package var consents: Bool
        package var fields: [Field]
        package var introduction: String
        package var isRetired: Bool
        package var stationIds: [ID<Station>]

        package func check(_ faults: inout Faults) {
            if !consents { faults.add("/consents", "须同意列入人才库", "must be true: the pool lists nobody without consent") }
            if !(1...fieldsMax).contains(fields.count) || Set(fields).count != fields.count {
                faults.add("/fields", "应有 1–\(fieldsMax) 项且不重复", "must have 1 to \(fieldsMax) items, each once")
            }
            faults.text("/introduction", introduction, introductionLength)
            if !(1...stationsMax).contains(stationIds.count) || Set(stationIds).count != stationIds.count {
                faults.add(
                    "/stationIds", "应有 1–\(stationsMax) 个且不重复", "must have 1 to \(stationsMax) items, each once")
            }
        }
    }
}

/// An expert as staff find them: no phone, no birth date, the name masked, numbers in the introduction hidden.
package struct Expert: Encodable, Sendable {
    package enum AgeBand: String, Codable, Sendable, CaseIterable {
        case under30, thirties, forties, fifties, sixties, seventies, eightyAndOver
    }

    package struct Paper: Encodable, Sendable {
        package var kind: Qualification.Kind
        package var title: String
    }

    package var volunteerId: ID<Volunteer>
    package var name: String
    package var ageBand: AgeBand
    package var isRetired: Bool
    package var fields: [ExpertListing.Field]
    package var introduction: String
    package var stationIds: [ID<Station>]
    package var languages: [SpokenLanguage]
    package var availability: [Profile.Slot]
    /// Verified and in force.
    package var qualifications: [Paper]
    package var starLevel: Int
}
