import HTTP
import SQLite

extension Session {
    package static let routes: [Route] = [
        .work(
            .post, "/api/v1/phone-codes", "createPhoneCode", access: .anyone, body: OneTimeCode.Wish.self, rate: .codes
        ) { request, wish in
            guard let phone = PhoneNumber(wish.phone) else { throw Problem(.invalid) }
            let services = request.services
            let code = SecureRandom.digits(OneTimeCode.digits)
            let hash = OneTimeCode.hash(code, phone, services)
            let noted = try services.writer.writeAndWait { db in
                try OneTimeCode.store(hash: hash, for: phone, services.configuration, in: db)
            }
            do throws(CodeSendingError) { try services.codeSender.send(code: code, to: phone) } catch {
                services.log(.error, "code not sent", ["request": request.requestID, "error": "\(error)"])
                guard error == .notSent else {
                    throw Problem(.unavailable, retryAfter: services.configuration.codeIntervalSeconds)
                }
                try services.writer.writeAndWait { try OneTimeCode.takeBack(noted, hash: hash, for: phone, in: $0) }
                throw Problem(.unavailable, retryAfter: 5)
            }
            return .json(noted.code, status: .accepted)
        },
        .work(
            .post, "/api/v1/sessions/phone", "signInByPhone", access: .anyone, body: PhoneSignIn.self, rate: .logins
        ) { request, body in
            guard let phone = PhoneNumber(body.phone) else { throw Problem(.invalid) }
            let services = request.services
            let hash = OneTimeCode.hash(body.code, phone, services)
            let opened = try services.writer.writeAndWait { db -> Opened? in
                guard try OneTimeCode.redeem(hash: hash, for: phone, tries: services.configuration.codeTries, in: db)
                else { return nil }
                return try open(request, .phone, Account.ensure(phone: phone, in: db), body.device, in: db)
            }
            guard let opened else { throw Problem(.wrongCode) }
            return .json(opened, status: .created)
        },
        .work(
            .post, "/api/v1/sessions/wechat", "signInByWeChat", access: .anyone, body: WeChatSignIn.self, rate: .logins
        ) { request, body in
            let identity = try identify(request, body.code)
            let opened = try request.services.writer.writeAndWait { db in
                try open(request, .wechat, Account.ensure(identity, in: db), body.device, in: db)
            }
            return .json(opened, status: .created)
        },
        .work(
            .post, "/api/v1/sessions/wechat-phone", "signInByWeChatPhone", access: .anyone, body: WeChatSignIn.self,
            rate: .logins
        ) { request, body in
            let phone = try phoneNumber(request, body.code)
            let opened = try request.services.writer.writeAndWait { db in
                try open(request, .phone, Account.ensure(phone: phone, in: db), body.device, in: db)
            }
            return .json(opened, status: .created)
        },
        .work(
            .post, "/api/v1/sessions/staff", "signInAsStaff", access: .anyone, body: StaffSignIn.self, rate: .logins
        ) { request, body in
            do {
                let proof = try StaffCredential.verify(body.name, body.password, request.services)
                let opened = try request.services.writer.writeAndWait { db in
                    try StaffCredential.accept(proof, in: db)
                    try AuditEntry.insert(
                        request, operation: "signInAsStaff", subject: "sessions", account: proof.account, in: db)
                    return try open(request, .staff, proof.account, body.device, in: db)
                }
                return .json(opened, status: .created)
            } catch let problem as Problem {
                try request.services.writer.writeAndWait { try recordFailure(body.name, request, in: $0) }
                throw problem
            }
        },
        .read(.get, "/api/v1/sessions", "listSessions", access: .account) { request, db in
            let caller = try request.signedIn()
            let sessions = try list(of: caller.account, current: caller.session, now: request.now, in: db)
            return .json(ItemList(items: sessions, next: nil))
        },
        .write(.delete, "/api/v1/sessions/{id}", "endSession", access: .account) { request, db in
            guard try end(request.id(), of: request.account(), in: db) else { throw Problem(.notFound) }
            return .noContent
        }.changingAccess.servingFirstPassword,
        .write(.delete, "/api/v1/sessions", "endAllSessions", access: .account) { request, db in
            try endAll(of: request.account(), in: db)
            return .noContent
        }.changingAccess.servingFirstPassword,
        .read(.get, "/api/v1/me", "getMe", access: .account) { request, db in
            .json(try Account.find(request.account(), in: db))
        }.servingFirstPassword,
    ]

    /// Who a code of `wx.login` stands for.
    static func identify(_ request: APIRequest, _ code: String) throws(Problem) -> WeChatIdentity {
        do { return try request.services.weChat.identity(code: code) } catch { throw problem(error, request) }
    }

    /// The number a code of WeChat's phone button stands for.
    static func phoneNumber(_ request: APIRequest, _ code: String) throws(Problem) -> PhoneNumber {
        do { return try request.services.weChat.phoneNumber(code: code) } catch { throw problem(error, request) }
    }

    private static func problem(_ error: WeChatError, _ request: APIRequest) -> Problem {
        switch error {
        case .invalidCode, .blocked: return Problem(.weChatRefused)
        case .tooFrequent: return Problem(.tooManyRequests, retryAfter: 60)
        case .notConfigured: return Problem(.weChatUnavailable)
        case .unavailable(let code):
            request.services.log(.error, "WeChat", ["code": code.map(String.init) ?? "none"])
            return Problem(.weChatUnavailable, retryAfter: 5)
        }
    }

    /// A name nobody has is not written down, for it may be a password typed in the wrong place; but its row is, or the
    /// time of a commit would tell such names from others.
    private static func recordFailure(_ name: String, _ request: APIRequest, in db: Transaction) throws {
        let account = try StaffCredential.account(named: name, in: db)
        try AuditEntry.insert(
            request, operation: "signInAsStaff", subject: "sessions", account: account, outcome: .refused, in: db)
    }

    private static func open(
        _ request: APIRequest, _ method: Method, _ account: ID<Account>, _ device: String?, in db: Transaction
    ) throws -> Opened {
        try open(
            Opening(
                account: account, method: method, token: SecureRandom.token(), device: device ?? "",
                address: request.address.description), request.services.configuration, in: db)
    }
}
