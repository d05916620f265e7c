/// Who may give which right to whom (授权). A right is given by somebody who holds at least that, in that part of the city.
package enum GrantRules {
    /// Whether the caller may give out these permissions for the station at the end of `path`: `manageStaff` in use, and
    /// each of them held or delegated.
    static func mayGrant(_ permissions: Set<Permission>, along path: StationPath, by caller: Caller) -> Bool {
        caller.holds(.manageStaff, along: path)
            && permissions.allSatisfy { caller.holds($0, along: path) || caller.delegates($0, along: path) }
    }

    /// Whether one person may hold all of these roles.
    static func areSeparate(_ roles: [Role]) -> Bool {
        Set(roles.map(\.duty)).subtracting([.business]).count <= 1
    }
}
