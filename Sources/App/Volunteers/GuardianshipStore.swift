import HTTP
package import SQLite

extension Guardianship: RowDecodable {
    private static var select: SQL {
        """
        SELECT guardianship.id, guardianship.volunteer_id, volunteer.name, guardianship.name, guardianship.phone,
            guardianship.relation, guardianship.state, guardianship.is_separate, guardianship.document_version,
            guardianship.invited_at, guardianship.consented_at, guardianship.ended_at, guardianship.end_reason
        FROM guardianship JOIN volunteer ON volunteer.id = guardianship.volunteer_id
        """
    }

    package init(row: borrowing Row) throws {
        let phone: PhoneNumber = try row[4]
        self.init(
            id: try row[0], volunteerId: try row[1], volunteerName: Masking.name(try row[2]),
            guardianName: Masking.name(try row[3]), guardianPhone: Masking.phone(phone), relation: try row[5],
            state: try row[6], isSeparate: try row[7], documentVersion: try row[8], invitedAt: try row[9],
            consentedAt: try row[10], endedAt: try row[11], endReason: try row[12])
    }

    /// - Throws: 404.
    static func find(_ id: ID<Guardianship>, in db: Database) throws -> Guardianship {
        guard let found: Guardianship = try db.first("\(select) WHERE guardianship.id = \(id)") else {
            throw Problem(.notFound)
        }
        return found
    }

    /// Whether somebody consented for the volunteer and has not withdrawn. Says nothing of the volunteer's age.
    static func isConsented(_ volunteer: ID<Volunteer>, in db: Database) throws -> Bool {
        try db.exists("SELECT 1 FROM guardianship WHERE volunteer_id = \(volunteer) AND state = 'consented'")
    }

    /// Whether the volunteer is a minor for whom nobody consents.
    static func isConsentMissing(for volunteer: ID<Volunteer>, today: CivilDate, in db: Database) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM volunteer WHERE id = \(volunteer)
                AND birth_date > \(GuardianshipRules.lastBirthDateOfAge(on: today))
                AND NOT EXISTS (SELECT 1 FROM guardianship
                    WHERE guardianship.volunteer_id = volunteer.id AND guardianship.state = 'consented')
            """)
    }

    /// Asked by whatever gives a volunteer something to do; a sign-up asks with its terms.
    /// - Throws: 409 for a minor for whom nobody consents.
    static func requireConsent(for volunteer: ID<Volunteer>, in db: Transaction) throws {
        if try isConsentMissing(for: volunteer, today: Timestamp(seconds: db.now).day, in: db) {
            throw Problem(.guardianConsentMissing)
        }
    }

    // MARK: - The child's side

    /// Everything that was asked and answered, newest first: a handful.
    static func list(of volunteer: ID<Volunteer>, _ page: Page, in db: Database) throws -> [Guardianship] {
        let before = page.after?.first ?? .max
        return try db.all(
            """
            \(select) WHERE guardianship.volunteer_id = \(volunteer) AND guardianship.id < \(before)
            ORDER BY guardianship.id DESC LIMIT \(page.limit + 1)
            """)
    }

    /// Asks a guardian for consent, in place of one who was asked and has not answered.
    @discardableResult
    static func invite(
        _ guardian: Volunteer.Guardian, of volunteer: ID<Volunteer>, in db: Transaction
    ) throws -> Guardianship {
        try db.run(
            """
            UPDATE guardianship SET state = 'ended', ended_at = \(db.now)
            WHERE volunteer_id = \(volunteer) AND state = 'invited'
            """)
        try db.run(
            """
            INSERT INTO guardianship (volunteer_id, name, phone, state, invited_at)
            VALUES (\(volunteer), \(guardian.name), \(PhoneNumber(guardian.phone)), 'invited', \(db.now))
            """)
        return try find(ID(db.lastInsertedID), in: db)
    }

    /// - Throws: 409 for a minor who has asked as many as one may.
    static func checkInvitation(of volunteer: ID<Volunteer>, in db: Database) throws {
        let asked =
            try db.value("SELECT count(*) FROM guardianship WHERE volunteer_id = \(volunteer)", as: Int.self) ?? 0
        guard asked < GuardianshipRules.invitationsMax else { throw Problem(.tooManyGuardians) }
    }

    /// Asks a guardian where none was asked yet.
    static func inviteFirst(_ guardian: Volunteer.Guardian, of volunteer: ID<Volunteer>, in db: Transaction) throws {
        let isAsked = try db.exists(
            "SELECT 1 FROM guardianship WHERE volunteer_id = \(volunteer) AND state IN ('invited', 'consented')")
        if !isAsked { try invite(guardian, of: volunteer, in: db) }
    }

    // MARK: - The guardian's side

    /// The phones that lead to the account: its own and those of accounts merged into it.
    private static func phones(of account: ID<Account>) -> SQL {
        "(SELECT phone FROM account WHERE id = \(account) OR merged_into = \(account))"
    }

    /// Who waits for the consent of the account, and whose record is about to be closed because the account has withdrawn
    /// it. The owner's own registration is not among them.
    static func requests(
        to account: ID<Account>, today: CivilDate, _ page: Page, in db: Database
    ) throws -> [Guardianship] {
        let after = page.after?.first ?? 0
        return try db.all(
            """
            \(select) WHERE guardianship.id IN (
                    SELECT id FROM guardianship WHERE phone IN \(phones(of: account)) AND state = 'invited'
                    UNION ALL SELECT guardianship.id FROM guardianship
                        JOIN volunteer ON volunteer.id = guardianship.volunteer_id
                        JOIN account_closure ON account_closure.account_id = volunteer.account_id
                    WHERE guardianship.account_id = \(account) AND guardianship.state = 'ended'
                        AND guardianship.consented_at IS NOT NULL AND account_closure.closed_at IS NULL)
                AND volunteer.birth_date > \(GuardianshipRules.lastBirthDateOfAge(on: today))
                AND volunteer.account_id <> \(account) AND guardianship.id > \(after)
            ORDER BY guardianship.id LIMIT \(page.limit + 1)
            """)
    }

    /// Whether it can be consented to: it waits for an answer, or was withdrawn and the record is not closed yet.
    func isOpen(in db: Database) throws -> Bool {
        if state == .invited { return true }
        return try state == .ended && consentedAt != nil && AccountClosure.awaitsConsent(for: volunteerId, in: db)
    }

    /// A request to a phone of the account, or one the account has answered, whatever became of it.
    /// - Throws: 404, also when another account has answered it.
    static func request(
        _ id: ID<Guardianship>, to account: ID<Account>, in db: Database
    ) throws -> Guardianship {
        let found: Guardianship? = try db.first(
            """
            \(select) WHERE guardianship.id = \(id) AND volunteer.account_id <> \(account)
                AND (guardianship.account_id = \(account)
                    OR (guardianship.account_id IS NULL AND guardianship.phone IN \(phones(of: account))))
            """)
        guard let found else { throw Problem(.notFound) }
        return found
    }

    func consent(_ consent: Consent, by account: ID<Account>, in db: Transaction) throws -> Guardianship {
        try db.run(
            """
            UPDATE guardianship SET state = 'consented', account_id = \(account), relation = \(consent.relation),
                is_separate = \(consent.separateConsent ?? false), document_version = \(consent.documentVersion),
                consented_at = \(db.now), ended_at = NULL, end_reason = NULL
            WHERE id = \(id)
            """)
        try AccountClosure.regainConsent(for: volunteerId, in: db)
        return try Self.find(id, in: db)
    }

    func refuse(_ refusal: Refusal, by account: ID<Account>, in db: Transaction) throws -> Guardianship {
        try db.run(
            """
            UPDATE guardianship SET state = 'refused', account_id = \(account), ended_at = \(db.now),
                end_reason = \(refusal.reason) WHERE id = \(id)
            """)
        return try Self.find(id, in: db)
    }

    /// Withdraws what the account consented to.
    static func end(_ volunteer: ID<Volunteer>, by account: ID<Account>, in db: Transaction) throws {
        try db.run(
            """
            UPDATE guardianship SET state = 'ended', ended_at = \(db.now)
            WHERE volunteer_id = \(volunteer) AND account_id = \(account) AND state = 'consented'
            """)
    }

    static func holds(_ account: ID<Account>, _ volunteer: ID<Volunteer>, in db: Database) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM guardianship
            WHERE account_id = \(account) AND volunteer_id = \(volunteer) AND state = 'consented'
            """)
    }

    /// - Throws: 409 for a minor, and for an account that answers for as many children as one may.
    static func checkGuardian(_ account: ID<Account>, today: CivilDate, in db: Database) throws {
        let eldest = GuardianshipRules.lastBirthDateOfAge(on: today)
        if try db.exists("SELECT 1 FROM volunteer WHERE account_id = \(account) AND birth_date > \(eldest)") {
            throw Problem(.guardianIsMinor)
        }
        let children =
            try db.value(
                """
                SELECT count(*) FROM guardianship JOIN volunteer ON volunteer.id = guardianship.volunteer_id
                WHERE guardianship.account_id = \(account) AND guardianship.state = 'consented'
                    AND volunteer.birth_date > \(eldest)
                """, as: Int.self) ?? 0
        guard children < GuardianshipRules.childrenMax else { throw Problem(.tooManyChildren) }
    }

    /// - Throws: 409 when the account answers for the volunteer: nobody is both guardian and child.
    static func refuseGuardian(_ account: ID<Account>, of volunteer: ID<Volunteer>, in db: Database) throws {
        if try holds(account, volunteer, in: db) { throw Problem(.guardianIsSelf) }
    }
}
