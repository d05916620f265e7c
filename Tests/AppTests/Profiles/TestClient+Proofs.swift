import App
import HTTP
import SQLite
import Support
import Testing

extension TestClient {
    func upload(_ bytes: [UInt8], by person: Person) async -> Answer {
        let path = "\(services.configuration.temporaryPath)/\(SecureRandom.token())"
        #expect(FileSystem.write(bytes, to: path))
        let file = TemporaryFile(path: path, size: bytes.count) { FileSystem.remove($0) }
        let form = MultipartForm(files: [.init(name: "file", filename: "a.jpg", contentType: nil, contents: file)])
        return await send(.post, "/api/v1/uploads", body: .form(form), token: person.token)
    }

    /// An unused picture of somebody's: its id and where it is served while nothing uses it.
    func picture(by person: Person) async throws -> (id: Int64, url: String) {
        let made = await upload(Pictures.jpeg(orientation: 1, latitude: 30, longitude: 104), by: person)
        return (try #require(made.json["id"]?.integer), try #require(made.json["url"]?.string))
    }

    func volunteerID(of person: Person) async throws -> Int64 {
        let me = await send(.get, "/api/v1/me/volunteer", token: person.token)
        return try #require(me.json["id"]?.integer, "\(me.text)")
    }

    /// Entries of the audit for one operation, as `subject reason`.
    func audited(_ operation: String) throws -> [String] {
        try services.writer.writeAndWait { db in
            try db.values(
                """
                SELECT subject || ' ' || ifnull(reason, '') FROM audit_entry
                WHERE outcome = 'done' AND operation = \(operation) ORDER BY id
                """
            )
        }
    }
}
