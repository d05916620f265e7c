import HTTP
package import SQLite

extension Feedback: RowDecodable {
    private static var columns: SQL {
        """
        feedback.id, feedback.category, feedback.title, feedback.text, feedback.address, feedback.longitude,
        feedback.latitude, feedback.station_id, feedback.office_id, feedback.state, feedback.reply, feedback.replied_at,
        feedback.stars, feedback.comment, feedback.is_hidden, feedback.version, feedback.created_at,
        feedback.updated_at, feedback.reporter_id
        """
    }

    package init(row: borrowing Row) throws {
        guard let position = Position(longitude: try row[5], latitude: try row[6]) else {
            throw Problem(.internalError)
        }
        self.init(
            id: try row[0], category: try row[1], title: try row[2], text: try row[3], address: try row[4],
            position: position, stationId: try row[7], officeId: try row[8], state: try row[9], reply: try row[10],
            repliedAt: try row[11], stars: try row[12], comment: try row[13], isHidden: try row[14], photos: [],
            version: try row[15], createdAt: try row[16], updatedAt: try row[17], reporterId: try row[18])
    }

    /// - Throws: 404.
    static func find(_ id: ID<Feedback>, in db: Database) throws -> Feedback {
        let found: Feedback? = try db.first("SELECT \(columns) FROM feedback WHERE id = \(id)")
        guard let feedback = found else {
            throw Problem(
                .notFound, detail: Wording(zh: "没有编号为 \(id.rawValue) 的反馈", en: "There is no feedback \(id.rawValue)"))
        }
        return try feedback.withPhotos(in: db)
    }

    private func withPhotos(in db: Database) throws -> Feedback {
        var feedback = self
        feedback.photos = try db.values(
            """
            SELECT '/api/v1/uploads/' || upload.token FROM feedback_photo
            JOIN upload ON upload.id = feedback_photo.upload_id
            WHERE feedback_photo.feedback_id = \(id) ORDER BY feedback_photo.place
            """)
        return feedback
    }

    func withMoves(in db: Database) throws -> Feedback {
        var feedback = self
        feedback.moves = try db.all(
            "SELECT from_state, to_state, at, reason FROM feedback_move WHERE feedback_id = \(id) ORDER BY id")
        return feedback
    }

    /// The station nearest to a place, and who answers there: its street or town, or the station itself where nothing
    /// stands between it and the district. What lies far from all of them is the city's to judge: nobody near knows the
    /// place, and to measure how far every station is would keep all other writes waiting.
    static func route(_ position: Position, in db: Database) throws -> (station: Station, office: ID<Station>)? {
        let near = try Station.nearest(
            to: position, reach: reachMetres, kinds: [.station, .institute, .center], limit: 1, in: db)
        if let station = near.first { return (station, try office(of: station, in: db)) }
        guard try Station.isAny(within: Station.farthestMetres, of: position, in: db) else { return nil }
        return try Station.city(in: db).map { ($0, $0.id) }
    }

    static func office(of station: Station, in db: Database) throws -> ID<Station> {
        for id in station.path.reversed() where try Station.find(id, in: db).kind == .institute { return id }
        return station.id
    }

    static func insert(
        _ draft: Draft, at station: Station, office: ID<Station>, by account: ID<Account>, in db: Transaction
    ) throws -> Feedback {
        try db.run(
            """
            INSERT INTO feedback (reporter_id, station_id, office_id, category, title, text, address, longitude,
                latitude, state, created_at, updated_at)
            VALUES (\(account), \(station.id), \(office), \(draft.category), \(draft.title), \(draft.text),
                \(draft.address), \(draft.position.longitude), \(draft.position.latitude), 'submitted', \(db.now),
                \(db.now))
            """)
        let id = ID<Feedback>(db.lastInsertedID)
        for (place, upload) in (draft.uploadIds ?? []).enumerated() {
            guard try Upload.use(upload, of: account, in: db) else {
                throw Problem(
                    .invalid,
                    faults: [
                        .init("/uploadIds/\(place)", Wording(zh: "没有这个可用的上传文件", en: "names no unused upload of yours"))
                    ])
            }
            try db.run("INSERT INTO feedback_photo (feedback_id, place, upload_id) VALUES (\(id), \(place), \(upload))")
        }
        let feedback = try find(id, in: db)
        try feedback.note(from: nil, by: account, reason: nil, in: db)
        try feedback.index(in: db)
        return feedback
    }

    /// Numbers that might be somebody's are not indexed either: a search would confirm them.
    private func index(in db: Transaction) throws {
        let words = Bigrams.index(
            "\(Masking.numbers(title ?? "")) \(Masking.numbers(text)) \(Masking.numbers(reply ?? ""))")
        try db.run("DELETE FROM feedback_fts WHERE rowid = \(id)")
        try db.run("INSERT INTO feedback_fts (rowid, words) VALUES (\(id), \(words))")
    }

    /// Moves the item and writes the step beside it.
    func move(
        _ action: Action, by account: ID<Account>, reason: String?, setting changes: [SQL] = [], in db: Transaction
    ) throws -> Feedback {
        let target = try target(of: action)
        let all = SQL.joined(
            ["state = \(target)", "version = version + 1", "updated_at = \(db.now)"] + changes, separator: ", ")
        try db.run("UPDATE feedback SET \(all) WHERE id = \(id)")
        let feedback = try Feedback.find(id, in: db)
        try feedback.note(from: state, by: account, reason: reason, in: db)
        if action == .answer || action == .refuse { try feedback.index(in: db) }
        return try feedback.withMoves(in: db)
    }

    func setHidden(_ isHidden: Bool, by account: ID<Account>, reason: String, in db: Transaction) throws -> Feedback {
        try db.run(
            "UPDATE feedback SET is_hidden = \(isHidden), version = version + 1, updated_at = \(db.now) WHERE id = \(id)"
        )
        let feedback = try Feedback.find(id, in: db)
        try feedback.note(from: state, by: account, reason: reason, in: db)
        return try feedback.withMoves(in: db)
    }

    private func note(from: State?, by account: ID<Account>, reason: String?, in db: Transaction) throws {
        try db.run(
            """
            INSERT INTO feedback_move (feedback_id, from_state, to_state, actor_id, at, reason)
            VALUES (\(id), \(from), \(state), \(account), \(db.now), \(reason))
            """)
    }

    enum Side {
        case everybody
        case reporter(ID<Account>)
        /// Items of stations in these parts of the tree; nil is the whole city.
        case scope([ID<Station>]?)
    }

    /// `isPublic`, of rows of `feedback`.
    static var isListed: SQL { "feedback.is_hidden = 0 AND feedback.state <> 'refused'" }

    struct Filter {
        var category: Category?
        var state: State?
        var office: ID<Station>?
        var words: String?
    }

    /// Newest first.
    static func list(_ side: Side, _ filter: Filter, _ page: Page, in db: Database) throws -> [Feedback] {
        var conditions: [SQL] = []
        switch side {
        case .everybody: conditions.append(isListed)
        case .reporter(let account): conditions.append("feedback.reporter_id = \(account)")
        case .scope(let roots):
            if let roots { conditions.append(try Station.within(roots, "feedback.station_id", in: db)) }
        }
        if let category = filter.category { conditions.append("feedback.category = \(category)") }
        if let state = filter.state { conditions.append("feedback.state = \(state)") }
        if let office = filter.office { conditions.append("feedback.office_id = \(office)") }
        if let words = filter.words {
            conditions.append("feedback.id IN (SELECT rowid FROM feedback_fts WHERE feedback_fts MATCH \(words))")
        }
        if let after = page.after { conditions.append("feedback.id < \(after.first)") }
        let rows: [Feedback] = try db.all(
            "SELECT \(columns) FROM feedback \(.filter(conditions)) ORDER BY feedback.id DESC LIMIT \(page.limit + 1)")
        return try rows.map { try $0.withPhotos(in: db) }
    }
}

extension Feedback.Move: RowDecodable {
    package init(row: borrowing Row) throws {
        self.init(fromState: try row[0], toState: try row[1], at: try row[2], reason: try row[3])
    }
}
