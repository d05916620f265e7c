/// A machine's way in (服务令牌): explicit permissions in one part of the tree until a named end, shown once. It has an account
/// of its own, so that whatever it does names it.
package struct ServiceToken: Encodable, Sendable {
    /// Days a token may live at the longest.
    package static let daysMax: Int64 = 366
    /// What no machine may do: give out rights.
    static let forbidden: Set<Permission> = [.manageStaff, .manageRoles, .issueTokens]

    package var id: ID<ServiceToken>
    package var accountId: ID<Account>
    package var name: String
    package var permissions: [Permission]
    package var stationId: ID<Station>?
    package var expiresAt: Timestamp
    package var issuedBy: ID<Account>
    package var issuedAt: Timestamp
    package var revokedAt: Timestamp?
    package var lastUsedAt: Timestamp?

    package struct Draft: RequestBody {
        package var name: String
        package var permissions: [Permission]
        /// null is the whole city; it must be said.
        @Stated package var stationId: ID<Station>?
        package var expiresAt: Timestamp

        package func check(_ faults: inout Faults) {
            faults.text("/name", name, 2...60)
            if permissions.isEmpty || Set(permissions).count != permissions.count {
                faults.add("/permissions", "至少一项，且不能重复", "must have at least one item and no item twice")
            }
            for (index, permission) in permissions.enumerated() where ServiceToken.forbidden.contains(permission) {
                faults.add("/permissions/\(index)", "不能授予机器", "cannot be given to a machine")
            }
        }
    }

    /// The only answer that shows the token.
    package struct Issued: Encodable, Sendable {
        package var serviceToken: ServiceToken
        package var token: String
    }
}
