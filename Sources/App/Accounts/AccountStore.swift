import HTTP
package import SQLite

extension Account.Grant: RowDecodable {
    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], role: try row[1], stationId: try row[2], teamId: try row[3], endsAt: try row[4],
            grantedAt: try row[5])
    }
}

extension Account: RowDecodable {
    private static var columns: SQL {
        """
        account.id, account.phone, account.name, staff_credential.name, volunteer.id,
        coalesce(staff_credential.must_change, 0), account.created_at, account_closure.due_at
        """
    }
    private static var joins: SQL {
        """
        account LEFT JOIN staff_credential ON staff_credential.account_id = account.id
        LEFT JOIN volunteer ON volunteer.account_id = account.id
        LEFT JOIN account_closure ON account_closure.account_id = account.id AND account_closure.closed_at IS NULL
        """
    }

    package init(row: borrowing Row) throws {
        let phone: PhoneNumber? = try row[1]
        self.init(
            id: try row[0], phone: phone.map(Masking.phone), name: try row[2], staffName: try row[3],
            volunteerId: try row[4], mustChangePassword: try row[5], grants: [], createdAt: try row[6],
            closesAt: try row[7])
    }

    /// - Throws: 404.
    static func find(_ id: ID<Account>, in db: Database) throws -> Account {
        guard var account: Account = try db.first("SELECT \(columns) FROM \(joins) WHERE account.id = \(id)") else {
            throw Problem(.notFound)
        }
        account.grants = try grants(of: id, in: db)
        return account
    }

    /// The number the account proved, in full; nil when it came in another way.
    static func phone(of id: ID<Account>, in db: Database) throws -> PhoneNumber? {
        try db.value("SELECT phone FROM account WHERE id = \(id)")
    }

    static func grants(of id: ID<Account>, in db: Database) throws -> [Grant] {
        try db.all(
            """
            SELECT id, role, station_id, team_id, ends_at, granted_at FROM role_grant
            WHERE account_id = \(id) ORDER BY id
            """)
    }

    /// The station of a row of `role_grant`; a team's is where the team lies.
    private static var grantedAt: StaticString {
        "coalesce(role_grant.station_id, (SELECT team.station_id FROM team WHERE team.id = role_grant.team_id))"
    }

    /// - Parameter roots: only those who hold something in these parts of the tree; nil is everybody.
    static func staff(
        within roots: [ID<Station>]?, now: Timestamp, _ page: Page, in db: Database
    ) throws -> [Account] {
        let after = page.after?.first ?? 0
        var holding: SQL = "1"
        if let roots {
            let isThere = try Station.within(roots, grantedAt, in: db)
            holding = """
                EXISTS (SELECT 1 FROM role_grant WHERE role_grant.account_id = staff_credential.account_id
                    AND \(livingGrants(at: now.seconds)) AND \(isThere))
                """
        }
        let accounts: [Account] = try db.all(
            """
            SELECT \(columns) FROM \(joins) WHERE staff_credential.account_id > \(after) AND \(holding)
            ORDER BY staff_credential.account_id LIMIT \(page.limit + 1)
            """)
        return try accounts.map { account in
            var account = account
            account.grants = try grants(of: account.id, in: db)
            return account
        }
    }

    /// Whether the account holds something in one of these parts of the tree; nil is the whole city.
    func holdsGrant(within roots: [ID<Station>]?, now: Timestamp, in db: Database) throws -> Bool {
        guard let roots else { return true }
        let isThere = try Station.within(roots, Self.grantedAt, in: db)
        return try db.exists(
            """
            SELECT 1 FROM role_grant
            WHERE account_id = \(id) AND \(Account.livingGrants(at: now.seconds)) AND \(isThere)
            """)
    }

    /// Whose an account is: its own, or the one it was merged into.
    static func kept(_ id: ID<Account>, in db: Database) throws -> ID<Account> {
        try db.value("SELECT coalesce(merged_into, id) FROM account WHERE id = \(id)") ?? id
    }

    /// The account a phone leads to: its own, or the one that was merged into.
    static func find(phone: PhoneNumber, in db: Database) throws -> ID<Account>? {
        try db.value("SELECT coalesce(merged_into, id) FROM account WHERE phone = \(phone)")
    }

    /// The account of a phone that was just proved to be at hand; made when there is none.
    static func ensure(phone: PhoneNumber, in db: Transaction) throws -> ID<Account> {
        if let id = try find(phone: phone, in: db) { return id }
        try db.run("INSERT INTO account (phone, created_at) VALUES (\(phone), \(db.now))")
        return ID(db.lastInsertedID)
    }

    /// An account that nobody can sign in to: a child's, whose guardian acts for it.
    static func insertWithoutWayIn(in db: Transaction) throws -> ID<Account> {
        try db.run("INSERT INTO account (created_at) VALUES (\(db.now))")
        return ID(db.lastInsertedID)
    }

    /// The account of an identity known in its mini-program.
    static func find(_ identity: WeChatIdentity, in db: Database) throws -> ID<Account>? {
        try db.value(
            """
            SELECT account_id FROM wechat_identity WHERE app_id = \(identity.appID) AND open_id = \(identity.openID)
            """)
    }

    static func insert(_ identity: WeChatIdentity, for account: ID<Account>, in db: Transaction) throws {
        try db.run(
            """
            INSERT INTO wechat_identity (app_id, open_id, union_id, account_id, created_at)
            VALUES (\(identity.appID), \(identity.openID), \(identity.unionID), \(account), \(db.now))
            """)
    }

    /// The account of a person WeChat vouches for: known in this mini-program; or known in others by a unionid that
    /// belongs to one account and no second; or new.
    static func ensure(_ identity: WeChatIdentity, in db: Transaction) throws -> ID<Account> {
        if let known = try find(identity, in: db) {
            // The mini-program joined an open-platform account after this person had signed in.
            try db.run(
                """
                UPDATE wechat_identity SET union_id = \(identity.unionID)
                WHERE app_id = \(identity.appID) AND open_id = \(identity.openID) AND union_id IS NULL
                    AND \(identity.unionID) IS NOT NULL
                """)
            return known
        }
        let owners: [ID<Account>] =
            try identity.unionID.map { union in
                try db.values("SELECT DISTINCT account_id FROM wechat_identity WHERE union_id = \(union) LIMIT 2")
            } ?? []
        let account: ID<Account>
        if owners.count == 1, let owner = owners.first {
            account = owner
        } else {
            account = try insertWithoutWayIn(in: db)
        }
        try insert(identity, for: account, in: db)
        return account
    }
}

extension Session: RowDecodable {
    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], method: try row[1], device: try row[2], address: try row[3], createdAt: try row[4],
            lastUsedAt: try row[5], expiresAt: try row[6], isCurrent: false)
    }

    /// An account's living sessions, newest first.
    static func list(of account: ID<Account>, current: ID<Session>, now: Timestamp, in db: Database) throws -> [Session]
    {
        let all: [Session] = try db.all(
            """
            SELECT id, method, device, address, created_at, last_used_at, expires_at FROM session
            WHERE account_id = \(account) AND expires_at > \(now) AND last_used_at + idle_seconds > \(now)
            ORDER BY id DESC
            """)
        return all.map { session in
            var session = session
            session.isCurrent = session.id == current
            return session
        }
    }

    struct Opening {
        var account: ID<Account>
        var method: Method
        var token: String
        var device: String
        var address: String
    }

    /// Opens a session, ending the oldest of an account that has too many.
    static func open(_ opening: Opening, _ configuration: Configuration, in db: Transaction) throws -> Opened {
        let isStaff = opening.method == .staff
        let life = isStaff ? configuration.staffSessionHours * 3_600 : configuration.residentSessionDays * 86_400
        let idle = isStaff ? configuration.staffIdleMinutes * 60 : configuration.residentIdleDays * 86_400
        let expiresAt = db.now + Int64(life)
        let id = try insert(
            TokenHash(of: opening.token.utf8), of: opening.account, opening.method, device: opening.device,
            address: opening.address, expiresAt: expiresAt, idleSeconds: Int64(idle), in: db)
        try db.run(
            """
            DELETE FROM session WHERE account_id = \(opening.account) AND id <= (
                SELECT id FROM session WHERE account_id = \(opening.account)
                ORDER BY id DESC LIMIT 1 OFFSET \(configuration.sessionsPerAccount))
            """)
        return Opened(
            token: opening.token, sessionId: id, expiresAt: Timestamp(seconds: expiresAt),
            account: try Account.find(opening.account, in: db))
    }

    /// - Parameter expiresAt: UTC seconds.
    @discardableResult
    package static func insert(
        _ token: TokenHash, of account: ID<Account>, _ method: Method, device: String = "", address: String = "",
        expiresAt: Int64, idleSeconds: Int64, in db: Transaction
    ) throws -> ID<Session> {
        let id = try db.value("SELECT coalesce(max(id), 0) + 1 FROM session") ?? ID<Session>(1)
        try db.run(
            """
            INSERT INTO session (token_key, token_hash, id, account_id, method, device, address, created_at,
                last_used_at, expires_at, idle_seconds)
            VALUES (\(token.key), \(token.bytes), \(id), \(account), \(method), \(device), \(address), \(db.now),
                \(db.now), \(expiresAt), \(idleSeconds))
            """)
        return id
    }

    /// - Returns: whether there was one of this account.
    static func end(_ id: ID<Session>, of account: ID<Account>, in db: Transaction) throws -> Bool {
        try db.run("DELETE FROM session WHERE id = \(id) AND account_id = \(account)") > 0
    }

    static func endAll(of account: ID<Account>, in db: Transaction) throws {
        try db.run("DELETE FROM session WHERE account_id = \(account)")
    }
}
