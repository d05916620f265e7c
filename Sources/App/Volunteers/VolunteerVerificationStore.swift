import HTTP
package import SQLite

extension VolunteerVerification: RowDecodable {
    private static var columns: SQL { "id, volunteer_id, method, result, reason, account_id, created_at" }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], volunteerId: try row[1], method: try row[2], result: try row[3], reason: try row[4],
            accountId: try row[5], createdAt: try row[6])
    }

    private static func insert(
        _ method: Method, _ result: Volunteer.Verification?, reason: String?, of volunteer: ID<Volunteer>,
        by account: ID<Account>, in db: Transaction
    ) throws -> ID<VolunteerVerification> {
        try db.run(
            """
            INSERT INTO volunteer_verification (volunteer_id, method, result, reason, account_id, created_at)
            VALUES (\(volunteer), \(method), \(result), \(reason), \(account), \(db.now))
            """)
        return ID(db.lastInsertedID)
    }

    private static func set(_ result: Volunteer.Verification, of volunteer: ID<Volunteer>, in db: Transaction) throws {
        try db.run(
            """
            UPDATE volunteer SET verification = \(result), version = version + 1, updated_at = \(db.now)
            WHERE id = \(volunteer)
            """)
    }

    static func decide(
        _ result: Volunteer.Verification, reason: String, of volunteer: ID<Volunteer>, by account: ID<Account>,
        in db: Transaction
    ) throws {
        _ = try insert(.manual, result, reason: reason, of: volunteer, by: account, in: db)
        try set(result, of: volunteer, in: db)
    }

    /// What was verified holds no longer: part of a correction, which raises the version.
    static func lose(reason: String, of volunteer: ID<Volunteer>, by account: ID<Account>, in db: Transaction) throws {
        _ = try insert(.correction, .unverified, reason: reason, of: volunteer, by: account, in: db)
        try db.run("UPDATE volunteer SET verification = 'unverified' WHERE id = \(volunteer)")
    }

    /// Notes a question to the service before it is asked, so that many at once cannot pass the limit together, and that
    /// a name and a number leave the platform.
    /// - Throws: 409 for a verified identity, 429 for too many questions within 24 hours.
    static func ask(
        _ verifier: any RealNameVerifier, _ request: APIRequest, limit: Int, in db: Transaction
    ) throws -> Question {
        let volunteer = try request.volunteer()
        let person = try Volunteer.find(volunteer, in: db)
        guard person.verification != .verified else { throw Problem(.verifiedAlready) }
        let asked =
            try db.value(
                """
                SELECT count(*) FROM volunteer_verification
                WHERE volunteer_id = \(volunteer) AND method = 'service' AND created_at > \(db.now - 86_400)
                """, as: Int.self) ?? 0
        guard asked < limit else { throw Problem(.verificationsUsedUp, retryAfter: 86_400) }
        let document = try IdentityVault.open(ownOf: request, in: db)
        try DataSharing.log(
            DataSharing.Draft(
                recipient: verifier.recipient, purpose: "实名核验", basis: .consent, basisDetail: "本人申请核验",
                fields: ["name", "identityKind", "identityNumber"], people: 1), by: nil, in: db)
        return Question(
            id: try insert(.service, nil, reason: nil, of: volunteer, by: request.account(), in: db),
            volunteer: volunteer,
            identity: RealName(name: person.name, identityKind: document.kind, identityNumber: document.number))
    }

    /// Enters the service's answer.
    /// - Throws: 409 when the identity was corrected, or decided upon by staff, while the service thought.
    static func settle(
        _ question: Question, _ result: Volunteer.Verification, in db: Transaction
    ) throws -> VolunteerVerification {
        let person = try Volunteer.find(question.volunteer, in: db)
        let isSame =
            person.name == question.identity.name && person.identityKind == question.identity.identityKind
            && person.maskedIdentityNumber == Masking.identityNumber(question.identity.identityNumber)
        let isDecided = try db.exists(
            """
            SELECT 1 FROM volunteer_verification
            WHERE volunteer_id = \(question.volunteer) AND id > \(question.id) AND method <> 'service'
            """)
        guard isSame, !isDecided else { throw Problem(.conflict, state: person.verification.rawValue) }
        try db.run("UPDATE volunteer_verification SET result = \(result) WHERE id = \(question.id)")
        try set(result, of: question.volunteer, in: db)
        return try db.one("SELECT \(columns) FROM volunteer_verification WHERE id = \(question.id)")
    }

    /// Newest first.
    static func list(of volunteer: ID<Volunteer>, _ page: Page, in db: Database) throws -> [VolunteerVerification] {
        let before = page.after?.first ?? .max
        return try db.all(
            """
            SELECT \(columns) FROM volunteer_verification WHERE volunteer_id = \(volunteer) AND id < \(before)
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """)
    }
}
