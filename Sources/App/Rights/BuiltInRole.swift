/// The roles every city has. Their permissions are the program's, so that an update brings them the rights of new
/// operations; a city's own roles are rows.
enum BuiltInRole: String, CaseIterable {
    case administrator
    case securityAdministrator
    case stationManager
    case dispatcher
    case auditor

    var role: Role {
        Role(
            name: RoleName(rawValue: rawValue), title: title, permissions: permissions, delegates: delegates,
            duty: duty,
            isBuiltIn: true, version: 1)
    }

    private var title: String {
        switch self {
        case .administrator: "系统管理员"
        case .securityAdministrator: "安全管理员"
        case .stationManager: "站长"
        case .dispatcher: "派单员"
        case .auditor: "审计员"
        }
    }

    private var duty: Role.Duty {
        switch self {
        case .administrator: .system
        case .securityAdministrator: .security
        case .stationManager, .dispatcher: .business
        case .auditor: .audit
        }
    }

    private var permissions: Set<Permission> {
        switch self {
        case .administrator: Set(Permission.allCases.filter { Role.duty(of: $0) == .business })
        case .securityAdministrator: [.manageStaff, .manageRoles, .issueTokens]
        case .stationManager:
            [
                .manageStations,
                .manageTeams,
                .publishActivities,
                .confirmService,
                .dispatchTickets,
                .answerFeedback,
                .readVolunteers,
                .managePracticeVolunteers,
                .verifyQualifications,
                .recordTraining,
                .inviteExperts,
                .verifyVolunteers,
                .managePartyUnits,
                .handlePartyMembers,
                .manageGrids,
                .decideCorrections,
            ]
        case .dispatcher: [.dispatchTickets, .answerFeedback]
        case .auditor: [.readAudit, .readOperations]
        }
    }

    /// The security administrator gives out rights without having them.
    private var delegates: Set<Permission> {
        self == .securityAdministrator ? Set(Permission.allCases) : []
    }
}
