import HTTP
import SQLite

/// A guardian keeps the child's profile as its own.
extension Profile {
    package static let childRoutes: [Route] = [
        .read(.get, "/api/v1/me/children/{id}/profile", "getChildProfile", access: .account) { request, db in
            let profile = try find(Guardianship.child(request, in: db).id, in: db)
            return .json(profile, version: profile.version)
        },
        .write(.put, "/api/v1/me/children/{id}/profile", "updateChildProfile", access: .account, body: Edit.self) {
            request, edit, db in
            let child = try Guardianship.child(request, in: db).id
            try request.requireVersion(find(child, in: db).version)
            let profile = try update(edit, of: child, in: db)
            return .json(profile, version: profile.version)
        },
    ]
}
