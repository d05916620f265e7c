import HTTP
package import SQLite

/// The only way to the numbers of identity papers (证件号码库): the tables `identity_document` and `identity_wish` are
/// named nowhere else, which a test holds. Whoever opens a number is named in the audit log by the same transaction;
/// lists, searches and logs live on the masked text and the keyed hash.
///
/// The rows are readable in the file: libc has no cipher, and a home-made one would be worse than an encrypted disk.
package enum IdentityVault {
    package struct Document: Encodable, Sendable, Equatable, RowDecodable {
        package var kind: IdentityKind
        package var number: String

        package init(row: borrowing Row) throws {
            kind = try row[0]
            number = try row[1]
        }
    }

    // MARK: - Reading

    /// A number for a member of staff with the right to it.
    /// - Throws: 403 without the permission, and for a minor what `checkMinorProtection` throws.
    static func open(
        _ volunteer: Volunteer, for request: APIRequest, _ reason: Volunteer.ViewReason, in db: Transaction
    ) throws -> Document {
        guard try request.signedIn().holds(.readPrivateData) else { throw Problem(.forbidden) }
        try volunteer.checkMinorProtection(request, purpose: reason.purpose, in: db)
        try AuditEntry.insert(
            request, operation: request.route.operation, subject: "volunteers/\(volunteer.id.rawValue)",
            reason: reason.text, in: db)
        return try document(of: volunteer.id, in: db)
    }

    /// The caller's own numbers, for the copy of their data: more than one where volunteers were merged.
    static func openAll(
        of people: [PersonalData.Person], for request: APIRequest, in db: Transaction
    ) throws -> [Document] {
        try AuditEntry.insert(request, operation: request.route.operation, subject: "me", in: db)
        return try people.compactMap(\.volunteer).flatMap { volunteer in
            try db.all("SELECT kind, number FROM identity_document WHERE volunteer_id = \(volunteer)")
        }
    }

    /// The caller's own number, for a real-name service they let be asked.
    static func open(ownOf request: APIRequest, in db: Transaction) throws -> Document {
        let volunteer = try request.volunteer()
        try AuditEntry.insert(
            request, operation: request.route.operation, subject: "volunteers/\(volunteer.rawValue)", in: db)
        return try document(of: volunteer, in: db)
    }

    private static func document(of volunteer: ID<Volunteer>, in db: Database) throws -> Document {
        let found: Document? = try db.first(
            "SELECT kind, number FROM identity_document WHERE volunteer_id = \(volunteer)")
        guard let found else { throw Problem(.notFound) }
        return found
    }

    // MARK: - Searching

    static func hash(_ number: String, _ services: Services) -> [UInt8] {
        hash(number, services.keyedHash)
    }

    static func hash(_ number: String, _ key: KeyedHash) -> [UInt8] { key(number, purpose: "identity number") }

    /// A subquery for the volunteer a number leads to, which opens nothing: a paper of a merged-away volunteer leads to
    /// the kept one.
    static func holder(ofHash hash: [UInt8]) -> SQL {
        """
        (SELECT coalesce(owner.merged_into, owner.id) FROM identity_document
            JOIN volunteer AS owner ON owner.id = identity_document.volunteer_id WHERE number_hash = \(hash))
        """
    }

    static func holder(ofHash hash: [UInt8], in db: Database) throws -> ID<Volunteer>? {
        try db.value("SELECT \(holder(ofHash: hash))")
    }

    /// Whether any number was hashed by the key of this installation.
    package static func isEmpty(in db: Database) throws -> Bool {
        try !db.exists("SELECT 1 FROM identity_document")
    }

    static func holds(_ volunteer: ID<Volunteer>, hash: [UInt8], in db: Database) throws -> Bool {
        try db.exists(
            "SELECT 1 FROM identity_document WHERE number_hash = \(hash) AND volunteer_id = \(volunteer)")
    }

    // MARK: - Writing

    /// Puts a number in for a new volunteer, or in another's place.
    /// - Throws: 409 when another volunteer has it.
    static func store(
        _ identity: IdentityNumber, hash: [UInt8], of volunteer: ID<Volunteer>, in db: Transaction
    ) throws {
        do {
            try db.run(
                """
                INSERT INTO identity_document (volunteer_id, kind, number, number_hash)
                VALUES (\(volunteer), \(identity.kind), \(identity.number), \(hash))
                ON CONFLICT (volunteer_id) DO UPDATE
                SET kind = excluded.kind, number = excluded.number, number_hash = excluded.number_hash
                """)
        } catch let error as SQLiteError where error.isUniqueViolation {
            throw Problem(.identityTaken)
        }
        try db.run(
            """
            UPDATE volunteer SET identity_kind = \(identity.kind),
                identity_masked = \(Masking.identityNumber(identity.number)) WHERE id = \(volunteer)
            """)
    }

    /// Forgets the number; whoever registers with it later is new.
    static func erase(_ volunteer: ID<Volunteer>, in db: Transaction) throws {
        try db.run("DELETE FROM identity_document WHERE volunteer_id = \(volunteer)")
        try db.run("UPDATE volunteer SET identity_masked = '*' WHERE id = \(volunteer)")
    }

    // MARK: - Wishes

    /// Keeps the number somebody wants corrected until it is decided.
    static func keepWish(_ identity: IdentityNumber, for request: ID<CorrectionRequest>, in db: Transaction) throws {
        try db.run(
            """
            INSERT INTO identity_wish (request_id, kind, number)
            VALUES (\(request), \(identity.kind), \(identity.number))
            """)
    }

    static func wish(_ request: ID<CorrectionRequest>, in db: Transaction) throws -> Document {
        try db.one("SELECT kind, number FROM identity_wish WHERE request_id = \(request)")
    }

    static func dropWish(_ request: ID<CorrectionRequest>, in db: Transaction) throws {
        try db.run("DELETE FROM identity_wish WHERE request_id = \(request)")
    }

    /// Drops all that an account still waits for.
    static func dropWishes(of account: ID<Account>, in db: Transaction) throws {
        try db.run(
            """
            DELETE FROM identity_wish WHERE request_id IN
                (SELECT id FROM correction_request WHERE account_id = \(account))
            """)
    }
}
