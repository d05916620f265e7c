import HTTP
package import SQLite

extension ExpertListing: RowDecodable {
    package init(row: borrowing Row) throws {
        self.init(
            isListed: try row[0], fields: [], introduction: try row[1], isRetired: try row[2], stationIds: [],
            consentedAt: try row[3], version: try row[4])
    }

    static func find(_ volunteer: ID<Volunteer>, in db: Database) throws -> ExpertListing {
        let found: ExpertListing? = try db.first(
            """
            SELECT withdrawn_at IS NULL, introduction, is_retired, consented_at, version FROM expert_listing
            WHERE volunteer_id = \(volunteer)
            """)
        guard var listing = found else {
            return ExpertListing(
                isListed: false, fields: [], introduction: nil, isRetired: false, stationIds: [], consentedAt: nil,
                version: 0)
        }
        listing.fields = try fields(of: volunteer, in: db)
        listing.stationIds = try stations(of: volunteer, in: db)
        if !listing.isListed { listing.consentedAt = nil }
        return listing
    }

    static func fields(of volunteer: ID<Volunteer>, in db: Database) throws -> [Field] {
        try db.values("SELECT field FROM expert_field WHERE volunteer_id = \(volunteer) ORDER BY field")
    }

    static func stations(of volunteer: ID<Volunteer>, in db: Database) throws -> [ID<Station>] {
        try db.values("SELECT station_id FROM expert_station WHERE volunteer_id = \(volunteer) ORDER BY station_id")
    }

    /// Enters or changes a listing; one that comes back consents anew.
    static func update(_ edit: Edit, of volunteer: ID<Volunteer>, in db: Transaction) throws -> ExpertListing {
        try db.run(
            """
            INSERT INTO expert_listing (volunteer_id, introduction, is_retired, consented_at, updated_at)
            VALUES (\(volunteer), \(edit.introduction), \(edit.isRetired), \(db.now), \(db.now))
            ON CONFLICT (volunteer_id) DO UPDATE SET introduction = excluded.introduction,
                is_retired = excluded.is_retired,
                consented_at = iif(expert_listing.withdrawn_at IS NULL, expert_listing.consented_at, excluded.consented_at),
                withdrawn_at = NULL, version = expert_listing.version + 1, updated_at = excluded.updated_at
            """)
        try clear(volunteer, in: db)
        for field in edit.fields {
            try db.run("INSERT INTO expert_field (volunteer_id, field) VALUES (\(volunteer), \(field))")
        }
        for station in edit.stationIds {
            try db.run("INSERT INTO expert_station (volunteer_id, station_id) VALUES (\(volunteer), \(station))")
        }
        // A number that is hidden is not to be found either.
        let words = Bigrams.index(Masking.numbers(edit.introduction))
        try db.run("INSERT INTO expert_fts (rowid, words) VALUES (\(volunteer), \(words))")
        return try find(volunteer, in: db)
    }

    /// Takes the consent back: nothing of the listing stays but when it ended, and open invitations end with it. A listing
    /// of a volunteer merged into this one goes as well: it would be found again once the merge is undone.
    static func withdraw(_ volunteer: ID<Volunteer>, in db: Transaction) throws {
        for row in try Volunteer.everyID(of: volunteer, in: db) { try withdrawRow(row, in: db) }
    }

    private static func withdrawRow(_ volunteer: ID<Volunteer>, in db: Transaction) throws {
        let withdrawn = try db.run(
            """
            UPDATE expert_listing SET introduction = NULL, is_retired = 0, withdrawn_at = \(db.now),
                version = version + 1, updated_at = \(db.now)
            WHERE volunteer_id = \(volunteer) AND withdrawn_at IS NULL
            """)
        guard withdrawn == 1 else { return }
        try clear(volunteer, in: db)
        try ExpertInvitation.end(of: volunteer, in: db)
    }

    private static func clear(_ volunteer: ID<Volunteer>, in db: Transaction) throws {
        try db.run("DELETE FROM expert_field WHERE volunteer_id = \(volunteer)")
        try db.run("DELETE FROM expert_station WHERE volunteer_id = \(volunteer)")
        try db.run("DELETE FROM expert_fts WHERE rowid = \(volunteer)")
    }
}

extension Expert {
    struct Filter {
        var field: ExpertListing.Field?
        /// An FTS5 expression.
        var words: String?
        /// Parts of the tree the expert must serve; nil is the whole city.
        var places: [StationPath]?
        var weekday: Int?
        /// Minutes of that day the expert must be free throughout; nil is any time of it.
        var minutes: Range<Int>?
    }

    private struct Row: RowDecodable {
        var volunteer: ID<Volunteer>
        var name: String
        var birthDate: CivilDate
        var isRetired: Bool
        var introduction: String

        init(row: borrowing SQLite.Row) throws {
            volunteer = try row[0]
            name = try row[1]
            birthDate = try CivilDate(stored: row[2])
            isRetired = try row[3]
            introduction = try row[4]
        }
    }

    /// In order of the volunteer's id.
    static func list(_ filter: Filter, today: CivilDate, _ page: Page, in db: Database) throws -> [Expert] {
        var conditions = conditions(filter)
        if let after = page.after { conditions.append("expert_listing.volunteer_id > \(after.first)") }
        let rows: [Row] = try db.all(
            """
            SELECT expert_listing.volunteer_id, volunteer.name, volunteer.birth_date, expert_listing.is_retired,
                expert_listing.introduction
            FROM expert_listing JOIN volunteer ON volunteer.id = expert_listing.volunteer_id
            \(.filter(conditions)) ORDER BY expert_listing.volunteer_id LIMIT \(page.limit + 1)
            """)
        return try rows.map { try expert($0, today: today, in: db) }
    }

    private static func expert(_ row: Row, today: CivilDate, in db: Database) throws -> Expert {
        let profile = try Profile.find(row.volunteer, in: db)
        let papers = try Qualification.list(of: row.volunteer, state: .verified, today: today, in: db)
        return Expert(
            volunteerId: row.volunteer, name: Masking.name(row.name),
            ageBand: ExpertRules.band(row.birthDate.age(on: today)), isRetired: row.isRetired,
            fields: try ExpertListing.fields(of: row.volunteer, in: db),
            introduction: Masking.numbers(row.introduction),
            stationIds: try ExpertListing.stations(of: row.volunteer, in: db), languages: profile.languages,
            availability: profile.availability,
            qualifications: papers.filter { !$0.isExpired }.map { Paper(kind: $0.kind, title: $0.title) },
            starLevel: try StarAward.level(of: row.volunteer, in: db))
    }

    /// Whether staff of a place may find the expert there.
    static func serves(_ volunteer: ID<Volunteer>, _ place: StationPath, in db: Database) throws -> Bool {
        var conditions = conditions(Filter(places: [place]))
        conditions.append("expert_listing.volunteer_id = \(volunteer)")
        return try db.exists("SELECT 1 FROM expert_listing \(.filter(conditions))")
    }

    private static func conditions(_ filter: Filter) -> [SQL] {
        var conditions: [SQL] = [
            "expert_listing.withdrawn_at IS NULL",
            "expert_listing.volunteer_id NOT IN (SELECT id FROM volunteer WHERE merged_into IS NOT NULL)",
        ]
        if let field = filter.field {
            conditions.append(
                "expert_listing.volunteer_id IN (SELECT volunteer_id FROM expert_field WHERE field = \(field))")
        }
        if let words = filter.words {
            conditions.append(
                "expert_listing.volunteer_id IN (SELECT rowid FROM expert_fts WHERE expert_fts MATCH \(words))")
        }
        if let places = filter.places { conditions.append(serving(places)) }
        if let weekday = filter.weekday {
            let minutes = filter.minutes.map {
                " AND from_minute <= \($0.lowerBound) AND to_minute >= \($0.upperBound)" as SQL
            }
            conditions.append(
                """
                EXISTS (SELECT 1 FROM availability WHERE availability.volunteer_id = expert_listing.volunteer_id
                    AND weekday = \(weekday)\(minutes ?? ""))
                """)
        }
        return conditions
    }

    /// A place served lies in the part of the tree, or the other way round: whoever serves a street serves its
    /// communities.
    private static func serving(_ places: [StationPath]) -> SQL {
        guard !places.isEmpty else { return "0" }
        let choices: [SQL] = places.map { place in
            let above = SQL.joined(place.ids.map { "\($0)" }, separator: ", ")
            return "(station.path >= \(place) AND station.path < \(place.end)) OR station.id IN (\(above))"
        }
        return """
            expert_listing.volunteer_id IN (SELECT expert_station.volunteer_id FROM expert_station
                JOIN station ON station.id = expert_station.station_id
                WHERE \(SQL.joined(choices, separator: " OR ")))
            """
    }
}
