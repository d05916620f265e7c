import HTTP
import SQLite

/// What a community lacks (需求清单, an entry of it). It names no resident: what one person needs is a demand ticket.
package struct CommunityNeed: Encodable, Sendable {
    package enum State: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        /// `met` by a project that is done.
        case open, met, withdrawn
    }

    package var id: ID<CommunityNeed>
    package var stationId: ID<Station>
    package var title: String
    package var detail: String
    package var category: DutyCategory
    package var state: State
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    static let routes: [Route] = [
        .write(
            .post, "/api/v1/stations/{id}/needs", "createCommunityNeed", access: .staff(.managePartyUnits),
            body: UnitListEntry.self
        ) { request, entry, db in
            let station = try Station.find(request.id(), in: db)
            try request.require(.managePartyUnits, at: station.treePath)
            guard station.kind.isCommunity else { throw Problem(.notFound) }
            let need = try insert(entry, at: station.id, in: db)
            return .json(need, status: .created).located(at: "/api/v1/community-needs/\(need.id.rawValue)")
        },
        .read(
            .get, "/api/v1/stations/{id}/needs", "listCommunityNeeds", access: .account,
            query: Page.parameters + ["state"]
        ) { request, db in
            let station = try Station.find(request.id(), in: db)
            guard try isVisible(at: station, to: request, in: db) else { throw Problem(.notFound) }
            let page = try Page(request)
            let rows = try list(at: station.id, state: request.choice("state", State.self), page, in: db)
            return page.response(rows, for: request) { Cursor($0.id.rawValue) }
        },
        .read(.get, "/api/v1/community-needs/{id}", "getCommunityNeed", access: .account) { request, db in
            let need = try find(request.id(), in: db)
            guard try isVisible(at: Station.find(need.stationId, in: db), to: request, in: db) else {
                throw Problem(.notFound)
            }
            return .json(need)
        },
        .write(
            .put, "/api/v1/community-needs/{id}/withdrawal", "withdrawCommunityNeed",
            access: .staff(.managePartyUnits)
        ) { request, db in
            let need = try find(request.id(), in: db)
            try request.require(.managePartyUnits, at: Station.find(need.stationId, in: db).treePath)
            if need.state == .withdrawn { return .json(need) }
            return .json(try need.withdraw(in: db))
        },
    ]

    /// For the community's staff, and for units that checked in there or bonded with it.
    private static func isVisible(at station: Station, to request: APIRequest, in db: Database) throws -> Bool {
        if try request.signedIn().holds(.managePartyUnits, along: station.treePath) { return true }
        return try UnitRelation.exists(ofAccount: request.account(), station.id, in: db)
    }
}

/// What a unit has to give (资源清单, an entry of it): rooms, people, knowledge, money.
package struct UnitResource: Encodable, Sendable {
    package enum State: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case offered, withdrawn
    }

    package var id: ID<UnitResource>
    package var unitId: ID<PartyUnit>
    package var title: String
    package var detail: String
    package var category: DutyCategory
    package var state: State
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    static let routes: [Route] = [
        .write(
            .post, "/api/v1/party-units/{id}/resources", "createUnitResource", access: .account,
            body: UnitListEntry.self
        ) { request, entry, db in
            let unit = try PartyUnit.represented(request, in: db)
            let resource = try insert(entry, of: unit.id, in: db)
            return .json(resource, status: .created).located(at: "/api/v1/unit-resources/\(resource.id.rawValue)")
        },
        .read(
            .get, "/api/v1/party-units/{id}/resources", "listUnitResources", access: .account,
            query: Page.parameters + ["state"]
        ) { request, db in
            let unit = try PartyUnit.find(request.id(), in: db)
            guard try isVisible(of: unit, to: request, in: db) else { throw Problem(.notFound) }
            let page = try Page(request)
            let rows = try list(of: unit.id, state: request.choice("state", State.self), page, in: db)
            return page.response(rows, for: request) { Cursor($0.id.rawValue) }
        },
        .read(.get, "/api/v1/unit-resources/{id}", "getUnitResource", access: .account) { request, db in
            let resource = try find(request.id(), in: db)
            guard try isVisible(of: PartyUnit.find(resource.unitId, in: db), to: request, in: db) else {
                throw Problem(.notFound)
            }
            return .json(resource)
        },
        .write(
            .put, "/api/v1/unit-resources/{id}/withdrawal", "withdrawUnitResource", access: .account
        ) { request, db in
            let resource = try find(request.id(), in: db)
            guard try UnitRepresentative.exists(request.account(), of: resource.unitId, in: db) else {
                throw Problem(.notFound)
            }
            if resource.state == .withdrawn { return .json(resource) }
            return .json(try resource.withdraw(in: db))
        },
    ]

    /// For the unit's own people, the staff of its seat, and those of communities it checked in to or bonded with.
    private static func isVisible(of unit: PartyUnit, to request: APIRequest, in db: Database) throws -> Bool {
        if try unit.isRepresented(by: request, in: db) || unit.isManaged(by: request, in: db) { return true }
        let caller = try request.signedIn()
        guard caller.holds(.managePartyUnits) else { return false }
        return try UnitRelation.stations(of: unit.id, in: db).contains { caller.holds(.managePartyUnits, along: $0) }
    }
}

/// What is written of a need and of a resource.
package struct UnitListEntry: RequestBody {
    /// Open needs of one community, and offered resources of one unit.
    package static let liveMax = 200

    package var title: String
    package var detail: String
    package var category: DutyCategory

    package func check(_ faults: inout Faults) {
        faults.text("/title", title, 2...60)
        faults.text("/detail", detail, 1...2_000)
    }
}
