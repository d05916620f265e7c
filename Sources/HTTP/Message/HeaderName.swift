/// A header field name in lower case. Names compare without regard to case (RFC 9110 §5.1).
package struct HeaderName: Sendable, Equatable, ExpressibleByStringLiteral {
    package let text: StaticString

    /// `text` must be lower case: look-ups fold only the request's side.
    package init(stringLiteral text: StaticString) { self.text = text }

    package static func == (left: HeaderName, right: HeaderName) -> Bool {
        guard left.text.utf8CodeUnitCount == right.text.utf8CodeUnitCount else { return false }
        // Most are one and the same literal.
        return left.text.utf8Start == right.text.utf8Start
            || left.text.withUTF8Buffer { left in right.text.withUTF8Buffer { left.elementsEqual($0) } }
    }

    package static let accept: HeaderName = "accept"
    package static let acceptEncoding: HeaderName = "accept-encoding"
    package static let acceptLanguage: HeaderName = "accept-language"
    package static let acceptRanges: HeaderName = "accept-ranges"
    package static let allow: HeaderName = "allow"
    package static let authorization: HeaderName = "authorization"
    package static let cacheControl: HeaderName = "cache-control"
    package static let connection: HeaderName = "connection"
    package static let contentDisposition: HeaderName = "content-disposition"
    package static let contentEncoding: HeaderName = "content-encoding"
    package static let contentRange: HeaderName = "content-range"
    package static let contentType: HeaderName = "content-type"
    package static let etag: HeaderName = "etag"
    package static let idempotencyKey: HeaderName = "idempotency-key"
    package static let idempotencyReplayed: HeaderName = "idempotency-replayed"
    package static let ifMatch: HeaderName = "if-match"
    package static let ifNoneMatch: HeaderName = "if-none-match"
    package static let ifRange: HeaderName = "if-range"
    package static let link: HeaderName = "link"
    package static let location: HeaderName = "location"
    package static let methodOverride: HeaderName = "x-http-method-override"
    package static let origin: HeaderName = "origin"
    package static let range: HeaderName = "range"
    package static let requestID: HeaderName = "x-request-id"
    package static let retryAfter: HeaderName = "retry-after"
    package static let transferEncoding: HeaderName = "transfer-encoding"
    package static let vary: HeaderName = "vary"
    package static let wwwAuthenticate: HeaderName = "www-authenticate"
    package static let forwardedFor: HeaderName = "x-forwarded-for"
}
