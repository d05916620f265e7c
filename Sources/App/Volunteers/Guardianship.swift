package import HTTP
import SQLite

/// The bond between a minor volunteer and whoever answers for them (监护关系, 民法典 arts. 27 and 34). It has force from
/// the guardian's consent until it is withdrawn or the child is of age, which needs no job: it is judged by today's date.
package struct Guardianship: Encodable, Sendable {
    package enum State: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case invited, consented, refused, ended
    }

    /// 监护关系, in the order of 民法典 art. 27.
    package enum Relation: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        /// 父母
        case parent
        /// 祖父母、外祖父母
        case grandparent
        /// 兄、姐
        case sibling
        /// 其他个人或组织
        case other
    }

    package var id: ID<Guardianship>
    package var volunteerId: ID<Volunteer>
    /// Masked.
    package var volunteerName: String
    /// Masked.
    package var guardianName: String
    /// Masked.
    package var guardianPhone: String
    /// Unknown until the guardian says so.
    package var relation: Relation?
    package var state: State
    /// Whether the consent to the data of a child under fourteen was given by itself (个人信息保护法 art. 31).
    package var isSeparate: Bool
    /// Which version of the consent text was agreed to.
    package var documentVersion: String?
    package var invitedAt: Timestamp
    package var consentedAt: Timestamp?
    package var endedAt: Timestamp?
    package var endReason: String?

    /// What a guardian agrees to.
    package struct Consent: RequestBody {
        package var relation: Relation
        package var documentVersion: String
        /// Must be true for a child under fourteen.
        package var separateConsent: Bool?

        package func check(_ faults: inout Faults) { faults.text("/documentVersion", documentVersion, 1...40) }
    }

    package struct Refusal: RequestBody {
        package var reason: String?

        package func check(_ faults: inout Faults) { faults.text("/reason", reason, 2...200) }
    }

    /// A child registered by its guardian: a registration, in which `guardian` is the caller, and the consent.
    package struct ChildDraft: RequestBody {
        package var volunteer: Volunteer.Draft
        package var guardian: Volunteer.Guardian
        package var consent: Consent

        private enum Key: CodingKey { case guardian }

        package init(from decoder: any Decoder) throws {
            volunteer = try Volunteer.Draft(from: decoder)
            consent = try Consent(from: decoder)
            guardian = try decoder.container(keyedBy: Key.self).decode(Volunteer.Guardian.self, forKey: .guardian)
        }

        package func check(_ faults: inout Faults) {
            volunteer.check(&faults)
            consent.check(&faults)
        }
    }

    /// A guardian signs a child up.
    package struct ChildSignUp: RequestBody {
        package var activityId: ID<Activity>
        /// Needed below the age of ten.
        package var companionName: String?
        /// Of the chat group the child comes from.
        package var sourceCode: String?

        package func check(_ faults: inout Faults) {
            SignUp.checkCompanion(companionName, &faults)
            ChatGroup.checkSourceCode(sourceCode, &faults)
        }
    }
}

extension Problem.Kind {
    package static let guardianConsentMissing = Self(
        "/problems/guardian-consent-missing", status: .conflict,
        title: Wording(zh: "未满 18 周岁，须监护人同意后方可参加志愿服务", en: "Below 18 a guardian has to consent first"))
    package static let guardianMustRegister = Self(
        "/problems/guardian-must-register", status: .conflict,
        title: Wording(zh: "未满 14 周岁须由监护人登录后代为注册", en: "Below 14 a guardian has to sign in and register the child"))
    package static let guardianIsMinor = Self(
        "/problems/guardian-is-minor", status: .conflict,
        title: Wording(zh: "监护人须年满 18 周岁", en: "A guardian must be of age"))
    package static let guardianIsSelf = Self(
        "/problems/guardian-is-self", status: .conflict,
        title: Wording(zh: "不能作自己的监护人", en: "Nobody is their own guardian"))
    package static let tooManyChildren = Self(
        "/problems/too-many-children", status: .conflict,
        title: Wording(zh: "代管的未成年志愿者已达上限", en: "The account answers for as many children as one may"))
    package static let tooManyGuardians = Self(
        "/problems/too-many-guardians", status: .conflict,
        title: Wording(zh: "邀请监护人的次数已达上限，请到站点办理", en: "As many guardians as one may were asked: ask at a station"))
    package static let notMinor = Self(
        "/problems/not-a-minor", status: .conflict,
        title: Wording(zh: "已满 18 周岁，无需监护人", en: "Of age: no guardian is needed"))
}
