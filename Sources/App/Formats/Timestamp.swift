import Glibc
package import SQLite

/// A moment: UTC seconds in storage, RFC 3339 with `+08:00` on the wire.
package struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible, Bindable, ColumnDecodable {
    /// China has one zone and no summer time since 1991. Seconds east of UTC.
    package static let shanghaiOffset: Int64 = 8 * 3_600
    /// 1900-01-01 to 9999-12-31 in Shanghai.
    package static let range: ClosedRange<Int64> = -2_209_017_600...253_402_271_999

    package let seconds: Int64

    package init(seconds: Int64) { self.seconds = seconds }
    package init(column: Column) throws { seconds = try Int64(column: column) }

    package var value: Value { .integer(seconds) }

    package static var current: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec))
    }

    /// Reads RFC 3339 with any offset and optional fractions of a second, which are dropped; nil for anything else and
    /// outside `range`.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[10] | 0x20 == UInt8(ascii: "t"),
            let day = CivilDate(String(decoding: bytes[0..<10], as: UTF8.self)),
            let time = Self.clock(bytes[11..<19])
        else { return nil }
        var rest = bytes[19...]
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { $0 &- 0x30 < 10 }
            guard !digits.isEmpty else { return nil }
            rest = rest[digits.endIndex...]
        }
        guard let offset = Self.offset(rest) else { return nil }
        let seconds = day.daysSince1970 * 86_400 + time - offset
        guard Self.range.contains(seconds) else { return nil }
        self.seconds = seconds
    }

    private static func number(_ bytes: ArraySlice<UInt8>, below limit: Int64) -> Int64? {
        guard bytes.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
        let number = bytes.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
        return number < limit ? number : nil
    }

    private static func clock(_ bytes: ArraySlice<UInt8>) -> Int64? {
        let start = bytes.startIndex
        guard bytes[start + 2] == UInt8(ascii: ":"), bytes[start + 5] == UInt8(ascii: ":"),
            let hour = number(bytes[start..<start + 2], below: 24),
            let minute = number(bytes[start + 3..<start + 5], below: 60),
            let second = number(bytes[start + 6..<start + 8], below: 60)
        else { return nil }
        return hour * 3_600 + minute * 60 + second
    }

    private static func offset(_ bytes: ArraySlice<UInt8>) -> Int64? {
        guard let sign = bytes.first else { return nil }
        if sign | 0x20 == UInt8(ascii: "z") { return bytes.count == 1 ? 0 : nil }
        let start = bytes.startIndex
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), bytes.count == 6,
            bytes[start + 3] == UInt8(ascii: ":"), let hours = number(bytes[start + 1..<start + 3], below: 24),
            let minutes = number(bytes[start + 4..<start + 6], below: 60)
        else { return nil }
        return (hours * 3_600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.seconds < right.seconds }

    package static func + (left: Timestamp, seconds: Int64) -> Timestamp { Timestamp(seconds: left.seconds &+ seconds) }
    package static func - (left: Timestamp, seconds: Int64) -> Timestamp { Timestamp(seconds: left.seconds &- seconds) }

    /// The day it is in Shanghai.
    package var day: CivilDate { CivilDate(daysSince1970: Self.floor(seconds + Self.shanghaiOffset, 86_400)) }

    /// The first second of that day.
    package var startOfDay: Timestamp {
        Timestamp(seconds: Self.floor(seconds + Self.shanghaiOffset, 86_400) * 86_400 - Self.shanghaiOffset)
    }

    private static func floor(_ number: Int64, _ divisor: Int64) -> Int64 {
        number >= 0 ? number / divisor : (number - divisor + 1) / divisor
    }

    /// Bytes of the text.
    static let textLength = 25

    /// `2027-01-31T09:05:00+08:00`
    package var description: String {
        String(unsafeUninitializedCapacity: Self.textLength) { buffer in
            write(to: buffer)
            return Self.textLength
        }
    }

    /// Writes the text's `textLength` bytes.
    func write(to buffer: UnsafeMutableBufferPointer<UInt8>) {
        let local = seconds + Self.shanghaiOffset
        let days = Self.floor(local, 86_400)
        let day = CivilDate(daysSince1970: days)
        let rest = Int(local - days * 86_400)
        let template: StaticString = "0000-00-00T00:00:00+08:00"
        _ = buffer.update(fromContentsOf: UnsafeBufferPointer(start: template.utf8Start, count: Self.textLength))
        Self.put(day.year / 100, at: 0, buffer)
        Self.put(day.year % 100, at: 2, buffer)
        Self.put(day.month, at: 5, buffer)
        Self.put(day.day, at: 8, buffer)
        Self.put(rest / 3_600, at: 11, buffer)
        Self.put(rest / 60 % 60, at: 14, buffer)
        Self.put(rest % 60, at: 17, buffer)
    }

    private static func put(_ number: Int, at place: Int, _ buffer: UnsafeMutableBufferPointer<UInt8>) {
        buffer[place] = UInt8(truncatingIfNeeded: 0x30 + number / 10)
        buffer[place + 1] = UInt8(truncatingIfNeeded: 0x30 + number % 10)
    }
}

extension Timestamp: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let timestamp = Timestamp(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an RFC 3339 time")
        }
        self = timestamp
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
