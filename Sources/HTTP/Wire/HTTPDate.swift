/// The one date format of HTTP (IMF-fixdate, RFC 9110 §5.6.7).
package enum HTTPDate {
    private static let weekdays: [StaticString] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months: [StaticString] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The last second of the year 9999.
    private static let secondsMax: Int64 = 253_402_300_799

    /// - Parameter seconds: UTC seconds, years 1970 to 9999; beyond them the nearest that can be written.
    package static func text(_ seconds: Int64) -> String {
        let seconds = max(0, min(secondsMax, seconds))
        let days = seconds / 86_400
        let rest = Int(seconds % 86_400)
        let (year, month, day) = civil(days)
        return
            "\(weekdays[Int(days % 7)]), \(pad(day)) \(months[month - 1]) \(year) \(pad(rest / 3_600)):\(pad(rest / 60 % 60)):\(pad(rest % 60)) GMT"
    }

    private static func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// Days since 1970-01-01 to a Gregorian date, counting years from March so that the leap day comes last.
    private static func civil(_ days: Int64) -> (year: Int, month: Int, day: Int) {
        let shifted = Int(days) + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
