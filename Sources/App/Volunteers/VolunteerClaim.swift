package import HTTP
import SQLite

/// Somebody's word that the volunteer registered with an identity number is themselves, under an account they lost or
/// never had (认领). A claim is taken down whether or not the number is registered and the name fits it, so that making
/// one tells a stranger nothing; only staff see whom it fits.
package struct VolunteerClaim: Encodable, Sendable {
    package enum State: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case open, accepted, refused
    }

    package var id: ID<VolunteerClaim>
    package var state: State
    package var reason: String
    package var createdAt: Timestamp
    package var decidedAt: Timestamp?
    package var decisionReason: String?

    /// For staff: who claims, and whom.
    package struct Listed: Encodable, Sendable {
        package var claim: VolunteerClaim
        package var accountId: ID<Account>
        /// As claimed, masked.
        package var name: String
        /// As claimed, masked.
        package var identityNumber: String
        /// nil where number and name fit no volunteer, or another open claim is for the same one.
        package var volunteerId: ID<Volunteer>?
    }

    package struct Draft: RequestBody {
        package var name: String
        package var identityKind: IdentityKind
        package var identityNumber: String
        package var reason: String

        package func check(_ faults: inout Faults) {
            if !PersonName.isValid(name) { faults.add("/name", "姓名应为 2–30 个文字", "must be a name of 2 to 30 letters") }
            faults.text("/reason", reason, 4...200)
        }
    }

    package struct Refusal: RequestBody {
        package var reason: String

        package func check(_ faults: inout Faults) { faults.text("/reason", reason, 2...200) }
    }
}

extension VolunteerClaim.Draft {
    /// - Throws: 422 for a number that cannot be right.
    func identity(today: CivilDate) throws(Problem) -> IdentityNumber {
        do throws(IdentityNumber.Fault) {
            return try IdentityNumber(judging: identityNumber, as: identityKind, today: today)
        } catch { throw Problem(.invalid, faults: [.init("/identityNumber", error.wording)]) }
    }
}

extension Problem.Kind {
    package static let claimOpen = Self(
        "/problems/claim-open", status: .conflict,
        title: Wording(zh: "您的认领申请正在处理", en: "A claim of yours is being looked at"))
    package static let claimFitsNobody = Self(
        "/problems/claim-fits-nobody", status: .conflict,
        title: Wording(zh: "姓名和证件号码没有对应的志愿者", en: "Name and number fit no volunteer"))
}
