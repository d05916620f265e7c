import App
import HTTP
import SQLite
import Support
import Testing

@Suite("Importing grids, teams, staff and volunteers") struct ImporterTests {
    private func client() throws -> TestClient {
        let client = try TestClient()
        try client.stations()
        return client
    }

    private func volunteers(_ text: String, _ client: TestClient) throws -> Importing.Result {
        let header =
            "name,identityNumber,phone,residenceCode,categories,skills,guardianName,guardianPhone,enteredBy,consent\n"
        let importer = VolunteerImporter(keyedHash: client.services.keyedHash, today: client.now.day)
        return try client.importing(importer, header + text)
    }

    private static func row(
        _ number: Int, phone: String? = nil, consent: String = "yes", station: String = "510104020007"
    )
        -> String
    {
        let phone = phone ?? "139000\(String(10_000 + number))"
        return "李志愿,\(TestClient.identityNumber(number)),\(phone),510104,01;06,急救、摄影,,,\(station),\(consent)\n"
    }

    @Test func `a known grid is renamed, never moved, and only laid out in a community`() throws {
        let client = try client()
        let header = "code,communityCode,name,kind\n"
        #expect(
            try client.importing(GridImporter(), header + "W1,510104020007,一号网格,\nW2,510104020007,市场网格,special\n")
                .record
                .created == 2)
        let second = try client.importing(
            GridImporter(),
            header
                + "W1,510104020007,新一号网格,\nW2,510104020007,市场网格,专属网格\nW1,510107001002,一号网格,\nW3,510104020000,街道网格,\nW4,x,网格,\nW5,510104020007,网格,round\n"
        )
        #expect(second.record.updated == 1 && second.record.unchanged == 1)
        #expect(second.places == ["4 code", "5 communityCode", "6 communityCode", "7 kind"])
    }

    @Test func `places of grids come by the code of their grid and are known by their name`() throws {
        let client = try client()
        _ = try client.importing(GridImporter(), "code,communityCode,name\nW1,510104020007,一号网格\n")
        let header = "gridCode,kind,name,address,longitude,latitude,households\n"
        let first = try client.importing(
            GridPlaceImporter(), header + "W1,院落,华兴院,华兴街12号,104.079,30.655,120\nW1,shop,茶馆,华兴街14号,,,\n")
        #expect(first.record.created == 2)
        let second = try client.importing(
            GridPlaceImporter(),
            header
                + "W1,compound,华兴院,华兴街12号,104.079,30.655,121\nW1,shop,茶馆,华兴街14号,,,\nW9,shop,店,街,,,\nW1,,店,街,,,\nW1,shop,店,街,2,48,\nW1,shop,店,街,,,many\n"
        )
        #expect(second.record.updated == 1 && second.record.unchanged == 1)
        #expect(second.places == ["4 gridCode", "5 kind", "6 longitude", "7 households"])
    }

    @Test func `the register of chat groups comes from a list, and again with new counts`() async throws {
        let client = try client()
        _ = try client.importing(
            GridImporter(), "code,communityCode,name\nW1,510104020007,一号网格\nW2,510107001002,二号网格\n")
        let header = "communityCode,name,kind,gridCode,ownerName,memberCount\n"
        let first = try client.importing(
            ChatGroupImporter(), header + "510104020007,总府路居民一群,居民群,W1,赵铁柱,480\n510104020007,总府路商户群,shops,,,\n")
        #expect(first.record.created == 2)
        client.advance(minutes: 60)
        let second = try client.importing(
            ChatGroupImporter(),
            header
                + "510104020007,总府路居民一群,居民群,W1,赵铁柱,495\n510104020007,总府路商户群,shops,,,\n510104020007,总府路商户群,owners,,,\n510104020000,街道群,other,,,\n510104020007,错格群,grid,W2,,\n510104020007,错格群,grid,W9,,\nx,群,other,,,\n510104020007,群,,,,\n510104020007,群,other,,,-5\n"
        )
        #expect(second.record.updated == 2 && second.record.unchanged == 1)
        #expect(
            second.places == [
                "5 communityCode", "6 gridCode", "7 gridCode", "8 communityCode", "9 kind", "10 memberCount",
            ])
        let manager = try client.staff()
        let found = await client.send(
            .get, "/api/v1/chat-groups?q=\(TestClient.escaped("居民"))", token: manager.token)
        #expect(found.json["items"]?[0]?["memberCount"]?.integer == 495)
        #expect(found.json["items"]?[0]?["isPublic"] == .bool(false))
    }

    @Test func `a team comes with a leader who is a volunteer, once`() async throws {
        let client = try client()
        let person = try await client.volunteer(1)
        let me = await client.send(.get, "/api/v1/me/volunteer", token: person.token)
        let number = try #require(me.json["number"]?.string)
        let header = "stationCode,name,leaderNumber\n"
        let result = try client.importing(
            TeamImporter(limits: Configuration().teamLimits),
            header
                + "510104020007,邻里队,\(number)\n510104020007,邻里队,\(number)\nx,远方队,\(number)\n510104020007,无首队,1\n510104020007,,\(number)\n"
        )
        #expect(result.record.created == 1 && result.record.unchanged == 1)
        #expect(result.places == ["4 stationCode", "5 leaderNumber", "6 name"])
        let teams = await client.send(.get, "/api/v1/teams?stationId=6")
        #expect(teams.json["items"]?[0]?["memberCount"]?.integer == 1)
    }

    @Test func `staff get first passwords in a file, and the widest right must be said`() async throws {
        let client = try client()
        let path = client.folder.path + "/passwords"
        let file = try #require(PrivateFile(path))
        let header = "staffName,name,role,stationCode\n"
        let result = try client.importing(
            StaffImporter(passwords: file),
            header
                + "wang,王小明,stationManager,510104020000\nli,李四,dispatcher,*\nzhao,赵六,dispatcher,\nwang,王小明,dispatcher,*\nqian,钱七,king,*\nsun,孙八,dispatcher,nowhere\n"
        )
        #expect(result.record.created == 2 && result.record.unchanged == 1)
        #expect(result.places == ["4 stationCode", "6 role", "7 stationCode"])
        let lines = String(decoding: try #require(FileSystem.read(path, limit: 4_096)), as: UTF8.self).split(
            separator: "\n")
        #expect(lines.map { $0.prefix { $0 != "," } } == ["wang", "li"])
        let password = try #require(lines.first?.split(separator: ",").last)
        let entered = await client.send(
            .post, "/api/v1/sessions/staff", #"{"name": "wang", "password": "\#(password)"}"#)
        #expect(entered.status == .created, "\(entered.text)")
        #expect(entered.json["account"]?["mustChangePassword"] == .bool(true))
        #expect(!result.problems.contains { $0.en.contains(password) })
    }

    @Test func `a volunteer is taken with consent and an organisation, and a phone is theirs`() async throws {
        let client = try client()
        let result = try volunteers(
            Self.row(1) + Self.row(2, consent: "no") + Self.row(3, consent: "") + Self.row(4, station: "x")
                + Self.row(5, station: "") + Self.row(6, phone: "12") + Self.row(7, consent: "是"), client)
        #expect(result.record.created == 2)
        #expect(result.places == ["3 consent", "4 consent", "5 enteredBy", "6 enteredBy", "7 phone"])
        let manager = try client.staff()
        let found = await client.send(
            .post, "/api/v1/volunteer-searches", #"{"identityNumber": "\#(TestClient.identityNumber(1))"}"#,
            token: manager.token)
        #expect(found.json["items"]?[0]?["skills"]?.array.compactMap(\.string) == ["急救", "摄影"])
        let entries = try client.services.writer.writeAndWait { db in
            try db.values("SELECT station_id FROM imported_volunteer", as: Int64.self)
        }
        #expect(entries == [TestClient.community, TestClient.community])
    }

    @Test func `who is registered stays as they are, and a slip in a number is no second person`() async throws {
        let client = try client()
        _ = try await client.volunteer(1)
        let other = Self.row(1).replacing("李志愿", with: "张三丰")
        let wrong = Self.row(2).replacing(TestClient.identityNumber(2), with: "510104199001019999")
        let result = try volunteers(Self.row(1) + other + wrong, client)
        #expect(result.record.created == 0 && result.record.unchanged == 1)
        #expect(result.places == ["3 identityNumber", "4 identityNumber"])
    }

    @Test func `a minor's guardian is asked, a child below fourteen is the guardian's to register`() async throws {
        let client = try client()
        let phone = "13900020000"
        func row(born date: String, _ serial: Int, guardian: Bool = true) -> String {
            let number = TestClient.identityNumber(born: date, serial: serial)
            return "李小宝,\(number),\(phone),510104,,,\(guardian ? "李志愿,\(phone)" : ","),510104020007,yes\n"
        }
        let result = try volunteers(
            Self.row(1, phone: phone) + row(born: "2011-06-15", 1) + row(born: "2011-06-15", 3, guardian: false)
                + row(born: "2015-06-15", 5) + Self.row(2, phone: phone), client)
        #expect(result.record.created == 2, "\(result.problems)")
        #expect(result.places == ["4 guardian", "5 ", "6 phone"])
        let counts = try client.services.writer.writeAndWait { db in
            [
                try db.value("SELECT count(*) FROM account WHERE phone = '+8613900020000'", as: Int.self),
                try db.value("SELECT count(*) FROM guardianship WHERE state = 'invited'", as: Int.self),
            ]
        }
        #expect(counts == [1, 1])
    }

    @Test func `no problem repeats a number`() throws {
        let client = try client()
        let rows = (1...20).map { Self.row($0, phone: "13900030000") }.joined()
        let broken =
            "李志愿,510104199001019999,1390000,51x,99,,李,12,510104020007,no\n\"李\"x,510104199001019999,13900001111,,,,,,,\n"
        let result = try volunteers(rows + broken, client)
        #expect(result.problems.count > 20)
        for problem in result.problems {
            #expect(!"\(problem.zh) \(problem.en)".contains(/\d{5}/), "\(problem)")
        }
    }

    @Test func `a batch refused by the database loses none of the rows before it`() throws {
        let client = try client()
        let twice =
            Self.row(1) + Self.row(2) + Self.row(1, phone: "13900040001").replacing("李志愿", with: "李志远") + Self.row(3)
        let result = try volunteers(twice, client)
        #expect(result.record.created == 3 && result.places == ["4 identityNumber"])
        let documents = try client.services.writer.writeAndWait { db in
            try db.values("SELECT count(*) FROM volunteer", as: Int.self)
        }
        #expect(documents == [3])
    }
}
