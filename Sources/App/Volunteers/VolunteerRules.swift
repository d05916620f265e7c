package import HTTP

/// Who may register, and with what (domain rules: 民政部令67 art. 5, 个人信息保护法 art. 31, and the cities' age limits).
package enum VolunteerRules {
    package static let categories = Set((1...22).map { $0 < 10 ? "0\($0)" : "\($0)" })
    /// Below it no registration at all.
    package static let youngest = 6
    /// Below it a guardian answers.
    package static let majority = GuardianshipRules.majority

    /// What a checked draft says of the person.
    package struct Person: Sendable, Equatable {
        package var identity: IdentityNumber
        package var sex: Sex
        package var birthDate: CivilDate
        package var phone: PhoneNumber
    }

    /// - Parameters:
    ///   - accountPhone: the number the account proved, which wins over the draft's.
    ///   - isCorrection: by staff, who cannot name a minor's guardian; the minor can, and until one consents serves nowhere.
    /// - Throws: 422 naming every fault.
    package static func person(
        _ draft: Volunteer.Draft, accountPhone: PhoneNumber?, today: CivilDate, isCorrection: Bool = false
    ) throws(Problem) -> Person {
        var faults = Faults()
        var identity: IdentityNumber?
        do throws(IdentityNumber.Fault) {
            identity = try IdentityNumber(judging: draft.identityNumber, as: draft.identityKind, today: today)
        } catch { faults.add("/identityNumber", error.wording.zh, error.wording.en) }
        let sex = identity?.sex ?? draft.sex
        let birthDate = identity?.birthDate ?? draft.birthDate
        if identity != nil && sex == nil { faults.add("/sex", "该证件须填写性别", "is needed with this kind of paper") }
        if identity != nil && birthDate == nil {
            faults.add("/birthDate", "该证件须填写出生日期", "is needed with this kind of paper")
        }
        if let known = identity?.birthDate, let said = draft.birthDate, known != said {
            faults.add("/birthDate", "与证件号码不符", "differs from the identity number")
        }
        if let known = identity?.sex, let said = draft.sex, known != said {
            faults.add("/sex", "与证件号码不符", "differs from the identity number")
        }
        let phone = accountPhone ?? draft.phone.flatMap(PhoneNumber.init)
        if phone == nil { faults.add("/phone", "须填写联系电话", "is needed: the account has none") }
        if let birthDate { checkAge(birthDate, hasGuardian: isCorrection || draft.guardian != nil, today, &faults) }
        try faults.check()
        guard let identity, let sex, let birthDate, let phone else { throw Problem(.invalid) }
        return Person(identity: identity, sex: sex, birthDate: birthDate, phone: phone)
    }

    private static func checkAge(
        _ birthDate: CivilDate, hasGuardian: Bool, _ today: CivilDate, _ faults: inout Faults
    ) {
        if birthDate > today { return faults.add("/birthDate", "不能晚于今天", "must not be in the future") }
        let age = birthDate.age(on: today)
        if age < youngest {
            faults.add("/birthDate", "未满 \(youngest) 周岁不能注册", "must be at least \(youngest) years ago")
        } else if age < majority && !hasGuardian {
            faults.add("/guardian", "未满 \(majority) 周岁须填写监护人", "is needed below the age of \(majority)")
        }
    }

    /// `51`, nine digits of the id, and a check digit (Luhn, ISO/IEC 7812-1) that catches a slip of the pen.
    package static func number(_ id: ID<Volunteer>) -> String {
        let serial = String(id.rawValue % 1_000_000_000)
        let body = "51" + String(repeating: "0", count: 9 - serial.count) + serial
        let sum = body.utf8.reversed().enumerated().reduce(0) { sum, digit in
            let value = Int(digit.element - 0x30) * (digit.offset % 2 == 0 ? 2 : 1)
            return sum + value / 10 + value % 10
        }
        return body + String((10 - sum % 10) % 10)
    }
}

extension Problem.Kind {
    package static let alreadyVolunteer = Self(
        "/problems/already-a-volunteer", status: .conflict,
        title: Wording(zh: "您已是注册志愿者", en: "You are a volunteer already"))
    package static let identityTaken = Self(
        "/problems/identity-taken", status: .conflict,
        title: Wording(zh: "该证件号码的志愿者已经注册过", en: "A volunteer with this identity number is registered already"))
}
