package import HTTP
import SQLite

/// A bond between a unit and a community that it looks after (包联): proposed by either side, active once the other has
/// agreed, ended by either. One lives for each pair; a unit may bond with communities beside that of its seat.
package struct UnitBond: Encodable, Sendable {
    package enum State: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case proposed, active, ended

        package enum Action: Sendable, CaseIterable { case activate, end }

        /// - Throws: 409 with the present state.
        package func after(_ action: Action) throws(Problem) -> State {
            switch (action, self) {
            case (.activate, .proposed): return .active
            case (.end, .proposed), (.end, .active): return .ended
            default: throw Problem(.conflict, state: rawValue)
            }
        }
    }

    package var id: ID<UnitBond>
    package var unitId: ID<PartyUnit>
    package var unitName: String
    package var stationId: ID<Station>
    package var proposedBy: UnitSide
    package var state: State
    /// The unit's person for this community; both sides see the number, and nobody else.
    package var contactName: String
    package var contactPhone: String
    package var since: Timestamp?
    package var until: Timestamp?
    package var endReason: String?
    package var createdAt: Timestamp

    package struct Draft: RequestBody {
        package var unitId: ID<PartyUnit>
        package var stationId: ID<Station>
        /// For which side the caller proposes it.
        package var side: UnitSide
        package var contactName: String
        package var contactPhone: String

        package func check(_ faults: inout Faults) {
            if !PersonName.isValid(contactName) { faults.add("/contactName", "姓名无效", "is not a person's name") }
            if PhoneNumber(contactPhone) == nil {
                faults.add("/contactPhone", "电话号码无效", "is not a phone number")
            }
        }
    }

    package static let routes: [Route] = [
        .write(.post, "/api/v1/unit-bonds", "proposeUnitBond", access: .account, body: Draft.self) {
            request, draft, db in
            let unit = try PartyUnit.require(draft.unitId, pointer: "/unitId", in: db)
            let station = try Station.community(draft.stationId, pointer: "/stationId", in: db)
            try draft.side.require(request, unit: unit.id, station: station.id, in: db)
            let bond = try insert(draft, by: request.account(), in: db)
            return .json(bond, status: .created).located(at: "/api/v1/unit-bonds/\(bond.id.rawValue)")
        },
        .read(
            .get, "/api/v1/unit-bonds", "listUnitBonds", access: .staff(.managePartyUnits),
            query: Page.parameters + ["stationId", "state"]
        ) { request, db in
            let page = try Page(request)
            let rows = try list(
                scope: request.signedIn().scope(of: .managePartyUnits), station: request.reference("stationId"),
                state: request.choice("state", State.self), page, in: db)
            return page.response(rows, for: request) { Cursor($0.id.rawValue) }
        },
        .read(
            .get, "/api/v1/party-units/{id}/bonds", "listBondsOfUnit", access: .account, query: Page.parameters
        ) { request, db in
            let unit = try PartyUnit.represented(request, in: db)
            let page = try Page(request)
            return page.response(try list(of: unit.id, page, in: db), for: request) { Cursor($0.id.rawValue) }
        },
        .read(.get, "/api/v1/unit-bonds/{id}", "getUnitBond", access: .account) { request, db in
            .json(try concerned(request, in: db))
        },
        .write(.put, "/api/v1/unit-bonds/{id}/activation", "activateUnitBond", access: .account) { request, db in
            let bond = try concerned(request, in: db)
            try bond.proposedBy.other.require(request, unit: bond.unitId, station: bond.stationId, in: db)
            if bond.state == .active { return .json(bond) }
            return .json(try bond.move(.activate, reason: nil, in: db))
        },
        .write(
            .put, "/api/v1/unit-bonds/{id}/end", "endUnitBond", access: .account, body: DemandTicket.Reason.self
        ) { request, body, db in
            let bond = try concerned(request, in: db)
            if bond.state == .ended { return .json(bond) }
            return .json(try bond.move(.end, reason: body.reason, in: db))
        },
    ]

    /// The bond a path names, for either side; for others as good as none.
    private static func concerned(_ request: APIRequest, in db: Database) throws -> UnitBond {
        let bond = try find(request.id(), in: db)
        let sides = try UnitSide.sides(of: request, unit: bond.unitId, station: bond.stationId, in: db)
        guard !sides.isEmpty else { throw Problem(.notFound) }
        return bond
    }
}
