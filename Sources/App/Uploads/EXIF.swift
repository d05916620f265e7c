/// The two facts we want of a picture's EXIF data (CIPA DC-008): which way is up, and where it was taken. Everything is
/// read with care: the data comes from strangers.
struct EXIF {
    private(set) var orientation: Int?
    private(set) var position: Position?

    private let bytes: [UInt8]
    private let isLittle: Bool

    /// The content of a JPEG's APP1 segment; nil unless it is EXIF.
    init?(_ segment: [UInt8]) {
        guard segment.starts(with: Array("Exif".utf8) + [0, 0]) else { return nil }
        self.init(tiff: Array(segment.dropFirst(6)))
    }

    /// A TIFF structure; nil unless it begins like one.
    init?(tiff: [UInt8]) {
        guard tiff.count >= 8 else { return nil }
        switch (tiff[0], tiff[1]) {
        case (0x49, 0x49): isLittle = true
        case (0x4D, 0x4D): isLittle = false
        default: return nil
        }
        bytes = tiff
        guard let first = long(4) else { return }
        let root = entries(at: first)
        if let entry = root[0x0112], let value = short(entry.valueAt), (1...8).contains(value) { orientation = value }
        guard let pointer = root[0x8825].flatMap({ long($0.valueAt) }) else { return }
        position = place(entries(at: pointer))
    }

    /// A TIFF structure that says nothing but the orientation, which a picture needs where it is not upright; nil for one
    /// that is, or does not say.
    var orientationAlone: [UInt8]? {
        guard let orientation, orientation != 1 else { return nil }
        return [
            0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0,
            UInt8(truncatingIfNeeded: orientation), 0, 0,
            0, 0, 0, 0,
        ]
    }

    private struct Entry {
        var count: Int
        var valueAt: Int
    }

    private func short(_ index: Int) -> Int? {
        guard index >= 0, index + 2 <= bytes.count else { return nil }
        let (first, second) = (Int(bytes[index]), Int(bytes[index + 1]))
        return isLittle ? second << 8 | first : first << 8 | second
    }

    private func long(_ index: Int) -> Int? {
        guard let first = short(index), let second = short(index + 2) else { return nil }
        return isLittle ? second << 16 | first : first << 16 | second
    }

    /// The directory's entries by tag; only as many as there are bytes for.
    private func entries(at index: Int) -> [Int: Entry] {
        guard let count = short(index), count <= 512 else { return [:] }
        var entries: [Int: Entry] = [:]
        for number in 0..<count {
            let start = index + 2 + number * 12
            guard let tag = short(start), let length = long(start + 4) else { return entries }
            entries[tag] = Entry(count: length, valueAt: start + 8)
        }
        return entries
    }

    private func place(_ entries: [Int: Entry]) -> Position? {
        guard let latitude = degrees(entries[2]), let longitude = degrees(entries[4]),
            let north = entries[1], let east = entries[3], north.valueAt < bytes.count, east.valueAt < bytes.count
        else { return nil }
        return Position(
            longitude: bytes[east.valueAt] == UInt8(ascii: "W") ? -longitude : longitude,
            latitude: bytes[north.valueAt] == UInt8(ascii: "S") ? -latitude : latitude, system: .wgs84)
    }

    /// Three fractions: degrees, minutes, seconds.
    private func degrees(_ entry: Entry?) -> Double? {
        guard let entry, entry.count == 3, let start = long(entry.valueAt) else { return nil }
        var total = 0.0
        for (place, unit) in [1.0, 60.0, 3_600.0].enumerated() {
            guard let top = long(start + place * 8), let bottom = long(start + place * 8 + 4), bottom > 0 else {
                return nil
            }
            total += Double(top) / Double(bottom) / unit
        }
        return total
    }
}
