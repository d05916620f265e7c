package import HTTP
import SQLite

/// A picture somebody sent (上传文件), without the data that cameras hide in it. Found by an unguessable token.
package struct Upload: Encodable, Sendable {
    package var id: ID<Upload>
    package var url: String
    package var contentType: String
    package var bytes: Int
    /// Where the picture was taken, as its own data said: told to the uploader once, never kept.
    package var takenAt: Position?

    /// One that nothing refers to is removed after so long. Seconds.
    package static let unusedSeconds: Int64 = 86_400

    static func path(_ token: String, _ configuration: Configuration) -> String {
        "\(configuration.uploadsPath)/\(token)"
    }

    static func insert(
        token: String, type: PictureCleaner.Kind, bytes: Int, by account: ID<Account>, in db: Transaction
    ) throws -> ID<Upload> {
        try db.run(
            """
            INSERT INTO upload (token, account_id, type, bytes, created_at)
            VALUES (\(token), \(account), \(type.rawValue), \(bytes), \(db.now))
            """)
        return ID(db.lastInsertedID)
    }

    /// Takes an upload into use, once, by whoever sent it.
    static func use(_ id: ID<Upload>, of account: ID<Account>, in db: Transaction) throws -> Bool {
        try db.run("UPDATE upload SET is_used = 1 WHERE id = \(id) AND account_id = \(account) AND is_used = 0") == 1
    }

    private struct Stored: RowDecodable {
        var type: String
        var bytes: Int
        /// What it belongs to, where that is not for everybody.
        var withdrawnWith: ID<Feedback>?

        init(row: borrowing Row) throws {
            type = try row[0]
            bytes = try row[1]
            withdrawnWith = try row[2]
        }
    }

    /// Forgets what nothing refers to.
    /// - Returns: tokens of the files, which have to go once this is committed.
    static func dropUnused(before cutoff: Int64, limit: Int, in db: Transaction) throws -> [String] {
        let tokens = try db.values(
            "SELECT token FROM upload WHERE is_used = 0 AND created_at <= \(cutoff) LIMIT \(limit)", as: String.self)
        for token in tokens { try db.run("DELETE FROM upload WHERE token = \(token)") }
        return tokens
    }

    package static let routes: [Route] = [
        .upload("/api/v1/uploads", "createUpload", access: .account) { request in
            var faults = Faults()
            let file = try FileForm(request, &faults).file
            guard faults.all.isEmpty else { throw Problem(.malformed, faults: faults.all) }
            let services = request.services
            guard let raw = FileSystem.read(file.contents.path, limit: services.configuration.uploadBytes) else {
                throw Problem(.unavailable, retryAfter: 1)
            }
            guard let picture = PictureCleaner.clean(raw) else { throw Problem(.notPicture) }
            let token = SecureRandom.token()
            let unfinished = UnfinishedUpload(token, services.configuration)
            guard unfinished.write(picture.bytes) else { throw Problem(.unavailable, retryAfter: 5) }
            do {
                let response = try services.writer.writeAndWait { db in
                    let id = try insert(
                        token: token, type: picture.kind, bytes: picture.bytes.count, by: request.account(), in: db)
                    var upload = Upload(
                        id: id, url: "/api/v1/uploads/\(token)", contentType: picture.kind.rawValue,
                        bytes: picture.bytes.count)
                    // Where it was taken is told once: what is kept for a repetition says nothing of it.
                    _ = try request.keep(.json(upload, status: .created).located(at: upload.url), in: db)
                    upload.takenAt = picture.takenAt
                    return Response.json(upload, status: .created).located(at: upload.url)
                }
                unfinished.finish()
                return response
            } catch {
                unfinished.abandon()
                throw error
            }
        }.keeping(.answer),
        .read(.get, "/api/v1/uploads/{token}", "getUpload", access: .anyone) { request, db in
            let token = request.pathValue("token") ?? ""
            // Withdrawn with the feedback it belongs to, at once.
            let found: Stored? = try db.first(
                """
                SELECT type, bytes, (
                    SELECT feedback.id FROM feedback_photo JOIN feedback ON feedback.id = feedback_photo.feedback_id
                    WHERE feedback_photo.upload_id = upload.id AND NOT (\(Feedback.isListed)))
                FROM upload
                WHERE token = \(token) AND NOT EXISTS (SELECT 1 FROM private_upload WHERE upload_id = upload.id)
                """)
            guard let found else { throw Problem(.notFound) }
            guard let feedback = found.withdrawnWith else { return serve(found, token, request) }
            guard let caller = request.caller, try Feedback.find(feedback, in: db).isWhole(for: caller, in: db) else {
                throw Problem(.notFound)
            }
            var response = serve(found, token, request)
            response.set(.cacheControl, "private, no-store")
            return response
        },
    ]

    private static func serve(_ stored: Stored, _ token: String, _ request: APIRequest) -> Response {
        let path = path(token, request.services.configuration)
        var response = Response(
            .ok,
            fields: [
                (.contentType, stored.type), (.etag, "\"\(token)\""), (.acceptRanges, "bytes"),
                (.cacheControl, "private, max-age=300"),
            ], body: .file(FileSlice(path: path, range: 0..<stored.bytes)))
        switch ByteRange(range(request.head, tag: "\"\(token)\""), size: stored.bytes) {
        case .whole: break
        case .part(let range):
            response.status = .partialContent
            response.set(.contentRange, "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(stored.bytes)")
            response.body = .file(FileSlice(path: path, range: range))
        case .unsatisfiable:
            response = request.refusal(Problem(.wire(.rangeNotSatisfiable)))
            response.set(.contentRange, "bytes */\(stored.bytes)")
        }
        return response
    }

    /// The range asked for, where it counts: with GET alone (RFC 9110 §14.2), after If-None-Match and If-Range (§13.2.2).
    private static func range(_ head: RequestHead, tag: String) -> String? {
        guard head.method == .get else { return nil }
        if let known = head.value(of: .ifNoneMatch), EntityTagList.matchesWeakly(known, tag) { return nil }
        let ifRange = head.value(of: .ifRange)
        return ifRange == nil || ifRange == tag ? head.value(of: .range) : nil
    }
}

extension Problem.Kind {
    package static let notPicture = Self(
        "/problems/not-a-picture", status: .unsupportedMediaType,
        title: Wording(zh: "只接受完整的 JPEG、PNG 或 WebP 图片", en: "Only whole JPEG, PNG or WebP pictures are taken"))
}
