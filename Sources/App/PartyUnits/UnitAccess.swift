package import HTTP
import SQLite

/// Who may act for a unit, and who for a community. A representative acts in a resident's session, staff by their scope.
extension PartyUnit {
    func isRepresented(by request: APIRequest, in db: Database) throws -> Bool {
        try UnitRepresentative.exists(request.account(), of: id, in: db)
    }

    func isManaged(by request: APIRequest, in db: Database) throws -> Bool {
        try request.signedIn().holds(.managePartyUnits, along: Station.find(seatId, in: db).treePath)
    }

    /// The unit a path names, for staff who look after its seat.
    static func managed(_ request: APIRequest, in db: Database) throws -> PartyUnit {
        let unit = try find(request.id(), in: db)
        try request.require(.managePartyUnits, at: Station.find(unit.seatId, in: db).treePath)
        return unit
    }

    /// The unit a path names, for those who act for it; for others as good as none.
    static func represented(_ request: APIRequest, in db: Database) throws -> PartyUnit {
        let unit = try find(request.id(), in: db)
        guard try unit.isRepresented(by: request, in: db) else { throw Problem(.notFound) }
        return unit
    }

    /// The unit a path names, for either; for others as good as none.
    static func concerned(_ request: APIRequest, in db: Database) throws -> PartyUnit {
        let unit = try find(request.id(), in: db)
        if try unit.isManaged(by: request, in: db) { return unit }
        guard try unit.isRepresented(by: request, in: db) else { throw Problem(.notFound) }
        return unit.withoutPhone
    }
}

extension UnitSide {
    /// The sides the caller may speak for, between a unit and a community.
    static func sides(
        of request: APIRequest, unit: ID<PartyUnit>, station: ID<Station>, in db: Database
    ) throws -> Set<UnitSide> {
        var sides: Set<UnitSide> = []
        if try request.signedIn().holds(.managePartyUnits, along: Station.find(station, in: db).treePath) {
            sides.insert(.community)
        }
        if try UnitRepresentative.exists(request.account(), of: unit, in: db) { sides.insert(.unit) }
        return sides
    }

    /// - Throws: 403 for somebody who may not speak for this side.
    func require(_ request: APIRequest, unit: ID<PartyUnit>, station: ID<Station>, in db: Database) throws {
        let sides = try UnitSide.sides(of: request, unit: unit, station: station, in: db)
        guard sides.contains(self) else { throw Problem(.otherSide) }
    }
}

extension Problem.Kind {
    package static let otherSide = Self(
        "/problems/other-side", status: .forbidden,
        title: Wording(zh: "须由另一方处理", en: "This is for the other side to do"))
}
