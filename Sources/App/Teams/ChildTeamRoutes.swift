import HTTP
import SQLite

/// A guardian asks teams for the child, and lets it leave them, by the rules for oneself.
extension TeamMember {
    package static let childRoutes: [Route] = [
        .read(.get, "/api/v1/me/children/{id}/teams", "listChildTeams", access: .account) { request, db in
            .json(ItemList(items: try own(Guardianship.child(request, in: db).id, in: db), next: nil))
        },
        .write(.delete, "/api/v1/me/children/{id}/teams/{teamId}", "takeChildFromTeam", access: .account) {
            request, db in
            try leave(Guardianship.child(request, in: db).id, request.id("teamId"), request, in: db)
        },
        .write(
            .post, "/api/v1/me/children/{id}/join-requests", "requestTeamForChild", access: .account,
            body: TeamJoinRequest.ChildDraft.self
        ) { request, draft, db in
            let child = try Guardianship.child(request, in: db).id
            let wish = try TeamJoinRequest.make(draft.wish, child, to: draft.teamId, request, in: db)
            return .json(wish, status: .created)
                .located(at: "/api/v1/me/children/\(child.rawValue)/join-requests")
        },
        .read(
            .get, "/api/v1/me/children/{id}/join-requests", "listChildJoinRequests", access: .account,
            query: Page.parameters + ["state"]
        ) { request, db in
            try TeamJoinRequest.page(.volunteer(Guardianship.child(request, in: db).id), request, in: db)
        },
        .write(
            .put, "/api/v1/me/children/{id}/join-requests/{requestId}/cancellation", "cancelChildJoinRequest",
            access: .account
        ) { request, db in
            let child = try Guardianship.child(request, in: db).id
            return .json(try TeamJoinRequest.cancel(request.id("requestId"), of: child, request, in: db))
        },
    ]
}

extension TeamJoinRequest {
    package struct ChildDraft: RequestBody {
        package var teamId: ID<Team>
        package var note: String?
        package var fromTeamId: ID<Team>?

        var wish: Draft { Draft(note: note, fromTeamId: fromTeamId) }

        package func check(_ faults: inout Faults) { wish.check(&faults) }
    }
}
