import HTTP
import SQLite

extension ChatGroup {
    package static let routes: [Route] = [
        .read(
            .get, "/api/v1/stations/{id}/chat-groups", "listPublicChatGroups", access: .anyone, query: Page.parameters
        ) { request, db in
            let page = try Page(request)
            let station = try Station.find(request.id(), in: db)
            return page.response(try published(at: station.id, page, in: db).map(\.publicView), for: request) {
                Cursor($0.id.rawValue)
            }
        },
        .read(
            .get, "/api/v1/chat-groups", "listChatGroups", access: .staff(.manageGrids),
            query: Page.parameters + ["stationId", "kind", "state", "q"]
        ) { request, db in
            let page = try Page(request)
            let filter = Filter(
                scope: try request.signedIn().scope(of: .manageGrids), station: try request.reference("stationId"),
                kind: try request.choice("kind", Kind.self), state: try request.choice("state", State.self),
                words: try request.words())
            return page.response(try list(filter, page, in: db), for: request) { Cursor($0.id.rawValue) }
        },
        .read(.get, "/api/v1/chat-groups/{id}", "getChatGroup", access: .staff(.manageGrids)) { request, db in
            let group = try managed(request, in: db)
            return .json(try group.withCounts(in: db), version: group.version)
        },
        .write(.post, "/api/v1/chat-groups", "createChatGroup", access: .staff(.manageGrids), body: Draft.self) {
            request, draft, db in
            let path = try Station.path(of: draft.stationId, pointer: "/stationId", in: db)
            try request.require(.manageGrids, at: path)
            try Grid.requireCommunity(Station.find(draft.stationId, in: db), pointer: "/stationId")
            if let grid = draft.gridId { try Grid.require(grid, of: draft.stationId, pointer: "/gridId", in: db) }
            let group = try insert(draft, sourceCode: newSourceCode(), in: db)
            return .json(group, version: group.version, status: .created)
                .located(at: "/api/v1/chat-groups/\(group.id.rawValue)")
        },
        .write(.put, "/api/v1/chat-groups/{id}", "updateChatGroup", access: .staff(.manageGrids), body: Edit.self) {
            request, edit, db in
            let group = try managed(request, in: db)
            try request.requireVersion(group.version)
            try group.requireActive()
            if let grid = edit.gridId, grid != group.gridId {
                try Grid.require(grid, of: group.stationId, pointer: "/gridId", in: db)
            }
            let changed = try group.update(edit, in: db)
            return .json(changed, version: changed.version)
        },
        .write(
            .put, "/api/v1/chat-groups/{id}/dissolution", "dissolveChatGroup", access: .staff(.manageGrids),
            body: Dissolution.self
        ) { request, body, db in
            let group = try managed(request, in: db)
            if group.state == .dissolved { return .json(group, version: group.version) }
            try request.honourVersion(group.version)
            let dissolved = try group.dissolve(reason: body.reason, in: db)
            return .json(dissolved, version: dissolved.version)
        },
        .write(
            .put, "/api/v1/chat-group-member-counts", "updateChatGroupMemberCounts", access: .staff(.manageGrids),
            body: MemberCounts.self
        ) { request, body, db in
            try checkCountedAt(body.countedAt, now: request.now)
            try requireManaged(body.items.map(\.id), by: request, in: db)
            var taken = CountsTaken(updated: 0, older: 0)
            for item in body.items {
                if try count(item.id, members: item.memberCount, at: body.countedAt, in: db) {
                    taken.updated += 1
                } else {
                    taken.older += 1
                }
            }
            return .json(taken)
        },
    ]

    private static func managed(_ request: APIRequest, in db: Database) throws -> ChatGroup {
        let group = try find(request.id(), in: db)
        try request.require(.manageGrids, at: Station.find(group.stationId, in: db).treePath)
        return group
    }

    /// All or none: a list with a foreign group in it was put together wrongly.
    /// - Throws: 422 naming every one that does not exist or lies elsewhere.
    private static func requireManaged(_ ids: [ID<ChatGroup>], by request: APIRequest, in db: Database) throws {
        let paths = try paths(of: ids, in: db)
        let caller = try request.signedIn()
        var faults = Faults()
        for (index, id) in ids.enumerated() {
            guard let path = paths[id], caller.holds(.manageGrids, along: path) else {
                faults.add("/items/\(index)/id", "不是您管理范围内的微信群", "names no chat group of yours")
                continue
            }
        }
        try faults.check()
    }
}
