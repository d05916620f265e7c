import HTTP
import SQLite

extension UnitFeedback {
    package static let routes: [Route] = feedbackRoutes + UnitEvaluation.routes

    private static let feedbackRoutes: [Route] = [
        .write(
            .post, "/api/v1/unit-feedback", "sendUnitFeedback", access: .staff(.managePartyUnits), body: Draft.self
        ) { request, draft, db in
            let station = try Station.community(draft.stationId, pointer: "/stationId", in: db)
            try request.require(.managePartyUnits, at: station.treePath)
            let unit = try PartyUnit.require(draft.unitId, pointer: "/unitId", in: db)
            guard let period = CalendarPeriod(year: draft.year, quarter: draft.quarter) else {
                throw Problem(.invalid)
            }
            try UnitFeedbackRules.check(period, now: request.now)
            try period.requireRelation(unit.id, station.id, in: db)
            return .json(try insert(draft, period, by: request.account(), in: db), status: .created)
        },
        .read(
            .get, "/api/v1/unit-feedback", "listUnitFeedback", access: .staff(.managePartyUnits),
            query: Page.parameters + ["stationId"]
        ) { request, db in
            let page = try Page(request)
            let view = UnitFeedbackView.scope(
                try request.signedIn().scope(of: .managePartyUnits), station: try request.reference("stationId"))
            return page.response(try list(view, page, in: db), for: request) { Cursor($0.id.rawValue) }
        },
        .read(
            .get, "/api/v1/party-units/{id}/feedback", "listFeedbackToUnit", access: .account,
            query: Page.parameters
        ) { request, db in
            let unit = try PartyUnit.represented(request, in: db)
            let page = try Page(request)
            return page.response(try list(.unit(unit.id), page, in: db), for: request) { Cursor($0.id.rawValue) }
        },
    ]
}

extension UnitEvaluation {
    static let routes: [Route] = [
        .write(.post, "/api/v1/unit-evaluations", "makeUnitEvaluation", access: .account, body: Draft.self) {
            request, draft, db in
            let station = try Station.community(draft.stationId, pointer: "/stationId", in: db)
            let unit = try PartyUnit.require(draft.unitId, pointer: "/unitId", in: db)
            try draft.side.require(request, unit: unit.id, station: station.id, in: db)
            try UnitFeedbackRules.check(year: draft.year, today: request.now.day)
            guard let period = CalendarPeriod(year: draft.year) else { throw Problem(.invalid) }
            try period.requireRelation(unit.id, station.id, in: db)
            return .json(try insert(draft, by: request.account(), in: db), status: .created)
        },
        .read(
            .get, "/api/v1/unit-evaluations", "listUnitEvaluations", access: .staff(.managePartyUnits),
            query: Page.parameters + ["stationId"]
        ) { request, db in
            let page = try Page(request)
            let view = UnitFeedbackView.scope(
                try request.signedIn().scope(of: .managePartyUnits), station: try request.reference("stationId"))
            return page.response(try list(view, page, in: db), for: request) { Cursor($0.id.rawValue) }
        },
        .read(
            .get, "/api/v1/party-units/{id}/evaluations", "listEvaluationsOfUnit", access: .account,
            query: Page.parameters
        ) { request, db in
            let unit = try PartyUnit.represented(request, in: db)
            let page = try Page(request)
            return page.response(try list(.unit(unit.id), page, in: db), for: request) { Cursor($0.id.rawValue) }
        },
    ]
}

extension CalendarPeriod {
    /// - Throws: 409 when unit and community had nothing to do with each other in the period.
    fileprivate func requireRelation(
        _ unit: ID<PartyUnit>, _ station: ID<Station>, in db: Database
    ) throws {
        guard try UnitRelation.exists(unit, station, from: start, until: end, in: db) else {
            throw Problem(.noRelation)
        }
    }
}
