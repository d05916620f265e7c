package import HTTP

/// A problem as it is sent (RFC 9457 §3), in the caller's language.
package struct ProblemDocument: Encodable, Sendable {
    private struct Fault: Encodable {
        var pointer: String
        var detail: String
    }

    /// When to try again what is unavailable for nobody knows how long.
    private static let retrySeconds = 30

    private let problem: Problem
    private let language: Language
    private let instance: String

    private enum Key: String, CodingKey { case type, title, status, detail, instance, errors, state, reasons }

    package init(_ problem: Problem, language: Language, instance: String) {
        self.problem = problem
        self.language = language
        self.instance = instance
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(problem.kind.type, forKey: .type)
        try container.encode(problem.kind.title[language], forKey: .title)
        try container.encode(problem.kind.status.code, forKey: .status)
        if let detail = problem.detail { try container.encode(detail[language], forKey: .detail) }
        try container.encode(instance, forKey: .instance)
        if !problem.faults.isEmpty {
            let faults = problem.faults.map { Fault(pointer: $0.pointer, detail: $0.detail[language]) }
            try container.encode(faults, forKey: .errors)
        }
        if let state = problem.state { try container.encode(state, forKey: .state) }
        if !problem.reasons.isEmpty { try container.encode(problem.reasons, forKey: .reasons) }
    }

    package var response: Response {
        var response = Response(
            problem.kind.status, fields: [(.contentType, "application/problem+json; charset=utf-8")],
            body: .bytes(JSON.encode(self)))
        let isUnavailable = problem.kind.status == .serviceUnavailable
        if let seconds = problem.retryAfter ?? (isUnavailable ? Self.retrySeconds : nil) {
            response.set(.retryAfter, String(seconds))
        }
        if let allow = problem.allow { response.set(.allow, allow) }
        if problem.kind.status == .unauthorized { response.set(.wwwAuthenticate, "Bearer") }
        response.set(.cacheControl, "no-store")
        return response
    }
}
