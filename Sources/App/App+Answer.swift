import HTTP
import SQLite

/// What an answer needs besides the handler's part.
struct ExchangeContext: Sendable {
    var requestID = ""
    var language = Language.zh
    /// Index in the route table; nil when none was found.
    var route: Int?
    var ifNoneMatch: String?
    var isSafe = false
    var origin: String?
    /// Who asked: the peer, or whom a configured proxy names.
    var client: PeerAddress?
    var rate: RateState?
}

extension ExchangeContext {
    init(head: RequestHead, language: Language) {
        self.language = language
        isSafe = head.method == .get || head.method == .head
        if isSafe { ifNoneMatch = head.value(of: .ifNoneMatch) }
    }
}

extension Problem {
    func response(_ exchange: ExchangeContext) -> Response {
        ProblemDocument(self, language: exchange.language, instance: exchange.requestID).response
    }
}

extension App {
    /// Adds what all answers carry, and turns an answer the client has already into 304.
    func finish(_ response: consuming Response, _ exchange: ExchangeContext) -> Response {
        response.label = exchange.route.map { $0 + 1 } ?? 0
        response.client = exchange.client
        if let tag = response.value(of: .etag), response.status == .ok, let field = exchange.ifNoneMatch,
            EntityTagList.matchesWeakly(field, tag)
        {
            response.status = .notModified
            response.body = .empty
        }
        response.fields.reserveCapacity(response.fields.count + Self.commonFieldsMax)
        response.fields.append((.requestID, exchange.requestID))
        if let rate = exchange.rate {
            response.fields.append(("ratelimit-limit", String(rate.limit)))
            response.fields.append(("ratelimit-remaining", String(rate.remaining)))
            response.fields.append(("ratelimit-reset", String(rate.reset)))
        }
        if let origin = exchange.origin {
            response.fields.append(("access-control-allow-origin", origin))
            response.fields.append(("access-control-expose-headers", Self.exposedFields))
        }
        // Also where it names no origin: a cache must not show that answer to a page that has one.
        if !services.configuration.origins.isEmpty { response.fields.append((.vary, "Origin")) }
        return response
    }

    /// What `finish` adds at the most.
    private static let commonFieldsMax = 7

    private static let exposedFields =
        "ETag, Link, Location, Retry-After, X-Request-Id, Idempotency-Replayed, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset"

    /// The origin to allow by CORS; nil for requests that have none or one that is not listed.
    func allowedOrigin(of head: RequestHead) -> String? {
        guard !services.configuration.origins.isEmpty, let origin = head.value(of: .origin),
            services.configuration.origins.contains(origin)
        else { return nil }
        return origin
    }

    /// Answers `OPTIONS`, as a CORS preflight where it is one.
    func preflight(_ head: RequestHead, allow: String) -> Response {
        var response = Response(.noContent, fields: [(.allow, allow)])
        guard allowedOrigin(of: head) != nil, head.range(of: "access-control-request-method") != nil else {
            return response
        }
        response.set("access-control-allow-methods", allow)
        response.set(
            "access-control-allow-headers",
            """
            Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, \
            X-HTTP-Method-Override, X-Request-Id
            """)
        response.set("access-control-max-age", "600")
        return response
    }

    /// What a client is told of an error. Whatever is not its fault is logged under the request id and not shown.
    func problem(for error: any Error, _ exchange: ExchangeContext?) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let refusal as WriterRefusal:
            services.log(.warning, "write refused", ["reason": "\(refusal)"])
            services.metrics.countShed(by: .writer)
            return Problem(.unavailable, retryAfter: 1)
        case let error as SQLiteError:
            let request = exchange?.requestID ?? ""
            services.log(.error, "database", ["request": request, "error": "\(error)"])
            guard error.isTransient else { return Problem(.internalError) }
            if error.isInterrupted { services.metrics.countShed(by: .slowQueries) }
            return Problem(.unavailable, retryAfter: error.isInterrupted ? 5 : 1)
        default:
            let request = exchange?.requestID ?? ""
            services.log(.error, "unexpected error", ["request": request, "type": "\(type(of: error))"])
            return Problem(.internalError)
        }
    }
}

extension App {
    /// Leaves a trace of what a member of staff tried and may not do. Written by itself, since what was tried is undone;
    /// a writer that is full goes without.
    func record(
        _ problem: Problem, _ route: Route, _ caller: Caller?, _ address: PeerAddress, _ head: RequestHead,
        _ exchange: ExchangeContext
    ) {
        guard let caller, caller.isStaff, problem.kind.status == .forbidden else { return }
        let trace = AuditTrace(
            account: caller.account, operation: route.operation, subject: head.subject, reason: nil, outcome: .refused,
            address: address.description, requestID: exchange.requestID)
        try? services.writer.submit {
            try AuditEntry.insert(trace, in: $0)
        } completion: { _ in
        }
    }
}

extension SQLiteError {
    /// Whether the same request may succeed later without anybody mending the program.
    var isTransient: Bool { isUnavailability || isInterrupted || isCorrupt }
}

extension RequestHead {
    /// What a call is done to, for its audit row: the path below the base.
    var subject: String {
        let path = String(decoding: bytes[path], as: UTF8.self)
        return path.hasPrefix(Routes.base) ? String(path.dropFirst(Routes.base.count + 1)) : path
    }
}
