import HTTP
import SQLite

/// A change with everything it touches looked up: who may propose and who decides it, and how it is carried out. Made
/// anew when it is decided, because the tree may have changed meanwhile.
struct TeamChangePlan {
    var kind: TeamChange.Kind
    /// nil for a team that is yet to be founded.
    var team: Team?
    /// The parent to be, of a move or a foundation.
    var parent: Team?
    /// The team a merged one becomes part of.
    var successor: Team?
    var new: TeamChange.Values
    var reason: String?

    init(_ proposal: TeamChange.Proposal, in db: Database) throws {
        kind = proposal.kind
        team = try proposal.teamId.map { try Team.find($0, pointer: "/teamId", in: db) }
        let parentPointer = kind == .found ? "/team/parentId" : "/parentId"
        parent = try (proposal.parentId ?? proposal.team?.parentId).map {
            try Team.find($0, pointer: parentPointer, in: db)
        }
        successor = try proposal.successorId.map { try Team.find($0, pointer: "/successorId", in: db) }
        new = TeamChange.Values(
            parentId: proposal.parentId, level: proposal.level, name: proposal.name, leaderId: proposal.leaderId,
            successorId: proposal.successorId, team: proposal.team)
        reason = proposal.reason
        if let draft = proposal.team { try Self.require(draft, pointer: "/team", in: db) }
        if let leader = proposal.leaderId { try Volunteer.require(leader, pointer: "/leaderId", in: db) }
    }

    init(founding draft: Team.Draft, in db: Database) throws {
        try Self.require(draft, pointer: "", in: db)
        kind = .found
        parent = try draft.parentId.map { try Team.find($0, pointer: "/parentId", in: db) }
        new = TeamChange.Values(team: draft)
    }

    /// A proposal that waited. Whoever is to lead may have been merged into another volunteer since, and is that one now.
    init(_ change: TeamChange, in db: Database) throws {
        kind = change.kind
        new = change.newValues
        new.leaderId = try new.leaderId.map { try Volunteer.kept($0, in: db) }
        if let draft = new.team { new.team?.leaderId = try Volunteer.kept(draft.leaderId, in: db) }
        reason = change.reason
        team = try change.teamId.map { try Team.find($0, in: db) }
        parent = try (new.parentId ?? new.team?.parentId).map { try Team.find($0, in: db) }
        successor = try new.successorId.map { try Team.find($0, in: db) }
    }

    private static func require(_ draft: Team.Draft, pointer: String, in db: Database) throws {
        _ = try Station.path(of: draft.stationId, pointer: "\(pointer)/stationId", in: db)
        try Volunteer.require(draft.leaderId, pointer: "\(pointer)/leaderId", in: db)
    }

    var old: TeamChange.Values {
        guard let team else { return TeamChange.Values() }
        switch kind {
        case .found: return TeamChange.Values()
        case .move: return TeamChange.Values(parentId: team.parentId, level: team.level)
        case .rename: return TeamChange.Values(name: team.name)
        case .leader: return TeamChange.Values(leaderId: team.leaderId)
        case .close, .merge: return TeamChange.Values(leaderId: team.leaderId)
        }
    }

    // MARK: - Who

    /// Every place whose level above must agree; the last is the one that takes the team in, and is told.
    func supervisions(in db: Database) throws -> [TeamSupervision] {
        guard let team else {
            return new.team.map { [TeamSupervision(parent: parent, station: $0.stationId)] } ?? []
        }
        let present = try TeamSupervision(of: team, in: db)
        switch kind {
        case .move: return [present, TeamSupervision(parent: parent, station: team.stationId)]
        case .merge: return try [present] + (successor.map { [try TeamSupervision(of: $0, in: db)] } ?? [])
        default: return [present]
        }
    }

    func mayDecide(_ request: APIRequest, in db: Database) throws -> Bool {
        let supervisions = try supervisions(in: db)
        guard !supervisions.isEmpty else { return false }
        for supervision in supervisions where try !supervision.isHeld(by: request, in: db) { return false }
        return try team != nil || isWithinReach(request, in: db)
    }

    /// Whether a caller may ask for it: the team's leader and staff, and whoever stands above.
    func mayPropose(_ request: APIRequest, in db: Database) throws -> Bool {
        guard let team else { return try isWithinReach(request, in: db) }
        let standing = try TeamStanding(of: request, in: team, db)
        if standing.isStaff || standing.role == .leader { return true }
        return try TeamSupervision(of: team, in: db).isHeld(by: request, in: db)
    }

    /// Staff found teams at their stations; a leader, and the staff of a team, below their own team and within the part of
    /// the city it stands in.
    private func isWithinReach(_ request: APIRequest, in db: Database) throws -> Bool {
        guard let draft = new.team, let caller = request.caller else { return false }
        let place = try Station.find(draft.stationId, in: db).treePath
        if caller.holds(.manageTeams, along: place) { return true }
        guard let parent, place.contains(parent.stationId) else { return false }
        if caller.holds(.manageTeams, inAnyOf: parent.path) { return true }
        return try Team.leads(request, anyOf: parent.path, in: db)
    }

    // MARK: - What

    /// What would refuse the change now, so that nothing senseless waits for review.
    /// - Throws: 409.
    func check(_ limits: TeamLimits, in db: Database) throws {
        guard let team else { return try Team.requirePlace(new.team?.level ?? .squad, under: parent) }
        try team.requireActive()
        switch kind {
        case .found: return
        case .move: try team.requireMove(under: parent, level: new.level ?? team.level, in: db)
        case .rename: if let name = new.name { try team.requireFree(name, in: db) }
        case .leader: if let leader = new.leaderId { try team.requireMember(leader, in: db) }
        case .close: try team.requireEmpty(in: db)
        case .merge: if let successor { try team.requireMerge(into: successor, limits, in: db) }
        }
    }

    /// Carries the change out, with every rule as it stands now.
    /// - Throws: 409.
    func apply(by account: ID<Account>, _ limits: TeamLimits, in db: Transaction) throws -> Team {
        guard let team else {
            guard let draft = new.team else { throw Problem(.internalError) }
            try Team.requirePlace(draft.level ?? .squad, under: parent)
            guard try Volunteer.isLiving(draft.leaderId, in: db) else { throw Problem(.leaderIsGone) }
            return try Team.insert(draft, under: parent, by: account, limits, in: db)
        }
        try team.requireActive()
        switch (kind, new.name, new.leaderId, successor, reason) {
        case (.move, _, _, _, _): return try team.move(under: parent, level: new.level ?? team.level, in: db)
        case (.rename, let name?, _, _, _): return try team.rename(name, in: db)
        case (.leader, _, let leader?, _, _): return try team.handOver(to: leader, by: account, reason: reason, in: db)
        case (.close, _, _, _, _): return try team.close(by: account, reason: reason, in: db)
        case (.merge, _, _, let successor?, let reason?):
            return try team.merge(into: successor, by: account, reason: reason, limits, in: db)
        default: throw Problem(.internalError)
        }
    }
}
