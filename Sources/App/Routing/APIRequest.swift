package import HTTP
import SQLite

/// A request on its way to a handler: matched, authenticated, its query read and its caller known. An object, because
/// closures carry it from queue to queue.
package final class APIRequest: Sendable {
    package let message: Request
    package let route: Route
    package let values: PathValues
    package let parameters: [QueryParameters.Pair]
    package let caller: Caller?
    /// UTC, the same for the whole round.
    package let now: Timestamp
    package let language: Language
    package let requestID: String
    /// The client's address: the peer's, or what a configured proxy says.
    package let address: PeerAddress
    package let services: Services
    /// What a `work` route's answer is kept under; nil where the caller gave no key.
    let keyed: IdempotentCall?

    init(
        message: Request, route: Route, values: PathValues, parameters: [QueryParameters.Pair], caller: Caller?,
        now: Timestamp, language: Language, requestID: String, address: PeerAddress, services: Services
    ) {
        self.message = message
        self.route = route
        self.values = values
        self.parameters = parameters
        self.caller = caller
        self.now = now
        self.language = language
        self.requestID = requestID
        self.address = address
        self.services = services
        keyed = nil
    }

    /// The same request, whose answer is to be kept.
    init(_ other: APIRequest, _ keyed: IdempotentCall) {
        message = other.message
        route = other.route
        values = other.values
        parameters = other.parameters
        caller = other.caller
        now = other.now
        language = other.language
        requestID = other.requestID
        address = other.address
        services = other.services
        self.keyed = keyed
    }

    package var head: RequestHead { message.head }

    /// A numeric path parameter.
    /// - Throws: 404, because an id that cannot exist names nothing.
    package func id<Entity>(_ name: String = "id", of: Entity.Type = Entity.self) throws(Problem) -> ID<Entity> {
        guard let text = pathValue(name), let number = Int64(text), ID<Entity>.range.contains(number),
            text.utf8.first != UInt8(ascii: "0"), text.utf8.first != UInt8(ascii: "+")
        else { throw Problem(.notFound) }
        return ID(number)
    }

    /// A path parameter as it was sent; nil when the pattern has none of this name.
    package func pathValue(_ name: String) -> String? {
        guard let index = route.path.parameters.firstIndex(of: name), index < values.count else { return nil }
        return String(decoding: head.bytes[values[index]], as: UTF8.self)
    }

    package func parameter(_ name: String) -> String? { parameters.first { $0.name == name }?.value }

    /// The session's account.
    /// - Throws: 401 where the route lets anyone in and nobody has signed in.
    package func account() throws(Problem) -> ID<Account> { try signedIn().account }

    package func signedIn() throws(Problem) -> Caller {
        guard let caller else { throw Problem(.unauthenticated) }
        return caller
    }

    /// The volunteer who calls.
    /// - Throws: 403 for a session without one.
    package func volunteer() throws(Problem) -> ID<Volunteer> {
        guard let volunteer = try signedIn().volunteer else { throw Problem(.notVolunteer) }
        return volunteer
    }

    /// Refuses unless the caller holds the permission for the station at the end of `path`.
    package func require(_ permission: Permission, at path: StationPath) throws(Problem) {
        guard try signedIn().holds(permission, along: path) else { throw Problem(.outsideScope) }
    }

    package var hasBody: Bool {
        switch message.body {
        case .empty: false
        case .bytes(let bytes): !bytes.isEmpty
        case .form: true
        }
    }

    /// The body as a checked value.
    /// - Throws: 400 naming every unknown, missing or mistyped field; 415; 422 naming every field that breaks a rule.
    package func decode<Body: RequestBody>(_: Body.Type) throws(Problem) -> Body {
        guard case .bytes(let bytes) = message.body, !bytes.isEmpty else {
            throw Problem(
                .malformed, detail: Wording(zh: "需要 JSON 请求体", en: "A JSON body is required"))
        }
        if let type = head.value(of: .contentType), !Self.isJSON(type) { throw Problem(.wire(.unsupportedMediaType)) }
        let body: Body
        do { body = try JSON.decode(Body.self, from: bytes) } catch { throw Problem(.malformed, faults: error.faults) }
        var faults = Faults()
        body.check(&faults)
        try faults.check()
        return body
    }

    /// For an operation that takes no body: an empty object is as good as none, anything else was meant for another.
    func refuseBody() throws(Problem) {
        guard case .bytes(let bytes) = message.body, (try? JSONParser.parse(bytes)) != .object([]) else { return }
        throw Problem(
            .malformed, detail: Wording(zh: "此操作不需要请求体", en: "This operation takes no body"))
    }

    private static func isJSON(_ type: String) -> Bool {
        if type == "application/json" { return true }
        let essence = Text.trimmed(type.prefix { $0 != ";" }).lowercased()
        return essence == "application/json" || essence.hasSuffix("+json")
    }

    /// A problem as an answer, for a write whose traces must stay: throwing would undo them.
    package func refusal(_ problem: Problem) -> Response {
        ProblemDocument(problem, language: language, instance: requestID).response
    }

    /// Refuses an edit that does not name the version it was made from (428) or names an older one (412).
    package func requireVersion(_ version: Int64) throws(Problem) {
        guard let field = head.value(of: .ifMatch) else { throw Problem(.versionRequired) }
        guard EntityTag.matches(field, version: version) else { throw Problem(.stale) }
    }

    /// Refuses an action that names an older version than the present one (412). An action is guarded by the state it
    /// asks for, so naming none is allowed; but a precondition that was sent holds (RFC 9110 §13.1.1).
    package func honourVersion(_ version: Int64) throws(Problem) {
        guard head.range(of: .ifMatch) != nil else { return }
        try requireVersion(version)
    }
}

extension Problem.Kind {
    package static let notVolunteer = Self(
        "/problems/not-a-volunteer", status: .forbidden,
        title: Wording(zh: "请先注册成为志愿者", en: "Register as a volunteer first"))
    package static let outsideScope = Self(
        "/problems/outside-scope", status: .forbidden,
        title: Wording(zh: "不在您的管理范围内", en: "Outside the part of the city you look after"))
    package static let passwordChangeRequired = Self(
        "/problems/password-change-required", status: .forbidden,
        title: Wording(zh: "请先修改初始密码", en: "Change the first password first"))
}
