package import HTTP
import SQLite

/// What a caller is to one team, which decides what they see of it and may do in it.
struct TeamStanding {
    /// nil for those who are no members.
    var role: TeamMember.Role?
    /// Holds `manageTeams` for the team's station, or for the team or one above it.
    var isStaff: Bool

    /// May take people in, give them roles and edit what the team says of itself.
    var isManager: Bool { isStaff || role == .leader || role == .deputy }
    var isInside: Bool { isStaff || role != nil }

    init(of request: APIRequest, in team: Team, _ db: Database) throws {
        guard let caller = request.caller else {
            (role, isStaff) = (nil, false)
            return
        }
        role = try caller.volunteer.flatMap { try TeamMember.role(of: $0, in: team.id, db) }
        // A child whose guardian withdrew the consent leads in name alone until the level above names another leader.
        if role == .leader, let volunteer = caller.volunteer,
            try Guardianship.isConsentMissing(for: volunteer, today: request.now.day, in: db)
        {
            role = .member
        }
        isStaff = try caller.managesTeams(at: team.stationId, or: team.path, in: db)
    }
}

/// The level above a place in the tree (上一级): staff with `manageTeams` for the station of the team above or for a team
/// above, and the leaders of the teams above; where there is none above, the staff of the team's own station.
struct TeamSupervision {
    var parent: Team?
    /// The station of the team below.
    var station: ID<Station>

    var reviewStation: ID<Station> { parent?.stationId ?? station }

    init(of team: Team, in db: Database) throws {
        self.init(parent: try team.parentId.map { try Team.find($0, in: db) }, station: team.stationId)
    }

    init(parent: Team?, station: ID<Station>) {
        self.parent = parent
        self.station = station
    }

    func isHeld(by request: APIRequest, in db: Database) throws -> Bool {
        guard let caller = request.caller else { return false }
        if try caller.managesTeams(at: reviewStation, or: parent?.path ?? [], in: db) { return true }
        return try parent.map { try Team.leads(request, anyOf: $0.path, in: db) } ?? false
    }
}

extension Caller {
    /// Whether the caller holds `manageTeams` for the station or for one of the teams.
    func managesTeams(at station: ID<Station>, or teams: [ID<Team>], in db: Database) throws -> Bool {
        guard holds(.manageTeams) else { return false }
        return try holds(.manageTeams, inAnyOf: teams)
            || holds(.manageTeams, along: Station.find(station, in: db).treePath)
    }
}

extension Team {
    /// The team, for those who run it.
    /// - Throws: 403 for others; 404.
    static func managed(_ request: APIRequest, in db: Database) throws -> Team {
        let team = try find(request.id(), in: db)
        guard try TeamStanding(of: request, in: team, db).isManager else { throw Problem(.notTeamManager) }
        return team
    }
}

extension Problem.Kind {
    package static let notTeamManager = Self(
        "/problems/not-a-team-manager", status: .forbidden,
        title: Wording(zh: "须为该队队长、副队长或管理人员", en: "For the team's leader, its deputies and its staff"))
}
