import HTTP
import SQLite

/// Changes of the tree itself. Each runs in the transaction that decides it, so all bounds are checked as it is then.
extension Team {
    func rename(_ name: String, in db: Transaction) throws -> Team {
        do {
            try db.run(
                "UPDATE team SET name = \(name), version = version + 1, updated_at = \(db.now) WHERE id = \(id)")
        } catch let error as SQLiteError where error.isUniqueViolation {
            throw Self.nameTaken
        }
        let team = try Team.find(id, in: db)
        try team.index(in: db)
        return team
    }

    /// Puts the team with all below it under another one, or alone.
    /// - Throws: what `requireMove` throws.
    func move(under parent: Team?, level: Level, in db: Transaction) throws -> Team {
        try requireMove(under: parent, level: level, in: db)
        let path = (parent?.treePath ?? .root).appending(id)
        let kept = treePath.text.utf8.count + 1
        // Paths are ASCII, so characters are bytes.
        try db.run(
            """
            UPDATE team SET path = \(path) || substr(path, \(kept))
            WHERE path >= \(treePath) AND path < \(treePath.end)
            """)
        try db.run(
            """
            UPDATE team SET parent_id = \(parent?.id), level = \(level), version = version + 1, updated_at = \(db.now)
            WHERE id = \(id)
            """)
        return try Team.find(id, in: db)
    }

    /// - Throws: 409 when it may not stand there, its own teams may not stand under it, or too many would move.
    func requireMove(under parent: Team?, level: Level, in db: Database) throws {
        if let parent, parent.path.contains(id) {
            throw Problem(
                .teamStructure, detail: Wording(zh: "不能移到自己的下级之下", en: "A team cannot stand below itself"))
        }
        let (teams, height) = try extent(in: db)
        try Team.requirePlace(level, height: height, under: parent)
        guard teams <= TeamRules.movedTeamsMax else { throw Self.tooLarge("teams") }
        let below: [Level] = try db.values(
            "SELECT DISTINCT level FROM team WHERE parent_id = \(id) AND state = 'active'")
        guard below.allSatisfy({ $0.mayStand(under: level) }) else {
            throw Problem(
                .teamStructure, detail: Wording(zh: "下级队伍不能设在该级别之下", en: "Its own teams may not stand under that level")
            )
        }
    }

    /// The team and all below it, and how many levels they are.
    private func extent(in db: Database) throws -> (teams: Int, height: Int) {
        var extent = (teams: 0, height: 1)
        try db.forEach(
            """
            SELECT count(*), max(length(path) - length(replace(path, '/', ''))) FROM team
            WHERE path >= \(treePath) AND path < \(treePath.end)
            """
        ) { row in
            let deepest: Int? = try row[1]
            // A path has one stroke more than teams.
            extent = (try row[0], (deepest ?? path.count + 1) - path.count)
        }
        return extent
    }

    func handOver(
        to volunteer: ID<Volunteer>, by account: ID<Account>, reason: String?, in db: Transaction
    ) throws -> Team {
        try requireMember(volunteer, in: db)
        guard let leaderId, volunteer != leaderId else { return self }
        try Guardianship.requireConsent(for: volunteer, in: db)
        try TeamMember.set(.member, leaderId, in: id, by: account, reason: reason, db)
        try TeamMember.set(.leader, volunteer, in: id, by: account, reason: reason, db)
        try db.run(
            "UPDATE team SET leader_id = \(volunteer), version = version + 1, updated_at = \(db.now) WHERE id = \(id)")
        // A child stayed after its guardian's withdrawal only to hand over.
        if try Guardianship.isConsentMissing(for: leaderId, today: Timestamp(seconds: db.now).day, in: db) {
            try TeamMember.leave(leaderId, id, as: .left, by: account, reason: reason, in: db)
        }
        return try Team.find(id, in: db)
    }

    /// - Throws: 409 unless the leader to be is a member.
    func requireMember(_ volunteer: ID<Volunteer>, in db: Database) throws {
        guard try TeamMember.role(of: volunteer, in: id, db) != nil else {
            throw Problem(.conflict, detail: Wording(zh: "新队长须是本队成员", en: "The new leader must be a member"))
        }
    }

    /// - Throws: 409 when an active team of the station has the name.
    func requireFree(_ name: String, in db: Database) throws {
        if try db.exists(
            "SELECT 1 FROM team WHERE station_id = \(stationId) AND name = \(name) AND state = 'active' AND id <> \(id)"
        ) {
            throw Self.nameTaken
        }
    }

    /// - Throws: 409 with the codes of what keeps the team from being closed.
    func requireEmpty(in db: Database) throws {
        var obstacles: [String] = []
        if memberCount > 1 { obstacles.append("members") }
        if try db.exists("SELECT 1 FROM team WHERE parent_id = \(id) AND state = 'active'") {
            obstacles.append("teams")
        }
        if try DemandTicket.openCount(of: id, in: db) > 0 { obstacles.append("tickets") }
        guard obstacles.isEmpty else { throw Problem(.teamNotEmpty, reasons: obstacles) }
    }

    /// - Throws: 409 unless the team is empty.
    func close(by account: ID<Account>, reason: String?, in db: Transaction) throws -> Team {
        try requireEmpty(in: db)
        if let leaderId { try TeamMember.leave(leaderId, id, as: .closed, by: account, reason: reason, in: db) }
        return try end(.closed, successor: nil, by: account, in: db)
    }

    /// Members, teams below and open tickets go over to another team; this one stays as a row that points there.
    /// - Throws: what `requireMerge` throws, and 409 when one of its teams may not stand there.
    func merge(
        into target: Team, by account: ID<Account>, reason: String, _ limits: TeamLimits, in db: Transaction
    ) throws -> Team {
        try requireMerge(into: target, limits, in: db)
        let children: [ID<Team>] = try db.values(
            "SELECT id FROM team WHERE parent_id = \(id) AND state = 'active' ORDER BY id LIMIT \(TeamRules.movedTeamsMax)"
        )
        for child in children {
            let team = try Team.find(child, in: db)
            _ = try team.move(under: target, level: team.level, in: db)
        }
        try TeamMember.moveAll(from: id, to: target.id, by: account, reason: reason, in: db)
        try DemandTicket.reassign(from: id, to: target.id, by: account, reason: reason, in: db)
        return try end(.merged, successor: target.id, by: account, in: db)
    }

    /// - Throws: 409 when the other team is below this one, would be too large, or too much would move at once.
    func requireMerge(into target: Team, _ limits: TeamLimits, in db: Database) throws {
        guard !target.path.contains(id) else {
            throw Problem(
                .teamStructure, detail: Wording(zh: "不能并入自己或自己的下级", en: "A team cannot merge into itself or one below"))
        }
        try target.requireActive()
        let newcomers = try TeamMember.count(of: id, notIn: target.id, db)
        guard target.memberCount + newcomers <= limits.members else { throw Problem(.teamFull) }
        guard try extent(in: db).teams <= TeamRules.movedTeamsMax else { throw Self.tooLarge("teams") }
        guard try DemandTicket.openCount(of: id, in: db) <= TeamRules.movedTicketsMax else {
            throw Self.tooLarge("tickets")
        }
    }

    private func end(
        _ state: State, successor: ID<Team>?, by account: ID<Account>, in db: Transaction
    ) throws -> Team {
        try TeamJoinRequest.lapseAll(of: id, by: account, in: db)
        try Account.Grant.endAll(over: id, in: db)
        try db.run(
            """
            UPDATE team SET state = \(state), successor_id = \(successor), version = version + 1, updated_at = \(db.now)
            WHERE id = \(id)
            """)
        return try Team.find(id, in: db)
    }

    private static func tooLarge(_ what: String) -> Problem {
        Problem(
            .teamStructure, detail: Wording(zh: "一次移动的内容过多，请分步进行", en: "Too much would move at once: do it in steps"),
            reasons: [what])
    }
}
