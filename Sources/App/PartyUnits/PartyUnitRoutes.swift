import HTTP
import SQLite

extension PartyUnit {
    package static let routes: [Route] =
        unitRoutes + UnitRepresentative.routes + UnitCheckIn.routes + PartyMembership.routes + MemberCheckIn.routes

    private static let unitRoutes: [Route] = [
        .read(
            .get, "/api/v1/party-units", "listPartyUnits", access: .staff(.managePartyUnits),
            query: Page.parameters + ["stationId", "parentId", "kind", "q"]
        ) { request, db in
            let page = try Page(request)
            let filter = Filter(
                scope: try request.signedIn().scope(of: .managePartyUnits), seat: try request.reference("stationId"),
                parent: try request.reference("parentId"), kind: try request.choice("kind", Kind.self),
                words: try request.words())
            return page.response(try list(filter, page, in: db), for: request) { Cursor($0.id.rawValue) }
        },
        .write(.post, "/api/v1/party-units", "createPartyUnit", access: .staff(.managePartyUnits), body: Draft.self) {
            request, draft, db in
            let seat = try Station.community(draft.seatId, pointer: "/seatId", in: db)
            try request.require(.managePartyUnits, at: seat.treePath)
            let unit = try insert(draft, in: db)
            return .json(unit, version: unit.version, status: .created)
                .located(at: "/api/v1/party-units/\(unit.id.rawValue)")
        },
        .read(.get, "/api/v1/party-units/{id}", "getPartyUnit", access: .account) { request, db in
            let unit = try concerned(request, in: db)
            return .json(unit, version: unit.version)
        },
        .write(
            .put, "/api/v1/party-units/{id}", "updatePartyUnit", access: .staff(.managePartyUnits), body: Draft.self
        ) { request, draft, db in
            let unit = try managed(request, in: db)
            let seat = try Station.community(draft.seatId, pointer: "/seatId", in: db)
            try request.require(.managePartyUnits, at: seat.treePath)
            try request.requireVersion(unit.version)
            let changed = try unit.update(draft, in: db)
            if changed.seatId != unit.seatId {
                try UnitCheckIn.live(of: unit.id, in: db)?.move(
                    .end, reason: PartyUnitReason.moved[request.language], in: db)
            }
            return .json(changed, version: changed.version)
        },
        .read(.get, "/api/v1/me/party-units", "listMyPartyUnits", access: .account) { request, db in
            let units = try represented(by: request.account(), in: db).map(\.withoutPhone)
            return .json(ItemList(items: units, next: nil))
        },
        .read(
            .get, "/api/v1/party-unit-choices", "findPartyUnitChoices", access: .volunteer, query: ["q"]
        ) { request, db in
            guard let words = try request.words() else {
                throw Problem(.malformed, faults: [.init("?q", Wording(zh: "须填写检索词", en: "is needed"))])
            }
            return .json(ItemList(items: try choices(words, in: db), next: nil))
        },
    ]
}

extension UnitRepresentative {
    static let routes: [Route] = [
        .read(
            .get, "/api/v1/party-units/{id}/representatives", "listUnitRepresentatives",
            access: .staff(.managePartyUnits)
        ) { request, db in
            let unit = try PartyUnit.managed(request, in: db)
            return .json(ItemList(items: try list(of: unit.id, in: db), next: nil))
        },
        .write(
            .post, "/api/v1/party-units/{id}/representatives", "linkUnitRepresentative",
            access: .staff(.managePartyUnits), body: Draft.self
        ) { request, draft, db in
            let unit = try PartyUnit.managed(request, in: db)
            return .json(
                try link(PhoneNumber(draft.phone), to: unit.id, by: request.account(), in: db), status: .created)
        },
        .write(
            .delete, "/api/v1/party-units/{id}/representatives/{accountId}", "unlinkUnitRepresentative",
            access: .staff(.managePartyUnits)
        ) { request, db in
            let unit = try PartyUnit.managed(request, in: db)
            try unlink(request.id("accountId"), from: unit.id, in: db)
            return .noContent
        },
    ]
}
