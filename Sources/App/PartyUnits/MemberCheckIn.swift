import HTTP
import SQLite

/// A member's check-in to the community of their residence (党员报到): once for each community they live in, never by the
/// day. One lives at a time; proposing another says that the member has moved, and ends it.
package struct MemberCheckIn: Encodable, Sendable {
    package var id: ID<MemberCheckIn>
    /// Masked.
    package var memberName: String
    package var unitId: ID<PartyUnit>
    package var unitName: String
    package var stationId: ID<Station>
    package var state: CheckInState
    package var proposedAt: Timestamp
    package var acceptedAt: Timestamp?
    /// When it was refused or ended.
    package var endedAt: Timestamp?
    package var reason: String?
    var volunteerId: ID<Volunteer>

    private enum CodingKeys: String, CodingKey {
        case id, memberName, unitId, unitName, stationId, state, proposedAt, acceptedAt, endedAt, reason
    }

    package struct Draft: RequestBody {
        /// The community's station.
        package var stationId: ID<Station>
    }

    static let routes: [Route] = [
        .read(
            .get, "/api/v1/me/member-check-ins", "listMyMemberCheckIns", access: .volunteer, query: Page.parameters
        ) { request, db in
            let page = try Page(request)
            return page.response(try list(of: request.volunteer(), page, in: db), for: request) {
                Cursor($0.id.rawValue)
            }
        },
        .write(
            .put, "/api/v1/me/member-check-in", "proposeMemberCheckIn", access: .volunteer, body: Draft.self
        ) { request, draft, db in
            let volunteer = try request.volunteer()
            let station = try Station.community(draft.stationId, pointer: "/stationId", in: db)
            guard let membership = try PartyMembership.find(volunteer, in: db), membership.state == .confirmed else {
                throw Problem(.memberNotConfirmed)
            }
            if let live = try live(of: volunteer, in: db), live.stationId == station.id { return .json(live) }
            try endAll(of: volunteer, PartyUnitReason.moved[request.language], in: db)
            return .json(try insert(volunteer, membership.unitId, at: station.id, in: db))
        },
        .write(.delete, "/api/v1/me/member-check-in", "endMyMemberCheckIn", access: .volunteer) { request, db in
            try endAll(of: request.volunteer(), PartyUnitReason.ownWish[request.language], in: db)
            return .noContent
        },
        .read(
            .get, "/api/v1/member-check-ins", "listMemberCheckIns", access: .staff(.handlePartyMembers),
            query: Page.parameters + ["stationId"]
        ) { request, db in
            let page = try Page(request)
            let rows = try list(
                scope: request.signedIn().scope(of: .handlePartyMembers), station: request.reference("stationId"),
                page, in: db)
            return page.response(rows, for: request) { Cursor($0.id.rawValue) }
        },
        .write(
            .put, "/api/v1/member-check-ins/{id}/acceptance", "acceptMemberCheckIn",
            access: .staff(.handlePartyMembers)
        ) { request, db in
            let checkIn = try managed(request, in: db)
            if checkIn.state == .accepted { return .json(checkIn) }
            try request.refuseOwn(checkIn.volunteerId, in: db)
            return .json(try checkIn.move(.accept, reason: nil, in: db))
        },
        .write(
            .put, "/api/v1/member-check-ins/{id}/refusal", "refuseMemberCheckIn",
            access: .staff(.handlePartyMembers), body: DemandTicket.Reason.self
        ) { request, body, db in
            let checkIn = try managed(request, in: db)
            if checkIn.state == .refused { return .json(checkIn) }
            try request.refuseOwn(checkIn.volunteerId, in: db)
            return .json(try checkIn.move(.refuse, reason: body.reason, in: db))
        },
        .write(
            .put, "/api/v1/member-check-ins/{id}/end", "endMemberCheckIn", access: .staff(.handlePartyMembers),
            body: DemandTicket.Reason.self
        ) { request, body, db in
            let checkIn = try managed(request, in: db)
            if checkIn.state == .ended { return .json(checkIn) }
            return .json(try checkIn.end(body.reason, in: db))
        },
    ]

    private static func managed(_ request: APIRequest, in db: Database) throws -> MemberCheckIn {
        let checkIn = try find(request.id(), in: db)
        try request.require(.handlePartyMembers, at: Station.find(checkIn.stationId, in: db).treePath)
        return checkIn
    }

    /// Ends the volunteer's living one, and one that lives on with a volunteer merged into this one.
    static func endAll(of volunteer: ID<Volunteer>, _ reason: String, in db: Transaction) throws {
        for volunteer in try Volunteer.everyID(of: volunteer, in: db) {
            try live(of: volunteer, in: db)?.end(reason, in: db)
        }
    }

    /// Ends it, and with it the posts the member holds in the community.
    @discardableResult
    func end(_ reason: String, in db: Transaction) throws -> MemberCheckIn {
        let ended = try move(.end, reason: reason, in: db)
        try PostClaim.endAll(of: volunteerId, reason: reason, in: db)
        return ended
    }
}
