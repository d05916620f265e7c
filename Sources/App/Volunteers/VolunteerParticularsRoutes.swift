import HTTP
import SQLite

extension VolunteerParticulars {
    package static let routes: [Route] = [
        .read(.get, "/api/v1/me/volunteer/particulars", "getMyParticulars", access: .volunteer) { request, db in
            let particulars = try find(of: request.volunteer(), in: db)
            return .json(particulars, version: particulars.version)
        },
        .write(
            .put, "/api/v1/me/volunteer/particulars", "setMyParticulars", access: .volunteer,
            body: VolunteerParticulars.self
        ) { request, particulars, db in
            let volunteer = try request.volunteer()
            try request.requireVersion(find(of: volunteer, in: db).version)
            try particulars.save(of: volunteer, in: db)
            return .json(particulars, version: particulars.version)
        },
    ]
}
