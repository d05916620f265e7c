import HTTP
package import SQLite

extension Team: RowDecodable {
    static var columns: SQL {
        """
        team.id, team.station_id, team.parent_id, team.level, team.kind, team.theme, team.name, team.leader_id,
        (SELECT count(*) FROM team_member WHERE team_member.team_id = team.id), team.supervising_body, team.credit_code,
        team.introduction, team.categories, team.contact_name, team.contact_phone, team.state, team.successor_id,
        team.path, team.version, team.created_at, team.updated_at
        """
    }
    /// How many they are, for queries with more behind them.
    static let columnCount = 21

    package init(row: borrowing Row) throws {
        let body: String? = try row[9]
        let creditCode: String? = try row[10]
        let categories: JSONColumn<[String]> = try row[12]
        let path: TreePath<Team> = try row[17]
        self.init(
            id: try row[0], stationId: try row[1], parentId: try row[2], level: try row[3], kind: try row[4],
            theme: try row[5], name: try row[6], leaderId: try row[7], memberCount: try row[8],
            supervisingBody: body.map { SupervisingBody(name: $0, creditCode: creditCode) },
            introduction: try row[11], categories: categories.content, contactName: try row[13],
            contactPhone: try row[14], state: try row[15], successorId: try row[16], path: path.ids,
            version: try row[18], createdAt: try row[19], updatedAt: try row[20])
    }

    /// - Throws: 404.
    package static func find(_ id: ID<Team>, in db: Database) throws -> Team {
        guard let team: Team = try db.first("SELECT \(columns) FROM team WHERE team.id = \(id)") else {
            throw Problem(
                .notFound, detail: Wording(zh: "没有编号为 \(id.rawValue) 的队伍", en: "There is no team \(id.rawValue)"))
        }
        return team
    }

    /// A team that a body names.
    /// - Throws: 422 at `pointer` when there is none.
    static func find(_ id: ID<Team>, pointer: String, in db: Database) throws -> Team {
        guard let team: Team = try db.first("SELECT \(columns) FROM team WHERE team.id = \(id)") else {
            throw Problem(.invalid, faults: [.init(pointer, Wording(zh: "没有这支队伍", en: "names no team"))])
        }
        return team
    }

    /// - Throws: 422 at `pointer`, because the id came in a body.
    package static func require(_ id: ID<Team>, pointer: String, in db: Database) throws {
        _ = try find(id, pointer: pointer, in: db)
    }

    /// - Throws: 422 at `pointer` unless the id, which came in a body, names a team that has not ended.
    package static func requireActive(_ id: ID<Team>, pointer: String, in db: Database) throws {
        guard try find(id, pointer: pointer, in: db).state == .active else {
            throw Problem(
                .invalid, faults: [.init(pointer, Wording(zh: "队伍已撤销或合并", en: "names a team that has ended"))])
        }
    }

    /// A condition that a column names a team in one of these parts of the tree.
    static func within(_ roots: [ID<Team>], _ column: StaticString, in db: Database) throws -> SQL {
        let ranges: [SQL] = try roots.compactMap { root in
            guard let path = try db.value("SELECT path FROM team WHERE id = \(root)", as: TreePath<Team>.self) else {
                return nil
            }
            return "(path >= \(path) AND path < \(path.end))"
        }
        guard !ranges.isEmpty else { return "0" }
        return "\(raw: column) IN (SELECT id FROM team WHERE \(SQL.joined(ranges, separator: " OR ")))"
    }

    /// Whether the caller leads one of these teams, and may.
    static func leads(_ request: APIRequest, anyOf teams: [ID<Team>], in db: Database) throws -> Bool {
        guard let volunteer = request.caller?.volunteer else { return false }
        let wanted = SQL.joined(teams.map { "\($0)" }, separator: ", ")
        return try db.exists(
            "SELECT 1 FROM team WHERE leader_id = \(volunteer) AND state = 'active' AND id IN (\(wanted))")
            && !Guardianship.isConsentMissing(for: volunteer, today: request.now.day, in: db)
    }

    // MARK: - Lists

    struct Filter {
        var station: ID<Station>?
        var includesSubtree = false
        var parent: ID<Team>?
        var level: Level?
        var kind: Kind?
        var theme: TeamTheme?
        var state = State.active
        var words: String?
    }

    /// In order of id.
    static func list(_ filter: Filter, _ page: Page, in db: Database) throws -> [Team] {
        var conditions: [SQL] = ["team.state = \(filter.state)"]
        if let station = filter.station {
            conditions.append(
                filter.includesSubtree
                    ? try Station.within([station], "team.station_id", in: db) : "team.station_id = \(station)")
        }
        if let parent = filter.parent { conditions.append("team.parent_id = \(parent)") }
        if let level = filter.level { conditions.append("team.level = \(level)") }
        if let kind = filter.kind { conditions.append("team.kind = \(kind)") }
        if let theme = filter.theme { conditions.append("team.theme = \(theme)") }
        if let words = filter.words {
            conditions.append("team.id IN (SELECT rowid FROM team_fts WHERE team_fts MATCH \(words))")
        }
        if let after = page.after { conditions.append("team.id > \(after.first)") }
        // The page's ids first: where rows must be sorted, members are counted for one page of them only.
        return try db.all(
            """
            SELECT \(columns) FROM team WHERE team.id IN (SELECT team.id FROM team \(.filter(conditions))
                ORDER BY team.id LIMIT \(page.limit + 1))
            ORDER BY team.id
            """)
    }

    // MARK: - Writing

    /// Puts the team into the tree with its leader as first member.
    /// - Parameter parent: as `draft.parentId` names it.
    /// - Throws: 409 when the station has an active team of this name, or the leader belongs to too many teams.
    static func insert(
        _ draft: Draft, under parent: Team?, by account: ID<Account>, _ limits: TeamLimits, in db: Transaction
    ) throws -> Team {
        let edit = draft.edit
        do {
            try db.run(
                """
                INSERT INTO team (station_id, parent_id, path, level, kind, theme, name, leader_id, supervising_body,
                    credit_code, introduction, categories, contact_name, contact_phone, state, created_at, updated_at)
                VALUES (\(draft.stationId), \(parent?.id), '/' || hex(randomblob(16)) || '/',
                    \(draft.level ?? .squad), \(edit.kind), \(edit.theme), \(draft.name), \(draft.leaderId),
                    \(edit.supervisingBody?.name), \(edit.supervisingBody?.creditCode), \(edit.introduction),
                    \(JSONColumn(edit.categories)), \(edit.contactName),
                    \(edit.contactPhone.flatMap(PhoneNumber.init)), 'active', \(db.now), \(db.now))
                """)
        } catch let error as SQLiteError where error.isUniqueViolation {
            throw Self.nameTaken
        }
        let id = ID<Team>(db.lastInsertedID)
        try db.run("UPDATE team SET path = \((parent?.treePath ?? .root).appending(id)) WHERE id = \(id)")
        let team = try find(id, in: db)
        try team.index(in: db)
        try TeamMember.join(draft.leaderId, team, as: .founded, role: .leader, by: account, limits, in: db)
        return try find(id, in: db)
    }

    static var nameTaken: Problem {
        Problem(.conflict, detail: Wording(zh: "该阵地已有同名队伍", en: "The station has a team of this name"))
    }

    func update(_ edit: Edit, in db: Transaction) throws -> Team {
        try db.run(
            """
            UPDATE team SET kind = \(edit.kind), theme = \(edit.theme),
                supervising_body = \(edit.supervisingBody?.name), credit_code = \(edit.supervisingBody?.creditCode),
                introduction = \(edit.introduction), categories = \(JSONColumn(edit.categories)),
                contact_name = \(edit.contactName), contact_phone = \(edit.contactPhone.flatMap(PhoneNumber.init)),
                version = version + 1, updated_at = \(db.now)
            WHERE id = \(id)
            """)
        let team = try Team.find(id, in: db)
        try team.index(in: db)
        return team
    }

    /// Makes the team found by its present name and supervising body.
    func index(in db: Transaction) throws {
        try db.run("DELETE FROM team_fts WHERE rowid = \(id)")
        let words = Bigrams.index("\(name) \(supervisingBody?.name ?? "")")
        try db.run("INSERT INTO team_fts (rowid, words) VALUES (\(id), \(words))")
    }
}
