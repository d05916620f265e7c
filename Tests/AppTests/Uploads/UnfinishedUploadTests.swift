import App
import Foundation
import HTTP
import Support
import Testing

@Suite("Uploads that were not finished") struct UnfinishedUploadTests {
    private static let token = String(repeating: "b", count: 43)

    private func sweep(_ client: TestClient, beganBefore cutoff: Int64 = .max) throws -> Int {
        try UnfinishedUpload.sweep(beganBefore: cutoff, client.services.configuration, client.services.writer)
    }

    private func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder)
    }

    @Test func `a picture whose row never came goes after its time, and whatever else is left stays out of it`() throws
    {
        let client = try TestClient()
        let configuration = client.services.configuration
        #expect(UnfinishedUpload(Self.token, configuration).write([1, 2, 3]))
        #expect(FileSystem.size(of: "\(configuration.uploadsPath)/\(Self.token)") == 3)
        #expect(Leftovers.remove(in: configuration.temporaryPath, changedBefore: .max) == 0)
        #expect(try sweep(client, beganBefore: 0) == 0, "it may still be finished")
        #expect(try names(configuration.uploadsPath) == [Self.token])
        #expect(try sweep(client) == 1)
        #expect(try names(configuration.uploadsPath) == [])
        #expect(try names(configuration.temporaryPath) == [])
    }

    @Test func `a finished one is never touched, even if the process died before it could say so`() async throws {
        let client = try TestClient()
        let configuration = client.services.configuration
        let picture = Pictures.jpeg(orientation: 1, latitude: 30, longitude: 104)
        let made = await client.upload(picture, by: try client.resident())
        let url = try #require(made.json["url"]?.string)
        #expect(try names(configuration.temporaryPath) == [])
        let token = try #require(url.split(separator: "/").last)
        #expect(FileSystem.write([], to: "\(configuration.temporaryPath)/unfinished-\(token)"))
        #expect(try sweep(client) == 0)
        #expect(try names(configuration.temporaryPath) == [])
        #expect(await client.send(.get, url).status == .ok)
    }

    @Test func `a picture that only has no row stays: a newer copy of the database may name it`() throws {
        let client = try TestClient()
        let configuration = client.services.configuration
        #expect(FileSystem.write([1], to: "\(configuration.uploadsPath)/\(Self.token)"))
        #expect(try sweep(client) == 0)
        #expect(try names(configuration.uploadsPath) == [Self.token])
    }

    @Test func `one for which there is no room leaves nothing`() throws {
        let client = try TestClient()
        let configuration = client.services.configuration
        #expect(FileSystem.write([1], to: "\(configuration.uploadsPath)/\(Self.token)"))
        #expect(!UnfinishedUpload(Self.token, configuration).write([2]))
        #expect(try names(configuration.temporaryPath) == [])
        #expect(FileSystem.read("\(configuration.uploadsPath)/\(Self.token)", limit: 10) == [1], "nor takes another's")
    }
}
