import HTTP
package import SQLite

extension CommunityPost: RowDecodable {
    private static var columns: SQL {
        """
        community_post.id, community_post.station_id, community_post.title, community_post.duties,
        community_post.category, community_post.places, community_post.taken, community_post.begins_on,
        community_post.ends_on, community_post.risk_notice, community_post.state, community_post.close_reason,
        community_post.version, community_post.created_at, community_post.updated_at
        """
    }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], stationId: try row[1], title: try row[2], duties: try row[3], category: try row[4],
            places: try row[5], taken: try row[6], beginsOn: try StoredDay(row[7]).day,
            endsOn: try StoredDay(row[8]).day, riskNotice: try row[9], state: try row[10], closeReason: try row[11],
            version: try row[12], createdAt: try row[13], updatedAt: try row[14])
    }

    /// - Throws: 404.
    static func find(_ id: ID<CommunityPost>, in db: Database) throws -> CommunityPost {
        guard let post: CommunityPost = try db.first("SELECT \(columns) FROM community_post WHERE id = \(id)") else {
            throw Problem(
                .notFound, detail: Wording(zh: "没有编号为 \(id.rawValue) 的岗位", en: "There is no post \(id.rawValue)"))
        }
        return post
    }

    static func insert(_ draft: Draft, by account: ID<Account>, in db: Transaction) throws -> CommunityPost {
        try db.run(
            """
            INSERT INTO community_post (station_id, title, duties, category, places, begins_on, ends_on, risk_notice,
                state, created_by, created_at, updated_at)
            VALUES (\(draft.stationId), \(draft.title), \(draft.duties), \(draft.category), \(draft.places),
                \(draft.beginsOn.description), \(draft.endsOn.description), \(draft.riskNotice), 'open', \(account),
                \(db.now), \(db.now))
            """)
        return try find(ID(db.lastInsertedID), in: db)
    }

    func update(_ edit: Edit, in db: Transaction) throws -> CommunityPost {
        try db.run(
            """
            UPDATE community_post SET title = \(edit.title), duties = \(edit.duties), category = \(edit.category),
                places = \(edit.places), begins_on = \(edit.beginsOn.description),
                ends_on = \(edit.endsOn.description), risk_notice = \(edit.riskNotice), version = version + 1,
                updated_at = \(db.now)
            WHERE id = \(id)
            """)
        return try CommunityPost.find(id, in: db)
    }

    /// Closes the post and ends the claims on it, which keep what was served.
    static func close(_ id: ID<CommunityPost>, reason: String, in db: Transaction) throws {
        try db.run(
            """
            UPDATE community_post SET state = 'closed', close_reason = \(reason), version = version + 1,
                updated_at = \(db.now) WHERE id = \(id)
            """)
        try db.run(
            """
            UPDATE post_claim SET state = 'ended', ended_at = \(db.now), reason = \(reason)
            WHERE post_id = \(id) AND state = 'claimed'
            """)
    }

    /// Closes posts whose term has ended.
    package static let housekeeping = HousekeepingJob(name: "ended post terms") { db, _ in
        let today = Timestamp(seconds: db.now).day
        let posts = try db.values(
            """
            SELECT id FROM community_post WHERE state = 'open' AND ends_on < \(today.description)
            ORDER BY ends_on LIMIT \(CommunityPostRules.closedAtOnce)
            """, as: ID<CommunityPost>.self)
        for post in posts { try close(post, reason: CommunityPostRules.termEnded.zh, in: db) }
        return .init(posts.count, atMost: CommunityPostRules.closedAtOnce)
    }

    /// Newest first.
    /// - Parameter scope: parts of the tree; nil is the whole city.
    static func list(
        scope: [ID<Station>]?, station: ID<Station>?, state: State?, _ page: Page, in db: Database
    ) throws -> [CommunityPost] {
        var conditions: [SQL] = []
        if let scope { conditions.append(try Station.within(scope, "community_post.station_id", in: db)) }
        if let station { conditions.append("community_post.station_id = \(station)") }
        if let state { conditions.append("community_post.state = \(state)") }
        if let after = page.after { conditions.append("community_post.id < \(after.first)") }
        return try db.all(
            "SELECT \(columns) FROM community_post \(.filter(conditions)) ORDER BY community_post.id DESC LIMIT \(page.limit + 1)"
        )
    }

    /// What a community offers to its members today, newest first.
    static func offered(
        at station: ID<Station>, today: CivilDate, _ page: Page, in db: Database
    ) throws -> [CommunityPost] {
        try db.all(
            """
            SELECT \(columns) FROM community_post
            WHERE community_post.station_id = \(station) AND community_post.state = 'open'
                AND community_post.ends_on >= \(today.description)
                AND community_post.id < \(page.after?.first ?? .max)
            ORDER BY community_post.id DESC LIMIT \(page.limit + 1)
            """)
    }
}

/// A day as its column holds it, `YYYY-MM-DD`.
struct StoredDay {
    var day: CivilDate

    init(_ text: String) throws {
        guard let day = CivilDate(text) else { throw Problem(.internalError) }
        self.day = day
    }
}
