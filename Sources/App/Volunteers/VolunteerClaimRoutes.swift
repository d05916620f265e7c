import HTTP
import SQLite

extension VolunteerClaim {
    package static let routes: [Route] = [
        .write(.post, "/api/v1/volunteer-claims", "claimVolunteer", access: .account, body: Draft.self) {
            request, draft, db in
            let account = try request.account()
            if try Volunteer.isHeld(by: account, in: db) { throw Problem(.alreadyVolunteer) }
            let identity = try draft.identity(today: request.now.day)
            let hash = IdentityVault.hash(identity.number, request.services)
            let claim = try insert(draft, identity, hash: hash, account: account, in: db)
            return .json(claim, status: .created).located(at: "/api/v1/me/volunteer-claims")
        },
        .read(
            .get, "/api/v1/me/volunteer-claims", "listMyVolunteerClaims", access: .account, query: Page.parameters
        ) { request, db in
            let page = try Page(request)
            return page.response(try list(of: request.account(), page, in: db), for: request) {
                Cursor($0.id.rawValue)
            }
        },
        .read(
            .get, "/api/v1/volunteer-claims", "listVolunteerClaims", access: .staff(.verifyVolunteers),
            query: Page.parameters + ["state"]
        ) { request, db in
            try request.require(.verifyVolunteers, at: .root)
            let page = try Page(request)
            let claims = try Listed.list(try request.choice("state", State.self) ?? .open, page, in: db)
            return page.response(claims, for: request) { Cursor($0.claim.id.rawValue) }
        },
        .write(
            .put, "/api/v1/volunteer-claims/{id}/acceptance", "acceptVolunteerClaim", access: .staff(.verifyVolunteers)
        ) { request, db in
            try request.require(.verifyVolunteers, at: .root)
            let listed = try Listed.find(request.id(), in: db)
            if listed.claim.state == .accepted { return .json(listed) }
            guard listed.claim.state == .open else { throw Problem(.conflict, state: listed.claim.state.rawValue) }
            // Nobody could act in an account that was merged away since.
            let claimant = try Account.kept(listed.accountId, in: db)
            guard try claimant != request.account() else { throw Problem(.ownCase) }
            // A row that was merged into another since would come apart from it.
            guard let volunteer = listed.volunteerId, try !Volunteer.isMerged(volunteer, in: db) else {
                throw Problem(.claimFitsNobody)
            }
            if try Volunteer.isHeld(by: claimant, in: db) { throw Problem(.alreadyVolunteer) }
            try Guardianship.refuseGuardian(claimant, of: volunteer, in: db)
            try Volunteer.move(volunteer, to: claimant, in: db)
            try listed.claim.accept(by: request.account(), in: db)
            return .json(try Listed.find(listed.claim.id, in: db))
        }.changingAccess,
        .write(
            .put, "/api/v1/volunteer-claims/{id}/refusal", "refuseVolunteerClaim", access: .staff(.verifyVolunteers),
            body: Refusal.self
        ) { request, refusal, db in
            try request.require(.verifyVolunteers, at: .root)
            let listed = try Listed.find(request.id(), in: db)
            if listed.claim.state == .refused { return .json(listed) }
            guard listed.claim.state == .open else { throw Problem(.conflict, state: listed.claim.state.rawValue) }
            try listed.claim.refuse(reason: refusal.reason, by: request.account(), in: db)
            return .json(try Listed.find(listed.claim.id, in: db))
        },
    ]
}
