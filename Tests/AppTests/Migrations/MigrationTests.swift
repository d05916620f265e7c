import App
import Foundation
import SQLite
import Support
import Testing

@Suite("Migrations") struct MigrationTests {
    /// What was released stays as it was: a city's database may stand behind any of them. A change of the schema is a new
    /// migration and a new line here.
    private static let frozen = [
        "1 create accounts 07698ba395fb47bc",
        "2 create stations b1a0fb0fbb1c30c0",
        "3 create volunteers fb06d5de8c9bd685",
        "4 create teams b967d7321297d375",
        "5 create activities 4357d6799c60df62",
        "6 create demand tickets 5fd9fea1f72d4c76",
        "7 create uploads and feedback fd1208a6edac27dd",
        "8 create rights 22f9db260a66365e",
        "9 create profiles b92bc274c45a8bcf",
        "10 extend volunteers ea31527994f45e25",
        "11 create party units 49f20798708a0a42",
        "12 create unit bonds 3e9f67b4deb7510c",
        "13 create grids and chat groups 7a7207b5673e3baf",
        "14 create imports e961f6891324626a",
        "15 grow teams 40825ac997694e84",
        "16 create privacy be920c3da84e1d74",
        "17 merge accounts cb44045471e30712",
        "18 split hot rows bc8b5a369359304f",
        "19 narrow hot reads aa245050eb85f3b8",
        "20 append what is kept 84a8a61838d62f62",
        "21 cover agendas 91840f18db648fdf",
        "22 carry times 8d69db3eda88f8c9",
        "23 count unknown names be201df6b0ab2f82",
        "24 count by the day 0724d20df944863e",
        "25 list what is open 8287199d48a5ab4d",
    ]

    @Test func `a released migration is never edited`() {
        let hashes = Migrations.all.map { "\($0.number) \($0.name) \($0.hash)" }
        #expect(hashes == Self.frozen)
    }

    /// `scripts/schema` sets WRITE_SCHEMA, and the file is written instead of compared.
    @Test func `schema.sql is what all migrations make of an empty file`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/empty.db"
        try Migrations.migrator.migrate(path: path) { 0 }
        let head = """
            -- The schema after migration \(Migrations.all.count), for reading: scripts/schema writes it, a test compares it.
            -- The database is made by the migrations beside this file.


            """
        let text = try head + Database(path: path).schemaText()
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Sources/App/Migrations/schema.sql").standardizedFileURL
        if ProcessInfo.processInfo.environment["WRITE_SCHEMA"] == nil {
            #expect(try String(contentsOf: file, encoding: .utf8) == text, "run scripts/schema")
        } else {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
    }

    @Test func `migrating again changes nothing`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/twice.db"
        #expect(try Migrations.migrator.migrate(path: path) { 0 } == Migrations.all.map(\.number))
        #expect(try Migrations.migrator.migrate(path: path) { 0 } == [])
        #expect(try IntegrityCheck(of: Database(path: path)).damage == [])
    }

    @Test func `a sign-up made before it carried times has those of its activity`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/old.db"
        let before = Migrations.all.filter { $0.number < 22 }
        try Migrator(migrations: before, applicationID: Migrations.migrator.applicationID).migrate(path: path) { 0 }
        let writer = try Writer(path: path, clock: { 1_000 })
        try writer.writeAndWait { db in
            try db.run("INSERT INTO account (id, name, created_at) VALUES (1, '王小明', 1)")
            try db.run(
                """
                INSERT INTO volunteer (id, account_id, number, name, sex, birth_date, phone, residence_code, categories,
                    skills, created_at, updated_at)
                VALUES (1, 1, '510000000001', '王小明', 'male', '1990-01-01', '+8613900000001', '510104', '[]', '[]', 1, 1)
                """)
            try db.run(
                """
                INSERT INTO station (id, path, kind, code, name, is_position_approximate, created_at, updated_at)
                VALUES (1, '/1/', 'city', '5101', '成都市', 0, 1, 1)
                """)
            for activity: Int64 in 1...2 {
                try db.run(
                    """
                    INSERT INTO activity (id, station_id, title, summary, category, risk_notice, address, starts_at, ends_at,
                        sign_up_closes_at, age_min, person_in_charge, state, code_secret, created_by, created_at,
                        updated_at)
                    VALUES (\(activity), 1, '河道清洁', '捡垃圾', '06', '路滑', '合江亭', \(activity * 100),
                        \(activity * 100 + 50), 100, 14, '王小明', 'published', zeroblob(32), 1, 1, 1)
                    """)
                try db.run("INSERT INTO activity_places (activity_id, capacity, taken) VALUES (\(activity), 10, 1)")
                try db.run(
                    """
                    INSERT INTO sign_up (activity_id, volunteer_id, state, created_at) VALUES (\(activity), 1, 'signedUp', 1)
                    """)
            }
        }
        writer.stop()
        try Migrations.migrator.migrate(path: path) { 0 }
        let times: [String] = try Database(path: path).values(
            "SELECT activity_id || ': ' || starts_at || ' to ' || ends_at FROM sign_up ORDER BY id")
        #expect(times == ["1: 100 to 150", "2: 200 to 250"])
    }

    @Test func `a session opened before its row had an integer key is found by its token`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/old.db"
        let before = Migrations.all.filter { $0.number < 19 }
        try Migrator(migrations: before, applicationID: Migrations.migrator.applicationID).migrate(path: path) { 0 }
        let tokens = (1...50).map { "token \($0)" }
        let writer = try Writer(path: path, clock: { 1_000 })
        try writer.writeAndWait { db in
            try db.run("INSERT INTO account (name, created_at) VALUES ('王小明', 1)")
            for (index, token) in tokens.enumerated() {
                try db.run(
                    """
                    INSERT INTO session (token_hash, id, account_id, method, device, address, created_at, last_used_at,
                        expires_at, idle_seconds)
                    VALUES (\(TokenHash(of: token.utf8).bytes), \(index + 1), 1, 'phone', '', '', 1, 1, 2000, 2000)
                    """)
            }
        }
        writer.stop()
        try Migrations.migrator.migrate(path: path) { 0 }
        let database = try Database(path: path)
        for (index, token) in tokens.enumerated() {
            let session = try LiveSession.find(tokenHash: TokenHash(of: token.utf8), now: 1_000, in: database)
            #expect(session?.caller.session == ID(Int64(index + 1)))
        }
        #expect(try LiveSession.find(tokenHash: TokenHash(of: "token 51".utf8), now: 1_000, in: database) == nil)
    }
}
