import App
import Testing

@Suite("Civil dates") struct CivilDateTests {
    private func date(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }

    @Test func `every day from 1600 to 2400 follows the one before it`() throws {
        let first = try date("1600-01-01").daysSince1970
        let last = try date("2400-12-31").daysSince1970
        #expect(last - first == 292_559)  // 2 × 146,097 + 366 − 1
        var previous = CivilDate(daysSince1970: first - 1)
        for days in first...last {
            let date = CivilDate(daysSince1970: days)
            #expect(date.daysSince1970 == days)
            let isNextDay = date.year == previous.year && date.month == previous.month && date.day == previous.day + 1
            let isNextMonth = date.day == 1 && previous.day >= 28 && date > previous
            guard isNextDay || isNextMonth else {
                Issue.record("\(date) follows \(previous)")
                break
            }
            previous = date
        }
    }

    @Test(
        arguments: [
            ("1970-01-01", 0), ("2000-02-29", 11_016), ("2026-11-23", 20_780), ("0001-01-01", -719_162),
            ("9999-12-31", 2_932_896),
        ] as [(String, Int64)])
    func `known days have their number`(text: String, days: Int64) throws {
        #expect(try date(text).daysSince1970 == days)
        #expect(CivilDate(daysSince1970: days).description == text)
    }

    @Test(arguments: [
        "", "2026-2-3", "2026-02-30", "1900-02-29", "2023-02-29", "2026-13-01", "2026-00-10", "2026-01-00",
        "2026-01-32",
        "2026-04-31", "0000-01-01", "2026/01/01", "20260101", "2026-01-01 ", " 2026-01-01", "+026-01-01", "２０２６-01-01",
        "2026-01-0x", "10000-01-01",
    ])
    func `a day that does not exist is refused`(text: String) { #expect(CivilDate(text) == nil) }

    @Test func `a birthday completes the year, a leap day's on the first of March`() throws {
        let born = try date("2000-02-29")
        #expect(born.age(on: try date("2018-02-28")) == 17)
        #expect(born.age(on: try date("2018-03-01")) == 18)
        #expect(born.age(on: try date("2020-02-29")) == 20)
        #expect(try date("2015-06-18").age(on: date("2029-06-17")) == 13)
        #expect(try date("2015-06-18").age(on: date("2029-06-18")) == 14)
    }

    @Test func `days beyond the calendar stop at its ends`() {
        #expect(CivilDate(daysSince1970: .min).description == "0001-01-01")
        #expect(CivilDate(daysSince1970: .max).description == "9999-12-31")
    }
}
