import HTTP
import SQLite

/// Pictures of papers (证明材料). Once used as a proof an upload is no longer found by its token: only through what it
/// proves, by its owner and by those who verify it.
extension Upload {
    /// - Throws: 422 at `/uploadId` unless it is the account's own and unused.
    static func useAsProof(_ id: ID<Upload>, of account: ID<Account>, in db: Transaction) throws {
        guard try use(id, of: account, in: db) else {
            throw Problem(
                .invalid,
                faults: [.init("/uploadId", Wording(zh: "没有这个可用的上传文件", en: "names no unused upload of yours"))])
        }
        try db.run("INSERT INTO private_upload (upload_id) VALUES (\(id)) ON CONFLICT DO NOTHING")
    }

    /// Leaves the file to the next housekeeping; it stays private until then.
    static func releaseProof(_ id: ID<Upload>, in db: Transaction) throws {
        try db.run("UPDATE upload SET is_used = 0, created_at = 0 WHERE id = \(id)")
    }

    private struct Proof: RowDecodable {
        var token: String
        var type: String
        var bytes: Int

        init(row: borrowing Row) throws {
            token = try row[0]
            type = try row[1]
            bytes = try row[2]
        }
    }

    /// The whole picture, kept by no cache.
    static func proof(_ id: ID<Upload>, _ request: APIRequest, in db: Database) throws -> Response {
        let found: Proof? = try db.first("SELECT token, type, bytes FROM upload WHERE id = \(id)")
        guard let found else { throw Problem(.notFound) }
        let path = path(found.token, request.services.configuration)
        // Gone with its owner, where the record it proves stays.
        guard FileSystem.size(of: path) != nil else { throw Problem(.notFound) }
        return Response(
            .ok, fields: [(.contentType, found.type), (.cacheControl, "private, no-store")],
            body: .file(FileSlice(path: path, range: 0..<found.bytes)))
    }
}
