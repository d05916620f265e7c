import SQLite

extension ServiceConsent {
    /// A handful at the most: one of each of the volunteer's own, and the children's.
    static func all(of caller: Caller, in db: Database) throws -> [ServiceConsent] {
        var all = try guardianships(of: caller.account, in: db)
        if let volunteer = caller.volunteer { all += try own(of: volunteer, in: db) }
        return all
    }

    private static func guardianships(of account: ID<Account>, in db: Database) throws -> [ServiceConsent] {
        var consents: [ServiceConsent] = []
        try db.forEach(
            """
            SELECT volunteer_id, document_version, consented_at, ended_at FROM guardianship
            WHERE account_id = \(account) AND consented_at IS NOT NULL ORDER BY id DESC LIMIT 100
            """
        ) { row in
            consents.append(
                ServiceConsent(
                    subject: .guardianship, volunteerId: try row[0], version: try row[1], givenAt: try row[2],
                    withdrawnAt: try row[3], withdrawnBy: "withdrawGuardianConsent"))
        }
        return consents
    }

    private static func own(of volunteer: ID<Volunteer>, in db: Database) throws -> [ServiceConsent] {
        let sources: [(Subject, SQL, withdrawnBy: String)] = [
            (
                .partyMembership,
                "SELECT consent_version, consented_at, NULL FROM party_membership WHERE volunteer_id = \(volunteer)",
                "withdrawPartyMembership"
            ),
            (
                .expertListing,
                "SELECT NULL, consented_at, withdrawn_at FROM expert_listing WHERE volunteer_id = \(volunteer)",
                "withdrawMyExpertListing"
            ),
            (
                .registrationByStation,
                """
                SELECT NULL, volunteer.created_at, NULL
                FROM imported_volunteer JOIN volunteer ON volunteer.id = imported_volunteer.volunteer_id
                WHERE imported_volunteer.volunteer_id = \(volunteer)
                """, "requestClosure"
            ),
        ]
        var consents: [ServiceConsent] = []
        for (subject, sql, withdrawnBy) in sources {
            try db.forEach(sql) { row in
                consents.append(
                    ServiceConsent(
                        subject: subject, version: try row[0], givenAt: try row[1], withdrawnAt: try row[2],
                        withdrawnBy: withdrawnBy))
            }
        }
        return consents
    }
}
