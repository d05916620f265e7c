import SQLite

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
package enum Permission: String, Sendable, CaseIterable {
    case manageStaff
    case manageStations
    case manageTeams
    case publishActivities
    case confirmService
    case dispatchTickets
    case answerFeedback
    case managePartyUnits
    case handlePartyMembers
    case readVolunteers
    case readPrivateData
    case readAudit
    case readOperations
}

/// A named set of permissions, granted together with a part of the station tree.
package enum Role: String, Sendable, Codable, CaseIterable, Bindable, ColumnDecodable {
    case administrator
    case stationManager
    case dispatcher
    case auditor

    package var permissions: Set<Permission> {
        switch self {
        case .administrator: Set(Permission.allCases)
        case .stationManager:
            [
                .manageStations, .manageTeams, .publishActivities, .confirmService, .dispatchTickets, .answerFeedback,
                .managePartyUnits, .handlePartyMembers, .readVolunteers,
            ]
        case .dispatcher: [.dispatchTickets, .answerFeedback]
        case .auditor: [.readAudit, .readOperations]
        }
    }
}
