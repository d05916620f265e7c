import HTTP
import SQLite

/// What guardians do for the children they consented for. The child's record is an ordinary volunteer of an account
/// without ways in, so that whatever belongs to a volunteer, or to an account, needs no second case; grown up, its owner
/// takes it over by a claim.
extension Guardianship {
    package static let childRoutes: [Route] = [
        .write(.post, "/api/v1/me/children", "registerChild", access: .account, body: ChildDraft.self) {
            request, draft, db in
            let volunteer = try register(draft, request, in: db)
            return .json(volunteer.masked, version: volunteer.version, status: .created)
                .located(at: "/api/v1/me/children/\(volunteer.id.rawValue)")
        },
        .read(.get, "/api/v1/me/children", "listChildren", access: .account, query: Page.parameters) { request, db in
            let page = try Page(request)
            let filter = Volunteer.Filter(
                guardian: try request.account(),
                bornAfter: GuardianshipRules.lastBirthDateOfAge(on: request.now.day))
            return page.response(try Volunteer.list(filter, page, in: db).map(\.masked), for: request) {
                Cursor($0.id.rawValue)
            }
        },
        .read(.get, "/api/v1/me/children/{id}", "getChild", access: .account) { request, db in
            let volunteer = try child(request, in: db)
            return .json(volunteer.masked, version: volunteer.version)
        },
        .write(.put, "/api/v1/me/children/{id}", "updateChild", access: .account, body: Volunteer.Edit.self) {
            request, edit, db in
            let volunteer = try child(request, in: db)
            try request.requireVersion(volunteer.version)
            let changed = try volunteer.update(edit, in: db)
            return .json(changed.masked, version: changed.version)
        },
        .write(
            .put, "/api/v1/me/children/{id}/withdrawal", "withdrawGuardianConsent", access: .account
        ) { request, db in
            let volunteer = try child(request, in: db)
            try end(volunteer.id, by: request.account(), in: db)
            if try !isConsented(volunteer.id, in: db) {
                let days = request.services.configuration.closureDays
                try AccountClosure.loseConsent(for: volunteer.id, by: request.account(), days: days, in: db)
            }
            return .noContent
        },
        .read(
            .get, "/api/v1/me/children/{id}/sign-ups", "listChildSignUps", access: .account, query: Page.parameters
        ) { request, db in
            let page = try Page(request)
            return page.response(try SignUp.list(of: child(request, in: db).id, page, in: db), for: request) {
                Cursor($0.id.rawValue)
            }
        },
        .write(
            .post, "/api/v1/me/children/{id}/sign-ups", "signUpChild", access: .account, body: ChildSignUp.self
        ) { request, body, db in
            let volunteer = try child(request, in: db)
            let group = try ChatGroup.find(sourceCode: body.sourceCode, in: db)
            let signUp = try SignUp.insert(
                to: body.activityId, volunteer.id, companion: body.companionName, from: group, now: request.now,
                in: db)
            return .json(signUp, status: .created)
        },
        .write(
            .put, "/api/v1/me/children/{id}/sign-ups/{signUpId}/cancellation", "cancelChildSignUp", access: .account,
            body: SignUp.Withdrawal.self
        ) { request, body, db in
            .json(try signUp(request, in: db).cancelled(reason: body.reason, now: request.now, in: db))
        },
        .write(
            .put, "/api/v1/me/children/{id}/sign-ups/{signUpId}/check-in", "checkInChild", access: .account,
            body: SignUp.CodeEntry.self
        ) { request, body, db in
            try signUp(request, in: db).checkIn(request, code: body.code, in: db)
        },
        .write(
            .put, "/api/v1/me/children/{id}/sign-ups/{signUpId}/check-out", "checkOutChild", access: .account,
            body: SignUp.CodeEntry.self
        ) { request, body, db in
            try signUp(request, in: db).checkOut(request, code: body.code, in: db)
        },
        .read(
            .get, "/api/v1/me/children/{id}/service-records", "listChildServiceRecords", access: .account,
            query: Page.parameters
        ) { request, db in
            try ServiceRecord.answer(request, of: child(request, in: db).id, in: db)
        },
    ]

    /// The volunteer of the path, while the caller's consent has force.
    /// - Throws: 404 for anybody else's child, and from the child's eighteenth birthday on.
    static func child(_ request: APIRequest, in db: Database) throws -> Volunteer {
        let id: ID<Volunteer> = try request.id()
        guard try holds(request.account(), id, in: db) else { throw Problem(.notFound) }
        let volunteer = try Volunteer.find(id, in: db)
        guard GuardianshipRules.isMinor(volunteer.birthDate, on: request.now.day) else { throw Problem(.notFound) }
        return volunteer
    }

    private static func signUp(_ request: APIRequest, in db: Database) throws -> SignUp {
        let volunteer = try child(request, in: db)
        let signUp = try SignUp.find(request.id("signUpId"), in: db)
        guard signUp.volunteerId == volunteer.id else { throw Problem(.notFound) }
        return signUp
    }

    private static func register(
        _ draft: ChildDraft, _ request: APIRequest, in db: Transaction
    ) throws -> Volunteer {
        let (account, today) = (try request.account(), request.now.day)
        var guardian = draft.guardian
        // The number the account proved wins over the one it gives.
        if let phone = try Account.phone(of: account, in: db) { guardian.phone = phone.text }
        var child = draft.volunteer
        child.guardian = guardian
        child.phone = child.phone ?? guardian.phone
        let person = try VolunteerRules.person(child, accountPhone: nil, today: today)
        guard GuardianshipRules.isMinor(person.birthDate, on: today) else { throw Problem(.notMinor) }
        try GuardianshipRules.check(draft.consent, to: person.birthDate, today: today)
        try checkGuardian(account, today: today, in: db)
        let age = person.birthDate.age(on: today)
        try ConsentRecord.require(PolicyRules.documents(forVolunteerOf: age), of: account, in: db)
        let hash = IdentityVault.hash(person.identity.number, request.services)
        let volunteer = try Volunteer.insert(
            child, person, hash: hash, account: Account.insertWithoutWayIn(in: db), in: db)
        _ = try invite(guardian, of: volunteer.id, in: db).consent(draft.consent, by: account, in: db)
        return volunteer
    }
}
