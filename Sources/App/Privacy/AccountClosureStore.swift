import HTTP
package import SQLite

extension AccountClosure: RowDecodable {
    package init(row: borrowing Row) throws { self.init(requestedAt: try row[0], dueAt: try row[1]) }

    /// The wish that still waits.
    static func find(_ account: ID<Account>, in db: Database) throws -> AccountClosure? {
        try db.first(
            """
            SELECT requested_at, due_at FROM account_closure WHERE account_id = \(account) AND closed_at IS NULL
            """)
    }

    static func obstacles(
        of person: PersonalData.Person, now: Timestamp, in db: Database
    ) throws -> [Obstacle] {
        var found: [Obstacle] = []
        func note(_ obstacle: Obstacle, _ sql: SQL) throws { if try db.exists(sql) { found.append(obstacle) } }
        let account = person.account
        try note(
            .holdsGrants,
            """
            SELECT 1 FROM role_grant WHERE account_id = \(account) AND (ends_at IS NULL OR ends_at > \(now))
            """)
        try note(
            .orderUnderWay, "SELECT 1 FROM demand_ticket WHERE requester_id = \(account) AND state = 'accepted'")
        try note(
            .guardsChild,
            """
            SELECT 1 FROM guardianship JOIN volunteer ON volunteer.id = guardianship.volunteer_id
            WHERE guardianship.account_id = \(account) AND guardianship.state = 'consented'
                AND volunteer.birth_date > \(GuardianshipRules.lastBirthDateOfAge(on: now.day))
            """)
        try note(
            .looksAfterGrid,
            """
            SELECT 1 FROM grid_worker
            WHERE until IS NULL AND (account_id = \(account) OR volunteer_id = \(person.volunteer))
            """)
        guard let volunteer = person.volunteer else { return found }
        try note(.leadsTeam, "SELECT 1 FROM team WHERE leader_id = \(volunteer) AND state = 'active'")
        try note(
            .acceptedTicket, "SELECT 1 FROM demand_ticket WHERE volunteer_id = \(volunteer) AND state = 'accepted'")
        if try SignUp.isPresent(volunteer, now: now, in: db) { found.append(.checkedIn) }
        return found
    }

    /// Notes the wish and ends what needs no cooling-off.
    static func insert(
        _ person: PersonalData.Person, keeping session: ID<Session>, days: Int, in db: Transaction
    ) throws {
        try insert(person.account, days: days, in: db)
        try db.run("DELETE FROM session WHERE account_id = \(person.account) AND id <> \(session)")
        try endEngagements(of: person, in: db)
    }

    private static func insert(_ account: ID<Account>, days: Int, in db: Transaction) throws {
        try db.run(
            """
            INSERT INTO account_closure (account_id, requested_at, due_at)
            VALUES (\(account), \(db.now), \(db.now + Int64(days) * Timestamp.secondsPerDay))
            """)
    }

    /// - Returns: whether there was one to take back.
    static func cancel(_ account: ID<Account>, in db: Transaction) throws -> Bool {
        try db.run("DELETE FROM account_closure WHERE account_id = \(account) AND closed_at IS NULL") > 0
    }

    private static func endEngagements(of person: PersonalData.Person, in db: Transaction) throws {
        let reason = "账号注销"
        let account = person.account
        let orders = try db.values(
            "SELECT id FROM demand_ticket WHERE requester_id = \(account) AND state IN ('ordered', 'dispatched')",
            as: ID<DemandTicket>.self)
        for order in orders {
            _ = try DemandTicket.find(order, in: db).move(
                .cancel, by: account, reason: reason, setting: ["team_id = NULL", "volunteer_id = NULL"], in: db)
        }
        guard let volunteer = person.volunteer else { return }
        try endService(of: volunteer, includesBegun: false, by: account, reason: reason, in: db)
    }

    /// Ends what a volunteer has taken on and not begun; for a child without consent, begun activities it has not come to
    /// as well. A team it leads has to hand over first. Of accepted orders there are none but a child's, for they stand in
    /// the way of a closing.
    private static func endService(
        of volunteer: ID<Volunteer>, includesBegun: Bool, by account: ID<Account>, reason: String, in db: Transaction
    ) throws {
        try SignUp.leaveForgotten(of: volunteer, in: db)
        try SignUp.withdrawAll(
            of: volunteer, after: Timestamp(seconds: db.now), includesBegun: includesBegun, reason: reason, in: db)
        let teams = try db.values(
            "SELECT team_id FROM team_member WHERE volunteer_id = \(volunteer) AND role <> 'leader'",
            as: ID<Team>.self)
        for team in teams {
            try TeamMember.leave(volunteer, team, as: .left, by: account, reason: reason, in: db)
        }
        try db.run(
            """
            UPDATE team_join_request SET state = 'cancelled', decided_by = \(account), decided_at = \(db.now)
            WHERE volunteer_id = \(volunteer) AND state = 'open'
            """)
        let tickets = try db.values(
            "SELECT id FROM demand_ticket WHERE volunteer_id = \(volunteer) AND state IN ('dispatched', 'accepted')",
            as: ID<DemandTicket>.self)
        for ticket in tickets {
            _ = try DemandTicket.find(ticket, in: db).move(
                .decline, by: account, reason: reason, setting: ["team_id = NULL", "volunteer_id = NULL"], in: db)
        }
        try PostClaim.endAll(of: volunteer, reason: reason, in: db)
        try ExpertListing.withdraw(volunteer, in: db)
    }

    // MARK: - Children

    /// The last guardian has withdrawn the consent. The child serves no longer, and where nobody can sign in to its
    /// account, so that nobody could close it, it is closed as if its owner had asked.
    static func loseConsent(
        for child: ID<Volunteer>, by guardian: ID<Account>, days: Int, in db: Transaction
    ) throws {
        try endService(of: child, includesBegun: true, by: guardian, reason: "监护人撤回同意", in: db)
        guard let account = try accountWithoutWayIn(of: child, in: db), try find(account, in: db) == nil else { return }
        try insert(account, days: days, in: db)
    }

    /// A guardian consents to what would have been closed.
    static func regainConsent(for child: ID<Volunteer>, in db: Transaction) throws {
        if let account = try accountWithoutWayIn(of: child, in: db) { _ = try cancel(account, in: db) }
    }

    /// Whether the child's record will be closed unless a guardian consents again.
    static func awaitsConsent(for child: ID<Volunteer>, in db: Database) throws -> Bool {
        guard let account = try accountWithoutWayIn(of: child, in: db) else { return false }
        return try find(account, in: db) != nil
    }

    private static func accountWithoutWayIn(of child: ID<Volunteer>, in db: Database) throws -> ID<Account>? {
        let owner = try db.value("SELECT account_id FROM volunteer WHERE id = \(child)", as: ID<Account>.self)
        return try owner.flatMap { try WaysIn.find(of: $0, in: db).isEmpty ? $0 : nil }
    }

    /// A guardian's name and number stand in the records of its children, too.
    private static func forgetGuardian(_ account: ID<Account>, in db: Transaction) throws {
        let children: SQL = "SELECT volunteer_id FROM guardianship WHERE account_id = \(account)"
        let phones: SQL = """
            SELECT phone FROM account WHERE id = \(account) OR merged_into = \(account)
            UNION SELECT phone FROM volunteer WHERE account_id = \(account)
            """
        try db.run(
            """
            UPDATE volunteer SET guardian_name = NULL, guardian_phone = NULL, version = version + 1, updated_at = \(db.now)
            WHERE id IN (\(children)) AND guardian_phone IN (\(phones))
            """)
        try db.run(
            """
            UPDATE volunteer SET phone = \(Masking.closedPhone), version = version + 1, updated_at = \(db.now)
            WHERE id IN (\(children)) AND phone IN (\(phones))
            """)
    }

    // MARK: - Carrying it out

    /// Closes the accounts whose time has come.
    package static let housekeeping = HousekeepingJob(name: "account closures") { db, _ in
        let due = try db.values(
            """
            SELECT account_id FROM account_closure WHERE closed_at IS NULL AND due_at <= \(db.now)
            ORDER BY due_at LIMIT \(ClosureRules.batch)
            """, as: ID<Account>.self)
        var tokens: [String] = []
        var failure: (any Error)?
        for account in due {
            do {
                tokens += try db.nested { try carryOut(account, in: $0) }
            } catch let error where db.isInTransaction {
                // One that fails must not stand in the way of all that are due after it.
                try postpone(account, in: db)
                failure = error
            }
        }
        return .init(due.count, atMost: ClosureRules.batch, uploadTokens: tokens, failure: failure)
    }

    private static func postpone(_ account: ID<Account>, in db: Transaction) throws {
        try db.run(
            "UPDATE account_closure SET due_at = \(db.now + ClosureRules.postponement) WHERE account_id = \(account)")
    }

    /// - Returns: tokens of the pictures that have to go once this is committed.
    private static func carryOut(_ account: ID<Account>, in db: Transaction) throws -> [String] {
        let people = try PersonalData.Person.all(account, in: db)
        let now = Timestamp(seconds: db.now)
        guard try people.allSatisfy({ try obstacles(of: $0, now: now, in: db).isEmpty }) else {
            try postpone(account, in: db)
            return []
        }
        let tokens = try people.flatMap { try erase($0, in: db) }
        try db.run("UPDATE account_closure SET closed_at = \(db.now) WHERE account_id = \(account)")
        try AuditEntry.insert(
            AuditTrace(
                account: account, operation: "closeAccount", subject: "accounts/\(account.rawValue)", reason: nil,
                outcome: .done, address: "", requestID: "housekeeping"), in: db)
        return tokens
    }

    private static func erase(_ person: PersonalData.Person, in db: Transaction) throws -> [String] {
        let account = person.account
        try endEngagements(of: person, in: db)
        try maskTexts(of: account, in: db)
        let tokens = try releaseProofs(of: person, in: db)
        try forgetGuardian(account, in: db)
        // A team may still name whoever led it once.
        try db.run(
            """
            UPDATE team SET contact_name = NULL, contact_phone = NULL
            WHERE contact_phone IN (SELECT phone FROM account WHERE id = \(account)
                UNION SELECT phone FROM volunteer WHERE account_id = \(account))
            """)
        try db.run(
            "DELETE FROM phone_code WHERE phone = (SELECT phone FROM account WHERE id = \(account))")
        try db.run("DELETE FROM idempotent_answer WHERE account_id = \(account)")
        try IdentityVault.dropWishes(of: account, in: db)
        if let volunteer = person.volunteer {
            try IdentityVault.erase(volunteer, in: db)
            try PartyMembership.wipe(volunteer, in: db)
            // A claim of somebody else's to this record can no longer be granted.
            try db.run(
                """
                UPDATE volunteer_claim SET volunteer_id = NULL WHERE volunteer_id = \(volunteer) AND state <> 'accepted'
                """)
        }
        for table in PersonalData.all { try table.close(person, in: db) }
        return tokens
    }

    private struct Text: RowDecodable {
        var id: Int64
        var title: String?
        var text: String

        init(row: borrowing Row) throws {
            id = try row[0]
            title = try row[1]
            text = try row[2]
        }
    }

    /// The texts stay; long runs of digits in them, which may be the person's numbers, do not.
    private static func maskTexts(of account: ID<Account>, in db: Transaction) throws {
        let feedback: [Text] = try db.all(
            "SELECT id, title, text FROM feedback WHERE reporter_id = \(account) LIMIT \(ClosureRules.textsMax)")
        for row in feedback {
            let (title, text) = (row.title.map(Masking.numbers), Masking.numbers(row.text))
            guard title != row.title || text != row.text else { continue }
            try db.run("UPDATE feedback SET title = \(title), text = \(text) WHERE id = \(row.id)")
        }
        let orders: [Text] = try db.all(
            "SELECT id, title, detail FROM demand_ticket WHERE requester_id = \(account) LIMIT \(ClosureRules.textsMax)"
        )
        for row in orders {
            let (title, text) = (row.title.map(Masking.numbers), Masking.numbers(row.text))
            guard title != row.title || text != row.text else { continue }
            try db.run("UPDATE demand_ticket SET title = \(title), detail = \(text) WHERE id = \(row.id)")
        }
    }

    /// Pictures of papers go: those of rows that go are left to retention, of an award that stays the file alone.
    /// - Returns: tokens of the latter.
    private static func releaseProofs(of person: PersonalData.Person, in db: Transaction) throws -> [String] {
        let proofs = try db.values(
            """
            SELECT upload_id FROM qualification WHERE volunteer_id = \(person.volunteer)
            UNION SELECT upload_id FROM correction_request WHERE account_id = \(person.account) AND upload_id IS NOT NULL
            """, as: ID<Upload>.self)
        for proof in proofs { try Upload.releaseProof(proof, in: db) }
        return try db.values(
            """
            SELECT upload.token FROM award_record JOIN upload ON upload.id = award_record.upload_id
            WHERE award_record.volunteer_id = \(person.volunteer)
            """, as: String.self)
    }
}
