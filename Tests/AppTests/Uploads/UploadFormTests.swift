import App
import Foundation
import HTTP
import Support
import Testing

@Suite("The form of an upload") struct UploadFormTests {
    private func part(_ name: String, _ client: TestClient) -> MultipartForm.File {
        let path = "\(client.services.configuration.temporaryPath)/\(UUID().uuidString)"
        let picture = Pictures.jpeg(orientation: 1, latitude: 30, longitude: 104)
        #expect(FileSystem.write(picture, to: path))
        return .init(
            name: name, filename: "a.jpg", contentType: "image/jpeg",
            contents: TemporaryFile(path: path, size: picture.count) { FileSystem.remove($0) })
    }

    @Test func `a form without a file, with two or with one of another name is malformed`() async throws {
        let client = try TestClient()
        let person = try client.resident()
        for names in [[], ["file", "file"], ["picture"]] {
            let form = MultipartForm(files: names.map { part($0, client) })
            let refused = await client.send(.post, "/api/v1/uploads", body: .form(form), token: person.token)
            #expect(refused.status == .badRequest)
            #expect(refused.json["detail"]?.string == "需要一个名为 file 的文件")
        }
        let json = await client.send(.post, "/api/v1/uploads", "{}", token: person.token)
        #expect(json.status == .badRequest)
    }

    @Test func `a text beside the file is refused by name, and nothing is kept`() async throws {
        let client = try TestClient()
        let person = try client.resident()
        let long = String(repeating: "长", count: 100)
        let refused = await client.sendFile(
            [1], to: "/api/v1/uploads", by: person, form: [("user", "1"), (long, "")])
        #expect(refused.status == .badRequest)
        #expect(refused.json["type"]?.string == "/problems/malformed")
        let pointers = refused.json["errors"]?.array.compactMap { $0["pointer"]?.string }
        #expect(pointers == ["/user", "/" + long.prefix(40)])
        let kept = try FileManager.default.contentsOfDirectory(atPath: client.services.configuration.uploadsPath)
        #expect(kept == [])
        _ = try await client.picture(by: person)
    }
}
