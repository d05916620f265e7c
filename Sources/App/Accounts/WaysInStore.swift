package import SQLite

extension WaysIn.WeChat: RowDecodable {
    package init(row: borrowing Row) throws { self.init(appId: try row[0], linkedAt: try row[1]) }
}

extension WaysIn {
    static func find(of account: ID<Account>, in db: Database) throws -> WaysIn {
        let former: [PhoneNumber] = try db.values(
            "SELECT phone FROM account WHERE merged_into = \(account) AND phone IS NOT NULL ORDER BY id")
        return WaysIn(
            phone: try Account.phone(of: account, in: db).map(Masking.phone),
            formerPhones: former.map(Masking.phone),
            weChatIdentities: try db.all(
                """
                SELECT app_id, created_at FROM wechat_identity WHERE account_id = \(account)
                ORDER BY created_at, app_id, open_id
                """),
            staffName: try db.value("SELECT name FROM staff_credential WHERE account_id = \(account)"))
    }

    /// Makes a proved number the account's; the one before it leads here no more. A volunteer is reached by it, too.
    /// - Returns: false when another person's account has it.
    static func link(_ phone: PhoneNumber, to account: ID<Account>, in db: Transaction) throws -> Bool {
        let owner = try Account.find(phone: phone, in: db)
        guard owner == nil || owner == account else { return false }
        try Account.movePhone(phone, to: account, in: db)
        try db.run(
            """
            UPDATE volunteer SET phone = \(phone), version = version + 1, updated_at = \(db.now)
            WHERE account_id = \(account) AND phone <> \(phone)
            """)
        return true
    }

    /// - Returns: false when another account has it.
    static func link(_ identity: WeChatIdentity, to account: ID<Account>, in db: Transaction) throws -> Bool {
        if let owner = try Account.find(identity, in: db) { return owner == account }
        try Account.insert(identity, for: account, in: db)
        return true
    }

    static func unlink(_ way: Way, from account: ID<Account>, in db: Transaction) throws {
        switch way {
        case .phone: try db.run("UPDATE account SET phone = NULL WHERE id = \(account)")
        case .formerPhones: try db.run("UPDATE account SET phone = NULL WHERE merged_into = \(account)")
        case .weChat(let appID):
            try db.run("DELETE FROM wechat_identity WHERE account_id = \(account) AND app_id = \(appID)")
        }
    }
}
