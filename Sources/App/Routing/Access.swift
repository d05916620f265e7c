/// Who may call an operation. What the caller may do to one particular thing is decided by its rules; this is the gate
/// before them, and `x-access` in openapi.yaml.
package enum Access: Sendable, Equatable, CustomStringConvertible {
    /// No token needed. One that is sent must be alive all the same.
    case anyone
    /// Any living session.
    case account
    /// A session of a registered volunteer.
    case volunteer
    /// Somebody who holds this permission somewhere; the handler asks where.
    case staff(Permission)

    package var description: String {
        switch self {
        case .anyone: "anyone"
        case .account: "account"
        case .volunteer: "volunteer"
        case .staff(let permission): "staff:\(permission.rawValue)"
        }
    }
}

/// One thing a role allows, always within the grant's part of the station tree.
package enum Permission: String, Codable, Sendable, CaseIterable {
    case manageStaff
    case manageRoles
    case issueTokens
    case mergeAccounts
    case manageStations
    case manageTeams
    case manageGrids
    case importData
    case publishActivities
    case confirmService
    case dispatchTickets
    case answerFeedback
    case managePartyUnits
    case handlePartyMembers
    case readVolunteers
    case verifyVolunteers
    case readPrivateData
    case readMinors
    case managePolicies
    case decideCorrections
    case logSharing
    case readAudit
    case readOperations
    case managePracticeVolunteers
    case verifyQualifications
    case recordTraining
    case inviteExperts
}
