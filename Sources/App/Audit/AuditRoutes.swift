import HTTP
import SQLite

extension AuditEntry {
    private static let filters = ["accountId", "operation", "subject", "outcome", "from", "to"]

    package static let routes: [Route] = [
        .read(
            .get, "/api/v1/audit-entries", "listAuditEntries", access: .staff(.readAudit),
            query: Page.parameters + filters
        ) { request, db in
            // A row belongs to no station: only whoever audits the whole city reads any.
            try request.require(.readAudit, at: .root)
            let page = try Page(request)
            let filter = Filter(
                account: try request.reference("accountId"), operation: request.parameter("operation"),
                subject: request.parameter("subject"), outcome: try request.choice("outcome", Outcome.self),
                from: try request.time("from"), to: try request.time("to"))
            let (rows, resume) = try list(filter, page, in: db)
            return page.response(rows, for: request, resume: resume.map { Cursor($0) }) { Cursor($0.id.rawValue) }
        }
    ]
}
