import App
import Testing

@Suite("Positions") struct PositionTests {
    @Test func `GCJ-02 is kept as it comes`() throws {
        let place = try #require(Position(longitude: 104.0657, latitude: 30.6574))
        #expect(place.longitude == 104.0657)
        #expect(place.latitude == 30.6574)
        #expect(
            String(decoding: JSON.encode(place), as: UTF8.self)
                == #"{"longitude":104.0657,"latitude":30.6574,"coordinateSystem":"gcj02"}"#)
    }

    /// Tiananmen by the published conversion: about 550 m to the east and 150 m to the north.
    @Test func `WGS-84 moves by some hundred metres`() throws {
        let plain = try #require(Position(longitude: 116.3912757, latitude: 39.906217))
        let moved = try #require(Position(longitude: 116.3912757, latitude: 39.906217, system: .wgs84))
        #expect(abs(moved.longitude - 116.3975168) < 1e-5)
        #expect(abs(moved.latitude - 39.9076204) < 1e-5)
        #expect((400...700).contains(plain.distance(to: moved)))
    }

    @Test func `the way back ends within centimetres all over China`() throws {
        for longitude in stride(from: 74.5, through: 134.5, by: 5.0) {
            for latitude in stride(from: 18.5, through: 53.0, by: 3.0) {
                let place = try #require(Position(longitude: longitude, latitude: latitude, system: .wgs84))
                #expect(abs(place.wgs84.longitude - longitude) < 2e-7)
                #expect(abs(place.wgs84.latitude - latitude) < 2e-7)
            }
        }
    }

    @Test(
        arguments: [
            (30.6, 104.0), (104.0, 104.0), (0, 0), (.nan, 30), (104, .infinity), (72.9, 30), (104, 54.1), (-104, 30),
        ] as [(Double, Double)])
    func `what is not in China is refused in both systems`(longitude: Double, latitude: Double) {
        #expect(Position(longitude: longitude, latitude: latitude) == nil)
        #expect(Position(longitude: longitude, latitude: latitude, system: .wgs84) == nil)
    }

    @Test func `a place at the edge is kept only where it can be read again`() {
        for longitude in stride(from: 135.99, through: 136.0, by: 0.0005) {
            guard let place = Position(longitude: longitude, latitude: 30, system: .wgs84) else { continue }
            #expect(Position(longitude: place.longitude, latitude: place.latitude) == place)
        }
    }

    @Test(arguments: [5.0, 30.6, 51.6])
    func `a box holds a whole circle, and is not much wider`(latitude: Double) throws {
        let middle = try #require(Position(longitude: 104, latitude: latitude))
        let (north, east) = middle.degrees(reaching: 200_000)
        for step in -10...10 {
            let share = Double(step) / 10
            for (x, y) in [(104 + east, latitude + share * north), (104 + share * east, latitude + north)] {
                let edge = try #require(Position(longitude: x, latitude: y))
                let distance = middle.distance(to: edge)
                #expect(distance > 199_990 && distance < 300_000, "\(share)")
            }
        }
    }

    @Test func `distances are those of the globe`() throws {
        let chengdu = try #require(Position(longitude: 104.0657, latitude: 30.6574))
        let beijing = try #require(Position(longitude: 116.3975, latitude: 39.9087))
        #expect(chengdu.distance(to: chengdu) == 0)
        #expect((1_515_000...1_522_000).contains(chengdu.distance(to: beijing)))
        #expect(chengdu.distance(to: beijing) == beijing.distance(to: chengdu))
        let north = try #require(Position(longitude: 104.0657, latitude: 31.6574))
        #expect(abs(chengdu.distance(to: north) - Position.metresPerDegree) < 1)
    }
}
