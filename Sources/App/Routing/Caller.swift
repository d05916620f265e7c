/// Whoever stands behind a living session, with what they were granted when it was read.
package struct Caller: Sendable, Equatable {
    package struct Grant: Sendable, Equatable {
        package var permissions: Set<Permission>
        /// What may be granted to others without being held.
        package var delegates: Set<Permission> = []
        /// The root of the part of the tree the grant covers; nil with `team` nil is the whole city.
        package var station: ID<Station>?
        /// The root of the part of the teams' tree the grant covers, and then no station.
        package var team: ID<Team>?
        /// From then on it allows nothing.
        package var endsAt: Timestamp?

        fileprivate func covers(_ path: StationPath) -> Bool { team == nil && (station.map(path.contains) ?? true) }
    }

    package var account: ID<Account>
    package var session: ID<Session>
    package var volunteer: ID<Volunteer>?
    package var grants: [Grant]
    /// A first password is still in use: nothing but changing it is allowed.
    package var mustChangePassword: Bool

    package init(
        account: ID<Account>, session: ID<Session>, volunteer: ID<Volunteer>? = nil, grants: [Grant] = [],
        mustChangePassword: Bool = false
    ) {
        self.account = account
        self.session = session
        self.volunteer = volunteer
        self.grants = grants
        self.mustChangePassword = mustChangePassword
    }

    package var isStaff: Bool { !grants.isEmpty }

    /// Whether the caller holds the permission anywhere.
    package func holds(_ permission: Permission) -> Bool {
        grants.contains { $0.permissions.contains(permission) }
    }

    /// Whether the caller holds the permission for a station, given the stations from the root down to it.
    package func holds(_ permission: Permission, along path: StationPath) -> Bool {
        grants.contains { $0.permissions.contains(permission) && $0.covers(path) }
    }

    /// Whether the caller holds the permission for a team, given the teams from the root down to it.
    package func holds(_ permission: Permission, inAnyOf teams: [ID<Team>]) -> Bool {
        grants.contains { grant in grant.permissions.contains(permission) && grant.team.map(teams.contains) ?? false }
    }

    /// Whether the caller may grant the permission for a station without holding it.
    package func delegates(_ permission: Permission, along path: StationPath) -> Bool {
        grants.contains { $0.delegates.contains(permission) && $0.covers(path) }
    }

    /// The roots of the parts of the tree where the caller holds the permission; nil is the whole city.
    package func scope(of permission: Permission) -> [ID<Station>]? {
        let holding = grants.filter { $0.permissions.contains(permission) && $0.team == nil }
        if holding.contains(where: { $0.station == nil }) { return nil }
        return holding.compactMap(\.station)
    }
}
