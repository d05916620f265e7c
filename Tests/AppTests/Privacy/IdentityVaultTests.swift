import App
import Foundation
import HTTP
import SQLite
import Support
import Testing

@Suite("The vault of identity numbers") struct IdentityVaultTests {
    /// Born on 2015-06-18.
    private static let child = "441202201506189988"

    private func minor(_ client: TestClient) throws {
        let person = try client.resident(77)
        try client.run(
            """
            INSERT INTO volunteer (account_id, number, name, sex, birth_date, phone, residence_code, categories,
                skills, guardian_name, guardian_phone, identity_kind, identity_masked, created_at, updated_at)
            VALUES (\(person.account), '510000000999', '王小明', 'male', '2015-06-18', '+8613900000077', '510104', '[]',
                '[]', '王家长', '+8613900000078', 'residentIdentityCard', '4412**********9988', 0, 0)
            """)
        try client.run(
            """
            INSERT INTO identity_document (volunteer_id, kind, number, number_hash)
            VALUES (1, 'residentIdentityCard', \(Self.child), randomblob(32))
            """)
    }

    @Test func `nothing but the vault and the migrations names its tables`() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Sources").standardizedFileURL
        let files = FileManager.default.enumerator(atPath: sources.path)?.compactMap { $0 as? String } ?? []
        let naming = try files.filter { $0.hasSuffix(".swift") && !$0.contains("Migrations/") }.filter { path in
            let text = try String(contentsOf: sources.appending(path: path), encoding: .utf8)
            return text.contains("identity_document") || text.contains("identity_wish")
        }
        let lists = ["App/Accounts/PersonReference.swift", "App/Privacy/PersonalData+Withheld.swift"]
        #expect(Set(naming) == Set(lists + ["App/Privacy/IdentityVault.swift"]), "the lists name foreign keys alone")
    }

    @Test func `a minor's data needs a right of its own and a purpose, and both are noted`() async throws {
        let client = try TestClient()
        try minor(client)
        let admin = try client.staff()
        let path = "/api/v1/volunteers/1/identity-views"
        let without = await client.send(.post, path, #"{"reason": "保险理赔"}"#, token: admin.token)
        #expect(without.json["errors"]?[0]?["pointer"]?.string == "/purpose")
        let body = #"{"reason": "保险理赔", "purpose": "insurance"}"#
        let seen = await client.send(.post, path, body, token: admin.token)
        #expect(seen.json["identityNumber"]?.string == Self.child)
        #expect(
            try client.text("SELECT reason FROM audit_entry WHERE operation = 'viewVolunteerIdentity'")
                == "insurance: 保险理赔")
        try client.run(
            """
            INSERT INTO role (name, title, permissions, created_at, updated_at)
            VALUES ('reader', '查阅员', '["readPrivateData"]', 0, 0)
            """)
        let reader = try client.staff(RoleName(rawValue: "reader"))
        let refused = await client.send(.post, path, body, token: reader.token)
        #expect(refused.json["type"]?.string == "/problems/minor-protected")
        let count = try client.count(
            "SELECT count(*) FROM audit_entry WHERE operation = 'viewVolunteerIdentity' AND outcome = 'done'")
        #expect(count == 1, "what was refused was not read")
    }

    @Test func `lists show what stands beside the volunteer, and it is the mask of the number`() async throws {
        let client = try TestClient()
        let person = try await client.volunteer(1)
        let me = await client.send(.get, "/api/v1/me/volunteer", token: person.token)
        let masked = Masking.identityNumber(TestClient.identityNumber(1))
        #expect(me.json["identityNumber"]?.string == masked)
        #expect(try client.text("SELECT identity_masked FROM volunteer") == masked)
    }

    @Test func `the masks the migration makes are those of the program`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/old.db"
        let numbers = ["11010519491231002X", "H12345678", "12345678901", "E1234567", "AB1234567890123"]
        let place = try #require(Migrations.all.firstIndex { $0.name == "create privacy" })
        let before = Migrator(migrations: Array(Migrations.all[..<place]), applicationID: 0x776E_6D67)
        _ = try before.migrate(path: path) { 0 }
        let writer = try Writer(path: path, clock: { 0 })
        try writer.writeAndWait { db in
            for (index, number) in numbers.enumerated() {
                try db.run("INSERT INTO account (created_at) VALUES (0)")
                try db.run(
                    """
                    INSERT INTO volunteer (account_id, name, sex, birth_date, phone, residence_code, categories, skills,
                        created_at, updated_at)
                    VALUES (\(index + 1), '李志愿', 'male', '1990-01-01', '+8613900000001', '510104', '[]', '[]', 0, 0)
                    """)
                try db.run(
                    """
                    INSERT INTO identity_document (volunteer_id, kind, number, number_hash)
                    VALUES (\(index + 1), 'passport', \(number), randomblob(32))
                    """)
            }
        }
        writer.stop()
        _ = try Migrations.migrator.migrate(path: path) { 0 }
        let masked = try Database(path: path).values(
            "SELECT identity_masked FROM volunteer ORDER BY id", as: String.self)
        #expect(masked == numbers.map { Masking.identityNumber($0) })
    }
}
