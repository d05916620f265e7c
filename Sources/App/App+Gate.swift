import HTTP
import SQLite

/// What stands between a matched route and its handler.
extension App {
    func exchange(of head: RequestHead, peer: PeerAddress, state: inout LaneState) -> ExchangeContext {
        var exchange = ExchangeContext(head: head, language: language(of: head))
        exchange.requestID = requestID(of: head, state: &state)
        exchange.origin = allowedOrigin(of: head)
        exchange.client = clientAddress(of: head, peer: peer)
        return exchange
    }

    /// Answers a request that no route takes.
    func answer(stray: RouteTable.Result, _ head: RequestHead) throws(Problem) -> Response {
        if case .otherMethods(let allow) = stray {
            guard method(of: head) == .options else { throw Problem(.methodNotAllowed, allow: allow) }
            return preflight(head, allow: allow)
        }
        guard head.isAsterisk else { throw Problem(.notFound) }
        return Response(.noContent)
    }

    /// The method, or the one a POST asks to be taken for: mini-programs have no PATCH, old proxies no PUT.
    func method(of head: RequestHead) -> Method {
        guard head.method == .post, let range = head.range(of: .methodOverride) else { return head.method }
        switch String(decoding: head.bytes[range], as: UTF8.self).uppercased() {
        case "PUT": return .put
        case "DELETE": return .delete
        case "PATCH": return .patch
        default: return head.method
        }
    }

    func language(of head: RequestHead) -> Language {
        guard let range = head.range(of: .acceptLanguage) else { return .zh }
        return AcceptLanguage.best(head.bytes[range])
    }

    /// The caller's own request id when it is a sane one, a new one otherwise.
    func requestID(of head: RequestHead, state: inout LaneState) -> String {
        if let range = head.range(of: .requestID), (8...64).contains(range.count),
            head.bytes[range].allSatisfy(Self.isIDByte)
        {
            return String(decoding: head.bytes[range], as: UTF8.self)
        }
        return state.nextRequestID()
    }

    private static func isIDByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
        default: false
        }
    }

    /// The peer, or the nearest address in `X-Forwarded-For` that is not a proxy of ours.
    func clientAddress(of head: RequestHead, peer: PeerAddress) -> PeerAddress {
        guard !proxies.isEmpty, proxies.contains(peer) else { return peer }
        // Fields of one name are one list (RFC 9110 §5.3), and proxies append to it or add a field behind.
        for field in head.values(of: .forwardedFor).reversed() {
            for text in field.split(separator: ",").reversed() {
                guard let address = PeerAddress(text: String(Text.trimmed(text))) else { return peer }
                if !proxies.contains(address) { return address }
            }
        }
        return peer
    }

    /// Who calls. A token that is nobody's counts against its sender's address, or guessing were free.
    /// - Throws: as `caller(of:state:)`, and 429.
    func identify(
        _ head: RequestHead, _ route: Route, _ address: PeerAddress, _ state: inout LaneState,
        _ exchange: inout ExchangeContext
    ) throws(Problem) -> Caller? {
        do { return try caller(of: head, state: &state) } catch {
            if error.kind == .unauthenticated { try countRate(route, nil, address, now: state.now, &exchange) }
            throw error
        }
    }

    /// The living session behind the bearer token; nil when no token was sent.
    /// - Throws: 401 for a token that is malformed, unknown or dead; 503 when the database cannot be read.
    func caller(of head: RequestHead, state: inout LaneState) throws(Problem) -> Caller? {
        guard let range = head.range(of: .authorization) else { return nil }
        guard let token = BearerToken(head.bytes[range]) else { throw Problem(.unauthenticated) }
        do {
            guard let session = try state.session(of: token) else { throw Problem(.unauthenticated) }
            if state.now.seconds - session.lastUsedAt >= session.touchSeconds {
                touch(session)
                state.noteUse(of: token)
            }
            return session.caller
        } catch let problem as Problem {
            throw problem
        } catch {
            throw self.problem(for: error, nil)
        }
    }

    /// Writes the time of use now and then; a queue that is full may skip it.
    private func touch(_ session: LiveSession) {
        let id = session.caller.session
        try? services.writer.submit {
            try LiveSession.touch(id, in: $0)
        } completion: { _ in
        }
    }

    /// Counts the call against its class's limit and notes in `exchange` what is left.
    /// - Throws: 429 when it is one too many.
    func countRate(
        _ route: Route, _ caller: Caller?, _ address: PeerAddress, now: Timestamp, _ exchange: inout ExchangeContext
    ) throws(Problem) {
        guard let (key, limit) = rate(of: route, caller, address) else { return }
        let state = services.limiter.count(key, limit: limit, now: now.seconds)
        exchange.rate = state
        guard !state.isExceeded else { throw Problem(.tooManyRequests, retryAfter: max(1, state.reset)) }
    }

    /// Notes in `exchange` what is left to a caller whose call is counted already.
    func noteRate(
        _ route: Route, _ caller: Caller?, _ address: PeerAddress, now: Timestamp, _ exchange: inout ExchangeContext
    ) {
        guard let (key, limit) = rate(of: route, caller, address) else { return }
        exchange.rate = services.limiter.state(of: key, limit: limit, now: now.seconds)
    }

    /// By whom a call is counted, and how many are allowed; nil where its class has no limit.
    private func rate(
        of route: Route, _ caller: Caller?, _ address: PeerAddress
    ) -> (key: RateLimiter.Key, limit: RateLimit)? {
        guard var limit = services.configuration.rate(route.rate) else { return nil }
        switch (route.rate, caller) {
        case (.logins, _), (.codes, _): return (.init(.address(address.subscriber), route.rate), limit)
        case (_, let caller?): return (.init(.account(caller.account.rawValue), route.rate), limit)
        case (_, nil):
            limit.calls *= services.configuration.rateAddressFactor
            return (.init(.address(address.subscriber), route.rate), limit)
        }
    }

    /// The route's own gate.
    func allow(_ route: Route, _ caller: Caller?) throws(Problem) {
        if let caller, caller.mustChangePassword, !route.servesFirstPassword {
            throw Problem(.passwordChangeRequired)
        }
        switch route.access {
        case .anyone: return
        case .account:
            guard caller != nil else { throw Problem(.unauthenticated) }
        case .volunteer:
            guard let caller else { throw Problem(.unauthenticated) }
            guard caller.volunteer != nil else { throw Problem(.notVolunteer) }
        case .staff(let permission):
            guard let caller else { throw Problem(.unauthenticated) }
            guard caller.holds(permission) else { throw Problem(.forbidden) }
        }
    }

    /// The query's parameters; any the route does not take is refused by name.
    func parameters(of head: RequestHead, for route: Route) throws(Problem) -> [QueryParameters.Pair] {
        guard let range = head.query, !range.isEmpty else { return [] }
        let pairs: [QueryParameters.Pair]
        do { pairs = try QueryParameters.parse(head.bytes[range]) } catch {
            throw Problem(.malformed, detail: Wording(zh: "查询字符串有误", en: "The query is malformed"))
        }
        var faults: [Problem.Fault] = []
        for (index, pair) in pairs.enumerated() {
            if !route.query.contains(pair.name) {
                faults.append(
                    .init("?\(pair.name)", Wording(zh: "没有这个查询参数", en: "is not a parameter of this operation")))
            } else if pairs[..<index].contains(where: { $0.name == pair.name }) {
                faults.append(.init("?\(pair.name)", Wording(zh: "重复", en: "is given twice")))
            }
        }
        guard faults.isEmpty else { throw Problem(.malformed, faults: faults) }
        return pairs
    }
}

/// A bearer token as sent (RFC 6750 §2.1), still in the clear: it lives only until it is hashed.
struct BearerToken {
    static let lengths = 20...200
    let hash: TokenHash

    /// nil unless the field is `Bearer` and one token of a plausible length.
    init?(_ field: ArraySlice<UInt8>) {
        let scheme: StaticString = "bearer "
        let length = scheme.utf8CodeUnitCount
        guard field.count > length,
            scheme.withUTF8Buffer({ zip(field, $0).allSatisfy { $0 | 0x20 == $1 || $0 == $1 } })
        else { return nil }
        let token = field.dropFirst(length)
        guard Self.lengths.contains(token.count), token.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        hash = TokenHash(of: token)
    }
}
