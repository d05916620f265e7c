import HTTP
import SQLite

extension ImportRecord {
    package static let routes: [Route] = [
        .upload("/api/v1/imports", "createImport", access: .staff(.importData)) { request in
            let wish = try Wish(request)
            return try wish.isDry ? wish.rehearse(request) : wish.begin(request)
        }.keeping(.answer),
        .read(.get, "/api/v1/imports", "listImports", access: .staff(.importData), query: Page.parameters) {
            request, db in
            try requireWholeCity(request)
            let page = try Page(request)
            return page.response(try list(page, in: db), for: request) { Cursor($0.id.rawValue) }
        },
        .read(.get, "/api/v1/imports/{id}", "getImport", access: .staff(.importData)) { request, db in
            .json(try managed(request, in: db))
        },
        .read(
            .get, "/api/v1/imports/{id}/problems", "listImportProblems", access: .staff(.importData),
            query: Page.parameters
        ) { request, db in
            let page = try Page(request)
            let rows = try managed(request, in: db).problems(page, in: db)
            let shown = rows.map { Shown($0.problem, id: $0.id, request.language) }
            return page.response(shown, for: request) { Cursor($0.id) }
        },
    ]

    /// A problem in the caller's language.
    struct Shown: Encodable, Sendable {
        let id: Int64
        var line: Int
        var column: String
        var detail: String

        private enum CodingKeys: String, CodingKey { case line, column, detail }

        init(_ problem: ImportProblem, id: Int64, _ language: Language) {
            self.id = id
            line = problem.line
            column = problem.column
            detail = Wording(zh: problem.zh, en: problem.en)[language]
        }
    }

    /// What a rehearsal found; nothing of it is kept.
    struct Rehearsal: Encodable, Sendable {
        var created: Int
        var updated: Int
        var unchanged: Int
        var refused: Int
        /// The first of them, as a real import keeps them.
        var problems: [Shown]
    }

    /// Files name stations anywhere, so a part of the city is not enough.
    private static func requireWholeCity(_ request: APIRequest) throws(Problem) {
        guard try request.signedIn().scope(of: .importData) == nil else { throw Problem(.outsideScope) }
    }

    private static func managed(_ request: APIRequest, in db: Database) throws -> ImportRecord {
        try requireWholeCity(request)
        guard let record = try find(request.id(), in: db) else { throw Problem(.notFound) }
        return record
    }

    /// What a form asks for.
    private struct Wish {
        var kind: ImportKind
        var isDry: Bool
        var isNew: Bool
        var contents: TemporaryFile

        init(_ request: APIRequest) throws(Problem) {
            try requireWholeCity(request)
            var faults = Faults()
            let form = try FileForm(request, texts: ["kind", "dryRun", "again"], &faults)
            func flag(_ name: String) -> Bool {
                guard let value = form.texts[name] else { return false }
                if value != "true" && value != "false" {
                    faults.add("/\(name)", "应为 true 或 false", "must be true or false")
                }
                return value == "true"
            }
            let kind = form.texts["kind"].flatMap(ImportKind.init)
            if kind == nil {
                let all = ImportKind.allCases.map(\.rawValue).joined(separator: ", ")
                faults.add("/kind", "应为以下之一：\(all)", "must be one of \(all)")
            }
            (isDry, isNew) = (flag("dryRun"), flag("again"))
            // As for JSON: what does not read as such a form is malformed, what breaks a rule is invalid.
            guard let kind, faults.all.isEmpty else { throw Problem(.malformed, faults: faults.all) }
            if kind == .staff, !isDry {
                // First passwords must not travel in an answer that is kept or logged on its way.
                faults.add("/kind", "工作人员只能用命令行导入", "is imported on the command line only")
            }
            try faults.check()
            self.kind = kind
            contents = form.file.contents
        }

        private func means(_ request: APIRequest) -> ImportMeans {
            ImportMeans(
                keyedHash: request.services.keyedHash, today: request.now.day,
                teamLimits: request.services.configuration.teamLimits)
        }

        /// Does all of it on a copy while the caller waits.
        func rehearse(_ request: APIRequest) throws -> Response {
            let file = try opened()
            let copy = try DatabaseCopy(of: request.services.configuration)
            let now = request.services.clock
            let writer = try Writer(path: copy.configuration.databasePath, clock: { now.now().seconds })
            defer { writer.stop() }
            var options = ImportOptions()
            // What an earlier import of the file found says nothing of what is so now.
            options.isNew = true
            var problems: [Shown] = []
            let record = try translated {
                try kind.run(file, means(request), options, writer) { news in
                    guard case .problems(let more) = news else { return }
                    let room = max(0, ImportRecord.problemsMax - problems.count)
                    problems += more.prefix(room).map { Shown($0, id: 0, request.language) }
                }
            }
            return .json(
                Rehearsal(
                    created: record.created, updated: record.updated, unchanged: record.unchanged,
                    refused: record.refused, problems: problems))
        }

        /// Answers as soon as the file is known to be of its kind; the rest is done on a worker.
        func begin(_ request: APIRequest) throws -> Response {
            let file = try opened()
            let services = request.services
            var options = ImportOptions()
            options.isNew = isNew
            options.account = try request.account()
            let record = try translated { try kind.open(file, means(request), options, services.writer) }
            try services.writer.writeAndWait { db in
                try AuditEntry.insert(
                    request, operation: "createImport", subject: "imports/\(record.id.rawValue)", in: db)
            }
            if record.completedAt == nil {
                // The form's file goes when nobody holds it any more.
                let means = means(request)
                let isAccepted = services.workers.submit { [self] in
                    finish(file, means, services)
                    withExtendedLifetime(contents) {}
                }
                guard isAccepted else {
                    services.metrics.countShed(by: .workers)
                    throw Problem(.unavailable, retryAfter: 5)
                }
            }
            let response = Response.json(record, status: .accepted)
                .located(at: "/api/v1/imports/\(record.id.rawValue)")
            // Last of all: a repetition must not be told of an import that nobody runs.
            return try request.isKeyed
                ? services.writer.writeAndWait { try request.keep(response, in: $0) } : response
        }

        /// An end before the last row leaves what was committed; the same file goes on behind it.
        private func finish(_ file: ImportFile, _ means: ImportMeans, _ services: Services) {
            do {
                _ = try kind.run(file, means, ImportOptions(), services.writer) { _ in }
            } catch {
                services.log(.error, "import ended early", ["kind": kind.rawValue, "error": "\(error)"])
            }
            // Accounts that were signed in may be volunteers' now.
            services.sessions.advance()
        }

        private func opened() throws -> ImportFile { try translated { try ImportFile(contents.path) } }

        /// A file that is none of this kind is the caller's fault.
        private func translated<Success>(_ body: () throws -> Success) throws -> Success {
            do { return try body() } catch let failure as ImportFailure { throw failure.problem }
        }
    }
}

extension ImportFailure {
    /// As a caller over HTTP is told.
    fileprivate var problem: Problem {
        switch self {
        case .header(let faults): Problem(.invalid, faults: faults.map { .init("/file", $0) })
        case .tooManyRows(let most):
            Problem(
                .invalid,
                faults: [.init("/file", Wording(zh: "超过 \(most) 行，请拆分", en: "has more than \(most) rows: split it"))])
        case .runningElsewhere:
            Problem(.conflict, detail: Wording(zh: "同一文件正在导入", en: "The same file is being imported"))
        case .unreadable, .passwordFile, .noMemory: Problem(.unavailable, retryAfter: 5)
        }
    }
}
