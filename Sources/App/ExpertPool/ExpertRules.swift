package import HTTP

package enum ExpertRules {
    /// Nobody below is listed. Years.
    package static let youngest = 18
    /// Invitations of one expert that wait for an answer: nobody is pestered.
    package static let openPerExpertMax = 5
    /// Invitations of one station on one day in Shanghai.
    package static let perStationAndDayMax = 20
    /// An invitation ends unanswered after so long, or with the time it was for.
    package static let answerSeconds: Int64 = 14 * 86_400
    /// How far ahead somebody is invited.
    package static let aheadSeconds: Int64 = 366 * 86_400
    /// The inviter sees the phone until so long after the time agreed.
    package static let phoneSeconds: Int64 = 30 * 86_400
    /// Unanswered invitations that end in one round of housekeeping.
    static let expiredAtOnce = 1_000

    package static func band(_ age: Int) -> Expert.AgeBand {
        switch age {
        case ..<30: .under30
        case ..<40: .thirties
        case ..<50: .forties
        case ..<60: .fifties
        case ..<70: .sixties
        case ..<80: .seventies
        default: .eightyAndOver
        }
    }

    /// - Throws: 409 below the age.
    static func checkAge(_ birthDate: CivilDate, today: CivilDate) throws(Problem) {
        guard birthDate.age(on: today) >= youngest else {
            throw Problem(
                .conflict, detail: Wording(zh: "未满 \(youngest) 周岁", en: "Below the age of \(youngest)"),
                reasons: ["tooYoung"])
        }
    }

    /// - Throws: 422 unless the time lies ahead, within a year.
    static func checkTime(_ wishedAt: Timestamp, now: Timestamp) throws(Problem) {
        guard wishedAt > now, wishedAt <= now + aheadSeconds else {
            throw Problem(
                .invalid,
                faults: [.init("/wishedAt", Wording(zh: "应在今后一年之内", en: "must lie within the year to come"))])
        }
    }
}

extension ExpertInvitation {
    package enum Action: String, Sendable, CaseIterable {
        case accept, decline, withdraw

        var origins: Set<State> {
            switch self {
            case .accept: [.invited]
            // 志愿服务条例 art. 25: nobody is assigned against their will, nor held to it.
            case .decline, .withdraw: [.invited, .accepted]
            }
        }

        var target: State {
            switch self {
            case .accept: .accepted
            case .decline: .declined
            case .withdraw: .withdrawn
            }
        }
    }

    /// - Throws: 409 with the present state.
    package func target(of action: Action) throws(Problem) -> State {
        guard action.origins.contains(state) else { throw Problem(.conflict, state: state.rawValue) }
        return action.target
    }
}

extension Problem.Kind {
    package static let invitationRefused = Self(
        "/problems/invitation-refused", status: .conflict,
        title: Wording(zh: "暂不能邀请", en: "Inviting is not possible now"))
}
