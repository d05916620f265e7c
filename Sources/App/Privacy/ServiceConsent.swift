/// What somebody agreed to with one service, which keeps it with its own data: told beside the policies' consents, so that
/// one place tells everything, and taken back where it was given.
package struct ServiceConsent: Encodable, Sendable {
    package enum Subject: String, Encodable, Sendable, CaseIterable {
        /// Sensitive data of its own (个人信息保护法 art. 29); a withdrawal wipes the declaration and this with it.
        case partyMembership
        case expertListing
        /// As guardian, for a child.
        case guardianship
        /// A station registered the volunteer from a signed paper.
        case registrationByStation
    }

    package var subject: Subject
    /// The child.
    package var volunteerId: ID<Volunteer>?
    /// Of the text agreed to, where the service names one.
    package var version: String?
    package var givenAt: Timestamp
    package var withdrawnAt: Timestamp?
    /// The operation that takes it back.
    package var withdrawnBy: String
}
