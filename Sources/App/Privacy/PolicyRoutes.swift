import HTTP
import SQLite

extension Policy {
    package static let routes: [Route] = [
        .read(.get, "/api/v1/policies", "listPolicies", access: .anyone) { request, db in
            .json(ItemList(items: try list(now: request.now, request.language, in: db), next: nil))
        },
        .read(.get, "/api/v1/policies/{kind}", "getPolicy", access: .anyone) { request, db in
            guard let policy = try current(kind(request), now: request.now, in: db) else { throw Problem(.notFound) }
            return .json(policy.view(request.language), version: Int64(policy.version))
        },
        .read(.get, "/api/v1/policies/{kind}/versions/{version}", "getPolicyVersion", access: .anyone) { request, db in
            let version: ID<Policy> = try request.id("version")
            guard let policy = try find(kind(request), version: Int(version.rawValue), in: db) else {
                throw Problem(.notFound)
            }
            return .json(policy.view(request.language), version: Int64(policy.version))
        },
        .write(
            .post, "/api/v1/policies/{kind}/versions", "publishPolicy", access: .staff(.managePolicies),
            body: Draft.self, limit: bodyMax
        ) { request, draft, db in
            // A policy binds the whole city.
            try request.require(.managePolicies, at: .root)
            let policy = try insert(draft, kind(request), by: request.account(), in: db)
            return .json(policy.view(request.language), version: Int64(policy.version), status: .created)
                .located(at: "/api/v1/policies/\(policy.kind.rawValue)/versions/\(policy.version)")
        },
    ]

    private static func kind(_ request: APIRequest) throws(Problem) -> Kind {
        guard let kind = request.pathValue("kind").flatMap(Kind.init(rawValue:)) else { throw Problem(.notFound) }
        return kind
    }
}
