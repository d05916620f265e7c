import HTTP
package import SQLite

extension UnitRepresentative: RowDecodable {
    package init(row: borrowing Row) throws {
        let phone: PhoneNumber? = try row[1]
        self.init(accountId: try row[0], phone: phone.map(Masking.phone), linkedAt: try row[2])
    }

    static func list(of unit: ID<PartyUnit>, in db: Database) throws -> [UnitRepresentative] {
        try db.all(
            """
            SELECT unit_representative.account_id, account.phone, unit_representative.linked_at
            FROM unit_representative JOIN account ON account.id = unit_representative.account_id
            WHERE unit_representative.unit_id = \(unit) ORDER BY unit_representative.account_id
            """)
    }

    static func exists(_ account: ID<Account>, of unit: ID<PartyUnit>, in db: Database) throws -> Bool {
        try db.exists("SELECT 1 FROM unit_representative WHERE unit_id = \(unit) AND account_id = \(account)")
    }

    /// Linking somebody again changes nothing.
    /// - Throws: 422 when no account has the phone, 409 when the unit has as many as it may.
    static func link(
        _ phone: PhoneNumber?, to unit: ID<PartyUnit>, by staff: ID<Account>, in db: Transaction
    ) throws -> UnitRepresentative {
        guard let account = try phone.flatMap({ try Account.find(phone: $0, in: db) }) else {
            throw Problem(
                .invalid,
                faults: [
                    .init("/phone", Wording(zh: "该手机号的用户须先登录一次", en: "belongs to nobody who has signed in"))
                ])
        }
        if try !exists(account, of: unit, in: db) {
            let count: Int? = try db.value("SELECT count(*) FROM unit_representative WHERE unit_id = \(unit)")
            guard (count ?? 0) < PartyUnitRules.representativesMax else {
                throw Problem(
                    .conflict,
                    detail: Wording(
                        zh: "每个单位最多 \(PartyUnitRules.representativesMax) 名联络员",
                        en: "A unit has at most \(PartyUnitRules.representativesMax) representatives"))
            }
            try db.run(
                """
                INSERT INTO unit_representative (unit_id, account_id, linked_by, linked_at)
                VALUES (\(unit), \(account), \(staff), \(db.now))
                """)
        }
        let all = try list(of: unit, in: db)
        guard let made = all.first(where: { $0.accountId == account }) else { throw Problem(.internalError) }
        return made
    }

    /// - Throws: 404 when the account does not act for the unit.
    static func unlink(_ account: ID<Account>, from unit: ID<PartyUnit>, in db: Transaction) throws {
        let count = try db.run(
            "DELETE FROM unit_representative WHERE unit_id = \(unit) AND account_id = \(account)")
        guard count > 0 else { throw Problem(.notFound) }
    }
}
