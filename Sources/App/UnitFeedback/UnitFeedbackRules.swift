package import HTTP

package enum UnitFeedbackRules {
    package static let years = 2_000...9_998

    /// A quarter is judged when it is over.
    /// - Throws: 422 before that.
    package static func check(_ quarter: CalendarPeriod, now: Timestamp) throws(Problem) {
        guard quarter.end <= now else {
            throw Problem(
                .invalid, faults: [.init("/quarter", Wording(zh: "该季度尚未结束", en: "is not over yet"))])
        }
    }

    /// This year, or the last.
    /// - Throws: 422 for any other.
    package static func check(year: Int, today: CivilDate) throws(Problem) {
        guard (today.year - 1...today.year).contains(year) else {
            throw Problem(
                .invalid, faults: [.init("/year", Wording(zh: "只能评价今年或去年", en: "must be this year or the last"))])
        }
    }
}

/// A quarter or a year of Shanghai's calendar.
package struct CalendarPeriod: Sendable, Equatable {
    /// First day, and the first day after.
    package let first: CivilDate
    package let next: CivilDate

    /// nil for a quarter that does not exist, or a year that `CivilDate` does not know.
    package init?(year: Int, quarter: Int) {
        guard (1...4).contains(quarter) else { return nil }
        let following = quarter == 4 ? (year + 1, 1) : (year, quarter * 3 + 1)
        guard let first = CivilDate(year: year, month: quarter * 3 - 2, day: 1),
            let next = CivilDate(year: following.0, month: following.1, day: 1)
        else { return nil }
        (self.first, self.next) = (first, next)
    }

    package init?(year: Int) {
        guard let first = CivilDate(year: year, month: 1, day: 1),
            let next = CivilDate(year: year + 1, month: 1, day: 1)
        else { return nil }
        (self.first, self.next) = (first, next)
    }

    package var start: Timestamp { Self.midnight(first) }
    /// The first second behind it.
    package var end: Timestamp { Self.midnight(next) }

    private static func midnight(_ day: CivilDate) -> Timestamp {
        Timestamp(seconds: day.daysSince1970 * Timestamp.secondsPerDay - Timestamp.shanghaiOffset)
    }
}

extension Problem.Kind {
    package static let noRelation = Self(
        "/problems/no-relation", status: .conflict,
        title: Wording(
            zh: "该期间内单位与社区没有报到或包联关系", en: "The unit was neither checked in to the community nor bonded with it"))
}
