import HTTP
import SQLite

extension CommunityPost {
    package static let routes: [Route] = postRoutes + PostClaim.routes + PostService.routes

    private static let postRoutes: [Route] = [
        .write(
            .post, "/api/v1/community-posts", "createCommunityPost", access: .staff(.managePartyUnits),
            body: Draft.self
        ) { request, draft, db in
            let station = try Station.community(draft.stationId, pointer: "/stationId", in: db)
            try request.require(.managePartyUnits, at: station.treePath)
            var faults = Faults()
            draft.edit.checkTerm(today: request.now.day, &faults)
            try faults.check()
            let post = try insert(draft, by: request.account(), in: db)
            return .json(post, version: post.version, status: .created)
                .located(at: "/api/v1/community-posts/\(post.id.rawValue)")
        },
        .read(
            .get, "/api/v1/community-posts", "listCommunityPosts", access: .staff(.managePartyUnits),
            query: Page.parameters + ["stationId", "state"]
        ) { request, db in
            let page = try Page(request)
            let rows = try list(
                scope: request.signedIn().scope(of: .managePartyUnits), station: request.reference("stationId"),
                state: request.choice("state", State.self), page, in: db)
            return page.response(rows, for: request) { Cursor($0.id.rawValue) }
        },
        .read(
            .get, "/api/v1/me/community-posts", "listMyCommunityPosts", access: .volunteer, query: Page.parameters
        ) { request, db in
            let page = try Page(request)
            guard let checkIn = try MemberCheckIn.accepted(of: request.volunteer(), in: db) else {
                return .json(ItemList<CommunityPost>(items: [], next: nil))
            }
            let rows = try offered(at: checkIn.stationId, today: request.now.day, page, in: db)
            return page.response(rows, for: request) { Cursor($0.id.rawValue) }
        },
        .read(.get, "/api/v1/community-posts/{id}", "getCommunityPost", access: .account) { request, db in
            let post = try find(request.id(), in: db)
            guard try post.isVisible(to: request, in: db) else { throw Problem(.notFound) }
            return .json(post, version: post.version)
        },
        .write(
            .put, "/api/v1/community-posts/{id}", "updateCommunityPost", access: .staff(.managePartyUnits),
            body: Edit.self
        ) { request, edit, db in
            let post = try managed(request, .managePartyUnits, in: db)
            try request.requireVersion(post.version)
            try post.check(edit, today: request.now.day)
            let changed = try post.update(edit, in: db)
            return .json(changed, version: changed.version)
        },
        .write(
            .put, "/api/v1/community-posts/{id}/closure", "closeCommunityPost", access: .staff(.managePartyUnits),
            body: DemandTicket.Reason.self
        ) { request, body, db in
            let post = try managed(request, .managePartyUnits, in: db)
            if post.state != .open { return .json(post, version: post.version) }
            try request.honourVersion(post.version)
            try close(post.id, reason: body.reason, in: db)
            let closed = try find(post.id, in: db)
            return .json(closed, version: closed.version)
        },
    ]

    private func isVisible(to request: APIRequest, in db: Database) throws -> Bool {
        let caller = try request.signedIn()
        if caller.holds(.managePartyUnits, along: try Station.find(stationId, in: db).treePath) { return true }
        guard let volunteer = caller.volunteer else { return false }
        return try MemberCheckIn.accepted(of: volunteer, in: db)?.stationId == stationId
    }

    fileprivate static func managed(
        _ request: APIRequest, _ permission: Permission, in db: Database
    ) throws -> CommunityPost {
        let post = try find(request.id(), in: db)
        try request.require(permission, at: Station.find(post.stationId, in: db).treePath)
        return post
    }
}

extension PostClaim {
    static let routes: [Route] = [
        .write(.put, "/api/v1/community-posts/{id}/claim", "claimCommunityPost", access: .volunteer) { request, db in
            let volunteer = try request.volunteer()
            let post = try CommunityPost.find(request.id(), in: db)
            guard let checkIn = try MemberCheckIn.accepted(of: volunteer, in: db),
                checkIn.stationId == post.stationId
            else { throw Problem(.notFound) }
            let reasons = post.refusals(
                hasClaimed: try live(on: post.id, volunteer, in: db) != nil,
                liveClaims: try liveCount(of: volunteer, in: db),
                formerClaims: try resignations(of: post.id, volunteer, in: db), today: request.now.day)
            guard reasons.isEmpty else {
                throw Problem(.claimRefused, state: post.state.rawValue, reasons: reasons.map(\.rawValue))
            }
            return .json(try insert(on: post, volunteer, of: checkIn.unitId, in: db))
        },
        .read(.get, "/api/v1/me/post-claims", "listMyPostClaims", access: .volunteer, query: Page.parameters) {
            request, db in
            let page = try Page(request)
            return page.response(try list(of: request.volunteer(), page, in: db), for: request) {
                Cursor($0.id.rawValue)
            }
        },
        .read(
            .get, "/api/v1/community-posts/{id}/claims", "listPostClaims", access: .staff(.handlePartyMembers),
            query: Page.parameters
        ) { request, db in
            let post = try CommunityPost.managed(request, .handlePartyMembers, in: db)
            let page = try Page(request)
            return page.response(try list(on: post.id, page, in: db), for: request) { Cursor($0.id.rawValue) }
        },
        .write(
            .put, "/api/v1/post-claims/{id}/resignation", "resignPostClaim", access: .volunteer,
            body: DemandTicket.Reason.self
        ) { request, body, db in
            let claim = try own(request, in: db)
            if claim.state == .resigned { return .json(claim) }
            guard claim.state == .claimed else { throw Problem(.conflict, state: claim.state.rawValue) }
            return .json(try claim.resign(reason: body.reason, in: db))
        },
    ]

    /// The claim a path names, for whoever holds it; for others as good as none.
    fileprivate static func own(_ request: APIRequest, in db: Database) throws -> PostClaim {
        let claim = try find(request.id(), in: db)
        guard claim.volunteerId == (try request.volunteer()) else { throw Problem(.notFound) }
        return claim
    }

    /// - Throws: 403 where the caller decided about themselves. Whose a claim was is forgotten with the membership.
    fileprivate func refuseOwn(_ request: APIRequest, in db: Database) throws {
        if let volunteerId { try request.refuseOwn(volunteerId, in: db) }
    }
}

extension PostService {
    static let routes: [Route] = [
        .write(
            .put, "/api/v1/post-claims/{id}/services/{day}", "reportPostService", access: .volunteer,
            body: Report.self
        ) { request, body, db in
            let claim = try PostClaim.own(request, in: db)
            guard let day = request.pathValue("day").flatMap({ CivilDate($0) }) else { throw Problem(.notFound) }
            try claim.checkService(on: day, today: request.now.day)
            return .json(try report(body, on: day, for: claim.id, in: db))
        },
        .read(
            .get, "/api/v1/post-claims/{id}/services", "listPostServices", access: .account, query: Page.parameters
        ) { request, db in
            let claim = try PostClaim.find(request.id(), in: db)
            let caller = try request.signedIn()
            let isOwn = claim.volunteerId != nil && claim.volunteerId == caller.volunteer
            let path = try Station.find(claim.stationId, in: db).treePath
            guard isOwn || caller.holds(.handlePartyMembers, along: path) else { throw Problem(.notFound) }
            let page = try Page(request)
            return page.response(try list(of: claim.id, page, in: db), for: request) { Cursor($0.id.rawValue) }
        },
        .write(
            .put, "/api/v1/post-services/{id}/confirmation", "confirmPostService",
            access: .staff(.handlePartyMembers)
        ) { request, db in
            let (service, claim) = try managed(request, in: db)
            if service.state == .confirmed { return .json(service) }
            try claim.refuseOwn(request, in: db)
            return .json(try service.decide(.confirmed, reason: nil, by: request.account(), in: db))
        },
        .write(
            .put, "/api/v1/post-services/{id}/refusal", "refusePostService", access: .staff(.handlePartyMembers),
            body: DemandTicket.Reason.self
        ) { request, body, db in
            let (service, claim) = try managed(request, in: db)
            if service.state == .refused { return .json(service) }
            try claim.refuseOwn(request, in: db)
            return .json(try service.decide(.refused, reason: body.reason, by: request.account(), in: db))
        },
    ]

    private static func managed(_ request: APIRequest, in db: Database) throws -> (PostService, PostClaim) {
        let service = try find(request.id(), in: db)
        let claim = try PostClaim.find(service.claimId, in: db)
        try request.require(.handlePartyMembers, at: Station.find(claim.stationId, in: db).treePath)
        return (service, claim)
    }
}
