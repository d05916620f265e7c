package import HTTP

enum CorrectionRules {
    /// About ten working days (民政部令67 art. 13 names no term; practice of the cities). Days.
    static let dueDays: Int64 = 14

    /// A wish that could be entered as it stands.
    struct Wish: Sendable {
        /// What is kept of it in the request's own row.
        var value: String
        var identity: IdentityNumber?
    }

    /// - Throws: 422 naming every fault; 409 where the field follows from the identity number.
    static func wish(_ draft: CorrectionRequest.Draft, of volunteer: Volunteer, today: CivilDate) throws(Problem)
        -> Wish
    {
        var faults = Faults()
        var wish = Wish(value: draft.value)
        switch draft.field {
        case .name:
            if !PersonName.isValid(draft.value) {
                faults.add("/value", "姓名应为 2–30 个文字", "must be a name of 2 to 30 letters")
            }
        case .sex:
            try checkFree(volunteer)
            if Sex(rawValue: draft.value) == nil { faults.add("/value", "应为 male 或 female", "must be male or female") }
        case .birthDate:
            try checkFree(volunteer)
            checkBirthDate(CivilDate(draft.value), today, &faults)
        case .phone:
            guard let phone = PhoneNumber(draft.value) else {
                faults.add("/value", "手机号无效", "is not a phone number")
                break
            }
            wish.value = phone.text
        case .identityNumber:
            do throws(IdentityNumber.Fault) {
                let identity = try IdentityNumber(
                    judging: draft.value, as: draft.identityKind ?? .residentIdentityCard, today: today)
                if let birthDate = identity.birthDate { checkBirthDate(birthDate, today, &faults) }
                wish.value = Masking.identityNumber(identity.number)
                wish.identity = identity
            } catch { faults.add("/value", error.wording.zh, error.wording.en) }
        }
        try faults.check()
        return wish
    }

    private static func checkBirthDate(_ date: CivilDate?, _ today: CivilDate, _ faults: inout Faults) {
        guard let date, date <= today else {
            return faults.add("/value", "应为已过去的日期，格式 YYYY-MM-DD", "must be a day before today, as YYYY-MM-DD")
        }
        if date.age(on: today) < VolunteerRules.youngest {
            faults.add(
                "/value", "未满 \(VolunteerRules.youngest) 周岁不能注册",
                "must be at least \(VolunteerRules.youngest) years ago")
        }
    }

    /// Sex and birth date stand in numbers of 18 digits: there the number is to be corrected.
    private static func checkFree(_ volunteer: Volunteer) throws(Problem) {
        let isHeld = volunteer.identityKind.canHoldBirthDate && volunteer.maskedIdentityNumber.utf8.count == 18
        guard !isHeld else {
            throw Problem(
                .conflict,
                detail: Wording(zh: "该项由证件号码决定，请申请更正证件号码", en: "It follows from the identity number: correct that"))
        }
    }

    static func masked(_ value: String, _ field: CorrectionRequest.Field) -> String {
        switch field {
        case .phone: PhoneNumber(value).map(Masking.phone) ?? "****"
        case .name: Masking.name(value)
        case .sex, .birthDate, .identityNumber: value
        }
    }
}

extension IdentityKind {
    var canHoldBirthDate: Bool {
        switch self {
        case .residentIdentityCard, .residencePermit, .permanentResidence: true
        case .passport, .hongKongMacauTravelPermit, .taiwanTravelPermit: false
        }
    }
}

extension Problem.Kind {
    package static let correctionOpen = Self(
        "/problems/correction-open", status: .conflict,
        title: Wording(zh: "该项已有更正申请在处理中", en: "A correction of this field is under way"))
}
