extension Account.Grant {
    package struct Draft: RequestBody {
        package var role: RoleName
        /// null, with no `teamId`, is the whole city; it must be said, because the widest right must not come of a forgotten
        /// field.
        @Stated package var stationId: ID<Station>?
        package var teamId: ID<Team>?
        package var endsAt: Timestamp?

        package init(
            role: RoleName, stationId: ID<Station>?, teamId: ID<Team>? = nil, endsAt: Timestamp? = nil
        ) {
            self.role = role
            self.stationId = stationId
            self.teamId = teamId
            self.endsAt = endsAt
        }

        package func check(_ faults: inout Faults) {
            if stationId != nil && teamId != nil {
                faults.add("/teamId", "阵地与队伍只能择一", "cannot stand beside a station")
            }
        }
    }

    /// From its end on a grant allows nothing, and stands only for what was.
    func isLiving(at now: Timestamp) -> Bool { endsAt.map { $0 > now } ?? true }

    /// A grant with the person who holds it, as a place lists them.
    package struct Held: Encodable, Sendable {
        package var grant: Account.Grant
        package var accountId: ID<Account>
        package var name: String?
        package var staffName: String?
    }
}
