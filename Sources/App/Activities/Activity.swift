import SQLite

/// Something to take part in (文明实践活动): at a station, at a time, with so many places.
package struct Activity: JSONWritable, Sendable {
    package enum State: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable { case published, cancelled }

    package var id: ID<Activity>
    package var stationId: ID<Station>
    package var title: String
    package var summary: String
    package var category: String
    package var riskNotice: String
    package var address: String
    package var position: Position?
    package var startsAt: Timestamp
    package var endsAt: Timestamp
    package var signUpClosesAt: Timestamp
    package var capacity: Int
    package var taken: Int
    /// Completed years a volunteer must have on the day.
    package var ageMin: Int
    package var personInCharge: String
    package var state: State
    package var cancelReason: String?
    package var version: Int64
    package var updatedAt: Timestamp
    /// What the caller may do now; null for a caller who is no volunteer.
    package var viewer: Viewer?

    package struct Viewer: Encodable, Sendable {
        package var signUpId: ID<SignUp>?
        package var signUpState: SignUp.State?
        /// Of `signUp`, `cancel`, `checkIn`, `checkOut`.
        package var allowedActions: [String]
        /// Every reason why `signUp` is not among them.
        package var reasons: [SignUp.Refusal]
    }

    /// What a manager writes, for a new activity and for a change of one.
    package struct Draft: RequestBody {
        package var title: String
        package var summary: String
        package var category: String
        /// 志愿服务条例 art. 12: whoever recruits names the risks.
        package var riskNotice: String
        package var address: String
        package var position: Position?
        package var startsAt: Timestamp
        package var endsAt: Timestamp
        /// The start unless said otherwise.
        package var signUpClosesAt: Timestamp?
        package var capacity: Int
        package var ageMin: Int?
        package var personInCharge: String

        package func check(_ faults: inout Faults) {
            faults.text("/title", title, 2...60)
            faults.text("/summary", summary, 1...2_000)
            if !VolunteerRules.categories.contains(category) {
                faults.add("/category", "应为 01–22 的服务类别代码", "must be a service category code, 01 to 22")
            }
            faults.text("/riskNotice", riskNotice, 1...1_000)
            faults.text("/address", address, 1...120)
            faults.number("/capacity", capacity, 1...100_000)
            if let ageMin { faults.number("/ageMin", ageMin, 6...100) }
            if !PersonName.isValid(personInCharge) { faults.add("/personInCharge", "姓名无效", "is not a person's name") }
            if endsAt <= startsAt { faults.add("/endsAt", "应晚于开始时间", "must be after the start") }
            if let signUpClosesAt, signUpClosesAt > endsAt {
                faults.add("/signUpClosesAt", "不能晚于结束时间", "must not be after the end")
            }
            if endsAt.seconds - startsAt.seconds > ActivityRules.longestSeconds {
                faults.add("/endsAt", "活动最长一年", "must be within a year of the start")
            }
        }
    }

    /// A new activity: where, and the rest.
    package struct NewDraft: RequestBody {
        package var stationId: ID<Station>
        package var activity: Draft

        private enum Key: String, CodingKey, CaseIterable {
            case stationId, title, summary, category, riskNotice, address, position, startsAt, endsAt, signUpClosesAt,
                capacity, ageMin, personInCharge
        }

        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            stationId = try container.decode(ID<Station>.self, forKey: .stationId)
            activity = Draft(
                title: try container.decode(String.self, forKey: .title),
                summary: try container.decode(String.self, forKey: .summary),
                category: try container.decode(String.self, forKey: .category),
                riskNotice: try container.decode(String.self, forKey: .riskNotice),
                address: try container.decode(String.self, forKey: .address),
                position: try container.decodeIfPresent(Position.self, forKey: .position),
                startsAt: try container.decode(Timestamp.self, forKey: .startsAt),
                endsAt: try container.decode(Timestamp.self, forKey: .endsAt),
                signUpClosesAt: try container.decodeIfPresent(Timestamp.self, forKey: .signUpClosesAt),
                capacity: try container.decode(Int.self, forKey: .capacity),
                ageMin: try container.decodeIfPresent(Int.self, forKey: .ageMin),
                personInCharge: try container.decode(String.self, forKey: .personInCharge))
        }

        package func check(_ faults: inout Faults) { activity.check(&faults) }
    }

    package struct Cancellation: RequestBody {
        package var reason: String

        package func check(_ faults: inout Faults) { faults.text("/reason", reason, 2...200) }
    }
}
