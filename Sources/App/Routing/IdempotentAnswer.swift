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
    var createdAt: Int64

    package init(row: borrowing Row) throws {
        fingerprint = try row[0]
        status = try row[1]
        fields = try row[2]
        body = try row[3]
        createdAt = try row[4]
    }

    /// The key of a request that carries one and whose route keeps answers.
    /// - Throws: 400 unless it is 1 to 64 visible ASCII characters.
    static func key(of request: APIRequest) throws(Problem) -> String? {
        guard request.route.honoursKey, request.caller != nil, let key = request.head.value(of: .idempotencyKey) else {
            return nil
        }
        guard keyLength.contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Problem(
                .malformed,
                detail: Wording(
                    zh: "Idempotency-Key 应为 1–64 个可见字符", en: "Idempotency-Key must be 1 to 64 visible characters"))
        }
        return key
    }

    /// The answer to a call whose key has been used.
    /// - Returns: nil for a key that is new.
    /// - Throws: 422 when it was used for another request.
    static func known(_ call: IdempotentCall, _ request: APIRequest, in db: Transaction) throws -> Response? {
        let known: IdempotentAnswer? = try db.first(
            """
            SELECT fingerprint, status, fields, body, created_at FROM idempotent_answer
            WHERE account_id = \(call.account) AND key = \(call.key)
            """)
        guard let known else { return nil }
        guard known.createdAt > db.now - Int64(request.services.configuration.idempotencyHours) * 3_600 else {
            try db.run("DELETE FROM idempotent_answer WHERE account_id = \(call.account) AND key = \(call.key)")
            return nil
        }
        guard known.fingerprint == call.fingerprint else { throw Problem(.keyReused) }
        return known.replay(request)
    }

    /// Runs `body` unless the key's answer is known already.
    static func once(
        _ call: IdempotentCall, _ request: APIRequest, in db: Transaction,
        _ body: (Transaction) throws -> Response
    ) throws -> Response {
        if let known = try known(call, request, in: db) { return known }
        return try keep(body(db), call, request.route.keeping, in: db)
    }

    /// - Returns: the answer with its body made, where that was kept.
    static func keep(
        _ response: Response, _ call: IdempotentCall, _ keeping: Route.Keeping, in db: Transaction
    ) throws -> Response {
        let kept: Response
        let bytes: [UInt8]
        switch keeping {
        case .nothing: return response
        case .answer: (kept, bytes) = response.rendered()
        case .receipt: (kept, bytes) = (response, [])
        }
        try db.run(
            """
            INSERT INTO idempotent_answer (account_id, key, fingerprint, status, fields, body, created_at)
            VALUES (\(call.account), \(call.key), \(call.fingerprint), \(response.status.code), \(fieldText(response)),
                \(bytes), \(db.now))
            """)
        return kept
    }

    /// Only fields a write answers with; the rest is made anew for each answer.
    private static let keptFields: [HeaderName] = [.contentType, .location, .etag]

    private static func fieldText(_ response: Response) -> String {
        var text = ""
        for (index, name) in keptFields.enumerated() {
            if index > 0 { text += "\n" }
            text += response.value(of: name) ?? ""
        }
        return text
    }

    /// The kept answer again; or, where only a receipt was kept, that the request was done and where its effect is found.
    private func replay(_ request: APIRequest) -> Response {
        let isReceipt = request.route.keeping == .receipt
        var response =
            isReceipt
            ? request.refusal(Problem(.answerNotKept))
            : Response(Status(status), body: body.isEmpty ? .empty : .bytes(body))
        let values = fields.split(separator: "\n", omittingEmptySubsequences: false)
        for (name, value) in zip(Self.keptFields, values) where !value.isEmpty {
            if isReceipt && name != .location { continue }
            response.set(name, String(value))
        }
        response.set(.idempotencyReplayed, "true")
        return response
    }
}

extension APIRequest {
    var isKeyed: Bool { keyed != nil }

    /// For the handler of a `work` route: keeps the answer under the caller's key, where there is one, in the transaction
    /// of its effect.
    /// - Returns: the answer to give.
    /// - Throws: 422 when another request took the key meanwhile.
    func keep(_ response: Response, in db: Transaction) throws -> Response {
        guard let keyed else { return response }
        _ = try IdempotentAnswer.known(keyed, self, in: db)
        return try IdempotentAnswer.keep(response, keyed, route.keeping, in: db)
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
