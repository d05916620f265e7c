import App
import HTTP
import Support
import Testing

@Suite("Uploads") struct UploadTests {
    private func send(_ bytes: [UInt8], _ client: TestClient, _ person: TestClient.Person) async throws
        -> TestClient.Answer
    {
        await client.upload(bytes, by: person)
    }

    @Test func `a picture loses its place and keeps which way is up`() async throws {
        let client = try TestClient()
        let person = try client.resident()
        let picture = Pictures.jpeg(orientation: 6, latitude: 30.65, longitude: 104.08)
        let made = try await send(picture, client, person)
        #expect(made.status == .created, "\(made.text)")
        #expect(made.json["contentType"]?.string == "image/jpeg")
        #expect(made.json["takenAt"]?["longitude"] != nil && made.json["takenAt"] != .null)
        let url = try #require(made.json["url"]?.string)
        let stored = await client.send(.get, url)
        #expect(stored.status == .ok)
        #expect(stored.body != picture)
        #expect(PictureCleaner.clean(stored.body)?.takenAt == nil)
        #expect(stored.body.count > 20 && stored.body.suffix(2) == [0xFF, 0xD9])
        #expect(stored.body[2...3] == [0xFF, 0xE1], "a small EXIF segment holds the orientation")
    }

    @Test func `what is no picture, or only half of one, is refused whatever it calls itself`() async throws {
        let client = try TestClient()
        let person = try client.resident()
        let whole = Pictures.jpeg(orientation: 1, latitude: 30, longitude: 104)
        for bytes in [Array("GIF89a".utf8), Array("<svg/>".utf8), Array(whole.dropLast(10)), [0xFF, 0xD8, 0xFF], []] {
            #expect(try await send(bytes, client, person).status == .unsupportedMediaType)
        }
    }

    @Test func `an upload is used once and only by whoever sent it`() async throws {
        let client = try TestClient()
        try client.stations()
        let (one, two) = (try client.resident(1), try client.resident(2))
        let made = try await send(Pictures.jpeg(orientation: 1, latitude: 30, longitude: 104), client, one)
        let id = try #require(made.json["id"]?.integer)
        let draft = """
            {"category": "other", "text": "有照片", "position": {"longitude": 104.05, "latitude": 30.63}, "uploadIds": [\(id)]}
            """
        let stolen = await client.send(.post, "/api/v1/feedback", draft, token: two.token)
        #expect(stolen.json["errors"]?[0]?["pointer"]?.string == "/uploadIds/0")
        let used = await client.send(.post, "/api/v1/feedback", draft, token: one.token)
        #expect(used.json["photos"]?.array.count == 1)
        #expect(await client.send(.post, "/api/v1/feedback", draft, token: one.token).status == .unprocessableContent)
    }

    @Test func `a range of a picture is served, and one beyond its end is not`() async throws {
        let client = try TestClient()
        let person = try client.resident()
        let made = try await send(Pictures.jpeg(orientation: 1, latitude: 30, longitude: 104), client, person)
        let url = try #require(made.json["url"]?.string)
        let part = await client.send(.get, url, fields: [("Range", "bytes=0-1")])
        #expect(part.status == .partialContent)
        #expect(part.body == [0xFF, 0xD8])
        #expect(await client.send(.get, url, fields: [("Range", "bytes=999999-")]).status == .rangeNotSatisfiable)
    }
}

/// Tiny pictures, made here.
enum Pictures {
    /// Segments without pixels: what a cleaner sees of a photo.
    static func jpeg(orientation: UInt8, latitude: Double, longitude: Double) -> [UInt8] {
        let exif = Array("Exif".utf8) + [0, 0] + tiff(orientation, latitude, longitude)
        let comment: [UInt8] = [0xFF, 0xFE, 0, 6] + Array("home".utf8)
        let scan: [UInt8] = [0xFF, 0xDA, 0, 4, 1, 1, 0x12, 0xFF, 0x00, 0x34]
        return [0xFF, 0xD8, 0xFF, 0xE1] + big16(exif.count + 2) + exif + comment + scan + [0xFF, 0xD9]
    }

    private static func tiff(_ orientation: UInt8, _ latitude: Double, _ longitude: Double) -> [UInt8] {
        var bytes: [UInt8] = Array("MM".utf8) + [0, 42] + big32(8) + big16(2)
        bytes += big16(0x0112) + big16(3) + big32(1) + [0, orientation, 0, 0]
        bytes += big16(0x8825) + big16(4) + big32(1) + big32(38) + big32(0)
        bytes += big16(4)
        bytes += big16(1) + big16(2) + big32(2) + Array("N".utf8) + [0, 0, 0]
        bytes += big16(2) + big16(5) + big32(3) + big32(92)
        bytes += big16(3) + big16(2) + big32(2) + Array("E".utf8) + [0, 0, 0]
        bytes += big16(4) + big16(5) + big32(3) + big32(116)
        bytes += big32(0)
        return bytes + degrees(latitude) + degrees(longitude)
    }

    private static func degrees(_ value: Double) -> [UInt8] {
        big32(Int(value * 10_000)) + big32(10_000) + big32(0) + big32(1) + big32(0) + big32(1)
    }

    private static func big16(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }
    private static func big32(_ value: Int) -> [UInt8] { big16(value >> 16) + big16(value & 0xFFFF) }
}
