import HTTP
import SQLite
import Synchronization

/// A request on its way through the writer and back to its connection.
final class PendingAnswer: Write {
    private let app: App
    private let call: APIRequest
    /// nil where the caller gave no `Idempotency-Key`.
    private let keyed: IdempotentCall?
    private let body: @Sendable (Transaction) throws -> Response
    private let exchange: ExchangeContext
    private let reply: Reply
    private let response = Mutex<Response?>(nil)

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
    }

    func perform(in db: Transaction) throws {
        let made = try answer(in: db)
        response.withLock { $0 = made }
    }

    private func answer(in db: Transaction) throws -> Response {
        guard let keyed else { return try effect(in: db) }
        return try IdempotentAnswer.once(keyed, call, in: db, effect)
    }

    private func effect(in db: Transaction) throws -> Response {
        let response = try body(db)
        let isAudited =
            call.route.isAudited
            && (app.services.configuration.auditedWrites == .all || call.caller?.isStaff == true)
        if isAudited {
            try AuditEntry.insert(call, operation: call.route.operation, subject: call.head.subject, in: db)
        }
        return response
    }

    func committed() {
        guard let made = response.withLock({ $0.take() }) else { return }
        app.settle(.success(made), call, exchange, reply, wakes: app.services.wakes, source: self)
    }

    func failed(_ error: any Error) {
        app.settle(.failure(error), call, exchange, reply, wakes: app.services.wakes, source: self)
    }
}
