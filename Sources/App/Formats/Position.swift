import Glibc
import HTTP

/// A place on the map, kept in GCJ-02, the system mini-program maps speak; converted at the edge.
package struct Position: Sendable, Equatable {
    package enum CoordinateSystem: String, Sendable, Codable, CaseIterable { case gcj02, wgs84 }

    /// Degrees, GCJ-02.
    package let longitude: Double
    package let latitude: Double

    /// China with its seas, with some room: what lies outside is a mistake. Degrees.
    package static let longitudes = 73.0...136.0
    package static let latitudes = 3.0...54.0

    /// nil for what is not finite or outside China, in either system.
    package init?(longitude: Double, latitude: Double, system: CoordinateSystem = .gcj02) {
        guard Self.isInChina(longitude, latitude) else { return nil }
        switch system {
        case .gcj02: (self.longitude, self.latitude) = (longitude, latitude)
        case .wgs84:
            let shift = Self.shift(longitude, latitude)
            self.longitude = Self.rounded(longitude + shift.longitude)
            self.latitude = Self.rounded(latitude + shift.latitude)
            guard Self.isInChina(self.longitude, self.latitude) else { return nil }
        }
    }

    /// A rectangle around it, in place of the border: what is meant is to find swapped and missing numbers.
    private static func isInChina(_ longitude: Double, _ latitude: Double) -> Bool {
        longitude.isFinite && latitude.isFinite && longitudes.contains(longitude) && latitudes.contains(latitude)
    }

    /// To a centimetre; more is noise of the arithmetic.
    private static func rounded(_ degrees: Double) -> Double { (degrees * 1e7).rounded() / 1e7 }

    /// Great-circle distance. Metres.
    package func distance(to other: Position) -> Double {
        let degree = Double.pi / 180
        let half = sin((other.latitude - latitude) * degree / 2)
        let side = sin((other.longitude - longitude) * degree / 2)
        let chord = half * half + cos(latitude * degree) * cos(other.latitude * degree) * side * side
        return 2 * Self.earthRadius * asin(min(1, chord.squareRoot()))
    }

    /// How far a box must reach to the north and south, and to the east and west, to hold a circle around the place.
    /// A degree of longitude is shortest where the box is nearest to the pole.
    package func degrees(reaching metres: Double) -> (latitude: Double, longitude: Double) {
        let north = metres / Self.metresPerDegree
        return (north, north / cos((abs(latitude) + north) * .pi / 180))
    }

    /// The same place in WGS-84, found by going back against the shift until it is within centimetres.
    package var wgs84: (longitude: Double, latitude: Double) {
        var guess = (longitude: longitude, latitude: latitude)
        for _ in 0..<5 {
            let shift = Self.shift(guess.longitude, guess.latitude)
            guess = (longitude - shift.longitude, latitude - shift.latitude)
        }
        return (Self.rounded(guess.longitude), Self.rounded(guess.latitude))
    }

    /// Metres.
    package static let earthRadius = 6_371_008.8
    /// Metres of one degree along a meridian, for boxes.
    package static let metresPerDegree = 111_195.0

    /// How far GCJ-02 lies from WGS-84, in degrees: the published polynomial with Krasovsky 1940's ellipsoid.
    private static func shift(_ longitude: Double, _ latitude: Double) -> (longitude: Double, latitude: Double) {
        let x = longitude - 105
        let y = latitude - 35
        let radians = latitude * .pi / 180
        let eccentricity = 0.006_693_421_622_965_943
        let axis = 6_378_245.0
        let wave = (20 * sin(6 * x * .pi) + 20 * sin(2 * x * .pi)) * 2 / 3
        var north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * abs(x).squareRoot() + wave
        north += (20 * sin(y * .pi) + 40 * sin(y / 3 * .pi)) * 2 / 3
        north += (160 * sin(y / 12 * .pi) + 320 * sin(y * .pi / 30)) * 2 / 3
        var east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * abs(x).squareRoot() + wave
        east += (20 * sin(x * .pi) + 40 * sin(x / 3 * .pi)) * 2 / 3
        east += (150 * sin(x / 12 * .pi) + 300 * sin(x / 30 * .pi)) * 2 / 3
        let bend = 1 - eccentricity * sin(radians) * sin(radians)
        let meridian = axis * (1 - eccentricity) / (bend * bend.squareRoot()) * .pi / 180
        let parallel = axis / bend.squareRoot() * cos(radians) * .pi / 180
        return (east / parallel, north / meridian)
    }
}

extension Position: Codable, JSONStandIn {
    package static var standIn: Position { Position() }

    /// Chengdu's Tianfu Square.
    private init() { (longitude, latitude) = (104.0657, 30.6574) }

    private enum Key: String, CodingKey { case longitude, latitude, coordinateSystem }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let longitude = try container.decode(Double.self, forKey: .longitude)
        let latitude = try container.decode(Double.self, forKey: .latitude)
        let system = try container.decodeIfPresent(CoordinateSystem.self, forKey: .coordinateSystem) ?? .gcj02
        guard let position = Position(longitude: longitude, latitude: latitude, system: system) else {
            throw JSONRefusal(Wording(zh: "不在中国境内", en: "is not in China"))
        }
        self = position
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(longitude, forKey: .longitude)
        try container.encode(latitude, forKey: .latitude)
        try container.encode(CoordinateSystem.gcj02.rawValue, forKey: .coordinateSystem)
    }
}
