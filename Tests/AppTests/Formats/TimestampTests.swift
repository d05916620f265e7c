import App
import Testing

@Suite("Timestamps") struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T08:00:00+08:00"), (-1, "1970-01-01T07:59:59+08:00"), (57_600, "1970-01-02T00:00:00+08:00"),
            (1_801_357_500, "2027-01-31T09:05:00+08:00"), (-2_209_017_600, "1900-01-01T00:00:00+08:00"),
            (253_402_271_999, "9999-12-31T23:59:59+08:00"), (951_840_000, "2000-03-01T00:00:00+08:00"),
        ] as [(Int64, String)])
    func `seconds and texts stand for each other`(seconds: Int64, text: String) {
        #expect(Timestamp(seconds: seconds).description == text)
        #expect(Timestamp(text)?.seconds == seconds)
    }

    @Test(arguments: [
        "2027-01-31T01:05:00Z", "2027-01-31t01:05:00z", "2027-01-30T19:05:00-06:00", "2027-01-31T06:50:00+05:45",
        "2027-01-31T09:05:00.999999+08:00", "2027-01-31T01:05:00-00:00", "2027-02-01T01:04:00+23:59",
    ])
    func `any offset names the same moment`(text: String) { #expect(Timestamp(text)?.seconds == 1_801_357_500) }

    @Test(arguments: [
        "", "2027-01-31", "2027-01-31T09:05:00", "2027-01-31 09:05:00+08:00", "2027-01-31T09:05+08:00",
        "2027-01-31T24:00:00+08:00", "2027-01-31T09:60:00+08:00", "2027-01-31T23:59:60+08:00",
        "2027-02-29T09:05:00+08:00",
        "2027-01-31T09:05:00+0800", "2027-01-31T09:05:00+8:00", "2027-01-31T09:05:00+24:00",
        "2027-01-31T09:05:00+08:60",
        "2027-01-31T09:05:00.+08:00", "2027-01-31T09:05:00+08:00 ", "2027-01-31T9:05:00+08:00", "2027-01-31T09:05:00ZZ",
        "1899-12-31T23:59:59+08:00", "9999-12-31T23:59:59+07:59", "2027-01-31T09:05:00,5Z", "2027-01-31T09.05.00Z",
        "2027-01-31T09:05:00−06:00", "２０２７-01-31T09:05:00Z",
    ])
    func `any other text is refused`(text: String) { #expect(Timestamp(text) == nil) }

    @Test func `a day in Shanghai begins at four in the afternoon of Greenwich`() throws {
        let late = try #require(Timestamp("2026-11-22T16:00:00Z"))
        #expect(late.day.description == "2026-11-23")
        #expect((late - 1).day.description == "2026-11-22")
        #expect(late.startOfDay == late)
        #expect((late - 1).startOfDay == late - 86_400)
        #expect((late + 86_399).startOfDay == late)
    }

    @Test func `days before 1970 begin in time too`() throws {
        let moment = try #require(Timestamp("1949-10-01T15:00:00+08:00"))
        #expect(moment.day.description == "1949-10-01")
        #expect(moment.startOfDay.description == "1949-10-01T00:00:00+08:00")
    }

    @Test func `what lies beyond the range stops at its ends`() {
        #expect(Timestamp(seconds: .max).description == "9999-12-31T23:59:59+08:00")
        #expect(Timestamp(seconds: .min).description == "1900-01-01T00:00:00+08:00")
        #expect((Timestamp(seconds: .max) + .max).seconds == Timestamp.range.upperBound)
        #expect((Timestamp(seconds: .min) - .max).seconds == Timestamp.range.lowerBound)
        #expect((Timestamp(seconds: .max) - .min).seconds == Timestamp.range.upperBound)
    }
}
