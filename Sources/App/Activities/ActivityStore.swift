import HTTP
package import SQLite

/// A page of the list of activities, rendered from the rows themselves: it is the most read page of all, and strings
/// between database and socket would be half its cost (perf.md 4.1).
struct ActivityPage {
    private(set) var body: [UInt8] = []
    private(set) var next: String?

    fileprivate static var columns: SQL {
        """
        activity.id, activity.station_id, activity.title, activity.summary, activity.category, activity.address,
        activity.starts_at, activity.ends_at, activity.sign_up_closes_at, places.capacity, places.taken,
        activity.state
        """
    }

    /// - Parameters:
    ///   - rows: at most one more than the page holds, in the order of `columns`.
    ///   - isSpan: whether they are sorted by their start alone.
    fileprivate init(_ rows: SQL, isSpan: Bool, _ page: Page, in db: Database) throws {
        let output = JSONOutput(capacity: 16_384)
        output.openObject()
        output.key("items")
        output.openArray()
        var count = 0
        var last: Cursor?
        try db.forEach(rows) { row in
            count += 1
            guard count <= page.limit else { return }
            last = try Self.write(row, isSpan, to: output)
        }
        output.close()
        next = count > page.limit ? last.map(page.text) : nil
        output.key("next")
        if let next { output.string(next) } else { output.null() }
        output.close()
        body = output.bytes
    }

    private static func write(_ row: borrowing Row, _ isSpan: Bool, to output: JSONOutput) throws -> Cursor {
        let id: Int64 = try row[0]
        let start: Timestamp = try row[6]
        let close: Timestamp = try row[8]
        output.openObject()
        output.key("id")
        output.integer(id)
        output.key("stationId")
        output.integer(try row[1])
        output.key("title")
        try row.withText(2) { output.string($0) }
        output.key("summary")
        try row.withText(3) { output.string($0) }
        output.key("category")
        try row.withText(4) { output.string($0) }
        output.key("address")
        try row.withText(5) { output.string($0) }
        output.key("startsAt")
        output.time(start)
        output.key("endsAt")
        output.time(try row[7])
        output.key("signUpClosesAt")
        output.time(close)
        output.key("capacity")
        output.integer(try row[9])
        output.key("taken")
        output.integer(try row[10])
        output.key("state")
        try row.withText(11) { output.string($0) }
        output.close()
        // Not read from the row, for SQLite would compute `open_until` anew: its index is only walked.
        return Cursor((isSpan ? start : max(start, close)).seconds, id)
    }
}

extension Activity: RowDecodable {
    package init(row: borrowing Row) throws {
        let longitude: Double? = try row[7]
        let latitude: Double? = try row[8]
        self.init(
            id: try row[0], stationId: try row[1], title: try row[2], summary: try row[3], category: try row[4],
            riskNotice: try row[5], address: try row[6],
            position: longitude.flatMap { longitude in
                latitude.flatMap { Position(longitude: longitude, latitude: $0) }
            },
            startsAt: try row[9], endsAt: try row[10], signUpClosesAt: try row[11], capacity: try row[12],
            taken: try row[13], ageMin: try row[14], personInCharge: try row[15], state: try row[16],
            cancelReason: try row[17], version: try row[18], updatedAt: try row[19])
    }

    /// - Throws: 404.
    static func find(_ id: ID<Activity>, in db: Database) throws -> Activity {
        let found: Activity? = try db.first(
            """
            SELECT id, station_id, title, summary, category, risk_notice, address, longitude, latitude, starts_at,
                ends_at, sign_up_closes_at, places.capacity, places.taken, age_min, person_in_charge, state,
                cancel_reason, version, updated_at
            FROM activity JOIN activity_places AS places ON places.activity_id = id WHERE id = \(id)
            """)
        guard let found else {
            throw Problem(
                .notFound, detail: Wording(zh: "没有编号为 \(id.rawValue) 的活动", en: "There is no activity \(id.rawValue)"))
        }
        return found
    }

    static func codeSecret(of id: ID<Activity>, in db: Database) throws -> [UInt8] {
        try db.value("SELECT code_secret FROM activity WHERE id = \(id)", as: [UInt8].self) ?? []
    }

    struct Filter {
        var station: ID<Station>?
        var category: String?
        var words: String?
        var from: Timestamp?
        var until: Timestamp?
        /// Midnight.
        var today: Timestamp
    }

    /// Published activities. Those that start in a span of time are in order of start. Without a span it is those of today
    /// and to come, and those that have begun and can still be joined, each where it starts or, if that is later, where
    /// its sign-up closes: one that can be joined all year does not stand before today's every day.
    static func list(_ filter: Filter, _ page: Page, in db: Database) throws -> ActivityPage {
        let isSpan = filter.from != nil || filter.until != nil
        let key: SQL = isSpan ? "activity.starts_at" : "activity.open_until"
        var conditions: [SQL] = ["activity.state = 'published'"]
        if let after = page.after {
            conditions.append("(\(key), activity.id) > (\(after.first), \(after.second))")
        } else {
            conditions.append("\(key) >= \(filter.from ?? filter.today)")
        }
        if let until = filter.until { conditions.append("activity.starts_at < \(until)") }
        if let station = filter.station { conditions.append("activity.station_id = \(station)") }
        if let category = filter.category { conditions.append("activity.category = \(category)") }
        if let words = filter.words {
            conditions.append("activity.id IN (SELECT rowid FROM activity_fts WHERE activity_fts MATCH \(words))")
        }
        return try ActivityPage(
            """
            SELECT \(ActivityPage.columns)
            FROM activity JOIN activity_places AS places ON places.activity_id = activity.id \(.filter(conditions))
            ORDER BY \(key), activity.id LIMIT \(page.limit + 1)
            """, isSpan: isSpan, page, in: db)
    }

    static func insert(
        _ draft: Draft, at station: ID<Station>, by account: ID<Account>, in db: Transaction
    ) throws -> Activity {
        try db.run(
            """
            INSERT INTO activity (station_id, title, summary, category, risk_notice, address, longitude, latitude,
                starts_at, ends_at, sign_up_closes_at, age_min, person_in_charge, state, code_secret, created_by,
                created_at, updated_at)
            VALUES (\(station), \(draft.title), \(draft.summary), \(draft.category), \(draft.riskNotice),
                \(draft.address), \(draft.position?.longitude), \(draft.position?.latitude), \(draft.startsAt),
                \(draft.endsAt), \(draft.signUpClosesAt ?? draft.startsAt),
                \(draft.ageMin ?? SignUp.defaultAgeMin), \(draft.personInCharge), 'published',
                \(SecureRandom.bytes(32)), \(account), \(db.now), \(db.now))
            """)
        let id = ID<Activity>(db.lastInsertedID)
        try db.run("INSERT INTO activity_places (activity_id, capacity) VALUES (\(id), \(draft.capacity))")
        let activity = try find(id, in: db)
        try activity.index(in: db)
        return activity
    }

    func update(_ draft: Draft, in db: Transaction) throws -> Activity {
        try db.run(
            """
            UPDATE activity SET title = \(draft.title), summary = \(draft.summary), category = \(draft.category),
                risk_notice = \(draft.riskNotice), address = \(draft.address), longitude = \(draft.position?.longitude),
                latitude = \(draft.position?.latitude), starts_at = \(draft.startsAt), ends_at = \(draft.endsAt),
                sign_up_closes_at = \(draft.signUpClosesAt ?? draft.startsAt),
                age_min = \(draft.ageMin ?? SignUp.defaultAgeMin), person_in_charge = \(draft.personInCharge),
                version = version + 1, updated_at = \(db.now)
            WHERE id = \(id)
            """)
        try db.run("UPDATE activity_places SET capacity = \(draft.capacity) WHERE activity_id = \(id)")
        let activity = try Activity.find(id, in: db)
        try activity.index(in: db)
        return activity
    }

    /// Calls it off and frees everybody who has not come yet. Whoever is there leaves now, with the time given so far.
    func cancel(reason: String, in db: Transaction) throws -> Activity {
        try db.run(
            """
            UPDATE sign_up SET state = 'cancelled', cancelled_at = \(db.now), cancel_reason = \(reason)
            WHERE activity_id = \(id) AND state <> 'cancelled' AND state = 'signedUp'
            """)
        try db.run(
            """
            UPDATE sign_up SET state = 'checkedOut', checked_out_at = \(db.now)
            WHERE activity_id = \(id) AND state = 'checkedIn'
            """)
        try db.run(
            """
            UPDATE activity SET state = 'cancelled', cancel_reason = \(reason), version = version + 1,
                updated_at = \(db.now)
            WHERE id = \(id)
            """)
        try db.run(
            """
            UPDATE activity_places
            SET taken = (SELECT count(*) FROM sign_up WHERE activity_id = \(id) AND state <> 'cancelled')
            WHERE activity_id = \(id)
            """)
        return try Activity.find(id, in: db)
    }

    private func index(in db: Transaction) throws {
        try db.run("DELETE FROM activity_fts WHERE rowid = \(id)")
        try db.run(
            """
            INSERT INTO activity_fts (rowid, words) VALUES (\(id), \(Bigrams.index("\(title) \(summary) \(address)")))
            """)
    }
}
