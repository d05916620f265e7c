package import HTTP
package import SQLite

/// What a role is called in requests and grants: letters and digits, such as `stationManager`.
package struct RoleName: RawRepresentable, Hashable, Sendable, Codable, Bindable, ColumnDecodable {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
    package init(column: Column) throws { rawValue = try String(column: column) }

    package init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    package static let administrator = RoleName(rawValue: BuiltInRole.administrator.rawValue)
    package static let securityAdministrator = RoleName(rawValue: BuiltInRole.securityAdministrator.rawValue)
    package static let stationManager = RoleName(rawValue: BuiltInRole.stationManager.rawValue)
    package static let dispatcher = RoleName(rawValue: BuiltInRole.dispatcher.rawValue)
    package static let auditor = RoleName(rawValue: BuiltInRole.auditor.rawValue)
}

/// A named set of permissions (角色), granted together with a part of the city: a station and what is below it, a team and
/// what is below it, or all of it.
package struct Role: Encodable, Sendable {
    /// Which of the three separated duties (三员分立, GB/T 22239-2019 8.1.5) a role serves. One person holds at most one of
    /// system, security and audit, unless the configuration says otherwise.
    package enum Duty: String, Codable, Sendable, CaseIterable {
        case business, system, security, audit
    }

    package var name: RoleName
    package var title: String
    package var permissions: Set<Permission>
    /// What its holders may grant to others without having it themselves.
    package var delegates: Set<Permission>
    package var duty: Duty
    package var isBuiltIn: Bool
    package var version: Int64

    package static let customMax = 200

    static func duty(of permission: Permission) -> Duty {
        switch permission {
        case .readAudit: .audit
        case .manageRoles, .issueTokens: .security
        default: .business
        }
    }

    /// The duty a city's own role comes to have; nil when it would join two that are kept apart.
    static func duty(of permissions: [Permission]) -> Duty? {
        let special = Set(permissions.map { duty(of: $0) }).subtracting([.business])
        return special.count > 1 ? nil : special.first ?? .business
    }

    private enum CodingKeys: String, CodingKey {
        case name, title, permissions, delegates, duty, isBuiltIn, version
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(title, forKey: .title)
        try container.encode(Self.listed(permissions), forKey: .permissions)
        try container.encode(Self.listed(delegates), forKey: .delegates)
        try container.encode(duty, forKey: .duty)
        try container.encode(isBuiltIn, forKey: .isBuiltIn)
        try container.encode(version, forKey: .version)
    }

    static func listed(_ permissions: Set<Permission>) -> [Permission] {
        Permission.allCases.filter(permissions.contains)
    }

    /// A city's own role as it is to be.
    package struct Draft: RequestBody {
        package var title: String
        package var permissions: [Permission]

        package func check(_ faults: inout Faults) {
            faults.text("/title", title, 2...40)
            if permissions.isEmpty || Set(permissions).count != permissions.count {
                faults.add("/permissions", "至少一项，且不能重复", "must have at least one item and no item twice")
            }
            if Role.duty(of: permissions) == nil {
                faults.add("/permissions", "审计与安全管理权限不能在同一角色", "must not join audit with security permissions")
            }
        }
    }

    /// The same with the name it is to have.
    package struct Naming: RequestBody {
        package var name: String
        package var title: String
        package var permissions: [Permission]

        package func check(_ faults: inout Faults) {
            Draft(title: title, permissions: permissions).check(&faults)
            let isPlain = name.utf8.allSatisfy { $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 }
            if !isPlain || !(2...40).contains(name.utf8.count) {
                faults.add("/name", "应为 2–40 个字母或数字", "must be 2 to 40 letters or digits")
            }
        }
    }
}

extension Problem.Kind {
    package static let dutiesSeparated = Self(
        "/problems/duties-separated", status: .conflict,
        title: Wording(zh: "系统管理、安全管理与审计不能由同一人担任", en: "System, security and audit duties are kept apart"))
}
