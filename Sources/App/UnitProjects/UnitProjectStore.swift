import HTTP
package import SQLite

extension UnitProject: RowDecodable {
    private static var columns: SQL {
        """
        id, need_id, resource_id, unit_id, station_id, title, plan, proposed_by, state, report, created_at, updated_at
        """
    }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], needId: try row[1], resourceId: try row[2], unitId: try row[3], stationId: try row[4],
            title: try row[5], plan: try row[6], proposedBy: try row[7], state: try row[8], report: try row[9],
            createdAt: try row[10], updatedAt: try row[11])
    }

    /// - Throws: 404.
    static func find(_ id: ID<UnitProject>, in db: Database) throws -> UnitProject {
        guard let project: UnitProject = try db.first("SELECT \(columns) FROM unit_project WHERE id = \(id)") else {
            throw Problem(.notFound)
        }
        return project
    }

    func withMoves(in db: Database) throws -> UnitProject {
        var project = self
        project.moves = try db.all(
            """
            SELECT from_state, to_state, actor_id, at, reason FROM unit_project_move
            WHERE project_id = \(id) ORDER BY id
            """)
        return project
    }

    /// - Throws: 409 while the two are joined already.
    static func insert(
        _ draft: Draft, _ need: CommunityNeed, _ resource: UnitResource, by account: ID<Account>,
        in db: Transaction
    ) throws -> UnitProject {
        do {
            try db.run(
                """
                INSERT INTO unit_project (need_id, resource_id, unit_id, station_id, title, plan, proposed_by, state,
                    created_at, updated_at)
                VALUES (\(need.id), \(resource.id), \(resource.unitId), \(need.stationId), \(draft.title),
                    \(draft.plan), \(draft.side), 'proposed', \(db.now), \(db.now))
                """)
        } catch let error as SQLiteError where error.isUniqueViolation {
            throw Problem(
                .conflict, detail: Wording(zh: "该需求与该资源已有项目", en: "There is a project of this need and resource"))
        }
        let project = try find(ID(db.lastInsertedID), in: db)
        try project.note(from: nil, by: account, reason: nil, in: db)
        return try project.withMoves(in: db)
    }

    /// Moves the project and writes the step beside it.
    /// - Throws: 409 with the present state, or when another project for the need was agreed first.
    func move(
        _ action: Action, by account: ID<Account>, reason: String? = nil, report: String? = nil,
        in db: Transaction
    ) throws -> UnitProject {
        let target = try target(of: action)
        do {
            try db.run(
                """
                UPDATE unit_project SET state = \(target), report = \(report), updated_at = \(db.now) WHERE id = \(id)
                """)
        } catch let error as SQLiteError where error.isUniqueViolation {
            throw Problem(.listEntryInUse, state: state.rawValue)
        }
        let project = try UnitProject.find(id, in: db)
        try project.note(from: state, by: account, reason: reason, in: db)
        return try project.withMoves(in: db)
    }

    private func note(from: State?, by account: ID<Account>, reason: String?, in db: Transaction) throws {
        try db.run(
            """
            INSERT INTO unit_project_move (project_id, from_state, to_state, actor_id, at, reason)
            VALUES (\(id), \(from), \(state), \(account), \(db.now), \(reason))
            """)
    }

    /// Newest first.
    static func list(of unit: ID<PartyUnit>, state: State?, _ page: Page, in db: Database) throws -> [UnitProject] {
        try list(["unit_id = \(unit)"], state: state, page, in: db)
    }

    /// Newest first.
    /// - Parameter scope: parts of the tree; nil is the whole city.
    static func list(
        scope: [ID<Station>]?, station: ID<Station>?, state: State?, _ page: Page, in db: Database
    ) throws -> [UnitProject] {
        var conditions: [SQL] = []
        if let scope { conditions.append(try Station.within(scope, "unit_project.station_id", in: db)) }
        if let station { conditions.append("station_id = \(station)") }
        return try list(conditions, state: state, page, in: db)
    }

    private static func list(
        _ conditions: [SQL], state: State?, _ page: Page, in db: Database
    ) throws -> [UnitProject] {
        var conditions = conditions
        if let state { conditions.append("state = \(state)") }
        if let after = page.after { conditions.append("id < \(after.first)") }
        return try db.all(
            "SELECT \(columns) FROM unit_project \(.filter(conditions)) ORDER BY id DESC LIMIT \(page.limit + 1)")
    }
}

extension UnitProject.Move: RowDecodable {
    package init(row: borrowing Row) throws {
        self.init(
            fromState: try row[0], toState: try row[1], actorId: try row[2], at: try row[3], reason: try row[4])
    }
}
