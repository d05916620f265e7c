package import HTTP
import SQLite

/// One step of finding out whether an identity is a volunteer's own (实名核验). Steps are only added.
package struct VolunteerVerification: Encodable, Sendable {
    package enum Method: String, Sendable, Encodable, CaseIterable, Bindable, ColumnDecodable {
        /// A member of staff looked at the paper.
        case manual
        /// A service was asked.
        case service
        /// The name or the number was corrected, so that what was verified holds no longer.
        case correction
    }

    package var id: ID<VolunteerVerification>
    package var volunteerId: ID<Volunteer>
    package var method: Method
    /// nil for a question to the service that has no answer.
    package var result: Volunteer.Verification?
    package var reason: String?
    /// Who decided, corrected or asked.
    package var accountId: ID<Account>
    package var createdAt: Timestamp

    package struct Decision: RequestBody {
        package enum Result: String, Codable, Sendable, CaseIterable { case verified, failed }

        package var result: Result
        /// What was looked at, or what was wrong.
        package var reason: String

        package func check(_ faults: inout Faults) { faults.text("/reason", reason, 2...200) }
    }

    /// A question to the service on its way.
    struct Question: Sendable {
        var id: ID<VolunteerVerification>
        var volunteer: ID<Volunteer>
        var identity: RealName
    }
}

extension Volunteer {
    /// What staff put right in a name or identity number.
    package struct Correction: RequestBody {
        package var name: String
        package var identityKind: IdentityKind
        package var identityNumber: String
        /// Needed only where the number does not hold them.
        package var sex: Sex?
        package var birthDate: CivilDate?
        package var reason: String

        package func check(_ faults: inout Faults) {
            if !PersonName.isValid(name) { faults.add("/name", "姓名应为 2–30 个文字", "must be a name of 2 to 30 letters") }
            faults.text("/reason", reason, 2...200)
        }

        /// The registration this would have been.
        func draft(of volunteer: Volunteer) -> Draft {
            Draft(
                name: name, identityKind: identityKind, identityNumber: identityNumber, sex: sex, birthDate: birthDate,
                phone: volunteer.phone, residenceCode: volunteer.residenceCode, categories: volunteer.categories,
                skills: volunteer.skills, guardian: volunteer.guardian)
        }
    }
}

extension Problem.Kind {
    package static let verifiedAlready = Self(
        "/problems/verified-already", status: .conflict, title: Wording(zh: "身份已核验", en: "The identity is verified"))
    package static let verificationByStaff = Self(
        "/problems/verification-by-staff", status: .conflict,
        title: Wording(zh: "实名核验由工作人员办理，请持证件到就近站点", en: "Staff verify identities: bring the paper to a station"))
    package static let verificationsUsedUp = Self(
        "/problems/verifications-used-up", status: .tooManyRequests,
        title: Wording(zh: "今日核验次数已用完，请明日再试或到站点办理", en: "No more attempts today: try tomorrow, or ask at a station"))
    package static let verificationUnavailable = Self(
        "/problems/verification-unavailable", status: .serviceUnavailable,
        title: Wording(zh: "核验服务暂时不可用", en: "The verification service is not available"))
}
