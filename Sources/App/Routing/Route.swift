package import HTTP
package import SQLite

/// One operation: a row of the route table. An object, because every request carries its route along.
package final class Route: Sendable {
    /// How a request is answered.
    package enum Handler: Sendable {
        /// On the lane, with its read-only database.
        case read(@Sendable (APIRequest, Database) throws -> Response)
        /// Decoded and checked on the lane; the closure that comes back runs in the writer's transaction, so it may only
        /// compute and run SQL.
        case write(@Sendable (APIRequest) throws -> @Sendable (Transaction) throws -> Response)
        /// On a worker thread, for what may take long: hashing a password, asking WeChat, reading a picture.
        case work(@Sendable (APIRequest) throws -> Response)
    }

    package enum BodyRule: Sendable, Equatable {
        case none
        /// JSON up to this many bytes.
        case json(limit: Int)
        /// multipart/form-data up to `Configuration.uploadBytes`.
        case form
    }

    /// What becomes of the answer to a POST with an `Idempotency-Key`.
    package enum Keeping: Sendable {
        /// The key is not honoured, because a repetition does no harm or must be looked at anew: sign-ins, whose one-time
        /// codes and passwords guard themselves and whose callers have no account to keep anything under; previews and
        /// dry runs, which change nothing; views of personal data, which must not lie about in a second place.
        case nothing
        /// It is kept whole, in its effect's transaction, and given again.
        case answer
        /// It holds a secret that is shown once and never stored. Only that it was given is kept, and where the thing
        /// made is found; a repetition is told so (`/problems/answer-not-kept`).
        case receipt
    }

    /// JSON bodies have no business being longer unless a route says so. Bytes.
    package static let jsonLimit = 65_536

    /// Room for the `{}` that `wx.request` makes of an empty `data`, where an operation takes no body. Bytes.
    static let emptyObjectLimit = 64

    /// What a route may add to what it was made with.
    struct Traits {
        var keeping: Keeping
        var changesAccess = false
        var auditsItself = false
        var servesFirstPassword = false
    }

    package let method: Method
    package let path: PathPattern
    /// `operationId` in openapi.yaml.
    package let operation: String
    /// What its cursors end in, so that no other list takes them: a checksum of the operation.
    package let cursorMark: String
    package let access: Access
    /// The query parameters it takes; any other is refused by name.
    package let query: [String]
    package let body: BodyRule
    package let rate: RateClass
    package let handler: Handler
    private let traits: Traits

    package var keeping: Keeping { traits.keeping }
    /// Its success changes sessions or rights, which lanes then read anew.
    package var changesAccess: Bool { traits.changesAccess }
    /// The handler writes its own audit row, with more in it than the general one has.
    package var auditsItself: Bool { traits.auditsItself }
    /// Open to a staff session that has yet to change its first password.
    package var servesFirstPassword: Bool { traits.servesFirstPassword }

    private init(
        method: Method, path: PathPattern, operation: String, access: Access, query: [String], body: BodyRule,
        rate: RateClass, keeping: Keeping, handler: Handler
    ) {
        self.method = method
        self.path = path
        self.operation = operation
        cursorMark = Cursor.mark(of: operation)
        self.access = access
        self.query = query
        self.body = body
        self.rate = rate
        self.handler = handler
        traits = Traits(keeping: keeping)
    }

    private init(_ other: Route, _ change: (inout Traits) -> Void) {
        method = other.method
        path = other.path
        operation = other.operation
        cursorMark = other.cursorMark
        access = other.access
        query = other.query
        body = other.body
        rate = other.rate
        handler = other.handler
        var traits = other.traits
        change(&traits)
        self.traits = traits
    }

    /// The same route, whose success makes lanes read sessions and rights anew.
    package var changingAccess: Route { Route(self) { $0.changesAccess = true } }

    /// The same route, whose handler writes the audit row. Most such routes show personal data, so the answer is not kept
    /// unless the route says so behind this.
    package var auditingItself: Route {
        Route(self) {
            $0.auditsItself = true
            $0.keeping = .nothing
        }
    }

    /// The same route with another rule for its answer. The handler of a `work` route must itself hand the answer to
    /// `APIRequest.keep`, in the transaction of its effect.
    package func keeping(_ keeping: Keeping) -> Route { Route(self) { $0.keeping = keeping } }

    /// Whether a write of the general kind leaves the general audit row.
    var isAudited: Bool { if case .write = handler { !auditsItself } else { false } }

    package var honoursKey: Bool {
        guard method == .post, access != .anyone else { return false }
        return switch keeping {
        case .nothing: false
        case .answer, .receipt: true
        }
    }

    /// The same route, open before the first password is changed.
    package var servingFirstPassword: Route { Route(self) { $0.servesFirstPassword = true } }

    package static func read(
        _ method: Method = .get, _ path: String, _ operation: String, access: Access, query: [String] = [],
        rate: RateClass = .reads, _ run: @escaping @Sendable (APIRequest, Database) throws -> Response
    ) -> Route {
        Route(
            method: method, path: PathPattern(path), operation: operation, access: access, query: query, body: .none,
            rate: rate, keeping: .nothing, handler: .read(run))
    }

    package static func write(
        _ method: Method, _ path: String, _ operation: String, access: Access, rate: RateClass = .writes,
        _ run: @escaping @Sendable (APIRequest, Transaction) throws -> Response
    ) -> Route {
        Route(
            method: method, path: PathPattern(path), operation: operation, access: access, query: [], body: .none,
            rate: rate, keeping: .answer,
            handler: .write { request in
                try request.refuseBody()
                return { try run(request, $0) }
            })
    }

    package static func write<Body: RequestBody>(
        _ method: Method, _ path: String, _ operation: String, access: Access, body: Body.Type,
        limit: Int = jsonLimit, rate: RateClass = .writes,
        _ run: @escaping @Sendable (APIRequest, Body, Transaction) throws -> Response
    ) -> Route {
        Route(
            method: method, path: PathPattern(path), operation: operation, access: access, query: [],
            body: .json(limit: limit), rate: rate, keeping: .answer,
            handler: .write { request in
                let body = try request.decode(Body.self)
                return { try run(request, body, $0) }
            })
    }

    /// A body that may be left out altogether; the handler is then given nil.
    package static func write<Body: RequestBody>(
        _ method: Method, _ path: String, _ operation: String, access: Access, optionalBody: Body.Type,
        rate: RateClass = .writes, _ run: @escaping @Sendable (APIRequest, Body?, Transaction) throws -> Response
    ) -> Route {
        Route(
            method: method, path: PathPattern(path), operation: operation, access: access, query: [],
            body: .json(limit: jsonLimit), rate: rate, keeping: .answer,
            handler: .write { request in
                let body = request.hasBody ? try request.decode(Body.self) : nil
                return { try run(request, body, $0) }
            })
    }

    package static func work<Body: RequestBody>(
        _ method: Method, _ path: String, _ operation: String, access: Access, body: Body.Type, rate: RateClass,
        _ run: @escaping @Sendable (APIRequest, Body) throws -> Response
    ) -> Route {
        Route(
            method: method, path: PathPattern(path), operation: operation, access: access, query: [],
            body: .json(limit: jsonLimit), rate: rate, keeping: .nothing,
            handler: .work { try run($0, $0.decode(Body.self)) })
    }

    /// A read that may take long, on a worker's thread instead of a lane's.
    package static func work(
        _ path: String, _ operation: String, access: Access, _ run: @escaping @Sendable (APIRequest) throws -> Response
    ) -> Route {
        Route(
            method: .get, path: PathPattern(path), operation: operation, access: access, query: [], body: .none,
            rate: .reads, keeping: .nothing, handler: .work(run))
    }

    package static func upload(
        _ path: String, _ operation: String, access: Access, rate: RateClass = .uploads,
        _ run: @escaping @Sendable (APIRequest) throws -> Response
    ) -> Route {
        Route(
            method: .post, path: PathPattern(path), operation: operation, access: access, query: [], body: .form,
            rate: rate, keeping: .nothing, handler: .work(run))
    }
}

/// A JSON body that knows its own rules, all of which are checked before the answer.
package protocol RequestBody: Decodable, Sendable {
    func check(_ faults: inout Faults)
}

extension RequestBody {
    package func check(_ faults: inout Faults) {}
}
