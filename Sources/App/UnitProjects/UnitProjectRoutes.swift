import HTTP
import SQLite

extension UnitProject {
    package static let routes: [Route] = CommunityNeed.routes + UnitResource.routes + projectRoutes

    private static let projectRoutes: [Route] = [
        .write(.post, "/api/v1/unit-projects", "proposeUnitProject", access: .account, body: Draft.self) {
            request, draft, db in
            let (need, resource) = try joined(draft, in: db)
            try draft.side.require(request, unit: resource.unitId, station: need.stationId, in: db)
            try requireOpen(need, resource, in: db)
            let project = try insert(draft, need, resource, by: request.account(), in: db)
            return .json(project, status: .created).located(at: "/api/v1/unit-projects/\(project.id.rawValue)")
        },
        .read(
            .get, "/api/v1/unit-projects", "listUnitProjects", access: .staff(.managePartyUnits),
            query: Page.parameters + ["stationId", "state"]
        ) { request, db in
            let page = try Page(request)
            let rows = try list(
                scope: request.signedIn().scope(of: .managePartyUnits), station: request.reference("stationId"),
                state: request.choice("state", State.self), page, in: db)
            return page.response(rows, for: request) { Cursor($0.id.rawValue) }
        },
        .read(
            .get, "/api/v1/party-units/{id}/projects", "listProjectsOfUnit", access: .account,
            query: Page.parameters + ["state"]
        ) { request, db in
            let unit = try PartyUnit.represented(request, in: db)
            let page = try Page(request)
            let rows = try list(of: unit.id, state: request.choice("state", State.self), page, in: db)
            return page.response(rows, for: request) { Cursor($0.id.rawValue) }
        },
        .read(.get, "/api/v1/unit-projects/{id}", "getUnitProject", access: .account) { request, db in
            .json(try concerned(request, in: db).withMoves(in: db))
        },
        .write(.put, "/api/v1/unit-projects/{id}/agreement", "agreeUnitProject", access: .account) { request, db in
            let project = try concerned(request, in: db)
            try project.proposedBy.other.require(
                request, unit: project.unitId, station: project.stationId, in: db)
            if project.state == .agreed { return .json(try project.withMoves(in: db)) }
            if project.state == .proposed {
                try requireOpen(
                    CommunityNeed.find(project.needId, in: db), UnitResource.find(project.resourceId, in: db), in: db)
            }
            return .json(try project.move(.agree, by: request.account(), in: db))
        },
        .write(.put, "/api/v1/unit-projects/{id}/start", "startUnitProject", access: .account) { request, db in
            let project = try concerned(request, in: db)
            if project.state == .running { return .json(try project.withMoves(in: db)) }
            return .json(try project.move(.start, by: request.account(), in: db))
        },
        .write(
            .put, "/api/v1/unit-projects/{id}/completion", "completeUnitProject", access: .account,
            body: Completion.self
        ) { request, body, db in
            let project = try concerned(request, in: db)
            try UnitSide.community.require(request, unit: project.unitId, station: project.stationId, in: db)
            if project.state == .done { return .json(try project.withMoves(in: db)) }
            let done = try project.move(.complete, by: request.account(), report: body.report, in: db)
            try CommunityNeed.markMet(project.needId, in: db)
            return .json(done)
        },
        .write(
            .put, "/api/v1/unit-projects/{id}/drop", "dropUnitProject", access: .account,
            body: DemandTicket.Reason.self
        ) { request, body, db in
            let project = try concerned(request, in: db)
            if project.state == .dropped { return .json(try project.withMoves(in: db)) }
            return .json(try project.move(.drop, by: request.account(), reason: body.reason, in: db))
        },
    ]

    /// The project a path names, for either side; for others as good as none.
    private static func concerned(_ request: APIRequest, in db: Database) throws -> UnitProject {
        let project = try find(request.id(), in: db)
        let sides = try UnitSide.sides(
            of: request, unit: project.unitId, station: project.stationId, in: db)
        guard !sides.isEmpty else { throw Problem(.notFound) }
        return project
    }

    /// - Throws: 422 naming what the draft's ids do not lead to.
    private static func joined(_ draft: Draft, in db: Database) throws -> (CommunityNeed, UnitResource) {
        var faults = Faults()
        let need = try CommunityNeed.lookUp(draft.needId, in: db)
        let resource = try UnitResource.lookUp(draft.resourceId, in: db)
        if need == nil { faults.add("/needId", "没有这项需求", "names no need") }
        if resource == nil { faults.add("/resourceId", "没有这项资源", "names no resource") }
        try faults.check()
        guard let need, let resource else { throw Problem(.invalid) }
        return (need, resource)
    }

    /// - Throws: 409 without an active bond, or with the state of what is not to be had any more.
    private static func requireOpen(_ need: CommunityNeed, _ resource: UnitResource, in db: Database) throws {
        guard try UnitBond.isActive(resource.unitId, need.stationId, in: db) else { throw Problem(.noBond) }
        guard need.state == .open else { throw Problem(.conflict, state: need.state.rawValue) }
        guard resource.state == .offered else { throw Problem(.conflict, state: resource.state.rawValue) }
    }
}
