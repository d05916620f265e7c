import HTTP
import SQLite

extension ExpertListing {
    package static let routes: [Route] = [
        .read(.get, "/api/v1/me/expert-listing", "getMyExpertListing", access: .volunteer) { request, db in
            let listing = try find(request.volunteer(), in: db)
            return .json(listing, version: listing.version)
        },
        .write(.put, "/api/v1/me/expert-listing", "updateMyExpertListing", access: .volunteer, body: Edit.self) {
            request, edit, db in
            let volunteer = try Volunteer.find(request.volunteer(), in: db)
            try request.requireVersion(find(volunteer.id, in: db).version)
            try ExpertRules.checkAge(volunteer.birthDate, today: request.now.day)
            for (index, station) in edit.stationIds.enumerated() {
                _ = try Station.path(of: station, pointer: "/stationIds/\(index)", in: db)
            }
            let listing = try update(edit, of: volunteer.id, in: db)
            return .json(listing, version: listing.version)
        },
        .write(.delete, "/api/v1/me/expert-listing", "withdrawMyExpertListing", access: .volunteer) { request, db in
            let volunteer = try request.volunteer()
            let listing = try find(volunteer, in: db)
            if listing.isListed { try request.honourVersion(listing.version) }
            try withdraw(volunteer, in: db)
            return .noContent
        },
        .read(
            .get, "/api/v1/experts", "searchExperts", access: .staff(.inviteExperts),
            query: Page.parameters + ["field", "q", "stationId", "weekday", "fromMinute", "toMinute"]
        ) { request, db in
            let page = try Page(request)
            let rows = try Expert.list(
                Expert.Filter(request, in: db), today: request.now.day, page, in: db)
            return page.response(rows, for: request) { Cursor($0.volunteerId.rawValue) }
        },
        .write(
            .post, "/api/v1/experts/{volunteerId}/invitations", "inviteExpert", access: .staff(.inviteExperts),
            body: ExpertInvitation.Draft.self
        ) { request, draft, db in
            let place = try Station.path(of: draft.stationId, pointer: "/stationId", in: db)
            try request.require(.inviteExperts, at: place)
            let volunteer: ID<Volunteer> = try request.id("volunteerId")
            guard try Expert.serves(volunteer, place, in: db) else { throw Problem(.notFound) }
            try ExpertRules.checkTime(draft.wishedAt, now: request.now)
            return .json(
                try ExpertInvitation.insert(draft, to: volunteer, by: request.account(), in: db), status: .created)
        },
    ]
}

extension Expert.Filter {
    /// Within what the caller may search: the station asked for, or all of theirs.
    fileprivate init(_ request: APIRequest, in db: Database) throws {
        weekday = try request.integer("weekday", 1...7)
        let from = try request.integer("fromMinute", 0...1_439)
        let to = try request.integer("toMinute", 1...1_440)
        if weekday == nil { try request.refuse(["fromMinute", "toMinute"], without: "weekday") }
        if from == nil { try request.refuse(["toMinute"], without: "fromMinute") }
        if to == nil { try request.refuse(["fromMinute"], without: "toMinute") }
        if let from, let to {
            guard from < to else {
                throw Problem(
                    .malformed,
                    faults: [.init("?toMinute", Wording(zh: "应晚于 fromMinute", en: "must be later than fromMinute"))])
            }
            minutes = from..<to
        }
        field = try request.choice("field", ExpertListing.Field.self)
        words = try request.words()
        if let station: ID<Station> = try request.reference("stationId") {
            let place = try Station.find(station, in: db).treePath
            try request.require(.inviteExperts, at: place)
            places = [place]
        } else if let roots = try request.signedIn().scope(of: .inviteExperts) {
            places = try roots.map { try Station.find($0, in: db).treePath }
        }
    }
}

extension ExpertInvitation {
    package static let routes: [Route] = [
        .read(
            .get, "/api/v1/me/expert-invitations", "listMyExpertInvitations", access: .volunteer,
            query: Page.parameters + ["state"]
        ) { request, db in
            let page = try Page(request)
            let rows = try list(
                .expert(request.volunteer()), state: request.choice("state", State.self), now: request.now, page,
                in: db)
            return page.response(rows, for: request) { Cursor($0.id.rawValue) }
        },
        .read(
            .get, "/api/v1/expert-invitations", "listExpertInvitations", access: .staff(.inviteExperts),
            query: Page.parameters + ["state"]
        ) { request, db in
            let page = try Page(request)
            let scope = try request.signedIn().scope(of: .inviteExperts)
            let rows = try list(
                .scope(scope), state: request.choice("state", State.self), now: request.now, page, in: db)
            return page.response(rows, for: request) { Cursor($0.id.rawValue) }
        },
        .write(
            .put, "/api/v1/expert-invitations/{id}/acceptance", "acceptExpertInvitation", access: .volunteer
        ) { request, db in
            let invitation = try own(request, in: db)
            if invitation.state == .accepted { return .json(invitation) }
            return .json(try invitation.move(.accept, reason: nil, in: db))
        },
        .write(
            .put, "/api/v1/expert-invitations/{id}/declination", "declineExpertInvitation", access: .volunteer,
            body: Declination.self
        ) { request, body, db in
            let invitation = try own(request, in: db)
            if invitation.state == .declined { return .json(invitation) }
            return .json(try invitation.move(.decline, reason: body.reason, in: db))
        },
        .write(
            .put, "/api/v1/expert-invitations/{id}/withdrawal", "withdrawExpertInvitation",
            access: .staff(.inviteExperts), body: DemandTicket.Reason.self
        ) { request, body, db in
            let invitation = try managed(request, in: db)
            if invitation.state == .withdrawn { return .json(invitation) }
            return .json(try invitation.move(.withdraw, reason: body.reason, in: db))
        },
        .write(
            .post, "/api/v1/expert-invitations/{id}/phone-views", "viewExpertPhone", access: .staff(.inviteExperts)
        ) { request, db in
            let invitation = try managed(request, in: db)
            guard try invitation.invitedBy == request.account() else { throw Problem(.forbidden) }
            guard invitation.state == .accepted, request.now <= invitation.wishedAt + ExpertRules.phoneSeconds else {
                throw Problem(.conflict, state: invitation.state.rawValue)
            }
            let volunteer = try Volunteer.find(invitation.volunteerId, in: db)
            try AuditEntry.insert(
                request, operation: "viewExpertPhone", subject: "volunteers/\(volunteer.id.rawValue)",
                reason: "expert invitation \(invitation.id.rawValue)", in: db)
            return .json(Contact(name: volunteer.name, phone: volunteer.phone), status: .created)
        }.auditingItself,
    ]

    private static func own(_ request: APIRequest, in db: Database) throws -> ExpertInvitation {
        let invitation = try find(request.id(), now: request.now, in: db)
        guard try Volunteer.kept(invitation.volunteerId, in: db) == request.volunteer() else {
            throw Problem(.notFound)
        }
        return invitation
    }

    private static func managed(_ request: APIRequest, in db: Database) throws -> ExpertInvitation {
        let invitation = try find(request.id(), now: request.now, in: db)
        try request.require(.inviteExperts, at: Station.find(invitation.stationId, in: db).treePath)
        return invitation
    }
}
