import HTTP
import SQLite

extension WaysIn {
    package static let routes: [Route] = [
        .read(.get, "/api/v1/me/ways-in", "getMyWaysIn", access: .account) { request, db in
            .json(try find(of: request.account(), in: db))
        },
        .work(.put, "/api/v1/me/phone", "linkMyPhone", access: .account, body: PhoneLink.self, rate: .logins) {
            request, body in
            let account = try request.account()
            let proof = try proof(body, request)
            let outcome = try request.services.writer.writeAndWait { db in
                try link(proof, to: account, request, in: db)
            }
            return .json(try outcome.get())
        },
        .work(
            .post, "/api/v1/me/wechat-identities", "linkMyWeChat", access: .account, body: WeChatLink.self,
            rate: .logins
        ) { request, body in
            let account = try request.account()
            let identity = try Session.identify(request, body.code)
            return try request.services.writer.writeAndWait { db in
                guard try link(identity, to: account, in: db) else { throw Problem(.wayInTaken) }
                try AuditEntry.insert(request, operation: "linkMyWeChat", subject: request.head.subject, in: db)
                return try request.keep(.json(find(of: account, in: db), status: .created), in: db)
            }
        }.keeping(.answer),
        .write(.delete, "/api/v1/me/phone", "unlinkMyPhone", access: .account) { request, db in
            try unlink(.phone, request, in: db)
        },
        .write(.delete, "/api/v1/me/former-phones", "unlinkMyFormerPhones", access: .account) { request, db in
            try unlink(.formerPhones, request, in: db)
        },
        .write(.delete, "/api/v1/me/wechat-identities/{appId}", "unlinkMyWeChat", access: .account) { request, db in
            guard let appID = request.pathValue("appId") else { throw Problem(.notFound) }
            return try unlink(.weChat(appID: appID), request, in: db)
        },
    ]

    /// How a number was proved to be at hand.
    private enum Proof {
        /// By a code still to be redeemed.
        case code(hash: [UInt8], PhoneNumber)
        case weChat(PhoneNumber)
    }

    private static func proof(_ body: PhoneLink, _ request: APIRequest) throws -> Proof {
        if let code = body.weChatCode { return .weChat(try Session.phoneNumber(request, code)) }
        guard let phone = body.phone.flatMap(PhoneNumber.init), let code = body.code else { throw Problem(.invalid) }
        return .code(hash: OneTimeCode.hash(code, phone, request.services), phone)
    }

    /// Refusals are values and not thrown: a throw would undo the count of tries and give the used code back. That a
    /// number is taken is said only to who proved to have it.
    private static func link(
        _ proof: Proof, to account: ID<Account>, _ request: APIRequest, in db: Transaction
    ) throws -> Result<WaysIn, Problem> {
        let phone: PhoneNumber
        switch proof {
        case .weChat(let number): phone = number
        case .code(let hash, let number):
            let tries = request.services.configuration.codeTries
            guard try OneTimeCode.redeem(hash: hash, for: number, tries: tries, in: db) else {
                return .failure(Problem(.wrongCode))
            }
            phone = number
        }
        guard try link(phone, to: account, in: db) else { return .failure(Problem(.wayInTaken)) }
        try AuditEntry.insert(request, operation: "linkMyPhone", subject: request.head.subject, in: db)
        return .success(try find(of: account, in: db))
    }

    private static func unlink(_ way: Way, _ request: APIRequest, in db: Transaction) throws -> Response {
        let caller = try request.signedIn()
        try find(of: caller.account, in: db).checkUnlinking(way, isVolunteer: caller.volunteer != nil)
        try unlink(way, from: caller.account, in: db)
        return .noContent
    }
}

extension APIRequest {
    /// Whoever publishes must have said who they are (网络安全法 art. 24): here by a bound phone, or as staff, whom somebody
    /// registered by name.
    /// - Throws: 403.
    func requireKnownPublisher(in db: Database) throws {
        guard try !signedIn().isStaff else { return }
        guard try Account.phone(of: account(), in: db) != nil else { throw Problem(.phoneRequired) }
    }
}
