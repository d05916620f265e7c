import HTTP
import SQLite

/// What load balancers and operators ask: alive, ready, how much, and the contract itself.
package enum Health {
    package static let routes: [Route] = [
        .read(.get, "/healthz", "getHealth", access: .anyone, rate: .unlimited) { _, _ in alive },
        .read(.get, "/readyz", "getReadiness", access: .anyone, rate: .unlimited) { request, db in
            let readiness = try Readiness.measure(request, in: db)
            if readiness.isReady { return .json(readiness) }
            var response = Response.json(readiness, status: .serviceUnavailable)
            response.set(.retryAfter, "5")
            return response
        },
        .read(.get, "/metrics", "getMetrics", access: .anyone, rate: .unlimited) { request, _ in
            Response(
                .ok, fields: [(.contentType, "text/plain; version=0.0.4; charset=utf-8")],
                body: .bytes(Array(MetricsPage.text(request.services.metrics).utf8)))
        },
        .read(.get, "/openapi.yaml", "getContract", access: .anyone, rate: .unlimited) { request, _ in
            try contract(request.services.configuration.openAPI)
        },
    ]

    private static let alive = Response(
        .ok, fields: [(.contentType, "application/json; charset=utf-8")],
        body: .bytes(Array(#"{"status":"alive"}"#.utf8)))

    private static func contract(_ path: String) throws(Problem) -> Response {
        guard let size = FileSystem.size(of: path) else { throw Problem(.notFound) }
        return Response(
            .ok, fields: [(.contentType, "application/yaml; charset=utf-8")],
            body: .file(FileSlice(path: path, range: 0..<size)))
    }
}
