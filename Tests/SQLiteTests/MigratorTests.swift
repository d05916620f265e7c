import CSQLite
import Foundation
import SQLite
import Testing

@Suite("Migrations") struct MigratorTests {
    private let second = Migration(
        number: 2, name: "add nicknames", statements: "ALTER TABLE person ADD COLUMN nickname TEXT",
        data: { db in
            try db.run("INSERT INTO person (name, nickname) VALUES (\("at \(db.now)"), 'first')")
        })

    @Test func `an empty file gets all migrations once, data too`() throws {
        let scratch = try Scratch(migrated: false)
        let migrator = Scratch.migrator([second])
        #expect(try migrator.migrate(path: scratch.path) { 42 } == [1, 2])
        #expect(try migrator.migrate(path: scratch.path) { 43 } == [])
        #expect(try scratch.names() == ["at 42"])
        let database = try Database(path: scratch.path)
        #expect(try database.schemaVersion == 2)
        try migrator.verify(database, path: scratch.path)
        let mode = try FileManager.default.attributesOfItem(atPath: scratch.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func `a migration that fails changes nothing and says which it was`() throws {
        let scratch = try Scratch()
        let broken = Migration(
            number: 3, name: "break",
            statements: "CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT; CREATE TABLE half (x)")
        let failure = #expect(throws: MigrationFailure.self) {
            try Scratch.migrator([second, broken]).migrate(path: scratch.path) { 0 }
        }
        #expect(failure?.number == 3)
        let database = try Database(path: scratch.path)
        #expect(try database.schemaVersion == 2)
        #expect(try !database.schemaText().contains("half"))
        let thrower = Migration(number: 3, name: "throw", statements: "CREATE TABLE half (x TEXT) STRICT") { _ in
            throw Refusal()
        }
        #expect(throws: MigrationFailure.self) {
            try Scratch.migrator([second, thrower]).migrate(path: scratch.path) { 0 }
        }
        #expect(try !database.schemaText().contains("half"))
    }

    @Test func `a table may be rebuilt, but not leave a foreign key without its row`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer()
        try writer.writeAndWait { db in
            try db.run("INSERT INTO person (id, name) VALUES (1, 'a')")
            try db.run("INSERT INTO hours (person, minutes) VALUES (1, 60)")
        }
        writer.stop()
        let rebuild = """
            CREATE TABLE person_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
            INSERT INTO person_new SELECT id, name FROM person;
            DROP TABLE person;
            ALTER TABLE person_new RENAME TO person;
            """
        #expect(
            try Scratch.migrator([Migration(number: 2, name: "rebuild", statements: rebuild)])
                .migrate(path: scratch.path) { 0 } == [2])
        let orphan = Migration(number: 3, name: "orphan", statements: "DELETE FROM person")
        let failure = #expect(throws: MigrationFailure.self) {
            try Scratch.migrator([Migration(number: 2, name: "rebuild", statements: rebuild), orphan])
                .migrate(path: scratch.path) { 0 }
        }
        #expect((failure?.reason as? ForeignKeyViolation)?.table == "hours")
        #expect(try scratch.names() == ["a"])
    }

    @Test func `a newer, an older and a foreign file are told apart`() throws {
        let scratch = try Scratch(migrated: false)
        try Scratch.migrator([second]).migrate(path: scratch.path) { 0 }
        let older = Scratch.migrator()
        #expect(throws: DatabaseFileProblem(.newerSchema(found: 2, known: 1), path: scratch.path)) {
            try older.migrate(path: scratch.path) { 0 }
        }
        let database = try Database(path: scratch.path)
        #expect(throws: DatabaseFileProblem(.newerSchema(found: 2, known: 1), path: scratch.path)) {
            try older.verify(database, path: scratch.path)
        }
        let third = Migration(number: 3, name: "x", statements: "SELECT 1")
        #expect(throws: DatabaseFileProblem(.olderSchema(found: 2, known: 3), path: scratch.path)) {
            try Scratch.migrator([second, third]).verify(database, path: scratch.path)
        }
        let stranger = Migrator(migrations: [], applicationID: 5)
        #expect(throws: DatabaseFileProblem(.foreign(applicationID: 0x77656e6d), path: scratch.path)) {
            try stranger.migrate(path: scratch.path) { 0 }
        }
    }

    @Test func `another program's file without an application id is left alone`() throws {
        let scratch = try Scratch(migrated: false)
        var handle: OpaquePointer?
        #expect(sqlite3_open(scratch.path, &handle) == SQLITE_OK)
        #expect(sqlite3_exec(handle, "CREATE TABLE theirs (id INTEGER PRIMARY KEY)", nil, nil, nil) == SQLITE_OK)
        #expect(sqlite3_close(handle) == SQLITE_OK)
        let before = try Data(contentsOf: URL(fileURLWithPath: scratch.path))
        #expect(throws: DatabaseFileProblem(.foreign(applicationID: 0), path: scratch.path)) {
            try Scratch.migrator().migrate(path: scratch.path) { 0 }
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path)) == before)
    }

    @Test func `a hash changes with number, name and statements and with nothing else`() {
        let migration = Migration(number: 1, name: "a", statements: "SELECT 1")
        #expect(migration.hash == "8d1737bafd5a0336")
        #expect(Migration(number: 1, name: "a", statements: "SELECT 1") { _ in }.hash == migration.hash)
        for other in [(2, "a", "SELECT 1"), (1, "b", "SELECT 1"), (1, "a", "SELECT 2")] {
            #expect(Migration(number: other.0, name: other.1, statements: other.2).hash != migration.hash)
        }
        #expect(migration.hash.utf8.count == 16)
    }

    @Test func `the schema text lists tables, their indices and triggers by name, without SQLite's own`() throws {
        let scratch = try Scratch()
        let more = Migration(
            number: 2, name: "more",
            statements: """
                CREATE VIRTUAL TABLE body USING fts5(text);
                CREATE VIRTUAL TABLE place USING rtree(id, west, east, south, north);
                CREATE INDEX hours_person ON hours (person);
                CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;
                """)
        try Scratch.migrator([more]).migrate(path: scratch.path) { 0 }
        let text = try Database(path: scratch.path).schemaText()
        let names = text.split(separator: "\n").filter { $0.hasPrefix("CREATE") }
            .map { $0.prefix(while: { $0 != "(" }).trimmingCharacters(in: .whitespaces) }
        #expect(
            names == [
                "CREATE TABLE a", "CREATE VIRTUAL TABLE body USING fts5", "CREATE TABLE hours",
                "CREATE INDEX hours_person ON hours", "CREATE TABLE pair", "CREATE TABLE person",
                "CREATE VIRTUAL TABLE place USING rtree",
            ])
        #expect(text.hasSuffix(";\n"))
    }

    @Test func `triggers reach no virtual table, closures do`() throws {
        let scratch = try Scratch()
        let indices = Migration(
            number: 2, name: "indices",
            statements: """
                CREATE VIRTUAL TABLE body USING fts5(text);
                CREATE VIRTUAL TABLE place USING rtree(id, west, east, south, north);
                CREATE TRIGGER person_inserted AFTER INSERT ON person BEGIN
                    INSERT INTO body (rowid, text) VALUES (new.id, new.name);
                END;
                CREATE TRIGGER pair_inserted AFTER INSERT ON pair BEGIN
                    INSERT INTO place VALUES (new.id, 104.0, 104.0, 30.6, 30.6);
                END;
                """)
        try Scratch.migrator([indices]).migrate(path: scratch.path) { 0 }
        let writer = try scratch.writer()
        for sql in ["INSERT INTO person (name) VALUES ('a')", "INSERT INTO pair (id) VALUES (1)"] as [SQL] {
            #expect(throws: SQLiteError.self) { try writer.writeAndWait { try $0.run(sql) } }
        }
        try writer.writeAndWait { db in
            try db.run("INSERT INTO body (rowid, text) VALUES (7, \("green lamp"))")
            try db.run("INSERT INTO place VALUES (7, 104.0, 104.0, 30.6, 30.6)")
        }
        let database = try Database(path: scratch.path)
        #expect(try database.value("SELECT rowid FROM body WHERE body MATCH 'lamp'") == 7)
        #expect(try database.value("SELECT id FROM place WHERE west > 103 AND east < 105") == 7)
    }

    @Test func `a migration cannot commit half of itself`() throws {
        let scratch = try Scratch()
        let split = Migration(number: 2, name: "split", statements: "CREATE TABLE half (x TEXT) STRICT; COMMIT; BEGIN")
        #expect(throws: MigrationFailure.self) { try Scratch.migrator([split]).migrate(path: scratch.path) { 0 } }
        #expect(try !Database(path: scratch.path).schemaText().contains("half"))
    }
}
