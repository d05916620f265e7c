package import App
import HTTP
import SQLite

/// People and places a test needs before it begins.
extension TestClient {
    package struct Person: Sendable {
        package var token: String
        package var account: Int64
    }

    /// A member of staff with a role at a station, or in the whole city, signed in with a changed password.
    package func staff(_ role: RoleName = .administrator, at station: Int64? = nil) throws -> Person {
        let token = SecureRandom.token()
        let hash = TokenHash(of: token.utf8)
        let account = try services.writer.writeAndWait { db in
            try db.run("INSERT INTO account (name, created_at) VALUES ('王小明', \(db.now))")
            let account = db.lastInsertedID
            try db.run(
                """
                INSERT INTO staff_credential (account_id, name, password_hash, must_change, changed_at)
                VALUES (\(account), \("staff\(account)"), 'x', 0, \(db.now))
                """)
            try db.run(
                """
                INSERT INTO role_grant (account_id, role, station_id, granted_at)
                VALUES (\(account), \(role), \(station), \(db.now))
                """)
            try Self.open(account, hash, .staff, in: db)
            return account
        }
        return Person(token: token, account: account)
    }

    /// Makes staff of somebody who is signed in already: one person with both faces.
    package func promote(_ person: Person, _ role: RoleName = .administrator, at station: Int64? = nil) throws {
        try services.writer.writeAndWait { db in
            try db.run(
                """
                INSERT INTO role_grant (account_id, role, station_id, granted_at)
                VALUES (\(person.account), \(role), \(station), \(db.now))
                """)
            try db.run("UPDATE session SET method = 'staff' WHERE account_id = \(person.account)")
        }
        services.sessions.advance()
    }

    /// A resident with a phone, signed in.
    package func resident(_ number: Int = 1) throws -> Person {
        let token = SecureRandom.token()
        let hash = TokenHash(of: token.utf8)
        let phone = "+86139\(String(100_000_000 + number).suffix(8))"
        let account = try services.writer.writeAndWait { db in
            try db.run("INSERT INTO account (phone, created_at) VALUES (\(phone), \(db.now))")
            let account = db.lastInsertedID
            try Self.open(account, hash, .phone, in: db)
            return account
        }
        return Person(token: token, account: account)
    }

    private static func open(_ account: Int64, _ hash: TokenHash, _ method: Session.Method, in db: Transaction) throws {
        try Session.insert(
            hash, of: ID(account), method, address: "127.0.0.1", expiresAt: db.now + 86_400 * 30,
            idleSeconds: 86_400 * 30, in: db)
    }

    /// A registered volunteer born in 1990, signed in. Different numbers give different people.
    package func volunteer(_ number: Int = 1) async throws -> Person {
        let person = try resident(number)
        let answer = await send(.post, "/api/v1/volunteers", Self.registration(number), token: person.token)
        guard answer.status == .created else { throw Unexpected(answer: answer.text) }
        return person
    }

    package struct Unexpected: Error {
        package var answer: String
    }

    package static func registration(_ number: Int = 1) -> String {
        """
        {"name": "李志愿", "identityKind": "residentIdentityCard", "identityNumber": "\(identityNumber(number))",
         "residenceCode": "510104", "categories": ["01", "06"], "skills": ["急救"]}
        """
    }

    /// A synthetic number with a right check digit: born in 1990 on a day that follows from `number`.
    package static func identityNumber(_ number: Int) -> String {
        identityNumber(born: CivilDate(daysSince1970: 7_305 + Int64(number % 365)).description, serial: number / 365)
    }

    /// - Parameters:
    ///   - date: `YYYY-MM-DD`.
    ///   - serial: 0 to 999; an odd one is a man's.
    package static func identityNumber(born date: String, serial: Int = 0) -> String {
        let body = "510104\(date.filter { $0 != "-" })\(String(1_000 + serial).suffix(3))"
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(body.utf8, weights).reduce(0) { $0 + Int($1.0 - 0x30) * $1.1 }
        return body + String(Array("10X98765432")[sum % 11])
    }

    /// The ids `stations()` gives.
    package static let city: Int64 = 1
    package static let district: Int64 = 2
    package static let otherDistrict: Int64 = 3
    package static let street: Int64 = 4
    package static let otherStreet: Int64 = 5
    package static let community: Int64 = 6
    package static let otherCommunity: Int64 = 7

    /// A city of two districts, each with a street and a community: 春熙路 in the centre, 玉林 to the south.
    package func stations() throws {
        let made = try Importing.run(
            StationImporter(),
            """
            code,parentCode,kind,name,longitude,latitude
            510100000000,,city,成都市新时代文明实践指导中心,104.0668,30.5729
            510104000000,510100000000,center,锦江区新时代文明实践中心,104.08,30.66
            510104020000,510104000000,institute,春熙路街道新时代文明实践所,104.078,30.656
            510104020007,510104020000,station,总府路社区新时代文明实践站,104.0785,30.6541
            510107000000,510100000000,center,武侯区新时代文明实践中心,104.04,30.64
            510107001000,510107000000,institute,玉林街道新时代文明实践所,104.055,30.63
            510107001002,510107001000,station,玉林北路社区新时代文明实践站,104.0551,30.6291
            """, in: folder.path, services.writer)
        guard made.record.created == 7 else { throw Unexpected(answer: "\(made)") }
    }

    /// An activity at community 4, from `start` minutes from now for two hours.
    package func activity(
        places: Int = 10, start: Int64 = 60, by staff: Person, station: Int64 = community
    ) async throws -> Int64 {
        let answer = await send(
            .post, "/api/v1/activities", Self.activityDraft(places: places, from: now + start * 60, station: station),
            token: staff.token)
        guard answer.status == .created, let id = answer.json["id"]?.integer else {
            throw Unexpected(answer: answer.text)
        }
        return id
    }

    package static func activityDraft(places: Int = 10, from start: Timestamp, station: Int64? = community) -> String {
        """
        {\(station.map { "\"stationId\": \($0), " } ?? "")"title": "河道清洁", "summary": "沿府南河捡拾垃圾",
         "category": "06", "riskNotice": "河边路滑，请穿防滑鞋", "address": "合江亭", "startsAt": "\(start)",
         "endsAt": "\(start + 7_200)", "capacity": \(places), "personInCharge": "王小明"}
        """
    }
}

extension TestClient.Answer {
    /// The body as JSON; null when it is none.
    package var json: JSONValue { (try? JSON.parse(body)) ?? .null }
}

extension JSONValue {
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    package subscript(index: Int) -> JSONValue? {
        guard case .array(let items) = self, items.indices.contains(index) else { return nil }
        return items[index]
    }

    package var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
    package var string: String? { if case .string(let text) = self { text } else { nil } }
    package var array: [JSONValue] { if case .array(let items) = self { items } else { [] } }
}
