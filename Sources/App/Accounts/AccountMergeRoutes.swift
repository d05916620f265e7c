import HTTP
import SQLite

extension AccountMerge {
    package static let routes: [Route] = [
        .work(
            .post, "/api/v1/account-merges/previews", "previewAccountMerge", access: .staff(.mergeAccounts),
            body: Wish.self, rate: .writes
                // Nothing is changed, and a repetition has to show what is so now: no answer is kept.
        ) { request, wish in .json(try preview(wish, request)) },
        .write(
            .post, "/api/v1/account-merges", "mergeAccounts", access: .staff(.mergeAccounts), body: Draft.self
        ) { request, draft, db in
            _ = try sides(draft.from, draft.into, request, in: db)
            let caller = try request.account()
            var merging = AccountMerging(from: draft.from, into: draft.into)
            try merging.carryOut(by: caller, request.services.keyedHash, in: db)
            guard merging.blockers.isEmpty else {
                throw Problem(.mergeForbidden, reasons: merging.blockers.map(\.rawValue))
            }
            guard merging.fingerprint == draft.fingerprint else { throw Problem(.mergeChanged) }
            let merge = try insert(merging, reason: draft.reason, by: caller, in: db)
            if let kept = merging.moved.keptVolunteer { try StarAward.award(kept, request, in: db) }
            try audit(request, draft.from, draft.into, draft.reason, in: db)
            return .json(merge, status: .created).located(at: "/api/v1/account-merges/\(merge.id.rawValue)")
        }.auditingItself.keeping(.answer).changingAccess,
        .read(
            .get, "/api/v1/account-merges", "listAccountMerges", access: .staff(.mergeAccounts), query: Page.parameters
        ) { request, db in
            try requireCity(.mergeAccounts, request)
            let page = try Page(request)
            return page.response(try list(page, in: db), for: request) { Cursor($0.id.rawValue) }
        },
        .read(.get, "/api/v1/account-merges/{id}", "getAccountMerge", access: .staff(.mergeAccounts)) { request, db in
            try requireCity(.mergeAccounts, request)
            return .json(try find(request.id(), in: db))
        },
        .write(
            .post, "/api/v1/account-merges/{id}/reversal", "reverseAccountMerge", access: .staff(.mergeAccounts),
            body: Reversal.self
        ) { request, body, db in
            try requireCity(.mergeAccounts, request)
            let merge = try find(request.id(), in: db)
            _ = try sides(merge.from, merge.into, request, in: db)
            let reversed = try merge.reverse(reason: body.reason, request, in: db)
            try audit(request, merge.from, merge.into, body.reason, in: db)
            return .json(reversed)
        }.auditingItself.keeping(.answer).changingAccess,
    ]

    /// Carries the preview out of the transaction that is undone.
    private struct Undone: Error { var preview: Preview }

    private static func preview(_ wish: Wish, _ request: APIRequest) throws -> Preview {
        let caller = try request.account()
        let writer = request.services.writer
        do {
            try writer.writeAndWait { db -> Void in
                let (from, into) = try sides(wish.from, wish.into, request, in: db)
                var merging = AccountMerging(from: wish.from, into: wish.into)
                try merging.carryOut(by: caller, request.services.keyedHash, in: db)
                throw Undone(
                    preview: Preview(
                        from: from, into: into, items: merging.items, signUpConflicts: merging.conflicts,
                        blockers: merging.blockers, fingerprint: merging.blockers.isEmpty ? merging.fingerprint : nil))
            }
        } catch let undone as Undone {
            try writer.writeAndWait { db in try audit(request, wish.from, wish.into, wish.reason, in: db) }
            return undone.preview
        }
        throw Problem(.internalError)
    }

    /// The two accounts, for a caller who may merge them: people belong to no station, so the right must cover the city;
    /// and where rights would move along, the caller must be one who may give and take them.
    private static func sides(
        _ from: ID<Account>, _ into: ID<Account>, _ request: APIRequest, in db: Database
    ) throws -> (Account, Account) {
        try requireCity(.mergeAccounts, request)
        let sides = (
            try Account.find(from, pointer: "/from", in: db), try Account.find(into, pointer: "/into", in: db)
        )
        for side in [sides.0, sides.1] where side.staffName != nil {
            try requireCity(.manageStaff, request)
            try Account.Grant.requireManageable(side, by: request, in: db)
        }
        return sides
    }

    private static func requireCity(_ permission: Permission, _ request: APIRequest) throws(Problem) {
        guard try request.signedIn().scope(of: permission) == nil else { throw Problem(.outsideScope) }
    }

    /// One row for each account, so that either one's trail tells of it.
    private static func audit(
        _ request: APIRequest, _ from: ID<Account>, _ into: ID<Account>, _ reason: String, in db: Transaction
    ) throws {
        for account in [from, into] {
            try AuditEntry.insert(
                request, operation: request.route.operation, subject: "accounts/\(account.rawValue)", reason: reason,
                in: db)
        }
    }
}
