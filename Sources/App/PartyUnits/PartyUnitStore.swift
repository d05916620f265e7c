import HTTP
package import SQLite

extension PartyUnit: RowDecodable {
    private static var columns: SQL {
        """
        party_unit.id, party_unit.name, party_unit.credit_code, party_unit.kind, party_unit.parent_id,
        party_unit.seat_id, party_unit.contact_name, party_unit.contact_phone, party_unit.version,
        party_unit.created_at, party_unit.updated_at
        """
    }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], name: try row[1], creditCode: try row[2], kind: try row[3], parentId: try row[4],
            seatId: try row[5], contactName: try row[6], contactPhone: try row[7], version: try row[8],
            createdAt: try row[9], updatedAt: try row[10])
    }

    /// - Throws: 404.
    static func find(_ id: ID<PartyUnit>, in db: Database) throws -> PartyUnit {
        guard let unit: PartyUnit = try db.first("SELECT \(columns) FROM party_unit WHERE id = \(id)") else {
            throw Problem(
                .notFound, detail: Wording(zh: "没有编号为 \(id.rawValue) 的单位", en: "There is no unit \(id.rawValue)"))
        }
        return unit
    }

    /// - Throws: 422 at `pointer`, because the id came in a body.
    static func require(_ id: ID<PartyUnit>, pointer: String, in db: Database) throws -> PartyUnit {
        guard let unit: PartyUnit = try db.first("SELECT \(columns) FROM party_unit WHERE id = \(id)") else {
            throw Problem(.invalid, faults: [.init(pointer, Wording(zh: "没有这个单位", en: "names no unit"))])
        }
        return unit
    }

    // MARK: - Writing

    /// - Throws: 409 for a credit code, or a name in the same community, that another unit has.
    static func insert(_ draft: Draft, in db: Transaction) throws -> PartyUnit {
        try requireParent(draft.parentId, of: nil, in: db)
        try refusingDoubles {
            try db.run(
                """
                INSERT INTO party_unit (name, credit_code, kind, parent_id, seat_id, contact_name, contact_phone,
                    created_at, updated_at)
                VALUES (\(draft.name), \(draft.creditCode), \(draft.kind), \(draft.parentId), \(draft.seatId),
                    \(draft.contactName), \(PhoneNumber(draft.contactPhone)), \(db.now), \(db.now))
                """)
        }
        let unit = try find(ID(db.lastInsertedID), in: db)
        try unit.index(in: db)
        return unit
    }

    func update(_ draft: Draft, in db: Transaction) throws -> PartyUnit {
        try PartyUnit.requireParent(draft.parentId, of: id, in: db)
        try PartyUnit.refusingDoubles {
            try db.run(
                """
                UPDATE party_unit SET name = \(draft.name), credit_code = \(draft.creditCode), kind = \(draft.kind),
                    parent_id = \(draft.parentId), seat_id = \(draft.seatId), contact_name = \(draft.contactName),
                    contact_phone = \(PhoneNumber(draft.contactPhone)), version = version + 1, updated_at = \(db.now)
                WHERE id = \(id)
                """)
        }
        let unit = try PartyUnit.find(id, in: db)
        try unit.index(in: db)
        return unit
    }

    private static func refusingDoubles(_ write: () throws -> Void) throws {
        do { try write() } catch let error as SQLiteError where error.isUniqueViolation {
            throw Problem(
                .conflict,
                detail: Wording(
                    zh: "统一社会信用代码或该社区内的单位名称已被使用",
                    en: "The credit code, or the name within the community, belongs to another unit"))
        }
    }

    private func index(in db: Transaction) throws {
        try db.run("DELETE FROM party_unit_fts WHERE rowid = \(id)")
        try db.run("INSERT INTO party_unit_fts (rowid, words) VALUES (\(id), \(Bigrams.index(name)))")
    }

    /// - Throws: 422 for a parent that does not exist, stands below the unit itself, or makes the tree too deep.
    private static func requireParent(_ parent: ID<PartyUnit>?, of unit: ID<PartyUnit>?, in db: Database) throws {
        guard let parent else { return }
        _ = try require(parent, pointer: "/parentId", in: db)
        let line = try db.values(
            """
            WITH RECURSIVE line (id, depth) AS (
                VALUES (\(parent), 1)
                UNION ALL
                SELECT party_unit.parent_id, depth + 1 FROM line JOIN party_unit ON party_unit.id = line.id
                WHERE party_unit.parent_id IS NOT NULL AND depth <= \(PartyUnitRules.depthMax))
            SELECT id FROM line
            """, as: ID<PartyUnit>.self)
        if let unit, line.contains(unit) {
            throw Problem(
                .invalid, faults: [.init("/parentId", Wording(zh: "不能是本单位或其下级", en: "stands below the unit"))])
        }
        guard try line.count + height(of: unit, in: db) <= PartyUnitRules.depthMax else {
            throw Problem(
                .invalid,
                faults: [
                    .init(
                        "/parentId",
                        Wording(
                            zh: "单位层级不能超过 \(PartyUnitRules.depthMax) 级",
                            en: "makes the tree deeper than \(PartyUnitRules.depthMax) levels"))
                ])
        }
    }

    /// Levels from the unit down to the lowest below it, itself included.
    private static func height(of unit: ID<PartyUnit>?, in db: Database) throws -> Int {
        guard let unit else { return 1 }
        return try db.value(
            """
            WITH RECURSIVE below (id, depth) AS (
                VALUES (\(unit), 1)
                UNION ALL
                SELECT party_unit.id, depth + 1 FROM below JOIN party_unit ON party_unit.parent_id = below.id
                WHERE depth <= \(PartyUnitRules.depthMax))
            SELECT max(depth) FROM below
            """) ?? 1
    }

    // MARK: - Lists

    struct Filter {
        /// The parts of the tree the caller looks after; nil is the whole city.
        var scope: [ID<Station>]?
        var seat: ID<Station>?
        var parent: ID<PartyUnit>?
        var kind: Kind?
        var words: String?
    }

    static func list(_ filter: Filter, _ page: Page, in db: Database) throws -> [PartyUnit] {
        var conditions: [SQL] = []
        if let scope = filter.scope { conditions.append(try Station.within(scope, "party_unit.seat_id", in: db)) }
        if let seat = filter.seat { conditions.append("party_unit.seat_id = \(seat)") }
        if let parent = filter.parent { conditions.append("party_unit.parent_id = \(parent)") }
        if let kind = filter.kind { conditions.append("party_unit.kind = \(kind)") }
        if let words = filter.words {
            conditions.append("party_unit.id IN (SELECT rowid FROM party_unit_fts WHERE party_unit_fts MATCH \(words))")
        }
        if let after = page.after { conditions.append("party_unit.id > \(after.first)") }
        return try db.all(
            "SELECT \(columns) FROM party_unit \(.filter(conditions)) ORDER BY party_unit.id LIMIT \(page.limit + 1)")
    }

    /// The units an account acts for.
    static func represented(by account: ID<Account>, in db: Database) throws -> [PartyUnit] {
        try db.all(
            """
            SELECT \(columns) FROM unit_representative JOIN party_unit ON party_unit.id = unit_representative.unit_id
            WHERE unit_representative.account_id = \(account) ORDER BY party_unit.id LIMIT 100
            """)
    }

    static func choices(_ words: String, in db: Database) throws -> [Choice] {
        try db.all(
            """
            SELECT party_unit.id, party_unit.name FROM party_unit
            WHERE party_unit.id IN (SELECT rowid FROM party_unit_fts WHERE party_unit_fts MATCH \(words))
            ORDER BY party_unit.id LIMIT \(PartyUnitRules.choicesMax)
            """)
    }
}

extension PartyUnit.Choice: RowDecodable {
    package init(row: borrowing Row) throws { self.init(id: try row[0], name: try row[1]) }
}

extension Station {
    /// A site that stands for a community.
    /// - Throws: 422 at `pointer` for any other, because the id came in a body.
    static func community(_ id: ID<Station>, pointer: String, in db: Database) throws -> Station {
        _ = try path(of: id, pointer: pointer, in: db)
        let station = try find(id, in: db)
        guard station.kind.isCommunity else {
            throw Problem(
                .invalid, faults: [.init(pointer, Wording(zh: "应为社区（村）实践站", en: "must be a community's station"))])
        }
        return station
    }
}
