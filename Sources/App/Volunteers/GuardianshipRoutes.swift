import HTTP
import SQLite

extension Guardianship {
    package static let routes: [Route] = [
        .read(
            .get, "/api/v1/me/volunteer/guardians", "listMyGuardians", access: .volunteer, query: Page.parameters
        ) { request, db in
            let page = try Page(request)
            return page.response(try list(of: request.volunteer(), page, in: db), for: request) {
                Cursor($0.id.rawValue)
            }
        },
        .write(
            .post, "/api/v1/me/volunteer/guardians", "inviteGuardian", access: .volunteer,
            body: Volunteer.Guardian.self
        ) { request, guardian, db in
            let volunteer = try Volunteer.find(request.volunteer(), in: db)
            guard GuardianshipRules.isMinor(volunteer.birthDate, on: request.now.day) else { throw Problem(.notMinor) }
            let own = [try Account.phone(of: request.account(), in: db), PhoneNumber(volunteer.phone)]
            try GuardianshipRules.checkPhone(of: guardian, isNot: own, pointer: "/phone")
            try checkInvitation(of: volunteer.id, in: db)
            let invited = try invite(guardian, of: volunteer.id, in: db)
            try volunteer.set(guardian, in: db)
            return .json(invited, status: .created)
        },
        .read(
            .get, "/api/v1/me/guardian-requests", "listGuardianRequests", access: .account, query: Page.parameters
        ) { request, db in
            let page = try Page(request)
            let requests = try requests(to: request.account(), today: request.now.day, page, in: db)
            return page.response(requests, for: request) { Cursor($0.id.rawValue) }
        },
        .write(
            .put, "/api/v1/me/guardian-requests/{id}/consent", "consentAsGuardian", access: .account,
            body: Consent.self
        ) { request, consent, db in
            let (account, today) = (try request.account(), request.now.day)
            let (guardianship, child) = try asked(request, in: db)
            if guardianship.state == .consented { return .json(guardianship) }
            guard try guardianship.isOpen(in: db) else {
                throw Problem(.conflict, state: guardianship.state.rawValue)
            }
            if try holds(account, child.id, in: db) { throw Problem(.conflict, state: State.consented.rawValue) }
            try checkGuardian(account, today: today, in: db)
            try GuardianshipRules.check(consent, to: child.birthDate, today: today)
            return .json(try guardianship.consent(consent, by: account, in: db))
        },
        .write(
            .put, "/api/v1/me/guardian-requests/{id}/refusal", "refuseAsGuardian", access: .account, body: Refusal.self
        ) { request, refusal, db in
            let (guardianship, _) = try asked(request, in: db)
            if guardianship.state == .refused { return .json(guardianship) }
            guard guardianship.state == .invited else { throw Problem(.conflict, state: guardianship.state.rawValue) }
            return .json(try guardianship.refuse(refusal, by: request.account(), in: db))
        },
    ]

    /// The request of the path, to a phone of the caller's, for somebody who is still a minor.
    /// - Throws: 404.
    private static func asked(_ request: APIRequest, in db: Database) throws -> (Guardianship, Volunteer) {
        let guardianship = try Self.request(request.id(), to: request.account(), in: db)
        let child = try Volunteer.find(guardianship.volunteerId, in: db)
        guard GuardianshipRules.isMinor(child.birthDate, on: request.now.day) else { throw Problem(.notFound) }
        return (guardianship, child)
    }
}
