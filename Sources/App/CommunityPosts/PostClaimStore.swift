import HTTP
package import SQLite

extension PostClaim: RowDecodable {
    private static var select: SQL {
        """
        SELECT post_claim.id, post_claim.post_id, community_post.title, community_post.station_id, party_unit.name,
            volunteer.name, post_claim.state, post_claim.claimed_at, post_claim.ended_at, post_claim.reason,
            post_claim.volunteer_id, community_post.begins_on, community_post.ends_on
        FROM post_claim JOIN community_post ON community_post.id = post_claim.post_id
            JOIN party_unit ON party_unit.id = post_claim.unit_id
            LEFT JOIN volunteer ON volunteer.id = post_claim.volunteer_id
        """
    }

    package init(row: borrowing Row) throws {
        let name: String? = try row[5]
        self.init(
            id: try row[0], postId: try row[1], postTitle: try row[2], stationId: try row[3], unitName: try row[4],
            memberName: name.map(Masking.name), state: try row[6], claimedAt: try row[7], endedAt: try row[8],
            reason: try row[9], volunteerId: try row[10], beginsOn: try StoredDay(row[11]).day,
            endsOn: try StoredDay(row[12]).day)
    }

    /// - Throws: 404.
    static func find(_ id: ID<PostClaim>, in db: Database) throws -> PostClaim {
        guard let claim: PostClaim = try db.first("\(select) WHERE post_claim.id = \(id)") else {
            throw Problem(.notFound)
        }
        return claim
    }

    static func live(on post: ID<CommunityPost>, _ volunteer: ID<Volunteer>, in db: Database) throws -> PostClaim? {
        try db.first(
            """
            \(select) WHERE post_claim.post_id = \(post) AND post_claim.volunteer_id = \(volunteer)
                AND post_claim.state = 'claimed'
            """)
    }

    static func liveCount(of volunteer: ID<Volunteer>, in db: Database) throws -> Int {
        try db.value(
            """
            SELECT count(*) FROM post_claim
            WHERE volunteer_id = \(volunteer) AND state = 'claimed'
            """) ?? 0
    }

    /// How often a member has given a post up.
    static func resignations(
        of post: ID<CommunityPost>, _ volunteer: ID<Volunteer>, in db: Database
    ) throws -> Int {
        try db.value(
            """
            SELECT count(*) FROM post_claim
            WHERE volunteer_id = \(volunteer) AND post_id = \(post) AND state = 'resigned'
            """) ?? 0
    }

    /// Takes a place. The guarded update decides, inside the transaction.
    /// - Throws: 409 when there is none.
    static func insert(
        on post: CommunityPost, _ volunteer: ID<Volunteer>, of unit: ID<PartyUnit>, in db: Transaction
    ) throws -> PostClaim {
        let taken = try db.run(
            """
            UPDATE community_post SET taken = taken + 1
            WHERE id = \(post.id) AND taken < places AND state = 'open'
            """)
        guard taken == 1 else {
            throw Problem(.claimRefused, reasons: [CommunityPost.ClaimRefusal.full.rawValue])
        }
        try db.run(
            """
            INSERT INTO post_claim (post_id, volunteer_id, unit_id, state, claimed_at)
            VALUES (\(post.id), \(volunteer), \(unit), 'claimed', \(db.now))
            """)
        return try find(ID(db.lastInsertedID), in: db)
    }

    /// Gives the place back.
    func resign(reason: String, in db: Transaction) throws -> PostClaim {
        try db.run(
            """
            UPDATE post_claim SET state = 'resigned', ended_at = \(db.now), reason = \(reason) WHERE id = \(id)
            """)
        try db.run("UPDATE community_post SET taken = taken - 1 WHERE id = \(postId)")
        return try PostClaim.find(id, in: db)
    }

    /// Ends the claims of a member who leaves the community, and gives their places back.
    static func endAll(of volunteer: ID<Volunteer>, reason: String, in db: Transaction) throws {
        try db.run(
            """
            UPDATE community_post SET taken = taken - 1 WHERE id IN
                (SELECT post_id FROM post_claim
                WHERE volunteer_id = \(volunteer) AND state = 'claimed')
            """)
        try db.run(
            """
            UPDATE post_claim SET state = 'ended', ended_at = \(db.now), reason = \(reason)
            WHERE volunteer_id = \(volunteer) AND state = 'claimed'
            """)
    }

    /// Takes the member, and every word they wrote, out of their claims and services.
    static func forget(_ volunteer: ID<Volunteer>, in db: Transaction) throws {
        try endAll(of: volunteer, reason: PartyUnitReason.leftCommunity.zh, in: db)
        try db.run(
            """
            UPDATE post_service SET note = NULL WHERE claim_id IN
                (SELECT id FROM post_claim WHERE volunteer_id = \(volunteer))
            """)
        try db.run(
            """
            UPDATE post_claim SET volunteer_id = NULL, reason = NULL
            WHERE volunteer_id = \(volunteer)
            """)
    }

    /// A member's own, newest first.
    static func list(of volunteer: ID<Volunteer>, _ page: Page, in db: Database) throws -> [PostClaim] {
        try db.all(
            """
            \(select) WHERE post_claim.volunteer_id = \(volunteer)
                AND post_claim.id < \(page.after?.first ?? .max)
            ORDER BY post_claim.id DESC LIMIT \(page.limit + 1)
            """)
    }

    /// In the order they came.
    static func list(on post: ID<CommunityPost>, _ page: Page, in db: Database) throws -> [PostClaim] {
        try db.all(
            """
            \(select) WHERE post_claim.post_id = \(post) AND post_claim.id > \(page.after?.first ?? 0)
            ORDER BY post_claim.id LIMIT \(page.limit + 1)
            """)
    }
}

extension PostService: RowDecodable {
    private static var columns: SQL {
        """
        post_service.id, post_service.claim_id, post_service.served_on, post_service.minutes, post_service.note,
        post_service.state, post_service.reported_at, post_service.decided_at, post_service.reason
        """
    }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], claimId: try row[1], servedOn: try StoredDay(row[2]).day, minutes: try row[3],
            note: try row[4], state: try row[5], reportedAt: try row[6], decidedAt: try row[7], reason: try row[8])
    }

    /// - Throws: 404.
    static func find(_ id: ID<PostService>, in db: Database) throws -> PostService {
        guard let service: PostService = try db.first("SELECT \(columns) FROM post_service WHERE id = \(id)") else {
            throw Problem(.notFound)
        }
        return service
    }

    /// Writes what was done on a day; until the community has decided, the latest word counts.
    /// - Throws: 409 once it was confirmed.
    static func report(
        _ report: Report, on day: CivilDate, for claim: ID<PostClaim>, in db: Transaction
    ) throws -> PostService {
        let known: PostService? = try db.first(
            """
            SELECT \(columns) FROM post_service
            WHERE claim_id = \(claim) AND served_on = \(day.description) AND state <> 'refused'
            """)
        guard let known else {
            try db.run(
                """
                INSERT INTO post_service (claim_id, served_on, minutes, note, state, reported_at)
                VALUES (\(claim), \(day.description), \(report.minutes), \(report.note), 'reported', \(db.now))
                """)
            return try find(ID(db.lastInsertedID), in: db)
        }
        guard known.state == .reported else { throw Problem(.conflict, state: known.state.rawValue) }
        try db.run(
            "UPDATE post_service SET minutes = \(report.minutes), note = \(report.note) WHERE id = \(known.id)")
        return try find(known.id, in: db)
    }

    /// - Throws: 409 unless nobody has decided yet.
    func decide(_ target: State, reason: String?, by staff: ID<Account>, in db: Transaction) throws -> PostService {
        guard state == .reported else { throw Problem(.conflict, state: state.rawValue) }
        try db.run(
            """
            UPDATE post_service SET state = \(target), reason = \(reason), decided_by = \(staff),
                decided_at = \(db.now) WHERE id = \(id)
            """)
        return try PostService.find(id, in: db)
    }

    /// Newest report first.
    static func list(of claim: ID<PostClaim>, _ page: Page, in db: Database) throws -> [PostService] {
        try db.all(
            """
            SELECT \(columns) FROM post_service
            WHERE post_service.claim_id = \(claim) AND post_service.id < \(page.after?.first ?? .max)
            ORDER BY post_service.id DESC LIMIT \(page.limit + 1)
            """)
    }
}
