import HTTP
import SQLite

extension StarAward {
    package static let routes: [Route] = [
        .read(.get, "/api/v1/me/star-level", "getMyStarLevel", access: .volunteer) { request, db in
            .json(try standing(of: request.volunteer(), request.services.configuration, in: db))
        },
        .read(.get, "/api/v1/volunteers/{id}/star-level", "getStarLevel", access: .staff(.readVolunteers)) {
            request, db in
            let volunteer = try Volunteer.reached(request, .readVolunteers, in: db).id
            return .json(try standing(of: volunteer, request.services.configuration, in: db))
        },
        .write(
            .put, "/api/v1/star-awards/{id}/revocation", "revokeStarAward", access: .staff(.confirmService),
            body: DemandTicket.Reason.self
        ) { request, body, db in
            let award = try find(request.id(), in: db)
            try request.require(.confirmService, at: Station.find(award.stationId, in: db).treePath)
            let volunteer = try Volunteer.kept(award.volunteerId, in: db)
            if award.revokedAt == nil {
                try request.refuseOwn(volunteer, in: db)
                try award.checkRevocation(minutes: ServiceRecord.minutes(of: volunteer, in: db))
                try revoke(from: award.level, of: volunteer, reason: body.reason, by: request.account(), in: db)
            }
            return .json(try standing(of: volunteer, request.services.configuration, in: db))
        },
    ]
}

extension StarApplication {
    package static let routes: [Route] = [
        .write(.post, "/api/v1/me/star-applications", "applyForStar", access: .volunteer, body: Draft.self) {
            request, draft, db in
            _ = try Station.path(of: draft.stationId, pointer: "/stationId", in: db)
            let volunteer = try request.volunteer()
            let configuration = request.services.configuration
            let level = try level(
                after: StarAward.level(of: volunteer, in: db), minutes: ServiceRecord.minutes(of: volunteer, in: db),
                thresholds: configuration.starMinutes, manner: configuration.starAwards)
            return .json(try insert(level, of: volunteer, at: draft.stationId, in: db), status: .created)
        },
        .read(
            .get, "/api/v1/star-applications", "listStarApplications", access: .staff(.confirmService),
            query: Page.parameters + ["state"]
        ) { request, db in
            let page = try Page(request)
            let rows = try list(
                within: request.signedIn().scope(of: .confirmService),
                state: request.choice("state", State.self) ?? .submitted, page, in: db)
            return page.response(rows, for: request) { Cursor($0.application.id.rawValue) }
        },
        .write(
            .put, "/api/v1/star-applications/{id}/approval", "approveStarApplication", access: .staff(.confirmService)
        ) { request, db in
            let application = try managed(request, in: db)
            if application.state == .approved { return .json(application) }
            try application.requireSubmitted(request, in: db)
            try application.award(request, in: db)
            return .json(try application.decide(reason: nil, by: request.account(), in: db))
        },
        .write(
            .put, "/api/v1/star-applications/{id}/refusal", "refuseStarApplication", access: .staff(.confirmService),
            body: DemandTicket.Reason.self
        ) { request, body, db in
            let application = try managed(request, in: db)
            if application.state == .refused { return .json(application) }
            try application.requireSubmitted(request, in: db)
            return .json(try application.decide(reason: body.reason, by: request.account(), in: db))
        },
    ]

    private func requireSubmitted(_ request: APIRequest, in db: Database) throws {
        try request.refuseOwn(volunteerId, in: db)
        guard state == .submitted else { throw Problem(.conflict, state: state.rawValue) }
    }

    /// Judges anew, for records may have been corrected since. A star that came by itself meanwhile is not given twice.
    private func award(_ request: APIRequest, in db: Transaction) throws {
        let thresholds = request.services.configuration.starMinutes
        let volunteer = try Volunteer.kept(volunteerId, in: db)
        let present = try StarAward.level(of: volunteer, in: db)
        if present >= level { return }
        let minutes = try ServiceRecord.minutes(of: volunteer, in: db)
        let earned = try StarApplication.level(
            after: present, minutes: minutes, thresholds: thresholds, manner: .application)
        guard earned == level else {
            throw Problem(.conflict, detail: Wording(zh: "须按星级顺序授予", en: "Stars are awarded in order"))
        }
        try StarAward.insert(
            level, to: volunteer, at: stationId, minutes: minutes, threshold: thresholds[level - 1], .application,
            by: request.account(), in: db)
    }

    private static func managed(_ request: APIRequest, in db: Database) throws -> StarApplication {
        let application = try find(request.id(), in: db)
        try request.require(.confirmService, at: Station.find(application.stationId, in: db).treePath)
        return application
    }
}
