import HTTP
package import SQLite

/// The first answer to a POST with an `Idempotency-Key`, kept in the same transaction as its effect and given again to
/// the client that retries. A refusal has no effect and is not kept: repeating it asks again.
package struct IdempotentAnswer: RowDecodable {
    package static let keyLength = 1...64

    var fingerprint: [UInt8]
    var status: Int
    var fields: String
    var body: [UInt8]

    package init(row: borrowing Row) throws {
        fingerprint = try row[0]
        status = try row[1]
        fields = try row[2]
        body = try row[3]
    }

    /// The key of a request that carries one and whose route keeps answers.
    /// - Throws: 400 unless it is 1 to 64 visible ASCII characters.
    static func key(of request: APIRequest) throws(Problem) -> String? {
        guard request.route.keepsAnswer, !request.route.auditsItself, request.route.method == .post,
            request.caller != nil,
            let key = request.head.value(of: .idempotencyKey)
        else { return nil }
        guard keyLength.contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Problem(
                .malformed,
                detail: Wording(
                    zh: "Idempotency-Key 应为 1–64 个可见字符", en: "Idempotency-Key must be 1 to 64 visible characters"))
        }
        return key
    }

    /// Method, path, query and body: the same key with anything else is a mistake of the client's.
    static func fingerprint(of request: APIRequest) -> [UInt8] {
        var hash = SHA256()
        hash.update(Array(request.route.method.rawValue.utf8))
        hash.update(request.head.bytes[request.head.path])
        if let query = request.head.query { hash.update(request.head.bytes[query]) }
        hash.update([0])
        if case .bytes(let bytes) = request.message.body { hash.update(bytes) }
        return hash.finish()
    }

    /// Runs `body` unless the key's answer is known already.
    static func once(
        _ key: String, _ request: APIRequest, in db: Transaction, _ body: (Transaction) throws -> Response
    ) throws -> Response {
        let account = try request.account()
        let fingerprint = fingerprint(of: request)
        let oldest = db.now - Int64(request.services.configuration.idempotencyHours) * 3_600
        let known: IdempotentAnswer? = try db.first(
            """
            SELECT fingerprint, status, fields, body FROM idempotent_answer
            WHERE account_id = \(account) AND key = \(key) AND created_at > \(oldest)
            """)
        if let known {
            guard known.fingerprint == fingerprint else { throw Problem(.keyReused) }
            return known.replay()
        }
        let response = try body(db)
        let (kept, bytes) = response.rendered()
        try db.run(
            """
            INSERT OR REPLACE INTO idempotent_answer (account_id, key, fingerprint, status, fields, body, created_at)
            VALUES (\(account), \(key), \(fingerprint), \(response.status.code), \(fieldText(response)), \(bytes), \(db.now))
            """)
        return kept
    }

    /// Only fields a write answers with; the rest is made anew for each answer.
    private static let keptFields: [HeaderName] = [.contentType, .location, .etag]

    private static func fieldText(_ response: Response) -> String {
        keptFields.map { response.value(of: $0) ?? "" }.joined(separator: "\n")
    }

    private func replay() -> Response {
        var response = Response(Status(status), body: body.isEmpty ? .empty : .bytes(body))
        let values = fields.split(separator: "\n", omittingEmptySubsequences: false)
        for (name, value) in zip(Self.keptFields, values) where !value.isEmpty { response.set(name, String(value)) }
        response.set(.idempotencyReplayed, "true")
        return response
    }
}

extension Response {
    /// The same answer with its body made.
    func rendered() -> (response: Response, bytes: [UInt8]) {
        var response = self
        switch body {
        case .bytes(let bytes): return (self, bytes)
        case .deferred(let make):
            let bytes = make()
            response.body = .bytes(bytes)
            return (response, bytes)
        case .empty, .file, .stream: return (self, [])
        }
    }
}
