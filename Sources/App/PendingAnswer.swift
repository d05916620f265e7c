import HTTP
import SQLite
import Synchronization

/// A request on its way through the writer and back to its connection. The writer's time is the scarcest, so whatever can
/// be made ready on the lane is.
final class PendingAnswer: Write, LateAnswer {
    private let app: App
    private let call: APIRequest
    /// nil where the caller gave no `Idempotency-Key`.
    private let keyed: IdempotentCall?
    /// nil where the call leaves no audit row, or its handler writes it.
    private let trace: AuditTrace?
    private let body: @Sendable (Transaction) throws -> Response
    private let exchange: ExchangeContext
    private let reply: Reply
    private let made = Mutex<Response?>(nil)

    init(
        app: App, call: APIRequest, keyed: IdempotentCall?, body: @escaping @Sendable (Transaction) throws -> Response,
        exchange: ExchangeContext, reply: Reply
    ) {
        self.app = app
        self.call = call
        self.keyed = keyed
        self.body = body
        self.exchange = exchange
        self.reply = reply
        let isAudited =
            call.route.isAudited
            && (app.services.configuration.auditedWrites == .all || call.caller?.isStaff == true)
        trace = isAudited ? AuditTrace(call, operation: call.route.operation, subject: call.head.subject) : nil
    }

    func perform(in db: Transaction) throws {
        let response = try answer(in: db)
        made.withLock { $0 = response }
    }

    private func answer(in db: Transaction) throws -> Response {
        guard let keyed else { return try effect(in: db) }
        return try IdempotentAnswer.once(keyed, call, in: db, effect)
    }

    private func effect(in db: Transaction) throws -> Response {
        let response = try body(db)
        guard let trace else { return response }
        // Most refusals are thrown and leave nothing; one that has an effect, such as a counted code, is an answer.
        try AuditEntry.insert(response.status.code < 400 ? trace : trace.refused, in: db)
        return response
    }

    func committed() {
        app.noteSuccess(of: call)
        reply.send(self, wakes: app.services.wakes)
    }

    func failed(_ error: any Error) {
        let response = app.refusal(for: error, call, exchange)
        made.withLock { $0 = response }
        reply.send(self, wakes: app.services.wakes)
    }

    func response() -> Response {
        let response = made.withLock { $0.take() } ?? Problem(.internalError).response(exchange)
        return app.finish(response, exchange)
    }
}
