import HTTP
package import SQLite

/// A member of staff's way in: a name and a password under yescrypt, locked for a while after wrong tries.
package enum StaffCredential {
    package struct Draft: RequestBody {
        /// The name to sign in with.
        package var staffName: String
        /// The person's own name.
        package var name: String
        package var role: RoleName
        /// null is the whole city; it must be said.
        @Stated package var stationId: ID<Station>?

        package init(staffName: String, name: String, role: RoleName, stationId: ID<Station>?) {
            self.staffName = staffName
            self.name = name
            self.role = role
            self.stationId = stationId
        }

        package func check(_ faults: inout Faults) {
            let isPlain = staffName.utf8.allSatisfy { byte in
                byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || "._-@".utf8.contains(byte)
            }
            if !isPlain || !(2...40).contains(staffName.utf8.count) {
                faults.add("/staffName", "应为 2–40 个字母、数字或 . _ - @", "must be 2 to 40 letters, digits or . _ - @")
            }
            if !PersonName.isValid(name) { faults.add("/name", "姓名无效", "is not a person's name") }
        }
    }

    package struct PasswordChange: RequestBody {
        package var currentPassword: String
        package var newPassword: String

        package func check(_ faults: inout Faults) {
            if !(1...PasswordHash.lengthMax).contains(currentPassword.utf8.count) {
                faults.add(
                    "/currentPassword", "长度应为 1–\(PasswordHash.lengthMax) 字节",
                    "must have 1 to \(PasswordHash.lengthMax) bytes")
            }
            if newPassword == currentPassword {
                faults.add("/newPassword", "不能与当前密码相同", "must not be the current password")
            }
        }
    }

    /// The answer that shows a first password, once.
    package struct Made: Encodable, Sendable {
        package var account: Account
        /// To be changed at the first sign-in.
        package var firstPassword: String
    }

    private struct Row: RowDecodable {
        var account: ID<Account>
        var hash: String
        var tries: WrongTries

        init(row: borrowing SQLite.Row) throws {
            account = try row[0]
            hash = try row[1]
            tries = WrongTries(failures: try row[2], lockedUntil: try row[3])
        }
    }

    private static func find(_ condition: SQL, in db: Database) throws -> Row? {
        try db.first(
            "SELECT account_id, password_hash, failures, locked_until FROM staff_credential WHERE \(condition)")
    }

    static func account(named name: String, in db: Database) throws -> ID<Account>? {
        try find("name = \(name)", in: db)?.account
    }

    /// What a password was checked against. It takes so long that the credential may be another by then.
    package struct Proof: Sendable {
        var account: ID<Account>
        fileprivate var hash: String
    }

    /// Checks a password on a worker thread, unless the name is locked. A name that does not exist is counted, locked and
    /// hashed like one that does (`UnknownStaffName`), so that nobody learns which names there are.
    ///
    /// The try counts as failed before it is hashed, in the transaction that finds the credential, and `accept` takes the
    /// count back. Hashing takes so long that a count made afterwards lets everybody pass who comes meanwhile. Whoever
    /// comes with the right password, but more often at once than wrong ones are allowed, is told to wait as well.
    /// - Returns: what `accept` holds against the credential in the transaction that opens the session.
    /// - Throws: 401, or 429 while locked.
    package static func verify(_ name: String, _ password: String, _ services: Services) throws -> Proof {
        let nameHash = UnknownStaffName.hash(name, services.keyedHash)
        let limits = services.configuration.tryLimits
        let known = try services.writer.writeAndWait { db in
            let known = try find("name = \(name)", in: db)
            if let known {
                try reserve(known, limits, in: db)
            } else {
                try UnknownStaffName.reserve(nameHash, limits, in: db)
            }
            return known
        }
        return try verify(known, password)
    }

    /// The same for whoever is signed in, with the same lock: an open session is no way to guess its password.
    /// - Throws: 403 for an account without a password, too.
    static func verify(_ account: ID<Account>, _ password: String, _ services: Services) throws -> Proof {
        let limits = services.configuration.tryLimits
        let known = try services.writer.writeAndWait { db in
            guard let known = try find("account_id = \(account)", in: db) else { throw Problem(.forbidden) }
            try reserve(known, limits, in: db)
            return known
        }
        return try verify(known, password)
    }

    private static func verify(_ known: Row?, _ password: String) throws(Problem) -> Proof {
        // Looked at for known names too: the first look hashes, and would tell that the first unknown name is none.
        let decoy = PasswordHash.decoy
        let isRight = PasswordHash.verify(password, known?.hash ?? decoy)
        guard let known, isRight else { throw Problem(.wrongPassword) }
        return Proof(account: known.account, hash: known.hash)
    }

    /// - Throws: 429 while locked.
    private static func reserve(_ known: Row, _ limits: WrongTries.Limits, in db: Transaction) throws {
        let tries = try known.tries.counting(limits, now: db.now)
        try db.run(
            """
            UPDATE staff_credential SET failures = \(tries.failures), locked_until = \(tries.lockedUntil)
            WHERE account_id = \(known.account)
            """)
    }

    /// Forgets wrong tries, for the right password came. A lock that others brought about while it was hashed does not
    /// hold against it: its own try was among those allowed.
    /// - Throws: 401 when the password was replaced while it was checked.
    package static func accept(_ proof: Proof, in db: Transaction) throws {
        guard let known = try find("account_id = \(proof.account)", in: db), known.hash == proof.hash else {
            throw Problem(.wrongPassword)
        }
        try db.run("UPDATE staff_credential SET failures = 0, locked_until = 0 WHERE account_id = \(proof.account)")
    }

    /// Makes an account for a member of staff.
    /// - Parameter hash: of the first password, made beforehand: hashing does not belong in a transaction.
    /// - Throws: 409 when the name is taken, 422 for a station that does not exist.
    package static func insert(
        _ draft: Draft, hash: String, grantedBy: ID<Account>?, in db: Transaction
    ) throws -> ID<Account> {
        if try db.exists("SELECT 1 FROM staff_credential WHERE name = \(draft.staffName)") {
            throw Problem(.conflict, detail: Wording(zh: "登录名已被使用", en: "The name is taken"))
        }
        try db.run("INSERT INTO account (name, created_at) VALUES (\(draft.name), \(db.now))")
        let account = ID<Account>(db.lastInsertedID)
        try db.run(
            """
            INSERT INTO staff_credential (account_id, name, password_hash, must_change, changed_at)
            VALUES (\(account), \(draft.staffName), \(hash), 1, \(db.now))
            """)
        let grant = Account.Grant.Draft(role: draft.role, stationId: draft.stationId)
        try Account.Grant.insert(grant, to: account, by: grantedBy, in: db)
        return account
    }

    /// Sets a password and ends every session of the account but `kept`.
    static func setPassword(
        hash: String, of account: ID<Account>, mustChange: Bool, kept: ID<Session>?, in db: Transaction
    ) throws {
        try db.run(
            """
            UPDATE staff_credential SET password_hash = \(hash), must_change = \(mustChange), changed_at = \(db.now),
                failures = 0, locked_until = 0 WHERE account_id = \(account)
            """)
        try db.run("DELETE FROM session WHERE account_id = \(account) AND id IS NOT \(kept)")
    }

    /// Asks for a new password where the present one is too old (GB/T 22239-2019 8.1.4.1: periodic change).
    package static let housekeeping = HousekeepingJob(name: "old passwords") { db, configuration in
        guard configuration.passwordDays > 0 else { return .init(0) }
        let oldest = db.now - Int64(configuration.passwordDays) * 86_400
        return .init(
            try db.run(
                "UPDATE staff_credential SET must_change = 1 WHERE must_change = 0 AND changed_at <= \(oldest)"))
    }

    /// Sixteen characters of three kinds, none of which is taken for another.
    package static func firstPassword() -> String {
        let kinds = ["ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789"].map(Array.init)
        let random = SecureRandom.bytes(16)
        return String(
            random.enumerated().map { offset, byte in
                let kind = kinds[offset % kinds.count]
                return kind[Int(byte) % kind.count]
            })
    }
}
