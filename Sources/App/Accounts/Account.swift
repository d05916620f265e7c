/// A person as the platform knows them (账号), whichever way they come in: by phone, WeChat or staff password.
package struct Account: Encodable, Sendable {
    package struct Grant: Encodable, Sendable {
        package var id: ID<Grant>
        package var role: RoleName
        /// The part of the tree it covers; null, with `teamId` null, is the whole city.
        package var stationId: ID<Station>?
        /// The part of the teams' tree it covers.
        package var teamId: ID<Team>?
        /// From then on it allows nothing.
        package var endsAt: Timestamp?
        package var grantedAt: Timestamp
    }

    package var id: ID<Account>
    /// 138****0001, to its owner too: who looks over a shoulder sees no number.
    package var phone: String?
    package var name: String?
    package var staffName: String?
    package var volunteerId: ID<Volunteer>?
    package var mustChangePassword: Bool
    package var grants: [Grant]
    package var createdAt: Timestamp
    /// When it will be closed, where its owner asked for that.
    package var closesAt: Timestamp?
}
