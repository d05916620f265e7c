import HTTP
import SQLite

extension Volunteer {
    /// Puts name and identity right. What was verified is lost with them; saying what is known already changes nothing.
    /// - Throws: 409 when another volunteer has the number.
    func correct(
        _ correction: Correction, _ person: VolunteerRules.Person, hash: [UInt8], by account: ID<Account>,
        today: CivilDate, in db: Transaction
    ) throws -> Volunteer {
        let isSame =
            try correction.name == name && person.identity.kind == identityKind && person.sex == sex
            && person.birthDate == birthDate && IdentityVault.holds(id, hash: hash, in: db)
        if isSame { return self }
        try IdentityVault.store(person.identity, hash: hash, of: id, in: db)
        try db.run(
            """
            UPDATE volunteer SET name = \(correction.name), sex = \(person.sex),
                birth_date = \(person.birthDate.description), version = version + 1, updated_at = \(db.now)
            WHERE id = \(id)
            """)
        try VolunteerVerification.lose(reason: correction.reason, of: id, by: account, in: db)
        if let guardian, GuardianshipRules.isMinor(person.birthDate, on: today) {
            try Guardianship.inviteFirst(guardian, of: id, in: db)
        }
        return try Self.find(id, in: db)
    }

    /// Notes whom a minor names as guardian.
    func set(_ guardian: Guardian, in db: Transaction) throws {
        try db.run(
            """
            UPDATE volunteer SET guardian_name = \(guardian.name), guardian_phone = \(PhoneNumber(guardian.phone)),
                version = version + 1, updated_at = \(db.now)
            WHERE id = \(id)
            """)
    }

    /// The volunteer whose identity number this is, and what a claim needs to know of it.
    static func holder(ofIdentity hash: [UInt8], in db: Database) throws -> (id: ID<Volunteer>, name: String)? {
        guard let id = try IdentityVault.holder(ofHash: hash, in: db) else { return nil }
        return (id, try find(id, in: db).name)
    }

    static func isHeld(by account: ID<Account>, in db: Database) throws -> Bool {
        try db.exists("SELECT 1 FROM volunteer WHERE account_id = \(account)")
    }

    /// Hands the volunteer to another account. The contact becomes the new owner's proven phone where there is one.
    static func move(_ volunteer: ID<Volunteer>, to account: ID<Account>, in db: Transaction) throws {
        try db.run(
            """
            UPDATE volunteer SET account_id = \(account),
                phone = coalesce((SELECT phone FROM account WHERE id = \(account)), phone),
                version = version + 1, updated_at = \(db.now)
            WHERE id = \(volunteer)
            """)
    }
}
