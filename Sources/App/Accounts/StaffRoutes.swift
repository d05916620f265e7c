import HTTP
import SQLite

extension StaffCredential {
    package static let routes: [Route] = [
        .read(.get, "/api/v1/staff", "listStaff", access: .staff(.manageStaff), query: Page.parameters) { request, db in
            let page = try Page(request)
            let scope = try request.signedIn().scope(of: .manageStaff)
            return page.response(try Account.staff(within: scope, now: request.now, page, in: db), for: request) {
                Cursor($0.id.rawValue)
            }
        },
        .work(
            .post, "/api/v1/staff", "createStaff", access: .staff(.manageStaff), body: Draft.self, rate: .writes
        ) { request, draft in
            let password = firstPassword()
            guard let hash = PasswordHash.make(password) else { throw Problem(.unavailable, retryAfter: 1) }
            return try request.services.writer.writeAndWait { db in
                try Account.Grant.requireGrantable(
                    .init(role: draft.role, stationId: draft.stationId), by: request, in: db)
                let account = try insert(draft, hash: hash, grantedBy: request.account(), in: db)
                try AuditEntry.insert(
                    request, operation: "createStaff", subject: "staff/\(account.rawValue)", in: db)
                let made = Made(account: try Account.find(account, in: db), firstPassword: password)
                return try request.keep(
                    .json(made, status: .created).located(at: "/api/v1/staff/\(account.rawValue)"), in: db)
            }
        }.keeping(.receipt),
        .read(.get, "/api/v1/staff/{id}", "getStaff", access: .staff(.manageStaff)) { request, db in
            let account = try Account.member(request.id(), in: db)
            let scope = try request.signedIn().scope(of: .manageStaff)
            guard try account.holdsGrant(within: scope, now: request.now, in: db) else { throw Problem(.outsideScope) }
            return .json(account)
        },
        .work(
            .post, "/api/v1/staff/{id}/first-passwords", "resetStaffPassword", access: .staff(.manageStaff),
            body: Nothing.self, rate: .writes
        ) { request, _ in
            let password = firstPassword()
            guard let hash = PasswordHash.make(password) else { throw Problem(.unavailable, retryAfter: 1) }
            return try request.services.writer.writeAndWait { db in
                let account = try Account.member(request.id(), in: db)
                try Account.Grant.requireManageable(account, by: request, in: db)
                try setPassword(hash: hash, of: account.id, mustChange: true, kept: nil, in: db)
                try AuditEntry.insert(
                    request, operation: "resetStaffPassword", subject: "staff/\(account.id.rawValue)", in: db)
                let made = Made(account: try Account.find(account.id, in: db), firstPassword: password)
                return try request.keep(.json(made, status: .created), in: db)
            }
        }.changingAccess.keeping(.receipt),
        .read(
            .get, "/api/v1/staff/{id}/sessions", "listStaffSessions", access: .staff(.manageStaff)
        ) { request, db in
            let account = try Account.member(request.id(), in: db)
            try Account.Grant.requireManageable(account, by: request, in: db)
            let sessions = try Session.list(
                of: account.id, current: request.signedIn().session, now: request.now, in: db)
            return .json(ItemList(items: sessions, next: nil))
        },
        .write(
            .delete, "/api/v1/staff/{id}/sessions", "endStaffSessions", access: .staff(.manageStaff)
        ) { request, db in
            let account = try Account.member(request.id(), in: db)
            try Account.Grant.requireManageable(account, by: request, in: db)
            try Session.endAll(of: account.id, in: db)
            return .noContent
        }.changingAccess,
        .work(
            .put, "/api/v1/me/password", "changePassword", access: .account, body: PasswordChange.self, rate: .logins
        ) { request, body in
            try PasswordRules.check(
                body.newPassword, least: request.services.configuration.passwordCharacters, pointer: "/newPassword")
            do { try change(body, request) } catch let problem as Problem
                where problem.kind == .wrongPassword || problem.kind == .locked
            {
                try request.services.writer.writeAndWait { db in
                    try AuditEntry.insert(
                        request, operation: "changePassword", subject: "me", outcome: .refused, in: db)
                }
                throw problem
            }
            return .noContent
        }.changingAccess.servingFirstPassword,
    ]

    private static func change(_ body: PasswordChange, _ request: APIRequest) throws {
        let caller = try request.signedIn()
        let writer = request.services.writer
        let proof = try verify(caller.account, body.currentPassword, request.services)
        guard let hash = PasswordHash.make(body.newPassword) else { throw Problem(.unavailable, retryAfter: 1) }
        try writer.writeAndWait { db in
            // A reset that came while this one was made stands.
            try accept(proof, in: db)
            try setPassword(hash: hash, of: caller.account, mustChange: false, kept: caller.session, in: db)
            try AuditEntry.insert(request, operation: "changePassword", subject: "me", in: db)
        }
    }
}

/// A body that says nothing: `{}`.
package struct Nothing: RequestBody {
    private enum Key: CodingKey {}

    package init() {}

    /// Asks for a container, so that anything but an empty object is refused.
    package init(from decoder: any Decoder) throws { _ = try decoder.container(keyedBy: Key.self) }
}
