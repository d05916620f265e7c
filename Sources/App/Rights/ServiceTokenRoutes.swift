import HTTP
import SQLite

extension ServiceToken {
    package static let routes: [Route] = [
        .read(
            .get, "/api/v1/service-tokens", "listServiceTokens", access: .staff(.issueTokens), query: Page.parameters
        ) { request, db in
            let page = try Page(request)
            let scope = try request.signedIn().scope(of: .issueTokens)
            return page.response(try list(within: scope, page, in: db), for: request) { Cursor($0.id.rawValue) }
        },
        .write(
            .post, "/api/v1/service-tokens", "createServiceToken", access: .staff(.issueTokens), body: Draft.self
        ) { request, draft, db in
            let life = draft.expiresAt.seconds - request.now.seconds
            guard life > 0, life <= daysMax * 86_400 else {
                let detail = Wording(zh: "应在今后 \(daysMax) 天之内", en: "must lie within the next \(daysMax) days")
                throw Problem(.invalid, faults: [.init("/expiresAt", detail)])
            }
            let path = try draft.stationId.map { try Station.path(of: $0, pointer: "/stationId", in: db) } ?? .root
            let caller = try request.signedIn()
            let mayIssue = draft.permissions.allSatisfy {
                caller.holds($0, along: path) || caller.delegates($0, along: path)
            }
            guard mayIssue, caller.holds(.issueTokens, along: path) else { throw Problem(.outsideScope) }
            let secret = SecureRandom.token()
            let token = try insert(draft, tokenHash: TokenHash(of: secret.utf8), by: caller.account, in: db)
            try AuditEntry.insert(
                request, operation: "createServiceToken", subject: "service-tokens/\(token.id.rawValue)", in: db)
            return .json(Issued(serviceToken: token, token: secret), status: .created)
                .located(at: "/api/v1/service-tokens/\(token.id.rawValue)")
        }.auditingItself.keeping(.receipt),
        .write(
            .delete, "/api/v1/service-tokens/{id}", "revokeServiceToken", access: .staff(.issueTokens)
        ) { request, db in
            let token = try find(request.id(), in: db)
            let path = try token.stationId.map { try Station.find($0, in: db).treePath } ?? .root
            try request.require(.issueTokens, at: path)
            try token.revoke(in: db)
            return .noContent
        }.changingAccess,
    ]
}
