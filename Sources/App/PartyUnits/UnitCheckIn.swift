import HTTP
import SQLite

/// A unit's check-in to the community of its seat (单位报到): proposed by the unit, accepted or refused by the community.
/// One lives at a time.
package struct UnitCheckIn: Encodable, Sendable {
    package var id: ID<UnitCheckIn>
    package var unitId: ID<PartyUnit>
    package var unitName: String
    package var stationId: ID<Station>
    package var state: CheckInState
    package var proposedAt: Timestamp
    package var acceptedAt: Timestamp?
    /// When it was refused or ended.
    package var endedAt: Timestamp?
    package var reason: String?

    static let routes: [Route] = [
        .write(.put, "/api/v1/party-units/{id}/check-in", "proposeUnitCheckIn", access: .account) { request, db in
            let unit = try PartyUnit.represented(request, in: db)
            if let live = try live(of: unit.id, in: db) { return .json(live) }
            return .json(try insert(unit, by: request.account(), in: db))
        },
        .read(
            .get, "/api/v1/party-units/{id}/check-ins", "listCheckInsOfUnit", access: .account,
            query: Page.parameters
        ) { request, db in
            let unit = try PartyUnit.concerned(request, in: db)
            let page = try Page(request)
            return page.response(try list(of: unit.id, page, in: db), for: request) { Cursor($0.id.rawValue) }
        },
        .read(
            .get, "/api/v1/unit-check-ins", "listUnitCheckIns", access: .staff(.managePartyUnits),
            query: Page.parameters + ["stationId", "state"]
        ) { request, db in
            let page = try Page(request)
            let rows = try list(
                scope: request.signedIn().scope(of: .managePartyUnits), station: request.reference("stationId"),
                state: request.choice("state", CheckInState.self), page, in: db)
            return page.response(rows, for: request) { Cursor($0.id.rawValue) }
        },
        .write(
            .put, "/api/v1/unit-check-ins/{id}/acceptance", "acceptUnitCheckIn", access: .staff(.managePartyUnits)
        ) { request, db in
            let checkIn = try managed(request, in: db)
            if checkIn.state == .accepted { return .json(checkIn) }
            return .json(try checkIn.move(.accept, reason: nil, in: db))
        },
        .write(
            .put, "/api/v1/unit-check-ins/{id}/refusal", "refuseUnitCheckIn", access: .staff(.managePartyUnits),
            body: DemandTicket.Reason.self
        ) { request, body, db in
            let checkIn = try managed(request, in: db)
            if checkIn.state == .refused { return .json(checkIn) }
            return .json(try checkIn.move(.refuse, reason: body.reason, in: db))
        },
        .write(
            .put, "/api/v1/unit-check-ins/{id}/end", "endUnitCheckIn", access: .account, body: DemandTicket.Reason.self
        ) { request, body, db in
            let checkIn = try find(request.id(), in: db)
            let sides = try UnitSide.sides(
                of: request, unit: checkIn.unitId, station: checkIn.stationId, in: db)
            guard !sides.isEmpty else { throw Problem(.notFound) }
            if checkIn.state == .ended { return .json(checkIn) }
            return .json(try checkIn.move(.end, reason: body.reason, in: db))
        },
    ]

    private static func managed(_ request: APIRequest, in db: Database) throws -> UnitCheckIn {
        let checkIn = try find(request.id(), in: db)
        try request.require(.managePartyUnits, at: Station.find(checkIn.stationId, in: db).treePath)
        return checkIn
    }
}
