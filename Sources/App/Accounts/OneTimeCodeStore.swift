import HTTP
import SQLite

extension OneTimeCode {
    /// A code that was noted, and what stood in its place.
    struct Noted {
        var code: OneTimeCode
        fileprivate var before: Row?
    }

    fileprivate struct Row: RowDecodable {
        var hash: [UInt8]
        var expiresAt: Int64
        var tries: Int
        var sentAt: Int64
        var dayBeganAt: Int64
        var sentInDay: Int

        init(row: borrowing SQLite.Row) throws {
            hash = try row[0]
            expiresAt = try row[1]
            tries = try row[2]
            sentAt = try row[3]
            dayBeganAt = try row[4]
            sentInDay = try row[5]
        }
    }

    private static func find(_ phone: PhoneNumber, in db: Transaction) throws -> Row? {
        try db.first(
            """
            SELECT code_hash, expires_at, tries, sent_at, day_began_at, sent_in_day FROM phone_code
            WHERE phone = \(phone)
            """)
    }

    static func hash(_ code: String, _ phone: PhoneNumber, _ services: Services) -> [UInt8] {
        services.keyedHash("\(phone.text) \(code)", purpose: "one-time code")
    }

    /// Notes a code about to be sent, and that it was; the one before it is void.
    /// - Throws: 429 when codes for this phone come too fast or too often.
    static func store(
        hash: [UInt8], for phone: PhoneNumber, _ configuration: Configuration, in db: Transaction
    ) throws -> Noted {
        let known = try find(phone, in: db)
        let interval = Int64(configuration.codeIntervalSeconds)
        if let known, db.now - known.sentAt < interval {
            throw Problem(.codeTooSoon, retryAfter: Int(known.sentAt + interval - db.now))
        }
        let isSameDay = known.map { db.now - $0.dayBeganAt < 86_400 } ?? false
        let count = isSameDay ? known?.sentInDay ?? 0 : 0
        let began = isSameDay ? known?.dayBeganAt ?? db.now : db.now
        guard count < configuration.codesPerPhoneAndDay else {
            throw Problem(.codeTooSoon, retryAfter: Int(began + 86_400 - db.now))
        }
        let expiresAt = db.now + Int64(configuration.codeSeconds)
        try db.run(
            """
            INSERT OR REPLACE INTO phone_code
                (phone, code_hash, expires_at, tries, sent_at, day_began_at, sent_in_day)
            VALUES (\(phone), \(hash), \(expiresAt), 0, \(db.now), \(began), \(count + 1))
            """)
        let code = OneTimeCode(
            expiresAt: Timestamp(seconds: expiresAt), nextAt: Timestamp(seconds: db.now + interval))
        return Noted(code: code, before: known)
    }

    /// Undoes `store` for a code that was never sent. The one before it holds on, but for the tries made meanwhile. Where
    /// yet another was noted since, that one stands, and only the count of the day is put right.
    static func takeBack(_ noted: Noted, hash: [UInt8], for phone: PhoneNumber, in db: Transaction) throws {
        guard let known = try find(phone, in: db) else { return }
        guard known.hash == hash else {
            try db.run(
                "UPDATE phone_code SET sent_in_day = sent_in_day - 1 WHERE phone = \(phone) AND sent_in_day > 1")
            return
        }
        guard let before = noted.before else {
            try db.run("DELETE FROM phone_code WHERE phone = \(phone)")
            return
        }
        try db.run(
            """
            UPDATE phone_code SET code_hash = \(before.hash), expires_at = \(before.expiresAt),
                tries = \(before.tries + known.tries), sent_at = \(before.sentAt),
                day_began_at = \(before.dayBeganAt), sent_in_day = \(before.sentInDay)
            WHERE phone = \(phone)
            """)
    }

    /// Uses up a code. A wrong one counts as a try; the caller must let that count stand, so this does not throw.
    /// - Returns: whether it was right.
    static func redeem(
        hash: [UInt8], for phone: PhoneNumber, tries: Int, in db: Transaction
    ) throws -> Bool {
        guard let known = try find(phone, in: db), known.expiresAt > db.now, known.tries < tries else { return false }
        guard ConstantTime.equal(known.hash, hash) else {
            try db.run("UPDATE phone_code SET tries = tries + 1 WHERE phone = \(phone)")
            return false
        }
        try db.run("UPDATE phone_code SET expires_at = 0 WHERE phone = \(phone)")
        return true
    }
}
