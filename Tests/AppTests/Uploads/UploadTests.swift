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

    @Test func `a PNG that lies on its side keeps which way is up, before its pixels, and nothing else`() throws {
        let picture = try #require(PictureCleaner.clean(Pictures.png(orientation: 6)))
        #expect(picture.kind == .png)
        #expect(picture.takenAt != nil)
        let small: [UInt8] = Pictures.upAlone(6)
        #expect(
            picture.bytes
                == Pictures.png(eXIf: Pictures.pngChunk("eXIf", small, checksum: [0xD6, 0x67, 0x4B, 0x69])))
        #expect(PictureCleaner.clean(picture.bytes)?.bytes == picture.bytes)
        #expect(PictureCleaner.clean(Pictures.png(orientation: 1))?.bytes == Pictures.png(eXIf: []))
        #expect(PictureCleaner.clean(Array(Pictures.png(orientation: 6).dropLast(12))) == nil)
    }

    @Test func `a WebP that lies on its side keeps which way is up, and says so among its flags`() throws {
        let picture = try #require(PictureCleaner.clean(Pictures.webP(orientation: 8)))
        #expect(picture.kind == .webp)
        #expect(picture.takenAt != nil)
        #expect(picture.bytes == Pictures.webP(flags: 0x08, [Pictures.riffChunk("EXIF", Pictures.upAlone(8))]))
        #expect(PictureCleaner.clean(picture.bytes)?.bytes == picture.bytes)
        #expect(PictureCleaner.clean(Pictures.webP(orientation: 1))?.bytes == Pictures.webP(flags: 0, []))
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
        // RFC 9110 §13.2.2: what the client has is told before the range is looked at; §14.2: HEAD has none.
        let tag = try #require(part.value(of: .etag))
        for range in ["bytes=0-1", "bytes=999999-"] {
            let known = await client.send(.get, url, fields: [("Range", range), ("If-None-Match", tag)])
            #expect(known.status == .notModified)
            #expect(await client.send(.head, url, fields: [("Range", range)]).status == .ok)
        }
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

    /// A PNG of one pixel that nobody need be able to show.
    static func png(eXIf: [UInt8]) -> [UInt8] {
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + pngChunk("IHDR", [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])
            + eXIf + pngChunk("IDAT", [1, 2, 3]) + pngChunk("IEND", [])
    }

    /// With its EXIF behind the pixels, and a text.
    static func png(orientation: UInt8) -> [UInt8] {
        Array(png(eXIf: pngChunk("tEXt", Array("home".utf8))).dropLast(12))
            + pngChunk("eXIf", tiff(orientation, 30.65, 104.08)) + pngChunk("IEND", [])
    }

    static func pngChunk(_ type: String, _ content: [UInt8], checksum: [UInt8] = [0, 0, 0, 0]) -> [UInt8] {
        big32(content.count) + Array(type.utf8) + content + checksum
    }

    static func webP(flags: UInt8, _ behind: [[UInt8]]) -> [UInt8] {
        let body =
            Array("WEBP".utf8) + riffChunk("VP8X", [flags, 0, 0, 0, 0, 0, 0, 0, 0, 0]) + riffChunk("VP8 ", [1, 2, 3])
            + behind.joined()
        return Array("RIFF".utf8) + Array(big32(body.count).reversed()) + body
    }

    static func webP(orientation: UInt8) -> [UInt8] {
        webP(
            flags: 0x0C,
            [riffChunk("EXIF", tiff(orientation, 30.65, 104.08)), riffChunk("XMP ", Array("<home/>".utf8))])
    }

    static func riffChunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
        Array(type.utf8) + Array(big32(content.count).reversed()) + content + (content.count % 2 == 1 ? [0] : [])
    }

    /// What a cleaned picture says of itself.
    static func upAlone(_ orientation: UInt8) -> [UInt8] {
        Array("MM".utf8) + [0, 42] + big32(8) + big16(1) + big16(0x0112) + big16(3) + big32(1)
            + [0, orientation, 0, 0] + big32(0)
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
