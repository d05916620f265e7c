package import HTTP

/// What is decided while only the head of a request is here.
extension App {
    /// Whether the call, where it has a body, is counted against its rate with its head, for what it sends is long.
    static func isCountedEarly(_ route: Route) -> Bool {
        switch route.body {
        case .none: false
        case .json(let limit): limit > Route.jsonLimit
        case .form: true
        }
    }

    /// A body that no route takes is not read, and neither is a large one of a caller who would be refused once it is
    /// here: ten megabytes of a stranger must not reach the disk.
    package func admit(_ head: RequestHead, peer: PeerAddress, state: inout LaneState) -> Admission {
        let stray: RouteTable.Result
        switch table.match(method(of: head), head.bytes, head.path) {
        case .found(let match):
            let route = table.routes[match.route]
            if route.body != .none, Self.isEncoded(head) { return refuseEncoding(of: head, match.route, peer, &state) }
            switch route.body {
            case .none: return .body(limit: route.method == .get ? 0 : Route.emptyObjectLimit)
            case .json(let limit) where limit <= Route.jsonLimit: return .body(limit: limit)
            case .json(let limit): return admit(head, match.route, peer, &state, taking: .body(limit: limit))
            case .form:
                let limit = services.configuration.uploadBytes
                return admit(head, match.route, peer, &state, taking: .form(limit: limit))
            }
        case let result: stray = result
        }
        let exchange = exchange(of: head, peer: peer, state: &state)
        do throws(Problem) {
            return .refuse(finish(try answer(stray: stray, head), exchange))
        } catch {
            return .refuse(finish(error.response(exchange), exchange))
        }
    }

    /// Whether the body is said to be compressed or otherwise encoded (RFC 9110 §8.4). We take none that is: a few bytes
    /// could become many.
    private static func isEncoded(_ head: RequestHead) -> Bool {
        guard head.range(of: .contentEncoding) != nil else { return false }
        let codings = head.values(of: .contentEncoding).flatMap { $0.split(separator: ",") }
        return codings.contains { Text.trimmed($0).lowercased() != "identity" }
    }

    /// 415, which tells by `Accept-Encoding` that the coding is meant and not the media type (RFC 9110 §12.5.3).
    private func refuseEncoding(
        of head: RequestHead, _ index: Int, _ peer: PeerAddress, _ state: inout LaneState
    ) -> Admission {
        var exchange = exchange(of: head, peer: peer, state: &state)
        exchange.route = index
        let detail = Wording(zh: "请求内容不能压缩", en: "The content must not be compressed or otherwise encoded")
        var response = Problem(.wire(.unsupportedMediaType), detail: detail).response(exchange)
        response.set(.acceptEncoding, "identity")
        return .refuse(finish(response, exchange))
    }

    private func admit(
        _ head: RequestHead, _ index: Int, _ peer: PeerAddress, _ state: inout LaneState, taking body: Admission
    ) -> Admission {
        let route = table.routes[index]
        var exchange = exchange(of: head, peer: peer, state: &state)
        exchange.route = index
        let address = exchange.client ?? peer
        var caller: Caller?
        do throws(Problem) {
            caller = try identify(head, route, address, &state, &exchange)
            // Here and not once the body has arrived, or any number could send theirs at the same time.
            try countRate(route, caller, address, now: state.now, &exchange)
            try allow(route, caller)
            if case .form = body { try requireRoom() }
            return body
        } catch {
            record(error, route, caller, address, head, exchange)
            return .refuse(finish(error.response(exchange), exchange))
        }
    }

    /// Files lie on the disk of the database, whose writes matter more.
    /// - Throws: 503.
    private func requireRoom() throws(Problem) {
        guard let free = FileSystem.freeBytes(at: services.configuration.data), free < Readiness.freeBytesMin else {
            return
        }
        throw Problem(.unavailable, retryAfter: Self.roomRetrySeconds)
    }

    private static let roomRetrySeconds = 60
}
