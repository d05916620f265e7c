/// Whoever stands behind a living session, with what they were granted when it was read.
package struct Caller: Sendable, Equatable {
    package struct Grant: Sendable, Equatable {
        package var role: Role
        /// The root of the part of the tree the grant covers; nil is the whole city.
        package var station: ID<Station>?

        package init(role: Role, station: ID<Station>?) {
            self.role = role
            self.station = station
        }
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
        grants.contains { $0.role.permissions.contains(permission) }
    }

    /// Whether the caller holds the permission for a station, given the stations from the root down to it.
    package func holds(_ permission: Permission, along path: StationPath) -> Bool {
        grants.contains { grant in
            grant.role.permissions.contains(permission) && (grant.station.map(path.contains) ?? true)
        }
    }

    /// The roots of the parts of the tree where the caller holds the permission; nil is the whole city.
    package func scope(of permission: Permission) -> [ID<Station>]? {
        let holding = grants.filter { $0.role.permissions.contains(permission) }
        if holding.contains(where: { $0.station == nil }) { return nil }
        return holding.compactMap(\.station)
    }
}
