import HTTP
import SQLite

extension VolunteerParticulars {
    package static let routes: [Route] = [
        .read(.get, "/api/v1/me/volunteer/particulars", "getMyParticulars", access: .volunteer) { request, db in
            .json(try find(of: request.volunteer(), in: db))
        },
        .write(
            .put, "/api/v1/me/volunteer/particulars", "setMyParticulars", access: .volunteer,
            body: VolunteerParticulars.self
        ) { request, particulars, db in
            try particulars.save(of: request.volunteer(), in: db)
            return .json(particulars)
        },
    ]
}
