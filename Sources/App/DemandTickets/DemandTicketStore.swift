import HTTP
package import SQLite

extension DemandTicket: RowDecodable {
    private static var columns: SQL {
        """
        demand_ticket.id, demand_ticket.station_id, demand_ticket.title, demand_ticket.detail, demand_ticket.category,
        demand_ticket.address, demand_ticket.contact_phone, demand_ticket.wished_at, demand_ticket.state,
        demand_ticket.team_id, demand_ticket.volunteer_id, demand_ticket.report, demand_ticket.service_minutes,
        demand_ticket.stars, demand_ticket.comment, demand_ticket.version, demand_ticket.created_at,
        demand_ticket.updated_at, demand_ticket.requester_id
        """
    }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], stationId: try row[1], title: try row[2], detail: try row[3], category: try row[4],
            address: try row[5], contactPhone: try row[6], wishedAt: try row[7], state: try row[8], teamId: try row[9],
            volunteerId: try row[10], report: try row[11], serviceMinutes: try row[12], stars: try row[13],
            comment: try row[14], version: try row[15], createdAt: try row[16], updatedAt: try row[17],
            requesterId: try row[18])
    }

    /// - Throws: 404.
    static func find(_ id: ID<DemandTicket>, in db: Database) throws -> DemandTicket {
        guard let ticket: DemandTicket = try db.first("SELECT \(columns) FROM demand_ticket WHERE id = \(id)") else {
            throw Problem(
                .notFound,
                detail: Wording(zh: "没有编号为 \(id.rawValue) 的需求工单", en: "There is no demand ticket \(id.rawValue)"))
        }
        return ticket
    }

    func withMoves(in db: Database) throws -> DemandTicket {
        var ticket = self
        ticket.moves = try db.all(
            """
            SELECT from_state, to_state, actor_id, at, reason FROM demand_ticket_move WHERE ticket_id = \(id) ORDER BY id
            """)
        return ticket
    }

    static func insert(
        _ draft: Draft, phone: PhoneNumber, from group: ID<ChatGroup>?, by account: ID<Account>, in db: Transaction
    ) throws -> DemandTicket {
        try db.run(
            """
            INSERT INTO demand_ticket (requester_id, station_id, title, detail, category, address, contact_phone,
                wished_at, chat_group_id, state, created_at, updated_at)
            VALUES (\(account), \(draft.stationId), \(draft.title), \(draft.detail), \(draft.category),
                \(draft.address), \(phone), \(draft.wishedAt), \(group), 'ordered', \(db.now), \(db.now))
            """)
        let ticket = try find(ID(db.lastInsertedID), in: db)
        try ticket.note(from: nil, by: account, reason: nil, in: db)
        return try ticket.withMoves(in: db)
    }

    /// Whether the account had it and gave it back, and nobody has done anything since.
    func isDeclined(by account: ID<Account>, in db: Database) throws -> Bool {
        try db.value(
            """
            SELECT to_state = 'ordered' AND from_state IN ('dispatched', 'accepted') AND actor_id = \(account)
            FROM demand_ticket_move WHERE ticket_id = \(id) ORDER BY id DESC LIMIT 1
            """) ?? false
    }

    /// Moves the ticket and writes the step beside it.
    /// - Parameter changes: what the move sets besides the state.
    func move(
        _ action: Action, by account: ID<Account>, reason: String?, setting changes: [SQL] = [], in db: Transaction
    ) throws -> DemandTicket {
        let target = try target(of: action)
        let all = SQL.joined(
            ["state = \(target)", "version = version + 1", "updated_at = \(db.now)"] + changes, separator: ", ")
        try db.run("UPDATE demand_ticket SET \(all) WHERE id = \(id)")
        let ticket = try DemandTicket.find(id, in: db)
        try ticket.note(from: state, by: account, reason: reason, in: db)
        return try ticket.withMoves(in: db)
    }

    private func note(from: State?, by account: ID<Account>, reason: String?, in db: Transaction) throws {
        try db.run(
            """
            INSERT INTO demand_ticket_move (ticket_id, from_state, to_state, actor_id, at, reason)
            VALUES (\(id), \(from), \(state), \(account), \(db.now), \(reason))
            """)
    }

    enum Side {
        case requester(ID<Account>)
        /// Orders to the volunteer or to teams they lead.
        case handler(ID<Volunteer>)
        /// Orders to stations in these parts of the tree; nil is the whole city.
        case scope([ID<Station>]?)
    }

    /// Newest first.
    static func list(_ side: Side, state: State?, _ page: Page, in db: Database) throws -> [DemandTicket] {
        var conditions: [SQL] = []
        switch side {
        case .requester(let account): conditions.append("demand_ticket.requester_id = \(account)")
        case .handler(let volunteer):
            conditions.append(
                """
                (demand_ticket.volunteer_id = \(volunteer)
                    OR demand_ticket.team_id IN (SELECT id FROM team WHERE leader_id = \(volunteer)))
                """)
        case .scope(let roots):
            if let roots { conditions.append(try Station.within(roots, "demand_ticket.station_id", in: db)) }
        }
        if let state { conditions.append("demand_ticket.state = \(state)") }
        if let after = page.after { conditions.append("demand_ticket.id < \(after.first)") }
        return try db.all(
            "SELECT \(columns) FROM demand_ticket \(.filter(conditions)) ORDER BY demand_ticket.id DESC LIMIT \(page.limit + 1)"
        )
    }
}

extension DemandTicket.Move: RowDecodable {
    package init(row: borrowing Row) throws {
        self.init(
            fromState: try row[0], toState: try row[1], actorId: try row[2], at: try row[3], reason: try row[4])
    }
}

extension Station {
    /// A condition that a column names a station in one of these parts of the tree.
    static func within(_ roots: [ID<Station>], _ column: StaticString, in db: Database) throws -> SQL {
        let ranges: [SQL] = try roots.compactMap { root in
            guard let path = try db.value("SELECT path FROM station WHERE id = \(root)", as: StationPath.self) else {
                return nil
            }
            return "(path >= \(path) AND path < \(path.end))"
        }
        guard !ranges.isEmpty else { return "0" }
        return "\(raw: column) IN (SELECT id FROM station WHERE \(SQL.joined(ranges, separator: " OR ")))"
    }
}
