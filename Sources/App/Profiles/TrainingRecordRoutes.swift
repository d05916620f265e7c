import HTTP
import SQLite

extension TrainingRecord {
    package static let routes: [Route] = [
        .write(
            .post, "/api/v1/training-records", "recordTraining", access: .staff(.recordTraining), body: Draft.self
        ) { request, draft, db in
            try request.require(.recordTraining, at: Station.path(of: draft.stationId, pointer: "/stationId", in: db))
            guard draft.date <= request.now.day else {
                throw Problem(
                    .invalid, faults: [.init("/date", Wording(zh: "不能晚于今天", en: "must not be in the future"))])
            }
            return .json(ItemList(items: try insert(draft, request, in: db), next: nil))
        },
        .read(
            .get, "/api/v1/me/training-records", "listMyTrainingRecords", access: .volunteer, query: Page.parameters
        ) { request, db in
            try answer(request, of: request.volunteer(), in: db)
        },
        .read(
            .get, "/api/v1/volunteers/{id}/training-records", "listTrainingRecords", access: .staff(.readVolunteers),
            query: Page.parameters
        ) { request, db in
            try answer(request, of: Volunteer.reached(request, .readVolunteers, in: db).id, in: db)
        },
        .write(
            .put, "/api/v1/training-records/{id}/withdrawal", "withdrawTrainingRecord",
            access: .staff(.recordTraining), body: DemandTicket.Reason.self
        ) { request, body, db in
            let record = try find(request.id(), in: db)
            try request.require(.recordTraining, at: Station.find(record.stationId, in: db).treePath)
            if record.withdrawnAt != nil { return .json(record) }
            try request.refuseOwn(record.volunteerId, in: db)
            return .json(try record.withdraw(reason: body.reason, by: request.account(), in: db))
        },
    ]

    private static func answer(
        _ request: APIRequest, of volunteer: ID<Volunteer>, in db: Database
    ) throws -> Response {
        let page = try Page(request)
        let rows = try list(of: volunteer, before: page.after?.first ?? .max, limit: page.limit + 1, in: db)
        return page.response(rows, for: request) { Cursor($0.id.rawValue) }
    }
}
