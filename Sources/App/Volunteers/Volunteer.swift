import SQLite

/// A registered volunteer (注册志愿者) with the items of 民政部令67 art. 5.
package struct Volunteer: Encodable, Sendable {
    package enum Verification: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case unverified, verified, failed
    }

    /// Whoever answers for a minor (监护人).
    package struct Guardian: Codable, RequestBody, Equatable {
        package var name: String
        package var phone: String

        package init(name: String, phone: String) {
            self.name = name
            self.phone = phone
        }

        package func check(_ faults: inout Faults) { check(&faults, below: "") }

        /// - Parameter pointer: where the object stands in the body.
        func check(_ faults: inout Faults, below pointer: String) {
            if !PersonName.isValid(name) { faults.add("\(pointer)/name", "姓名无效", "is not a person's name") }
            if PhoneNumber(phone) == nil { faults.add("\(pointer)/phone", "手机号无效", "is not a phone number") }
        }
    }

    package var id: ID<Volunteer>
    /// 志愿者编号, for people to read out: twelve digits, the last a check digit.
    package var number: String
    package var name: String
    package var sex: Sex
    package var birthDate: CivilDate
    package var phone: String
    package var identityKind: IdentityKind
    /// 5101**********1234: the number itself is `IdentityVault`'s.
    package var maskedIdentityNumber: String
    package var residenceCode: String
    /// Codes of the service categories (志愿服务类别), 01 to 22.
    package var categories: [String]
    package var skills: [String]
    package var guardian: Guardian?
    package var verification: Verification
    /// Stars (星级) from confirmed minutes, 1 to 5; nil without one.
    package var starLevel: Int?
    package var version: Int64
    package var createdAt: Timestamp

    private enum CodingKeys: String, CodingKey {
        case id, number, name, sex, birthDate, phone, identityKind
        case maskedIdentityNumber = "identityNumber"
        case residenceCode, categories, skills, guardian, verification, starLevel, version, createdAt
    }

    /// As it is shown to whoever needs not know: lists, staff, and the owner's own screen.
    package var masked: Volunteer {
        var volunteer = self
        volunteer.phone = PhoneNumber(phone).map(Masking.phone) ?? "****"
        volunteer.guardian = guardian.map { guardian in
            Guardian(
                name: Masking.name(guardian.name), phone: PhoneNumber(guardian.phone).map(Masking.phone) ?? "****")
        }
        return volunteer
    }

    /// The same for other people than the owner.
    package var publicView: Volunteer {
        var volunteer = masked
        volunteer.name = Masking.name(name)
        return volunteer
    }

    package struct Edit: RequestBody {
        package var residenceCode: String
        package var categories: [String]
        package var skills: [String]

        package func check(_ faults: inout Faults) {
            if ![6, 9, 12].contains(residenceCode.utf8.count) || !residenceCode.utf8.allSatisfy({ $0 &- 0x30 < 10 }) {
                faults.add("/residenceCode", "应为 6、9 或 12 位区划代码", "must be a division code of 6, 9 or 12 digits")
            }
            if categories.count > 22 || Set(categories).count != categories.count {
                faults.add("/categories", "不能重复", "must not repeat")
            }
            for (index, code) in categories.enumerated() where !VolunteerRules.categories.contains(code) {
                faults.add("/categories/\(index)", "应为 01–22 的服务类别代码", "must be a service category code, 01 to 22")
            }
            if skills.count > 20 { faults.add("/skills", "最多 20 项", "must have at most 20 items") }
            for (index, skill) in skills.prefix(20).enumerated() { faults.text("/skills/\(index)", skill, 1...30) }
        }
    }

    package struct Draft: RequestBody {
        package var name: String
        package var identityKind: IdentityKind
        package var identityNumber: String
        /// Needed only where the number does not hold them.
        package var sex: Sex?
        package var birthDate: CivilDate?
        /// Needed only where the account has none.
        package var phone: String?
        package var residenceCode: String
        package var categories: [String]
        package var skills: [String]
        package var guardian: Guardian?
        package var particulars: VolunteerParticulars?

        package var edit: Edit { Edit(residenceCode: residenceCode, categories: categories, skills: skills) }

        package func check(_ faults: inout Faults) {
            edit.check(&faults)
            if !PersonName.isValid(name) { faults.add("/name", "姓名应为 2–30 个文字", "must be a name of 2 to 30 letters") }
            if let phone, PhoneNumber(phone) == nil { faults.add("/phone", "手机号无效", "is not a phone number") }
            guardian?.check(&faults, below: "/guardian")
            particulars?.check(&faults, below: "/particulars")
        }
    }

    package struct Identity: Encodable, Sendable {
        package var name: String
        package var phone: String
        package var identityKind: IdentityKind
        package var identityNumber: String
        package var guardian: Guardian?
    }
}
