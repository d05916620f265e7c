import App
import HTTP
import SQLite
import Support
import Testing

extension TestClient {
    /// Sends a form with one file, as a browser or wx.uploadFile does.
    func sendFile(
        _ bytes: [UInt8], to path: String, by person: Person, form values: [(String, String)] = [],
        fields: [(String, String)] = []
    ) async -> Answer {
        let place = "\(services.configuration.temporaryPath)/\(SecureRandom.token())"
        #expect(FileSystem.write(bytes, to: place))
        let file = TemporaryFile(path: place, size: bytes.count) { FileSystem.remove($0) }
        let form = MultipartForm(
            fields: values.map { (name: $0.0, value: $0.1) },
            files: [.init(name: "file", filename: "a", contentType: nil, contents: file)])
        return await send(.post, path, body: .form(form), token: person.token, fields: fields)
    }

    func upload(_ bytes: [UInt8], by person: Person, fields: [(String, String)] = []) async -> Answer {
        await sendFile(bytes, to: "/api/v1/uploads", by: person, fields: fields)
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
