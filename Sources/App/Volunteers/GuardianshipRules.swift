package import HTTP

/// What age demands (个人信息保护法 art. 31, 民法典 arts. 17–19, and the cities' rules on minors who volunteer).
package enum GuardianshipRules {
    /// Below it a guardian answers and has to consent.
    package static let majority = 18
    /// Below it the guardian registers the child, with a consent of its own.
    package static let separateConsentAge = 14
    /// Below it somebody comes along.
    package static let companionAge = 10
    /// Children one account may answer for at a time.
    package static let childrenMax = 20
    /// Guardians one minor may have asked.
    package static let invitationsMax = 20

    package static func isMinor(_ birthDate: CivilDate, on day: CivilDate) -> Bool { birthDate.age(on: day) < majority }

    package static func needsSeparateConsent(_ birthDate: CivilDate, on day: CivilDate) -> Bool {
        birthDate.age(on: day) < separateConsentAge
    }

    /// - Parameter day: the activity's, since it is then that the child is out alone.
    package static func needsCompanion(_ birthDate: CivilDate, on day: CivilDate) -> Bool {
        birthDate.age(on: day) < companionAge
    }

    /// Whoever was born later than this is a minor today. `YYYY-MM-DD`, for comparing as text; it may name a 29 February
    /// that never was.
    package static func lastBirthDateOfAge(on today: CivilDate) -> String {
        let year = String(max(0, today.year - majority))
        return String(repeating: "0", count: 4 - year.count) + year + today.description.dropFirst(4)
    }

    /// Whom a person who registers alone has to have consent; nil from eighteen on.
    /// - Parameter ownPhone: the applicant's, proven or not; nil where a station registers from a paper that the guardian
    ///   signed, on which the child's number may be the guardian's.
    /// - Throws: 409 below fourteen, 422 when the guardian's phone is the applicant's own.
    package static func guardian(
        ofApplicant person: VolunteerRules.Person, _ draft: Volunteer.Draft, ownPhone: PhoneNumber?, today: CivilDate
    ) throws(Problem) -> Volunteer.Guardian? {
        guard isMinor(person.birthDate, on: today), let guardian = draft.guardian else { return nil }
        if needsSeparateConsent(person.birthDate, on: today) { throw Problem(.guardianMustRegister) }
        try checkPhone(of: guardian, isNot: [ownPhone], pointer: "/guardian/phone")
        return guardian
    }

    /// A guardian who proves the child's own phone to be at hand would be the child. One without a phone to its account can
    /// sign in with the phone it gives for calls, and be a second account that consents.
    package static func checkPhone(
        of guardian: Volunteer.Guardian, isNot own: [PhoneNumber?], pointer: String
    ) throws(Problem) {
        guard let phone = PhoneNumber(guardian.phone), own.contains(phone) else { return }
        throw Problem(
            .invalid,
            faults: [
                .init(
                    pointer,
                    Wording(
                        zh: "不能与本人手机号相同；监护人可登录后代为注册",
                        en: "must not be the child's own; a guardian may sign in and register the child"))
            ])
    }

    /// - Throws: 422 for a child under fourteen without the separate consent.
    package static func check(
        _ consent: Guardianship.Consent, to birthDate: CivilDate, today: CivilDate
    ) throws(Problem) {
        guard needsSeparateConsent(birthDate, on: today), consent.separateConsent != true else { return }
        throw Problem(
            .invalid,
            faults: [
                .init(
                    "/separateConsent",
                    Wording(
                        zh: "未满 14 周岁须由监护人单独同意处理其个人信息",
                        en: "must be true: below 14 the guardian consents separately to the use of the child's data"))
            ])
    }
}
