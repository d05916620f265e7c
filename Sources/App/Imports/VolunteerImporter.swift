import HTTP
package import SQLite

/// Volunteers from CSV, whom an organisation registers with their consent (民政部令67 art. 6). They are recognised by their
/// identity number; who is registered already stays as they are. A person finds themselves by signing in with the phone.
package struct VolunteerImporter: Importer {
    package struct Entry: Sendable {
        var draft: Volunteer.Draft
        var person: VolunteerRules.Person
        var hash: [UInt8]
        /// Whom a minor has to have consent.
        var guardian: Volunteer.Guardian?
        var enteredBy: String
    }

    package static let kind = ImportKind.volunteers
    package static let columns = [
        ImportColumn("name", "姓名", required: true, "2 to 30 letters of any script"),
        ImportColumn("identityNumber", "证件号码", required: true, "its check digit is checked"),
        ImportColumn(
            "identityKind", "证件类型",
            "residentIdentityCard unless it is said; else \(IdentityKind.allCases.dropFirst().map(\.rawValue).joined(separator: ", "))"
        ),
        ImportColumn("sex", "性别", "male (男) or female (女); only where the number does not hold it"),
        ImportColumn("birthDate", "出生日期", "YYYY-MM-DD; only where the number does not hold it"),
        ImportColumn("phone", "手机号", required: true, "who proves this number later signs in as this volunteer"),
        ImportColumn("residenceCode", "居住地区划代码", required: true, "6, 9 or 12 digits"),
        ImportColumn("categories", "服务类别", "codes 01 to 22 with ; between them"),
        ImportColumn("skills", "技能", "at most 20, with ; between them"),
        ImportColumn("guardianName", "监护人姓名", "needed below the age of 18; nobody below 14 is imported"),
        ImportColumn("guardianPhone", "监护人手机号", "needed below the age of 18"),
        ImportColumn("enteredBy", "录入单位阵地编码", required: true, "the code of the station that registers them"),
        ImportColumn(
            "consent", "本人同意", required: true, "yes (是): the person agreed to be registered; nobody else is taken"),
    ]

    private let keyedHash: KeyedHash
    private let today: CivilDate

    /// - Parameter today: ages are counted on this day.
    package init(keyedHash: KeyedHash, today: CivilDate) {
        self.keyedHash = keyedHash
        self.today = today
    }

    package func read(_ row: ImportRow) throws -> Entry {
        var faults = Faults()
        let kind = row.choice("identityKind", IdentityKind.self, words: ["居民身份证": .residentIdentityCard], &faults)
        let sex = row.choice("sex", Sex.self, words: ["男": .male, "女": .female], &faults)
        let birthDate = row.text("birthDate").map { CivilDate($0) }
        if birthDate == .some(nil) { faults.add("/birthDate", "应为 YYYY-MM-DD", "must be YYYY-MM-DD") }
        if !["yes", "是"].contains(row.text("consent")) {
            faults.add("/consent", "须经本人同意", "must be yes: nobody is registered without consent")
        }
        let enteredBy = row.text("enteredBy")
        if enteredBy == nil { faults.add("/enteredBy", "不能为空", "is needed") }
        var guardian: Volunteer.Guardian?
        if row.text("guardianName") != nil || row.text("guardianPhone") != nil {
            guardian = .init(name: row.text("guardianName") ?? "", phone: row.text("guardianPhone") ?? "")
        }
        let draft = Volunteer.Draft(
            name: row.text("name") ?? "", identityKind: kind ?? .residentIdentityCard,
            identityNumber: row.text("identityNumber") ?? "", sex: sex, birthDate: birthDate ?? nil,
            phone: row.text("phone"), residenceCode: row.text("residenceCode") ?? "",
            categories: row.list("categories"),
            skills: row.list("skills"), guardian: guardian, particulars: nil)
        draft.check(&faults)
        try faults.check()
        let person = try VolunteerRules.person(draft, accountPhone: nil, today: today)
        // Below 14 it throws: only the guardian registers the child (个人信息保护法 art. 31).
        let asked = try GuardianshipRules.guardian(ofApplicant: person, draft, ownPhone: nil, today: today)
        let hash = IdentityVault.hash(person.identity.number, keyedHash)
        return Entry(draft: draft, person: person, hash: hash, guardian: asked, enteredBy: enteredBy ?? "")
    }

    package func write(_ entry: Entry, _ place: ImportPlace, in db: Transaction) throws -> ImportOutcome {
        guard let station = try Station.find(code: entry.enteredBy, in: db) else {
            throw Problem.column("enteredBy", "没有该编码的阵地", "names no station")
        }
        if let holder = try Volunteer.holder(ofIdentity: entry.hash, in: db) {
            guard holder.name == entry.draft.name else {
                throw Problem.column("identityNumber", "已有另一姓名的志愿者使用该证件号码", "is registered under another name")
            }
            return .unchanged
        }
        let account = try account(of: entry, in: db)
        let volunteer = try Volunteer.insert(entry.draft, entry.person, hash: entry.hash, account: account, in: db)
        if let guardian = entry.guardian { try Guardianship.invite(guardian, of: volunteer.id, in: db) }
        try ImportLookups.noteEntry(volunteer.id, by: station.id, place, in: db)
        return .created
    }

    /// The account that proves, or will prove, the phone. A minor whose phone is the guardian's gets one without ways in,
    /// as one whom the guardian registers.
    private func account(of entry: Entry, in db: Transaction) throws -> ID<Account> {
        if let guardian = entry.guardian, PhoneNumber(guardian.phone) == entry.person.phone {
            return try Account.insertWithoutWayIn(in: db)
        }
        let account = try Account.ensure(phone: entry.person.phone, in: db)
        guard try !Volunteer.isHeld(by: account, in: db) else {
            throw Problem.column("phone", "该手机号已是另一名志愿者的", "is another volunteer's")
        }
        return account
    }
}
