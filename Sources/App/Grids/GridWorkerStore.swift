import HTTP
package import SQLite

extension GridWorker: RowDecodable {
    /// Name and phone are the person's own rows', so that an account that is closed is forgotten here too.
    private static var select: SQL {
        """
        SELECT grid_worker.id, grid_worker.grid_id, grid_worker.account_id, grid_worker.volunteer_id, grid_worker.role,
            coalesce(volunteer.name, account.name, ''), coalesce(volunteer.phone, account.phone),
            grid_worker.office_phone, grid_worker.since, grid_worker.until, grid_worker.replaces_id,
            grid_worker.end_reason
        FROM grid_worker LEFT JOIN volunteer ON volunteer.id = grid_worker.volunteer_id
            LEFT JOIN account ON account.id = grid_worker.account_id
        """
    }

    package init(row: borrowing Row) throws {
        let phone: String? = try row[6]
        self.init(
            id: try row[0], gridId: try row[1], accountId: try row[2], volunteerId: try row[3], role: try row[4],
            name: Masking.name(try row[5]), phone: phone.map { PhoneNumber($0).map(Masking.phone) ?? "****" },
            officePhone: try row[7], since: try row[8], until: try row[9],
            replacesId: try row[10], endReason: try row[11])
    }

    /// - Throws: 404.
    static func find(_ id: ID<GridWorker>, in db: Database) throws -> GridWorker {
        guard let worker: GridWorker = try db.first("\(select) WHERE grid_worker.id = \(id)") else {
            throw Problem(.notFound)
        }
        return worker
    }

    static func present(of grid: ID<Grid>, in db: Database) throws -> [GridWorker] {
        try db.all(
            "\(select) WHERE grid_worker.grid_id = \(grid) AND grid_worker.until IS NULL ORDER BY grid_worker.id")
    }

    /// All there ever were, newest first.
    static func list(of grid: ID<Grid>, _ page: Page, in db: Database) throws -> [GridWorker] {
        let before = page.after?.first ?? .max
        return try db.all(
            """
            \(select) WHERE grid_worker.grid_id = \(grid) AND grid_worker.id < \(before)
            ORDER BY grid_worker.id DESC LIMIT \(page.limit + 1)
            """)
    }

    /// - Throws: 422 for an account that does not exist, has no name to show, is a machine's or was merged into another.
    static func requireNamed(_ account: ID<Account>, in db: Database) throws {
        let isSomebody = try db.exists(
            """
            SELECT 1 FROM account WHERE id = \(account) AND name IS NOT NULL AND merged_into IS NULL
                AND NOT EXISTS (SELECT 1 FROM service_token WHERE service_token.account_id = account.id)
            """)
        guard isSomebody else {
            throw Problem(
                .invalid, faults: [.init("/accountId", Wording(zh: "没有这个有姓名的账号", en: "names no account with a name"))])
        }
    }

    /// - Throws: 409 when the person looks after the grid already, or it has a leader.
    static func insert(
        _ draft: Draft, into grid: ID<Grid>, by account: ID<Account>, in db: Transaction
    ) throws -> GridWorker {
        do {
            try db.run(
                """
                INSERT INTO grid_worker (grid_id, account_id, volunteer_id, role, office_phone, since, replaces_id,
                    appointed_by)
                VALUES (\(grid), \(draft.accountId), \(draft.volunteerId), \(draft.role), \(draft.officePhone),
                    \(db.now), \(draft.replacesId), \(account))
                """)
        } catch let error as SQLiteError where error.isUniqueViolation {
            throw Problem(
                .conflict,
                detail: Wording(
                    zh: "此人已在该网格任职，或该网格已有网格长", en: "The person looks after the grid already, or it has a leader"))
        }
        return try find(ID(db.lastInsertedID), in: db)
    }

    func end(reason: String, by account: ID<Account>, in db: Transaction) throws -> GridWorker {
        try db.run(
            """
            UPDATE grid_worker SET until = \(db.now), end_reason = \(reason), ended_by = \(account)
            WHERE id = \(id) AND until IS NULL
            """)
        return try GridWorker.find(id, in: db)
    }
}
