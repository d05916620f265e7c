package import HTTP
import SQLite

/// The application: a function from request to response. Finds the route, knows the caller, checks the gate, runs the
/// handler on the lane, in the writer or on a worker, and turns whatever was thrown into a problem.
package final class App: Responder {
    package let table: RouteTable
    package let services: Services
    let databasePath: String
    let proxies: Set<PeerAddress>

    package init(services: Services, databasePath: String, routes: [Route]) {
        self.services = services
        self.databasePath = databasePath
        table = RouteTable(routes)
        proxies = Set(services.configuration.proxies.compactMap(PeerAddress.init(text:)))
    }

    package func makeLaneState(lane: Int) throws -> LaneState {
        try LaneState(lane: lane, database: Database(path: databasePath, options: services.configuration.readOptions))
    }

    package func beginRound(_ state: inout LaneState) {
        state.now = services.clock.now()
        state.forgetSessions(unless: services.sessions.current)
        state.database.beginRound()
    }

    /// The snapshot ends with its round. Kept for the next one it saved nothing that could be measured, and beside a busy
    /// writer the log did not restart: it had grown to 234 MiB after 14 seconds.
    package func endRound(_ state: inout LaneState) {
        state.database.endRound()
        if state.isLogLong { state.flushLog(to: services.log) }
    }

    package func rest(_ state: inout LaneState) { state.flushLog(to: services.log) }

    package func respond(to request: Request, reply: Reply, state: inout LaneState) -> Outcome {
        var exchange = exchange(of: request.head, peer: request.peer, state: &state)
        do throws(Problem) {
            return try answer(request, exchange: &exchange, reply: reply, state: &state)
        } catch {
            return .response(finish(error.response(exchange), exchange))
        }
    }

    package func refuse(
        _ fault: WireFault, head: RequestHead?, peer: PeerAddress, state: inout LaneState
    ) -> Response {
        var exchange =
            head.map { self.exchange(of: $0, peer: peer, state: &state) }
            ?? ExchangeContext(requestID: state.nextRequestID())
        if let head, case .found(let match) = table.match(method(of: head), head.bytes, head.path) {
            exchange.route = match.route
        }
        let problem = Problem(.wire(fault.status), detail: fault.detail)
        return finish(problem.response(exchange), exchange)
    }

    package func turnAway(_ peer: PeerAddress, for limit: ConnectionLimit, state: inout LaneState) -> Response {
        services.metrics.countTurnedAway(for: limit)
        return refuse(.tooManyConnections, head: nil, peer: peer, state: &state)
    }

    package func finished(_ exchange: Exchange, state: inout LaneState) {
        let route = exchange.label > 0 ? exchange.label - 1 : nil
        services.metrics.count(
            lane: state.lane, route: route, status: exchange.status, nanoseconds: exchange.nanoseconds)
        guard services.configuration.accessLog else { return }
        state.log(exchange, operation: route.map { table.routes[$0].operation })
    }

    /// Everything between the head and the handler, in the order that refuses cheapest first.
    private func answer(
        _ request: Request, exchange: inout ExchangeContext, reply: Reply, state: inout LaneState
    ) throws(Problem) -> Outcome {
        let match: RouteTable.Match
        switch table.match(method(of: request.head), request.head.bytes, request.head.path) {
        case .found(let found): match = found
        case let stray: return .response(finish(try answer(stray: stray, request.head), exchange))
        }
        let route = table.routes[match.route]
        exchange.route = match.route
        let address = exchange.client ?? request.peer
        // Load balancers may send along whatever they were sent: the machine room asks nobody who they are.
        let caller =
            route.rate == .unlimited ? nil : try identify(request.head, route, address, &state, &exchange)
        if Self.isCountedEarly(route), request.hasBody {
            noteRate(route, caller, address, now: state.now, &exchange)
        } else {
            try countRate(route, caller, address, now: state.now, &exchange)
        }
        do { try allow(route, caller) } catch {
            record(error, route, caller, address, request.head, exchange)
            throw error
        }
        let parameters = try parameters(of: request.head, for: route)
        let call = APIRequest(
            message: request, route: route, values: match.values, parameters: parameters, caller: caller,
            now: state.now, language: exchange.language, requestID: exchange.requestID, address: address,
            services: services)
        return run(call, exchange, reply: reply, database: state.database)
    }

    private func run(_ call: APIRequest, _ exchange: ExchangeContext, reply: Reply, database: Database) -> Outcome {
        do {
            switch call.route.handler {
            case .read(let run):
                return .response(finish(try run(call, database), exchange))
            case .write(let prepare):
                try submit(call, prepare(call), exchange, reply)
                return .pending
            case .work(let run):
                let key = try IdempotentAnswer.key(of: call)
                let isAccepted = services.workers.submit { [self] in
                    let response: Response
                    do {
                        response = try work(call, key, run)
                        noteSuccess(of: call)
                    } catch {
                        response = refusal(for: error, call, exchange)
                    }
                    reply.send(finish(response, exchange))
                }
                guard isAccepted else {
                    services.metrics.countShed(by: .workers)
                    throw Problem(.unavailable, retryAfter: 1)
                }
                return .pending
            }
        } catch {
            return .response(finish(refusal(for: error, call, exchange), exchange))
        }
    }

    /// Runs a handler on this worker thread, unless the answer to its key is known already.
    private func work(
        _ call: APIRequest, _ key: String?, _ run: (APIRequest) throws -> Response
    ) throws -> Response {
        guard let key else { return try run(call) }
        let keyed = try IdempotentCall(key, call)
        // What the handler does before its transaction (asking WeChat, a paid service) must not be done twice either.
        guard services.callsUnderWay.enter(keyed) else { throw Problem(.requestUnderWay, retryAfter: 1) }
        defer { services.callsUnderWay.leave(keyed) }
        let known = try services.writer.writeAndWait { try IdempotentAnswer.known(keyed, call, in: $0) }
        return try known ?? run(APIRequest(call, keyed))
    }

    private func submit(
        _ call: APIRequest, _ body: @escaping @Sendable (Transaction) throws -> Response, _ exchange: ExchangeContext,
        _ reply: Reply
    ) throws {
        let keyed = try IdempotentAnswer.key(of: call).map { key in try IdempotentCall(key, call) }
        try services.writer.submit(
            PendingAnswer(app: self, call: call, keyed: keyed, body: body, exchange: exchange, reply: reply))
    }

    /// What has become true for other callers once a call has succeeded.
    func noteSuccess(of call: APIRequest) {
        if call.route.changesAccess { services.sessions.advance() }
    }

    /// The answer to a call that failed, before `finish`. Leaves the trace that some refusals leave.
    func refusal(for error: any Error, _ call: APIRequest, _ exchange: ExchangeContext) -> Response {
        let problem = problem(for: error, exchange)
        record(problem, call.route, call.caller, call.address, call.head, exchange)
        return problem.response(exchange)
    }
}
