package import HTTP
import SQLite

package enum PartyUnitRules {
    /// Units from the top of the tree down to the lowest: party committee, general branch and branch leave room enough.
    package static let depthMax = 8
    /// Of one unit.
    package static let representativesMax = 10
    /// Check-ins that one unit, or one member, may propose within a year; nobody moves more often.
    package static let checkInsPerYear = 12
    static let yearSeconds: Int64 = 365 * Timestamp.secondsPerDay
    /// Units shown to a volunteer who looks for theirs.
    static let choicesMax = 20
    /// 党章 art. 1: members are eighteen or older.
    static let memberAgeMin = 18
}

extension Station.Kind {
    /// Whether the site stands for a community or village (社区、村), to which units and members check in.
    package var isCommunity: Bool { self == .station }
}

/// The two who deal with each other; what one of them proposes, the other agrees to.
package enum UnitSide: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
    case community, unit

    package var other: UnitSide { self == .community ? .unit : .community }
}

/// The life of a check-in (报到), of a unit and of a member alike.
package enum CheckInState: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
    case proposed, accepted, refused, ended

    package enum Action: Sendable, CaseIterable { case accept, refuse, end }

    /// - Throws: 409 with the present state.
    package func after(_ action: Action) throws(Problem) -> CheckInState {
        switch (action, self) {
        case (.accept, .proposed): return .accepted
        case (.refuse, .proposed): return .refused
        case (.end, .proposed), (.end, .accepted): return .ended
        default: throw Problem(.conflict, state: rawValue)
        }
    }
}

extension PartyMembership.State {
    package enum Action: Sendable, CaseIterable { case confirm, refuse }

    /// A unit may also take back its word: members leave. What was refused stays so until it is declared again.
    /// - Throws: 409 with the present state.
    package func after(_ action: Action) throws(Problem) -> Self {
        switch (action, self) {
        case (.confirm, .declared): return .confirmed
        case (.refuse, .declared), (.refuse, .confirmed): return .refused
        default: throw Problem(.conflict, state: rawValue)
        }
    }
}

/// Reasons the platform itself writes where others are typed by people.
enum PartyUnitReason {
    static let moved = Wording(zh: "已迁往其他社区", en: "Moved to another community")
    static let unitChanged = Wording(zh: "已变更所属党组织", en: "The member belongs to another unit now")
    static let membershipRefused = Wording(zh: "所属党组织未确认党员身份", en: "The unit does not count them among its members")
    static let leftCommunity = Wording(zh: "已结束在该社区的报到", en: "The check-in to the community ended")
    static let ownWish = Wording(zh: "本人结束报到", en: "Ended by the member")
}

extension Problem.Kind {
    package static let tooManyCheckIns = Self(
        "/problems/too-many-check-ins", status: .conflict,
        title: Wording(
            zh: "一年内最多报到 \(PartyUnitRules.checkInsPerYear) 次",
            en: "At most \(PartyUnitRules.checkInsPerYear) check-ins within a year"))
    package static let memberNotConfirmed = Self(
        "/problems/membership-not-confirmed", status: .conflict,
        title: Wording(zh: "所属党组织尚未确认您的党员身份", en: "Your unit has not confirmed your membership yet"))
}
