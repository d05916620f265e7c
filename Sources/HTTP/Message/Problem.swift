/// The only error a client sees (RFC 9457).
package struct Problem: Error, Sendable, Equatable {
    /// What went wrong in general: a stable relative URI, its status and its title. Members stand beside the rule that
    /// throws them, in `extension Problem.Kind`.
    package struct Kind: Sendable, Equatable {
        package let type: String
        package let status: Status
        package let title: Wording

        package init(_ type: String, status: Status, title: Wording) {
            self.type = type
            self.status = status
            self.title = title
        }
    }

    /// One fault in the request: where (an RFC 6901 pointer into the body, or `?name` for a query parameter) and what.
    package struct Fault: Sendable, Equatable {
        package var pointer: String
        package var detail: Wording

        package init(_ pointer: String, _ detail: Wording) {
            self.pointer = pointer
            self.detail = detail
        }
    }

    package var kind: Kind
    package var detail: Wording?
    package var faults: [Fault]
    /// Seconds for `Retry-After`.
    package var retryAfter: Int?
    /// The present state of the resource, for 409 answers (`state` in the body).
    package var state: String?
    /// Every reason an action is refused, as codes (`reasons` in the body).
    package var reasons: [String]
    /// `Allow`, for 405 answers.
    package var allow: String?

    package init(
        _ kind: Kind, detail: Wording? = nil, faults: [Fault] = [], retryAfter: Int? = nil, state: String? = nil,
        reasons: [String] = [], allow: String? = nil
    ) {
        self.kind = kind
        self.detail = detail
        self.faults = faults
        self.retryAfter = retryAfter
        self.state = state
        self.reasons = reasons
        self.allow = allow
    }
}
