import HTTP
import SQLite

extension Grid {
    package static let routes: [Route] = [
        .read(.get, "/api/v1/grids", "listGrids", access: .anyone, query: Page.parameters + ["stationId", "kind"]) {
            request, db in
            let page = try Page(request)
            let rows = try list(
                of: request.reference("stationId"), kind: request.choice("kind", Kind.self), page, in: db)
            return page.response(rows, for: request) { Cursor($0.id.rawValue) }
        },
        .read(.get, "/api/v1/grids/{id}", "getGrid", access: .anyone) { request, db in
            let grid = try find(request.id(), in: db).withWorkers(in: db)
            return .json(grid, version: grid.version)
        },
        .write(.post, "/api/v1/grids", "createGrid", access: .staff(.manageGrids), body: Draft.self) {
            request, draft, db in
            let path = try Station.path(of: draft.stationId, pointer: "/stationId", in: db)
            try request.require(.manageGrids, at: path)
            try requireCommunity(Station.find(draft.stationId, in: db), pointer: "/stationId")
            let grid = try insert(draft, in: db).withWorkers(in: db)
            return .json(grid, version: grid.version, status: .created)
                .located(at: "/api/v1/grids/\(grid.id.rawValue)")
        },
        .write(.put, "/api/v1/grids/{id}", "updateGrid", access: .staff(.manageGrids), body: Edit.self) {
            request, edit, db in
            let grid = try managed(request.id(), by: request, in: db)
            try request.requireVersion(grid.version)
            try grid.requireLiving()
            let changed = try grid.update(edit, in: db).withWorkers(in: db)
            return .json(changed, version: changed.version)
        },
        .write(
            .put, "/api/v1/grids/{id}/retirement", "retireGrid", access: .staff(.manageGrids), body: Retirement.self
        ) { request, body, db in
            let grid = try managed(request.id(), by: request, in: db)
            if grid.retiredAt != nil { return .json(try grid.withWorkers(in: db), version: grid.version) }
            try request.honourVersion(grid.version)
            let retired = try grid.retire(reason: body.reason, by: request.account(), in: db).withWorkers(in: db)
            return .json(retired, version: retired.version)
        },
    ]

    /// The grid, for staff who look after its part of the city.
    static func managed(_ id: ID<Grid>, by request: APIRequest, in db: Database) throws -> Grid {
        let grid = try find(id, in: db)
        try request.require(.manageGrids, at: Station.find(grid.stationId, in: db).treePath)
        return grid
    }
}

extension GridPlace {
    package static let routes: [Route] = [
        .read(
            .get, "/api/v1/grids/{id}/places", "listGridPlaces", access: .anyone, query: Page.parameters + ["kind"]
        ) { request, db in
            let page = try Page(request)
            let grid = try Grid.find(request.id(), in: db)
            return page.response(
                try list(of: grid.id, kind: request.choice("kind", Kind.self), page, in: db), for: request
            ) { Cursor($0.id.rawValue) }
        },
        .write(
            .post, "/api/v1/grids/{id}/places", "createGridPlace", access: .staff(.manageGrids), body: Draft.self
        ) { request, draft, db in
            let grid = try Grid.managed(request.id(), by: request, in: db)
            try grid.requireLiving()
            let place = try insert(draft, into: grid.id, in: db)
            return .json(place, version: place.version, status: .created)
                .located(at: "/api/v1/grid-places/\(place.id.rawValue)")
        },
        .read(.get, "/api/v1/grid-places/{id}", "getGridPlace", access: .anyone) { request, db in
            let place = try find(request.id(), in: db)
            return .json(place, version: place.version)
        },
        .write(
            .put, "/api/v1/grid-places/{id}", "updateGridPlace", access: .staff(.manageGrids), body: Draft.self
        ) { request, draft, db in
            let place = try managed(request, in: db)
            try request.requireVersion(place.version)
            let changed = try place.update(draft, in: db)
            return .json(changed, version: changed.version)
        },
        .write(.delete, "/api/v1/grid-places/{id}", "deleteGridPlace", access: .staff(.manageGrids)) {
            request, db in
            let place = try managed(request, in: db)
            try request.honourVersion(place.version)
            try place.remove(in: db)
            return .noContent
        },
    ]

    private static func managed(_ request: APIRequest, in db: Database) throws -> GridPlace {
        let place = try find(request.id(), in: db)
        _ = try Grid.managed(place.gridId, by: request, in: db)
        return place
    }
}

extension GridWorker {
    package static let routes: [Route] = [
        .read(
            .get, "/api/v1/grids/{id}/workers", "listGridWorkers", access: .staff(.manageGrids), query: Page.parameters
        ) { request, db in
            let page = try Page(request)
            let grid = try Grid.managed(request.id(), by: request, in: db)
            return page.response(try list(of: grid.id, page, in: db), for: request) { Cursor($0.id.rawValue) }
        },
        .write(
            .post, "/api/v1/grids/{id}/workers", "appointGridWorker", access: .staff(.manageGrids), body: Draft.self
        ) { request, draft, db in
            let grid = try Grid.managed(request.id(), by: request, in: db)
            try grid.requireLiving()
            if let volunteer = draft.volunteerId {
                try requireAdult(volunteer, today: request.now.day, in: db)
            }
            if let account = draft.accountId { try requireNamed(account, in: db) }
            if let id = draft.replacesId { try replace(id, in: grid.id, request, db) }
            return .json(try insert(draft, into: grid.id, by: request.account(), in: db), status: .created)
        },
        .write(
            .put, "/api/v1/grid-workers/{id}/ending", "endGridWorker", access: .staff(.manageGrids), body: Ending.self
        ) { request, body, db in
            let worker = try find(request.id(), in: db)
            _ = try Grid.managed(worker.gridId, by: request, in: db)
            if worker.until != nil { return .json(worker) }
            return .json(try worker.end(reason: body.reason, by: request.account(), in: db))
        },
    ]

    /// Anybody is shown whom to call about a grid, which no minor is for.
    /// - Throws: 422 for a volunteer who does not exist or is under 18.
    private static func requireAdult(_ volunteer: ID<Volunteer>, today: CivilDate, in db: Database) throws {
        try Volunteer.require(volunteer, pointer: "/volunteerId", in: db)
        guard try GuardianshipRules.isMinor(Volunteer.find(volunteer, in: db).birthDate, on: today) else { return }
        throw Problem(
            .invalid, faults: [.init("/volunteerId", Wording(zh: "网格员须年满 18 周岁", en: "must be eighteen or older"))])
    }

    /// Ends the one whose place is taken, before the next comes: a grid has one leader at any time.
    private static func replace(
        _ id: ID<GridWorker>, in grid: ID<Grid>, _ request: APIRequest, _ db: Transaction
    ) throws {
        guard let known = try present(of: grid, in: db).first(where: { $0.id == id }) else {
            throw Problem(
                .invalid,
                faults: [.init("/replacesId", Wording(zh: "不是该网格的在任网格员", en: "names no present worker of the grid"))])
        }
        _ = try known.end(reason: replaced, by: request.account(), in: db)
    }
}
