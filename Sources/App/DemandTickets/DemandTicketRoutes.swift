import HTTP
import SQLite

extension DemandTicket {
    package static let routes: [Route] = [
        .write(.post, "/api/v1/demand-tickets", "createDemandTicket", access: .account, body: Draft.self) {
            request, draft, db in
            let account = try request.account()
            try check(draft, now: request.now)
            _ = try Station.path(of: draft.stationId, pointer: "/stationId", in: db)
            let own = try Account.phone(of: account, in: db)
            guard let phone = draft.contactPhone.flatMap(PhoneNumber.init) ?? own else {
                throw Problem(
                    .invalid,
                    faults: [.init("/contactPhone", Wording(zh: "须填写联系电话", en: "is needed: the account has none"))])
            }
            let group = try ChatGroup.find(sourceCode: draft.sourceCode, in: db)
            let ticket = try insert(draft, phone: phone, from: group, by: account, in: db)
            return .json(ticket, version: ticket.version, status: .created)
                .located(at: "/api/v1/demand-tickets/\(ticket.id.rawValue)")
        },
        .read(
            .get, "/api/v1/me/demand-tickets", "listMyDemandTickets", access: .account,
            query: Page.parameters + ["state", "side"]
        ) { request, db in
            let page = try Page(request)
            let side = try request.choice("side", OwnSide.self) ?? .requester
            let rows = try list(
                side == .requester ? .requester(request.account()) : .handler(request.volunteer()),
                state: request.choice("state", State.self), page, in: db
            ).map { $0.seen(by: side == .requester ? .requester : .handler) }
            return page.response(rows, for: request) { Cursor($0.id.rawValue) }
        },
        .read(
            .get, "/api/v1/demand-tickets", "listDemandTickets", access: .staff(.dispatchTickets),
            query: Page.parameters + ["state"]
        ) { request, db in
            let page = try Page(request)
            let scope = try request.signedIn().scope(of: .dispatchTickets)
            let rows = try list(.scope(scope), state: request.choice("state", State.self), page, in: db).map {
                $0.seen(by: .dispatcher)
            }
            return page.response(rows, for: request) { Cursor($0.id.rawValue) }
        },
        .read(.get, "/api/v1/demand-tickets/{id}", "getDemandTicket", access: .account) { request, db in
            let ticket = try find(request.id(), in: db)
            guard let viewer = try ticket.viewer(request, in: db) else { throw Problem(.notFound) }
            return try ticket.answer(to: viewer, in: db)
        },
        .write(
            .post, "/api/v1/demand-tickets/{id}/contact-views", "viewDemandContact", access: .staff(.dispatchTickets)
        ) { request, db in
            let ticket = try managed(request, in: db)
            try AuditEntry.insert(
                request, operation: "viewDemandContact", subject: "demand-tickets/\(ticket.id.rawValue)", in: db)
            return .json(Contact(phone: ticket.contactPhone, address: ticket.address), status: .created)
        }.auditingItself,
        .write(
            .put, "/api/v1/demand-tickets/{id}/dispatch", "dispatchDemandTicket", access: .staff(.dispatchTickets),
            body: Dispatch.self
        ) { request, body, db in
            let ticket = try managed(request, in: db)
            if let team = body.teamId { try Team.requireActive(team, pointer: "/teamId", in: db) }
            if let volunteer = body.volunteerId {
                try Volunteer.require(volunteer, pointer: "/volunteerId", in: db)
                try check(isToRequester: Volunteer.isHeld(volunteer, by: ticket.requesterId, in: db))
            }
            if ticket.isDispatched(as: body) { return try ticket.answer(to: .dispatcher, in: db) }
            if let volunteer = body.volunteerId { try Guardianship.requireConsent(for: volunteer, in: db) }
            return try ticket.moved(
                .dispatch, request, as: .dispatcher, reason: body.note,
                setting: ["team_id = \(body.teamId)", "volunteer_id = \(body.volunteerId)"], in: db)
        },
        .write(
            .put, "/api/v1/demand-tickets/{id}/refusal", "refuseDemandTicket", access: .staff(.dispatchTickets),
            body: Reason.self
        ) { request, body, db in
            let ticket = try managed(request, in: db)
            if ticket.state == .refused { return try ticket.answer(to: .dispatcher, in: db) }
            return try ticket.moved(.refuse, request, as: .dispatcher, reason: body.reason, in: db)
        },
        .write(.put, "/api/v1/demand-tickets/{id}/acceptance", "acceptDemandTicket", access: .volunteer) {
            request, db in
            let ticket = try handled(request, in: db)
            if ticket.state == .accepted { return try ticket.answer(to: .handler, in: db) }
            try Guardianship.requireConsent(for: request.volunteer(), in: db)
            return try ticket.moved(.accept, request, as: .handler, in: db)
        },
        .write(
            .put, "/api/v1/demand-tickets/{id}/declination", "declineDemandTicket", access: .volunteer,
            body: Reason.self
        ) { request, body, db in
            let ticket = try find(request.id(), in: db)
            if try ticket.isDeclined(by: request.account(), in: db) {
                return try ticket.answer(to: .formerHandler, in: db)
            }
            return try handled(request, in: db).moved(
                .decline, request, as: .formerHandler, reason: body.reason,
                setting: ["team_id = NULL", "volunteer_id = NULL"], in: db)
        },
        .write(
            .put, "/api/v1/demand-tickets/{id}/completion", "completeDemandTicket", access: .volunteer,
            body: Report.self
        ) { request, body, db in
            try handled(request, in: db).moved(
                .complete, request, as: .handler,
                setting: ["report = \(body.report)", "service_minutes = \(body.serviceMinutes)"], in: db)
        },
        .write(
            .put, "/api/v1/demand-tickets/{id}/rating", "rateDemandTicket", access: .account, body: Rating.self
        ) { request, body, db in
            try ordered(request, in: db).moved(
                .rate, request, as: .requester, setting: ["stars = \(body.stars)", "comment = \(body.comment)"], in: db)
        },
        .write(
            .put, "/api/v1/demand-tickets/{id}/cancellation", "cancelDemandTicket", access: .account, body: Reason.self
        ) { request, body, db in
            let ticket = try ordered(request, in: db)
            if ticket.state == .cancelled { return try ticket.answer(to: .requester, in: db) }
            return try ticket.moved(
                .cancel, request, as: .requester, reason: body.reason,
                setting: ["team_id = NULL", "volunteer_id = NULL"], in: db)
        },
    ]

    /// Moves the ticket, unless the caller saw another version of it, and answers with what it is now.
    private func moved(
        _ action: Action, _ request: APIRequest, as viewer: Viewer, reason: String? = nil, setting changes: [SQL] = [],
        in db: Transaction
    ) throws -> Response {
        try request.honourVersion(version)
        let ticket = try move(action, by: request.account(), reason: reason, setting: changes, in: db)
        return .json(ticket.seen(by: viewer), version: ticket.version)
    }

    private func answer(to viewer: Viewer, in db: Database) throws -> Response {
        .json(try withMoves(in: db).seen(by: viewer), version: version)
    }

    enum OwnSide: String, CaseIterable { case requester, handler }

    private func isHandled(by volunteer: ID<Volunteer>?, in db: Database) throws -> Bool {
        guard let volunteer else { return false }
        if volunteerId == volunteer { return true }
        guard let teamId else { return false }
        return try Team.find(teamId, in: db).leaderId == volunteer
    }

    /// As whom the caller sees the ticket; nil where they do not.
    private func viewer(_ request: APIRequest, in db: Database) throws -> Viewer? {
        let caller = try request.signedIn()
        if caller.account == requesterId { return .requester }
        if try isHandled(by: caller.volunteer, in: db) { return .handler }
        let path = try Station.find(stationId, in: db).treePath
        return caller.holds(.dispatchTickets, along: path) ? .dispatcher : nil
    }

    private static func managed(_ request: APIRequest, in db: Database) throws -> DemandTicket {
        let ticket = try find(request.id(), in: db)
        try request.require(.dispatchTickets, at: Station.find(ticket.stationId, in: db).treePath)
        return ticket
    }

    /// The ticket, for the volunteer or the team's leader it was dispatched to; for others as good as none.
    private static func handled(_ request: APIRequest, in db: Database) throws -> DemandTicket {
        let ticket = try find(request.id(), in: db)
        guard try ticket.isHandled(by: request.volunteer(), in: db) else { throw Problem(.notFound) }
        return ticket
    }

    /// The ticket, for whoever ordered it.
    private static func ordered(_ request: APIRequest, in db: Database) throws -> DemandTicket {
        let ticket = try find(request.id(), in: db)
        guard try ticket.requesterId == request.account() else { throw Problem(.notFound) }
        return ticket
    }
}
