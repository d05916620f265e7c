import HTTP

/// A day of the proleptic Gregorian calendar (GB/T 7408), without time or zone. `YYYY-MM-DD`.
package struct CivilDate: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let year: Int
    package let month: Int
    package let day: Int

    /// Years 1 to 9999, as days since 1970-01-01.
    private static let range: ClosedRange<Int64> = -719_162...2_932_896

    /// nil for a day that does not exist, or a year outside 1 to 9999.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9_999).contains(year), (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year)
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// Reads exactly `YYYY-MM-DD`.
    package init?(_ text: String) {
        var text = text
        guard let date = text.withUTF8({ CivilDate(utf8: $0) }) else { return nil }
        self = date
    }

    init?(utf8: UnsafeBufferPointer<UInt8>) {
        guard utf8.count == 10, utf8[4] == UInt8(ascii: "-"), utf8[7] == UInt8(ascii: "-"),
            let century = Digits.pair(utf8, at: 0), let rest = Digits.pair(utf8, at: 2),
            let month = Digits.pair(utf8, at: 5), let day = Digits.pair(utf8, at: 8)
        else { return nil }
        self.init(year: century * 100 + rest, month: month, day: day)
    }

    /// - Parameter days: since 1970-01-01; the first day of year 1 and the last of 9999 stand for what lies beyond.
    package init(daysSince1970 days: Int64) {
        // Years are counted from March, so that the leap day is the last of a year.
        let shifted = Int(min(max(days, Self.range.lowerBound), Self.range.upperBound)) + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    package var daysSince1970: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468)
    }

    /// Completed years of life on a day; somebody born on 29 February completes one on 1 March of other years
    /// (民法典 art. 200–204: the day before a birthday still counts to the year before).
    package func age(on day: CivilDate) -> Int {
        day.year - year - ((day.month, day.day) < (month, self.day) ? 1 : 0)
    }

    package var description: String {
        String(unsafeUninitializedCapacity: 10) { buffer in
            guard let start = buffer.baseAddress else { return 0 }
            write(to: start)
            return 10
        }
    }

    /// Ten bytes.
    func write(to start: UnsafeMutablePointer<UInt8>) {
        Digits.put(year / 100, at: start)
        Digits.put(year % 100, at: start + 2)
        start[4] = UInt8(ascii: "-")
        Digits.put(month, at: start + 5)
        start[7] = UInt8(ascii: "-")
        Digits.put(day, at: start + 8)
    }

    package static func < (left: CivilDate, right: CivilDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension CivilDate: Codable, JSONStandIn {
    package static var standIn: CivilDate { CivilDate(daysSince1970: 0) }

    package init(from decoder: any Decoder) throws {
        guard let date = CivilDate(try decoder.singleValueContainer().decode(String.self)) else {
            throw JSONRefusal(Wording(zh: "应为存在的日期，格式 YYYY-MM-DD", en: "must be a day that exists, as YYYY-MM-DD"))
        }
        self = date
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// Two decimal digits, as dates and times are made of.
enum Digits {
    /// nil unless both are digits.
    static func pair(_ utf8: UnsafeBufferPointer<UInt8>, at index: Int) -> Int? {
        let (tens, ones) = (utf8[index] &- 0x30, utf8[index + 1] &- 0x30)
        return tens < 10 && ones < 10 ? Int(tens * 10 + ones) : nil
    }

    /// - Parameter number: 0 to 99.
    static func put(_ number: Int, at start: UnsafeMutablePointer<UInt8>) {
        start[0] = UInt8(truncatingIfNeeded: 0x30 + number / 10)
        start[1] = UInt8(truncatingIfNeeded: 0x30 + number % 10)
    }
}
