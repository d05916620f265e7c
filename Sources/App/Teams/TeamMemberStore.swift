import HTTP
package import SQLite

extension TeamMember {
    static func role(of volunteer: ID<Volunteer>, in team: ID<Team>, _ db: Database) throws -> Role? {
        try db.value("SELECT role FROM team_member WHERE team_id = \(team) AND volunteer_id = \(volunteer)")
    }

    /// Members of one team who are not in another.
    static func count(of team: ID<Team>, notIn other: ID<Team>, _ db: Database) throws -> Int {
        try db.value(
            """
            SELECT count(*) FROM team_member WHERE team_id = \(team) AND NOT EXISTS (SELECT 1 FROM team_member AS other
                WHERE other.team_id = \(other) AND other.volunteer_id = team_member.volunteer_id)
            """) ?? 0
    }

    // MARK: - Coming

    /// Makes a volunteer a member; the first team becomes the main one. Requests to join the team are thereby settled.
    /// - Throws: 409 when the team is closed or full, or the volunteer is in it, or in too many, or a minor for whom nobody
    ///   consents.
    static func join(
        _ volunteer: ID<Volunteer>, _ team: Team, as kind: Event.Kind, role: Role = .member, by account: ID<Account>,
        _ limits: TeamLimits, in db: Transaction
    ) throws {
        try team.requireActive()
        guard try self.role(of: volunteer, in: team.id, db) == nil else { throw Problem(.alreadyMember) }
        let members: Int = try db.value("SELECT count(*) FROM team_member WHERE team_id = \(team.id)") ?? 0
        guard members < limits.members else { throw Problem(.teamFull) }
        let teams: Int = try db.value("SELECT count(*) FROM team_member WHERE volunteer_id = \(volunteer)") ?? 0
        guard teams < limits.teamsPerVolunteer else { throw Problem(.tooManyTeams) }
        try Guardianship.requireConsent(for: volunteer, in: db)
        try db.run(
            """
            INSERT INTO team_member (team_id, volunteer_id, joined_at, role, is_main)
            VALUES (\(team.id), \(volunteer), \(db.now), \(role), \(teams == 0))
            """)
        try TeamJoinRequest.settle(volunteer, team.id, by: account, in: db)
        try note(kind, volunteer, in: team.id, role: role, by: account, reason: nil, db)
    }

    // MARK: - Going

    /// Ends a membership, or does nothing where there is none. The oldest of the other teams becomes the main one.
    static func leave(
        _ volunteer: ID<Volunteer>, _ team: ID<Team>, as kind: Event.Kind, by account: ID<Account>, reason: String?,
        in db: Transaction
    ) throws {
        let volunteers = try Volunteer.everyRow(of: volunteer, in: db)
        let gone = try db.run("DELETE FROM team_member WHERE team_id = \(team) AND volunteer_id IN \(volunteers)")
        guard gone > 0 else { return }
        try keepMain(of: volunteer, in: db)
        try note(kind, volunteer, in: team, role: nil, by: account, reason: reason, db)
    }

    /// Makes the oldest team the main one of a volunteer who is in teams and has none.
    static func keepMain(of volunteer: ID<Volunteer>, in db: Transaction) throws {
        try db.run(
            """
            UPDATE team_member SET is_main = 1 WHERE volunteer_id = \(volunteer)
                AND team_id = (SELECT team_id FROM team_member WHERE volunteer_id = \(volunteer)
                    ORDER BY joined_at, team_id LIMIT 1)
                AND NOT EXISTS (SELECT 1 FROM team_member WHERE volunteer_id = \(volunteer) AND is_main = 1)
            """)
    }

    /// Changes teams in one step; the new one is the main one if the old one was.
    /// - Throws: 409 for a leader, and what `join` throws.
    static func transfer(
        _ volunteer: ID<Volunteer>, from old: ID<Team>, to team: Team, by account: ID<Account>, _ limits: TeamLimits,
        in db: Transaction
    ) throws {
        let role = try role(of: volunteer, in: old, db)
        guard role != .leader else { throw Problem(.leaderMustHandOver) }
        let wasMain = try isMain(volunteer, old, db)
        try leave(volunteer, old, as: .transferred, by: account, reason: nil, in: db)
        try join(volunteer, team, as: role == nil ? .joined : .transferred, by: account, limits, in: db)
        if wasMain { try chooseMain(volunteer, team.id, in: db) }
    }

    /// Everybody of one team goes over to another as an ordinary member; those in both stay what they are there.
    static func moveAll(
        from team: ID<Team>, to target: ID<Team>, by account: ID<Account>, reason: String, in db: Transaction
    ) throws {
        try db.run(
            """
            INSERT INTO team_member_event (team_id, volunteer_id, kind, actor_id, reason, at)
            SELECT \(target), volunteer_id, 'merged', \(account), \(reason), \(db.now) FROM team_member
            WHERE team_id = \(team) ORDER BY volunteer_id
            """)
        try TeamJoinRequest.follow(from: team, to: target, by: account, in: db)
        try db.run(
            """
            INSERT OR IGNORE INTO team_member (team_id, volunteer_id, joined_at)
            SELECT \(target), volunteer_id, \(db.now) FROM team_member WHERE team_id = \(team)
            """)
        try db.run("DELETE FROM team_member WHERE team_id = \(team)")
        // Whoever had the team as main one has none now, and nobody else is without.
        try db.run(
            """
            UPDATE team_member SET is_main = 1 WHERE team_id = \(target) AND NOT EXISTS (SELECT 1
                FROM team_member AS other WHERE other.volunteer_id = team_member.volunteer_id AND other.is_main = 1)
            """)
    }

    // MARK: - Between

    /// - Throws: 404 for somebody who is no member.
    static func set(
        _ role: Role, _ volunteer: ID<Volunteer>, in team: ID<Team>, by account: ID<Account>, reason: String? = nil,
        _ db: Transaction
    ) throws {
        let changed = try db.run(
            "UPDATE team_member SET role = \(role) WHERE team_id = \(team) AND volunteer_id = \(volunteer)")
        guard changed > 0 else { throw Problem(.notFound) }
        try note(.role, volunteer, in: team, role: role, by: account, reason: reason, db)
    }

    static func deputies(of team: ID<Team>, in db: Database) throws -> Int {
        try db.value(
            "SELECT count(*) FROM team_member WHERE team_id = \(team) AND role = 'deputy'") ?? 0
    }

    static func isMain(_ volunteer: ID<Volunteer>, _ team: ID<Team>, _ db: Database) throws -> Bool {
        try db.exists(
            "SELECT 1 FROM team_member WHERE team_id = \(team) AND volunteer_id = \(volunteer) AND is_main = 1")
    }

    /// The volunteer must be a member.
    static func chooseMain(_ volunteer: ID<Volunteer>, _ team: ID<Team>, in db: Transaction) throws {
        try db.run("UPDATE team_member SET is_main = 0 WHERE volunteer_id = \(volunteer) AND is_main = 1")
        try db.run("UPDATE team_member SET is_main = 1 WHERE team_id = \(team) AND volunteer_id = \(volunteer)")
    }

    private static func note(
        _ kind: Event.Kind, _ volunteer: ID<Volunteer>, in team: ID<Team>, role: Role?, by account: ID<Account>,
        reason: String?, _ db: Transaction
    ) throws {
        try db.run(
            """
            INSERT INTO team_member_event (team_id, volunteer_id, kind, role, actor_id, reason, at)
            VALUES (\(team), \(volunteer), \(kind), \(role), \(account), \(reason), \(db.now))
            """)
    }
}

// MARK: - Lists

extension TeamMember {
    /// A condition on a row of `team_member` beside its `volunteer`: that they came to the team by an event of the kind, or
    /// to one that was merged into it with them in it, however many mergers ago.
    static func hasCome(by isWished: StaticString) -> SQL {
        """
        team_member.team_id IN (WITH RECURSIVE come_to (team_id) AS (
            SELECT event.team_id FROM team_member_event AS event
            WHERE event.volunteer_id = volunteer.id AND (\(raw: isWished))
            UNION SELECT former.successor_id FROM come_to JOIN team AS former ON former.id = come_to.team_id
                JOIN team_member_event AS moved ON moved.volunteer_id = volunteer.id
                    AND +moved.team_id = former.successor_id AND moved.kind = 'merged')
            SELECT team_id FROM come_to)
        """
    }

    /// Leader and deputies, as the public sees them: so few that they need no pages, whose cursor would be a volunteer's
    /// id.
    static func officers(of team: ID<Team>, role: Role?, in db: Database) throws -> [TeamMember] {
        var conditions: [SQL] = ["team_member.team_id = \(team)", "team_member.role IN ('leader', 'deputy')"]
        if let role { conditions.append("team_member.role = \(role)") }
        var officers: [TeamMember] = []
        try db.forEach(
            """
            SELECT volunteer.name, team_member.role, team_member.joined_at
            FROM team_member JOIN volunteer ON volunteer.id = team_member.volunteer_id \(.filter(conditions))
            ORDER BY team_member.volunteer_id LIMIT \(Page.limits.upperBound)
            """
        ) { row in
            officers.append(
                TeamMember(
                    volunteerId: nil, name: Masking.name(try row[0]), number: nil, phone: nil, role: try row[1],
                    joinedAt: try row[2]))
        }
        return officers
    }

    /// In order of volunteer id, for those inside.
    static func list(
        of team: ID<Team>, role: Role?, for viewer: Viewer, _ page: Page, in db: Database
    ) throws -> [(key: ID<Volunteer>, member: TeamMember)] {
        var conditions: [SQL] = ["team_member.team_id = \(team)"]
        if let role { conditions.append("team_member.role = \(role)") }
        if let after = page.after { conditions.append("team_member.volunteer_id > \(after.first)") }
        var members: [(ID<Volunteer>, TeamMember)] = []
        try db.forEach(
            """
            SELECT team_member.volunteer_id, volunteer.name, volunteer.number, volunteer.phone, volunteer.birth_date,
                team_member.role, team_member.joined_at, \(try viewer.knows(in: db)), \(try viewer.knowsMinor(in: db))
            FROM team_member JOIN volunteer ON volunteer.id = team_member.volunteer_id \(.filter(conditions))
            ORDER BY team_member.volunteer_id LIMIT \(page.limit + 1)
            """
        ) { row in members.append((try row[0], try TeamMember(row, for: viewer))) }
        return members
    }

    private init(_ row: borrowing Row, for viewer: Viewer) throws {
        let name: String = try row[1]
        let phone: String = try row[3]
        let isMinor = try CivilDate(row[4] as String).map { GuardianshipRules.isMinor($0, on: viewer.today) } ?? true
        let (isKnown, isKnownAsMinor): (Bool, Bool) = (try row[7], try row[8])
        let isNumbered = viewer.standing.isManager && isKnown
        self.init(
            volunteerId: try row[0],
            name: isKnown && (isKnownAsMinor || !isMinor) ? name : Masking.name(name),
            number: isNumbered ? try row[2] : nil,
            phone: isNumbered ? PhoneNumber(phone).map(Masking.phone) ?? "****" : nil, role: try row[5],
            joinedAt: try row[6])
    }

    /// A volunteer's teams, the main one first; as many as `TeamLimits.teamsPerVolunteer` allows.
    static func own(_ volunteer: ID<Volunteer>, in db: Database) throws -> [Own] {
        try db.all(
            """
            SELECT \(Team.columns), mine.role, mine.is_main, mine.joined_at
            FROM team_member AS mine JOIN team ON team.id = mine.team_id
            WHERE mine.volunteer_id = \(volunteer) ORDER BY mine.is_main DESC, mine.joined_at, team.id
            """)
    }

    /// Newest first.
    static func events(of team: ID<Team>, _ page: Page, in db: Database) throws -> [Event] {
        var conditions: [SQL] = ["team_id = \(team)"]
        if let after = page.after { conditions.append("id < \(after.first)") }
        return try db.all(
            """
            SELECT id, volunteer_id, kind, role, actor_id, reason, at FROM team_member_event \(.filter(conditions))
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """)
    }
}

extension TeamMember.Viewer {
    /// A condition that the viewer may know who the member of the row is. Somebody whom staff put into the team has not
    /// come to it: else whoever may add members could read the name of everybody in the city.
    fileprivate func knows(in db: Database) throws -> SQL {
        try "(\(isSelf) OR \(hasCome) OR \(Volunteer.reach(of: caller, .readVolunteers, in: db)))"
    }

    /// The same of a member who is a minor: leader and deputies know those who came to them.
    fileprivate func knowsMinor(in db: Database) throws -> SQL {
        try "(\(isSelf) OR \(isOfficer ? hasCome : "0") OR \(Volunteer.reach(of: caller, .readMinors, in: db)))"
    }

    /// A condition that the viewer may read the name of the volunteer of the row, who asks to join. To ask is to come.
    func knowsAsking(in db: Database) throws -> SQL {
        if isOfficer { return "1" }
        return try """
        (volunteer.birth_date <= \(GuardianshipRules.lastBirthDateOfAge(on: today)) OR \(isSelf)
            OR \(Volunteer.reach(of: caller, .readMinors, in: db)))
        """
    }

    private var isOfficer: Bool { standing.role == .leader || standing.role == .deputy }

    private var isSelf: SQL { "volunteer.id IS \(caller.volunteer)" }

    private var hasCome: SQL {
        TeamMember.hasCome(
            by: """
                event.kind IN ('joined', 'transferred')
                OR (event.kind = 'founded' AND event.actor_id = volunteer.account_id)
                """)
    }
}

extension TeamMember.Own: RowDecodable {
    package init(row: borrowing Row) throws {
        self.init(
            team: try Team(row: row), role: try row[Team.columnCount], isMain: try row[Team.columnCount + 1],
            joinedAt: try row[Team.columnCount + 2])
    }
}

extension TeamMember.Event: RowDecodable {
    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], volunteerId: try row[1], kind: try row[2], role: try row[3], actorId: try row[4],
            reason: try row[5], at: try row[6])
    }
}
