import HTTP
package import SQLite

extension ConsentRecord: RowDecodable {
    private static var select: SQL {
        """
        SELECT consent.id, policy.kind, policy.version, consent.purpose, consent.channel, consent.given_at,
            consent.withdrawn_at
        FROM consent JOIN policy ON policy.id = consent.policy_id
        """
    }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], kind: try row[1], version: try row[2], purpose: try row[3], channel: try row[4],
            givenAt: try row[5], withdrawnAt: try row[6])
    }

    /// - Throws: 404 for another's too.
    static func find(_ id: ID<ConsentRecord>, of account: ID<Account>, in db: Database) throws -> ConsentRecord {
        let consent: ConsentRecord? = try db.first(
            "\(select) WHERE consent.id = \(id) AND consent.account_id = \(account)")
        guard let consent else { throw Problem(.notFound) }
        return consent
    }

    /// Newest first, withdrawn ones included.
    static func list(of account: ID<Account>, _ page: Page, in db: Database) throws -> [ConsentRecord] {
        try db.all(
            """
            \(select) WHERE consent.account_id = \(account) AND consent.id < \(page.after?.first ?? .max)
            ORDER BY consent.id DESC LIMIT \(page.limit + 1)
            """)
    }

    /// Notes the purposes; one that was agreed to already stays as it is.
    /// - Throws: 409 unless the version is in force, 422 for a purpose it does not have.
    static func give(
        _ draft: Draft, by account: ID<Account>, from address: String, in db: Transaction
    ) throws -> [ConsentRecord] {
        guard let policy = try Policy.current(draft.kind, now: Timestamp(seconds: db.now), in: db),
            policy.version == draft.version
        else { throw Problem(.policySuperseded) }
        var faults = Faults()
        let known = Set(policy.purposes.map(\.code))
        for (index, purpose) in draft.purposes.enumerated() where !known.contains(purpose) {
            faults.add("/purposes/\(index)", "该政策没有这个目的", "is not a purpose of this policy")
        }
        try faults.check()
        for purpose in draft.purposes {
            try db.run(
                """
                INSERT OR IGNORE INTO consent (account_id, policy_id, purpose, channel, address, given_at)
                VALUES (\(account), \(policy.id), \(purpose), \(draft.channel), \(address), \(db.now))
                """)
        }
        return try living(policy.id, of: account, in: db).filter { draft.purposes.contains($0.purpose) }
    }

    private static func living(_ policy: ID<Policy>, of account: ID<Account>, in db: Database) throws -> [ConsentRecord]
    {
        try db.all(
            """
            \(select) WHERE consent.account_id = \(account) AND consent.policy_id = \(policy)
                AND consent.withdrawn_at IS NULL ORDER BY consent.id
            """)
    }

    func withdraw(in db: Transaction) throws -> ConsentRecord {
        try db.run("UPDATE consent SET withdrawn_at = \(db.now) WHERE id = \(id)")
        return try db.one("\(Self.select) WHERE consent.id = \(id)")
    }

    static func pending(
        of account: ID<Account>, _ language: Language, now: Timestamp, in db: Database
    ) throws -> [Pending] {
        var pending: [Pending] = []
        for kind in Policy.Kind.allCases {
            guard let policy = try Policy.current(kind, now: now, in: db) else { continue }
            let given = Set(try living(policy.id, of: account, in: db).map(\.purpose))
            let view = policy.view(language)
            let open = view.purposes.filter { !given.contains($0.code) }
            guard !open.isEmpty else { continue }
            pending.append(Pending(kind: kind, version: policy.version, title: view.title, purposes: open))
        }
        return pending
    }

    /// For operations that cannot be done without the data a policy is about. Purposes that are not required are never
    /// asked after, and a city without policies has nothing to agree to.
    /// - Throws: 409 naming the documents as reasons.
    package static func require(
        _ kinds: [Policy.Kind], of account: ID<Account>, in db: Transaction
    ) throws {
        let now = Timestamp(seconds: db.now)
        var missing: [Policy.Kind] = []
        for kind in kinds {
            guard let policy = try Policy.current(kind, now: now, in: db) else { continue }
            let given = Set(try living(policy.id, of: account, in: db).map(\.purpose))
            if policy.purposes.contains(where: { $0.isRequired && !given.contains($0.code) }) { missing.append(kind) }
        }
        guard missing.isEmpty else { throw Problem(.consentMissing, reasons: missing.map(\.rawValue)) }
    }
}
