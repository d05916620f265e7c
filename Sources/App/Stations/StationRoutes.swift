import HTTP
import SQLite

extension Station {
    package static let routes: [Route] = [
        .read(
            .get, "/api/v1/stations", "listStations", access: .anyone,
            query: Page.parameters + ["parentId", "kind", "q", "near", "radiusMetres", "updatedSince"]
        ) { request, db in
            if let place = try request.near() {
                try request.refuse(["parentId", "q", "updatedSince", "cursor"], beside: "near")
                let radius = try request.integer("radiusMetres", 1...100_000).map(Double.init)
                let page = try Page(request)
                let found = try nearest(
                    to: place, radius: radius,
                    kinds: try request.choice("kind", Kind.self).map { [$0] } ?? Kind.allCases,
                    limit: page.limit, in: db)
                return .json(ItemList(items: found, next: nil))
            }
            try request.refuse(["radiusMetres"], without: "near")
            let page = try Page(request)
            let filter = Filter(
                parent: try request.reference("parentId"), kind: try request.choice("kind", Kind.self),
                words: try request.words(), updatedSince: try request.time("updatedSince"))
            return page.response(try list(filter, page, in: db), for: request) { station in
                filter.updatedSince == nil
                    ? Cursor(station.id.rawValue) : Cursor(station.updatedAt.seconds, station.id.rawValue)
            }
        },
        .read(.get, "/api/v1/stations/{id}", "getStation", access: .anyone) { request, db in
            let station = try find(request.id(), in: db)
            return .json(station, version: station.version)
        },
        .write(.post, "/api/v1/stations", "createStation", access: .staff(.manageStations), body: Draft.self) {
            request, draft, db in
            let path = try Station.path(of: draft.parentId, pointer: "/parentId", in: db)
            try request.require(.manageStations, at: path)
            let parent = try find(draft.parentId, in: db)
            guard draft.kind.mayStand(under: parent.kind) else {
                throw Problem(
                    .invalid, faults: [.init("/kind", Wording(zh: "不能设在该上级之下", en: "may not stand under this parent"))])
            }
            let station = try insert(draft, under: parent, in: db)
            return .json(station, version: station.version, status: .created)
                .located(at: "/api/v1/stations/\(station.id.rawValue)")
        },
        .write(.put, "/api/v1/stations/{id}", "updateStation", access: .staff(.manageStations), body: Edit.self) {
            request, edit, db in
            let station = try find(request.id(), in: db)
            try request.require(.manageStations, at: station.treePath)
            try request.requireVersion(station.version)
            let changed = try station.update(edit, in: db)
            return .json(changed, version: changed.version)
        },
    ]
}
