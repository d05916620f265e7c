import HTTP

/// Who may give which right to whom (授权). A right is given by somebody who holds at least that, in that part of the city.
package enum GrantRules {
    /// Else whoever gives out rights without having them would have them all the same.
    static let ownRights = Wording(zh: "不能给自己授权，请由他人办理", en: "Nobody widens their own rights: somebody else has to")

    /// Whether the caller may give out these permissions for the station at the end of `path`: `manageStaff` in use, and
    /// each of them held or delegated.
    static func mayGrant(_ permissions: Set<Permission>, along path: StationPath, by caller: Caller) -> Bool {
        caller.holds(.manageStaff, along: path)
            && permissions.allSatisfy { caller.holds($0, along: path) || caller.delegates($0, along: path) }
    }

    /// Whether the change lets a caller who holds the role do more. What they may do in the whole city anyway is no more.
    static func widens(_ role: Role, to permissions: [Permission], for caller: Caller) -> Bool {
        Set(permissions).subtracting(role.permissions).contains { !caller.holds($0, along: .root) }
    }

    /// Whether one person may hold all of these roles.
    static func areSeparate(_ roles: [Role]) -> Bool {
        Set(roles.map(\.duty)).subtracting([.business]).count <= 1
    }
}
