package import HTTP

extension Response {
    /// A JSON answer, encoded on the lane when it is written.
    package static func json<Body: Encodable & Sendable>(_ body: Body, status: Status = .ok) -> Response {
        Response(
            status, fields: [(.contentType, "application/json; charset=utf-8")], body: .deferred { JSON.encode(body) })
    }

    /// A single resource with its version: its ETag is made of it, and `App` answers `If-None-Match`.
    package static func json<Body: Encodable & Sendable>(
        _ body: Body, version: Int64, status: Status = .ok
    ) -> Response {
        let bytes = JSON.encode(body)
        return Response(
            status,
            fields: [
                (.contentType, "application/json; charset=utf-8"),
                (.etag, EntityTag.make(version: version, body: bytes)),
            ],
            body: .bytes(bytes))
    }

    package static var noContent: Response { Response(.noContent) }

    /// Says where the thing just made is found.
    package consuming func located(at path: String) -> Response {
        set(.location, path)
        return self
    }
}
