import HTTP
package import SQLite

extension Volunteer: RowDecodable {
    private static var select: SQL {
        """
        SELECT volunteer.id, volunteer.number, volunteer.name, volunteer.sex, volunteer.birth_date, volunteer.phone,
            volunteer.identity_kind, volunteer.identity_masked, volunteer.residence_code, volunteer.categories,
            volunteer.skills, volunteer.guardian_name, volunteer.guardian_phone, volunteer.verification,
            (SELECT max(level) FROM star_award WHERE revoked_at IS NULL AND volunteer_id IN
                (SELECT each.id FROM volunteer AS each WHERE each.id = volunteer.id OR each.merged_into = volunteer.id)),
            volunteer.version, volunteer.created_at
        FROM volunteer
        """
    }

    package init(row: borrowing Row) throws {
        let guardianName: String? = try row[11]
        let guardianPhone: String? = try row[12]
        let birthDate: String = try row[4]
        guard let birthDate = CivilDate(birthDate) else { throw Problem(.internalError) }
        self.init(
            id: try row[0], number: try row[1], name: try row[2], sex: try row[3], birthDate: birthDate,
            phone: try row[5], identityKind: try row[6], maskedIdentityNumber: try row[7], residenceCode: try row[8],
            categories: Self.list(try row[9]), skills: Self.list(try row[10]),
            guardian: guardianName.flatMap { name in guardianPhone.map { Guardian(name: name, phone: $0) } },
            verification: try row[13], starLevel: try row[14], version: try row[15], createdAt: try row[16])
    }

    private static func list(_ text: String) -> [String] {
        (try? JSON.decode([String].self, from: Array(text.utf8))) ?? []
    }

    private static func text(_ list: [String]) -> String { String(decoding: JSON.encode(list), as: UTF8.self) }

    /// - Throws: 404.
    static func find(_ id: ID<Volunteer>, in db: Database) throws -> Volunteer {
        guard let volunteer: Volunteer = try db.first("\(select) WHERE volunteer.id = \(id)") else {
            throw Problem(
                .notFound, detail: Wording(zh: "没有编号为 \(id.rawValue) 的志愿者", en: "There is no volunteer \(id.rawValue)"))
        }
        return volunteer
    }

    /// Whether the row was merged into another's, so that nobody acts as this volunteer any more.
    static func isMerged(_ id: ID<Volunteer>, in db: Database) throws -> Bool {
        try db.exists("SELECT 1 FROM volunteer WHERE id = \(id) AND merged_into IS NOT NULL")
    }

    /// Whom a row speaks of: its own volunteer, or the one that was merged into.
    static func kept(_ id: ID<Volunteer>, in db: Database) throws -> ID<Volunteer> {
        try db.value("SELECT coalesce(merged_into, id) FROM volunteer WHERE id = \(id)") ?? id
    }

    /// A condition that the volunteer of the row can take something on: neither merged into another nor of an account that
    /// was closed.
    static var living: SQL {
        """
        volunteer.merged_into IS NULL AND NOT EXISTS (SELECT 1 FROM account_closure
            WHERE account_closure.account_id = volunteer.account_id AND account_closure.closed_at IS NOT NULL)
        """
    }

    static func isLiving(_ id: ID<Volunteer>, in db: Database) throws -> Bool {
        try db.exists("SELECT 1 FROM volunteer WHERE volunteer.id = \(id) AND \(living)")
    }

    /// - Throws: 404, also for one who was merged into another or whose account was closed.
    static func findLiving(_ id: ID<Volunteer>, in db: Database) throws -> Volunteer {
        guard try isLiving(id, in: db) else { throw Problem(.notFound) }
        return try find(id, in: db)
    }

    /// - Throws: 422 at `pointer`, because the id came in a body; also for one who was merged into another or whose account
    ///   was closed.
    static func require(_ id: ID<Volunteer>, pointer: String, in db: Database) throws {
        guard try isLiving(id, in: db) else {
            throw Problem(.invalid, faults: [.init(pointer, Wording(zh: "没有这名志愿者", en: "names no volunteer"))])
        }
    }

    struct Filter {
        var number: String?
        var phone: PhoneNumber?
        var identityHash: [UInt8]?
        /// Only those for whom this account consented.
        var guardian: ID<Account>?
        /// `YYYY-MM-DD`; only those born later.
        var bornAfter: String?
        /// Only those who live in these parts of the tree; nil is the whole city.
        var within: [ID<Station>]?
    }

    static func list(_ filter: Filter, _ page: Page, in db: Database) throws -> [Volunteer] {
        // What is known of a merged-away volunteer leads to the kept one.
        var conditions: [SQL] = ["volunteer.merged_into IS NULL"]
        if let number = filter.number {
            conditions.append(
                "volunteer.id = (SELECT coalesce(merged_into, id) FROM volunteer WHERE number = \(number))")
        }
        if let phone = filter.phone {
            conditions.append(
                "volunteer.account_id = (SELECT coalesce(merged_into, id) FROM account WHERE phone = \(phone))")
        }
        if let hash = filter.identityHash {
            conditions.append("volunteer.id = \(IdentityVault.holder(ofHash: hash))")
        }
        if let guardian = filter.guardian {
            conditions.append(
                """
                volunteer.id IN (SELECT volunteer_id FROM guardianship
                    WHERE account_id = \(guardian) AND state = 'consented')
                """)
        }
        if let roots = filter.within { conditions.append(try residing(in: roots, db)) }
        if let day = filter.bornAfter { conditions.append("volunteer.birth_date > \(day)") }
        if let after = page.after { conditions.append("volunteer.id > \(after.first)") }
        return try db.all("\(select) \(.filter(conditions)) ORDER BY volunteer.id LIMIT \(page.limit + 1)")
    }

    /// - Throws: 409 when the account is a volunteer already, or another volunteer has the identity number.
    static func insert(
        _ draft: Draft, _ person: VolunteerRules.Person, hash: [UInt8], account: ID<Account>, in db: Transaction
    ) throws -> Volunteer {
        if try db.exists("SELECT 1 FROM volunteer WHERE account_id = \(account)") { throw Problem(.alreadyVolunteer) }
        let guardianPhone = draft.guardian.flatMap { PhoneNumber($0.phone) }
        try db.run(
            """
            INSERT INTO volunteer (account_id, name, sex, birth_date, phone, residence_code, categories, skills,
                guardian_name, guardian_phone, created_at, updated_at)
            VALUES (\(account), \(draft.name), \(person.sex), \(person.birthDate.description), \(person.phone),
                \(draft.residenceCode), \(text(draft.categories)), \(text(draft.skills)), \(draft.guardian?.name),
                \(guardianPhone), \(db.now), \(db.now))
            """)
        let id = ID<Volunteer>(db.lastInsertedID)
        try db.run("UPDATE volunteer SET number = \(VolunteerRules.number(id)) WHERE id = \(id)")
        try IdentityVault.store(person.identity, hash: hash, of: id, in: db)
        try draft.particulars?.save(of: id, in: db)
        return try find(id, in: db)
    }

    /// Whether the volunteer, or the one it was merged into, is that account's.
    static func isHeld(_ volunteer: ID<Volunteer>, by account: ID<Account>, in db: Database) throws -> Bool {
        let kept = try kept(volunteer, in: db)
        return try db.exists("SELECT 1 FROM volunteer WHERE id = \(kept) AND account_id = \(account)")
    }

    func update(_ edit: Edit, in db: Transaction) throws -> Volunteer {
        try db.run(
            """
            UPDATE volunteer SET residence_code = \(edit.residenceCode), categories = \(Self.text(edit.categories)),
                skills = \(Self.text(edit.skills)), version = version + 1, updated_at = \(db.now) WHERE id = \(id)
            """)
        return try Self.find(id, in: db)
    }
}

extension APIRequest {
    /// Nobody decides about themselves or a child they answer for, nor about what either was before two became one.
    /// - Throws: 403.
    func refuseOwn(_ volunteer: ID<Volunteer>, in db: Database) throws {
        guard try !isOwn(volunteer, in: db) else { throw Problem(.ownCase) }
    }

    /// Whether the caller is that volunteer, or the one it was merged into, or has consented for it as guardian.
    func isOwn(_ volunteer: ID<Volunteer>, in db: Database) throws -> Bool {
        let caller = try signedIn()
        let kept = try Volunteer.kept(volunteer, in: db)
        if kept == caller.volunteer { return true }
        return try Guardianship.holds(caller.account, kept, in: db)
    }
}
