import HTTP
package import SQLite

extension VolunteerClaim: RowDecodable {
    private static var columns: SQL { "id, state, reason, created_at, decided_at, decision_reason" }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], state: try row[1], reason: try row[2], createdAt: try row[3], decidedAt: try row[4],
            decisionReason: try row[5])
    }

    /// - Throws: 409 while another claim of the account is open.
    static func insert(
        _ draft: Draft, _ identity: IdentityNumber, hash: [UInt8], account: ID<Account>, in db: Transaction
    ) throws -> VolunteerClaim {
        if try db.exists("SELECT 1 FROM volunteer_claim WHERE account_id = \(account) AND state = 'open'") {
            throw Problem(.claimOpen)
        }
        let volunteer = try fitting(draft.name, hash, in: db)
        try db.run(
            """
            INSERT INTO volunteer_claim (account_id, volunteer_id, name, masked_number, reason, state, created_at)
            VALUES (\(account), \(volunteer), \(draft.name), \(Masking.identityNumber(identity.number)),
                \(draft.reason), 'open', \(db.now))
            """)
        return try db.one("SELECT \(columns) FROM volunteer_claim WHERE id = \(db.lastInsertedID)")
    }

    /// The volunteer of the number, where the name is the same and nobody else's claim is open.
    private static func fitting(_ name: String, _ hash: [UInt8], in db: Database) throws -> ID<Volunteer>? {
        guard let holder = try Volunteer.holder(ofIdentity: hash, in: db), holder.name == name else { return nil }
        let isClaimed = try db.exists(
            "SELECT 1 FROM volunteer_claim WHERE volunteer_id = \(holder.id) AND state = 'open'")
        return isClaimed ? nil : holder.id
    }

    /// Newest first.
    static func list(of account: ID<Account>, _ page: Page, in db: Database) throws -> [VolunteerClaim] {
        let before = page.after?.first ?? .max
        return try db.all(
            """
            SELECT \(columns) FROM volunteer_claim WHERE account_id = \(account) AND id < \(before)
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """)
    }

    func accept(by account: ID<Account>, in db: Transaction) throws {
        try decide(.accepted, reason: nil, by: account, in: db)
    }

    func refuse(reason: String, by account: ID<Account>, in db: Transaction) throws {
        try decide(.refused, reason: reason, by: account, in: db)
    }

    private func decide(_ state: State, reason: String?, by account: ID<Account>, in db: Transaction) throws {
        try db.run(
            """
            UPDATE volunteer_claim SET state = \(state), decided_by = \(account), decided_at = \(db.now),
                decision_reason = \(reason)
            WHERE id = \(id) AND state = 'open'
            """)
    }
}

extension VolunteerClaim.Listed: RowDecodable {
    private static var select: SQL {
        """
        SELECT id, state, reason, created_at, decided_at, decision_reason, account_id, name, masked_number, volunteer_id
        FROM volunteer_claim
        """
    }

    package init(row: borrowing Row) throws {
        self.init(
            claim: try VolunteerClaim(row: row), accountId: try row[6], name: Masking.name(try row[7]),
            identityNumber: try row[8], volunteerId: try row[9])
    }

    /// - Throws: 404.
    static func find(_ id: ID<VolunteerClaim>, in db: Database) throws -> VolunteerClaim.Listed {
        guard let claim: VolunteerClaim.Listed = try db.first("\(select) WHERE id = \(id)") else {
            throw Problem(.notFound)
        }
        return claim
    }

    /// Oldest first: who has waited longest.
    static func list(
        _ state: VolunteerClaim.State, _ page: Page, in db: Database
    ) throws -> [VolunteerClaim.Listed] {
        let after = page.after?.first ?? 0
        return try db.all(
            "\(select) WHERE state = \(state) AND id > \(after) ORDER BY id LIMIT \(page.limit + 1)")
    }
}
