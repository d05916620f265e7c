import Glibc
import HTTP
package import SQLite

/// A moment: UTC seconds in storage, RFC 3339 with `+08:00` on the wire.
package struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible, Bindable, ColumnDecodable {
    /// China has one zone and no summer time since 1991. Seconds east of UTC.
    package static let shanghaiOffset: Int64 = 8 * 3_600
    /// 1900-01-01 to 9999-12-31 in Shanghai.
    package static let range: ClosedRange<Int64> = -2_209_017_600...253_402_271_999
    package static let secondsPerDay: Int64 = 86_400
    /// Bytes of a written timestamp.
    static let textLength = 25

    package let seconds: Int64

    /// - Parameter seconds: since 1970 in UTC; the ends of `range` stand for what lies beyond.
    package init(seconds: Int64) { self.seconds = min(max(seconds, Self.range.lowerBound), Self.range.upperBound) }
    package init(column: Column) throws { self.init(seconds: try Int64(column: column)) }

    package var value: Value { .integer(seconds) }

    package static var current: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec))
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.seconds < right.seconds }

    package static func + (left: Timestamp, seconds: Int64) -> Timestamp {
        let (sum, isOver) = left.seconds.addingReportingOverflow(seconds)
        return Timestamp(seconds: isOver ? (seconds < 0 ? .min : .max) : sum)
    }
    package static func - (left: Timestamp, seconds: Int64) -> Timestamp {
        let (rest, isOver) = left.seconds.subtractingReportingOverflow(seconds)
        return Timestamp(seconds: isOver ? (seconds < 0 ? .max : .min) : rest)
    }

    // MARK: - Days

    /// Seconds of Shanghai's clock since 1900-01-01, never negative, so that division rounds down.
    private var secondsSince1900: Int64 { seconds - Self.range.lowerBound }
    /// 1900-01-01, in days since 1970.
    private static let firstDay: Int64 = -25_567

    /// The day it is in Shanghai.
    package var day: CivilDate { CivilDate(daysSince1970: secondsSince1900 / Self.secondsPerDay + Self.firstDay) }

    /// The first second of that day.
    package var startOfDay: Timestamp { self - secondsSince1900 % Self.secondsPerDay }

    // MARK: - Text

    /// Reads RFC 3339 with any offset and optional fractions of a second, which are dropped; nil for anything else,
    /// leap seconds included, and outside `range`.
    package init?(_ text: String) {
        var text = text
        guard let seconds = text.withUTF8(Self.parse), Self.range.contains(seconds) else { return nil }
        self.seconds = seconds
    }

    private static func parse(_ utf8: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard utf8.count >= 20, utf8[10] | 0x20 == UInt8(ascii: "t"), utf8[13] == UInt8(ascii: ":"),
            utf8[16] == UInt8(ascii: ":"), let day = CivilDate(utf8: UnsafeBufferPointer(rebasing: utf8[0..<10])),
            let hour = Digits.pair(utf8, at: 11), let minute = Digits.pair(utf8, at: 14),
            let second = Digits.pair(utf8, at: 17), hour < 24, minute < 60, second < 60
        else { return nil }
        var rest = 19
        if utf8[rest] == UInt8(ascii: ".") {
            rest += 1
            let fraction = rest
            while rest < utf8.count, utf8[rest] &- 0x30 < 10 { rest += 1 }
            guard rest > fraction else { return nil }
        }
        guard let offset = offset(UnsafeBufferPointer(rebasing: utf8[rest...])) else { return nil }
        return day.daysSince1970 * secondsPerDay + Int64(hour * 3_600 + minute * 60 + second) - offset
    }

    private static func offset(_ utf8: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard let sign = utf8.first else { return nil }
        if sign | 0x20 == UInt8(ascii: "z") { return utf8.count == 1 ? 0 : nil }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), utf8.count == 6, utf8[3] == UInt8(ascii: ":"),
            let hours = Digits.pair(utf8, at: 1), let minutes = Digits.pair(utf8, at: 4), hours < 24, minutes < 60
        else { return nil }
        return Int64(hours * 3_600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }

    /// `2027-01-31T09:05:00+08:00`
    package var description: String {
        String(unsafeUninitializedCapacity: Self.textLength) { buffer in
            guard let start = buffer.baseAddress else { return 0 }
            write(to: start)
            return Self.textLength
        }
    }

    /// `textLength` bytes.
    func write(to start: UnsafeMutablePointer<UInt8>) {
        day.write(to: start)
        let rest = Int(secondsSince1900 % Self.secondsPerDay)
        start[10] = UInt8(ascii: "T")
        Digits.put(rest / 3_600, at: start + 11)
        start[13] = UInt8(ascii: ":")
        Digits.put(rest / 60 % 60, at: start + 14)
        start[16] = UInt8(ascii: ":")
        Digits.put(rest % 60, at: start + 17)
        start[19] = UInt8(ascii: "+")
        Digits.put(8, at: start + 20)
        start[22] = UInt8(ascii: ":")
        Digits.put(0, at: start + 23)
    }
}

extension Timestamp: Codable, JSONStandIn {
    package static var standIn: Timestamp { Timestamp(seconds: 0) }

    package init(from decoder: any Decoder) throws {
        guard let timestamp = Timestamp(try decoder.singleValueContainer().decode(String.self)) else {
            throw JSONRefusal(
                Wording(
                    zh: "应为 RFC 3339 时间，如 2027-01-31T09:05:00+08:00",
                    en: "must be an RFC 3339 time such as 2027-01-31T09:05:00+08:00"))
        }
        self = timestamp
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
