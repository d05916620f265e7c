import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Importing a file") struct ImportEngineTests {
    private struct Stop: Error {}

    /// Grids of the community of `TestClient.stations()`, numbered from 1; every third row has no name.
    private static func grids(_ count: Int) -> String {
        let rows = (1...count).map { "W\($0),510104020007,\($0.isMultiple(of: 3) ? "" : "第\($0)网格")\n" }
        return "code,communityCode,name\n" + rows.joined()
    }

    private func client() throws -> TestClient {
        let client = try TestClient()
        try client.stations()
        return client
    }

    private func run(
        _ text: String, _ client: TestClient, batch: Int = 200, isNew: Bool = false,
        observe: (ImportEngine<GridImporter>.Progress) throws -> Void = { _ in }
    ) throws -> Importing.Result {
        try Importing.run(
            GridImporter(), text, in: client.folder.path, client.services.writer,
            configure: { ($0.batchRows, $0.isNew) = (batch, isNew) }, observe: observe)
    }

    private func codes(_ client: TestClient) throws -> [String] {
        try Database(path: client.services.configuration.databasePath).values("SELECT code FROM grid ORDER BY id")
    }

    @Test func `an import that was cut off goes on behind its last batch, with the same result`() throws {
        let client = try client()
        let file = Self.grids(50)
        #expect(throws: Stop.self) {
            _ = try run(file, client, batch: 7) { if $0.record.rowReached >= 21 { throw Stop() } }
        }
        #expect(try codes(client).count == 14)
        let rest = try run(file, client, batch: 7)
        #expect(rest.problems.first?.line == 25, "rows behind the 21st")
        #expect(rest.record.rowReached == 50)
        #expect(rest.record.created == 34 && rest.record.refused == 16)
        #expect(rest.record.completedAt != nil)
        let whole = try self.client()
        _ = try run(file, whole)
        #expect(try codes(client) == codes(whole))
    }

    @Test func `a complete import says so, and begins anew only when it is told to`() throws {
        let client = try client()
        let file = Self.grids(10)
        let first = try run(file, client)
        client.advance(minutes: 5)
        var batches = 0
        let second = try run(file, client) { _ in batches += 1 }
        #expect(batches == 0)
        #expect(second.record.completedAt == first.record.completedAt)
        #expect(second.record.created == 7)
        let third = try run(file, client, isNew: true)
        #expect(third.record.created == 0 && third.record.unchanged == 7 && third.record.refused == 3)
    }

    @Test func `a file whose rows fill its batches to the last ends all the same`() throws {
        let client = try client()
        let result = try run(Self.grids(14), client, batch: 7)
        #expect(result.record.completedAt != nil && result.record.rowReached == 14)
        let empty = try run("code,communityCode,name\n", client)
        #expect(empty.record.completedAt != nil && empty.record.rowReached == 0)
    }

    @Test func `the first problems are kept with the import, all are counted and told`() throws {
        let client = try client()
        let file = "code,communityCode,name\n" + String(repeating: ",510104020007,网格\n", count: 1_500)
        let result = try run(file, client)
        #expect(result.problems.count == 1_500)
        #expect(result.record.problems == 1_500 && result.record.refused == 1_500)
        let kept = try result.record.keptProblems(in: Database(path: client.services.configuration.databasePath))
        #expect(kept == Array(result.problems.prefix(1_000)))
    }

    @Test func `two who import the same file do not both do it`() throws {
        let client = try client()
        let file = Self.grids(40)
        var other: Importing.Result?
        #expect(throws: ImportFailure.runningElsewhere) {
            _ = try run(file, client, batch: 10) { progress in
                if progress.record.rowReached == 10 { other = try run(file, client, batch: 10) }
            }
        }
        #expect(other?.record.completedAt != nil)
        #expect(try codes(client).count == 27)
    }

    @Test func `other writers come between two batches`() throws {
        let client = try client()
        var seen = 0
        _ = try run(Self.grids(30), client, batch: 10) { _ in
            try client.services.writer.writeAndWait { db in
                try db.run("INSERT INTO backup_run (at, bytes) VALUES (\(db.now), 1)")
            }
            seen += 1
        }
        #expect(seen == 4)
    }

    @Test func `the first line must name the columns, in English or Chinese, each once`() throws {
        let client = try client()
        let chinese = try run("社区编码, 网格名称 ,网格编码,网格类型\n510104020007,一号网格,W1,专属网格\n", client)
        #expect(chinese.record.created == 1)
        for (header, said) in [
            ("", "empty"), ("code,name", "communityCode"), ("code,communityCode,name,colour", "column 4"),
            ("code,code,communityCode,name", "code is there twice"), ("\"code", "quote"),
        ] {
            let failure = #expect(throws: ImportFailure.self) { _ = try run(header, client) }
            #expect(failure.map { "\($0)".contains(said) } == true, "\(header)")
        }
        let data = #expect(throws: ImportFailure.self) { _ = try run("李志愿,510104199001010000,510104020007\n", client) }
        #expect(data.map { !"\($0)".contains("510104") } == true, "a file without a header is not repeated")
    }

    @Test func `a row that cannot be read is a problem like any other`() throws {
        let client = try client()
        let long = String(repeating: "长", count: 30_000)
        let result = try run(
            "code,communityCode,name\nW1,510104020007,一号网格\nW2,510104020007\nW3,510104020007,\"三\"号\n\nW4,510104020007,\(long)\nW5,510104020007,五号网格\n",
            client)
        #expect(result.places == ["3 ", "4 ", "6 "])
        #expect(try codes(client) == ["W1", "W5"])
    }

    @Test func `pieces of a file meet in the middle of rows without harm`() throws {
        let client = try client()
        let note = String(repeating: "网", count: 50)
        let file = "code,communityCode,name\n" + (1...6_000).map { "W\($0),510104020007,\"\(note)\($0)\"\n" }.joined()
        #expect(file.utf8.count > 900_000)
        let result = try run(file, client)
        #expect(result.record.created == 6_000, "\(result.problems.prefix(3))")
    }

    @Test func `rows are bounded`() throws {
        let client = try client()
        #expect(throws: ImportFailure.tooManyRows(20)) {
            _ = try Importing.run(
                GridImporter(), Self.grids(30), in: client.folder.path, client.services.writer,
                configure: { ($0.batchRows, $0.rowsMax) = (10, 20) })
        }
        #expect(throws: ImportFailure.tooManyRows(1)) {
            _ = try Importing.run(
                StationImporter(), "code,parentCode,kind,name\na,c,center,甲中心\nb,c,center,乙中心\n",
                in: client.folder.path, client.services.writer, configure: { $0.arrangedRowsMax = 1 })
        }
        #expect(throws: ImportFailure.unreadable("/nowhere.csv")) { _ = try ImportFile("/nowhere.csv") }
    }

    @Test func `a file for passwords is one that nobody else may read`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/passwords"
        let file = try #require(PrivateFile(path))
        #expect(file.append("a\n") && file.append("b\n"))
        #expect(FileSystem.read(path, limit: 100) == Array("a\nb\n".utf8))
        #expect(PrivateFile(path, emptied: true)?.append("c\n") == true)
        #expect(FileSystem.read(path, limit: 100) == Array("c\n".utf8))
        #expect(PrivateFile(folder.path) == nil, "a directory")
        #expect(PrivateFile("/etc/passwd") == nil, "not ours, or open to all")
    }
}
