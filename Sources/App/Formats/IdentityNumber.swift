package import HTTP
import SQLite

/// Which paper an identity number stands on (证件类型, GA/T 517 codes where there is one).
package enum IdentityKind: String, Sendable, Codable, CaseIterable, Bindable, ColumnDecodable {
    /// 居民身份证 (111)
    case residentIdentityCard
    /// 港澳台居民居住证
    case residencePermit
    /// 外国人永久居留身份证 (553), the 2023 form of 18 digits or the older of 3 letters and 12 digits
    case permanentResidence
    /// 普通护照 (414)
    case passport
    /// 港澳居民来往内地通行证 (516)
    case hongKongMacauTravelPermit
    /// 台湾居民来往大陆通行证 (511)
    case taiwanTravelPermit
}

package enum Sex: String, Sendable, Codable, CaseIterable, Bindable, ColumnDecodable { case male, female }

/// An identity number whose form, check digit and birth date are right. Whether it is the person's is for a verifier.
package struct IdentityNumber: Sendable, Equatable {
    package enum Fault: Error, Sendable { case form, region, birthDate, checkDigit }

    package let kind: IdentityKind
    /// Upper case, without blanks.
    package let number: String
    /// From the number, where it holds one.
    package let birthDate: CivilDate?
    package let sex: Sex?

    /// Nobody alive is older. Years.
    private static let ageMax = 130

    /// nil for a number that cannot be right; `judging` says why.
    package init?(kind: IdentityKind, number: String, today: CivilDate) {
        try? self.init(judging: number, as: kind, today: today)
    }

    /// - Parameter today: a birth date after it, or more than 130 years before it, is refused.
    /// - Throws: the first thing wrong with the number.
    package init(judging input: String, as kind: IdentityKind, today: CivilDate) throws(Fault) {
        // Full-width digits are refused rather than narrowed: what is kept must be what stands on the paper.
        let digits = input.utf8.filter { $0 != 0x20 }.map { (0x61...0x7A).contains($0) ? $0 - 0x20 : $0 }
        self.kind = kind
        number = String(decoding: digits, as: UTF8.self)
        guard Self.hasForm(digits, of: kind) else { throw .form }
        guard Self.holdsBirthDate(digits, of: kind) else {
            (birthDate, sex) = (nil, nil)
            return
        }
        guard Self.hasRegion(digits, of: kind) else { throw .region }
        guard let born = Self.birthDate(digits), born <= today, born.age(on: today) <= Self.ageMax else {
            throw .birthDate
        }
        guard Self.checkCharacter(digits) == digits[17] else { throw .checkDigit }
        birthDate = born
        sex = digits[16] & 1 == 1 ? .male : .female
    }

    private static func holdsBirthDate(_ digits: [UInt8], of kind: IdentityKind) -> Bool {
        switch kind {
        case .residentIdentityCard, .residencePermit: true
        case .permanentResidence: digits.count == 18
        case .passport, .hongKongMacauTravelPermit, .taiwanTravelPermit: false
        }
    }

    private static func hasForm(_ digits: [UInt8], of kind: IdentityKind) -> Bool {
        func areDigits(_ range: Range<Int>) -> Bool { digits[range].allSatisfy { $0 &- 0x30 < 10 } }
        func areLetters(_ range: Range<Int>) -> Bool { digits[range].allSatisfy { (0x41...0x5A).contains($0) } }
        let isLong = digits.count == 18 && areDigits(0..<17)
        switch kind {
        // Cards of 15 digits are void since 2013.
        case .residentIdentityCard, .residencePermit: return isLong
        case .permanentResidence: return isLong || digits.count == 15 && areLetters(0..<3) && areDigits(3..<15)
        case .passport:
            return (5...17).contains(digits.count)
                && digits.allSatisfy { $0 &- 0x30 < 10 || (0x41...0x5A).contains($0) }
        case .hongKongMacauTravelPermit:
            guard digits.count == 9 || digits.count == 11 else { return false }
            return (digits[0] == UInt8(ascii: "H") || digits[0] == UInt8(ascii: "M")) && areDigits(1..<digits.count)
        // The booklets with ten digits have all run out (issued until 2015, for five years).
        case .taiwanTravelPermit: return digits.count == 8 && areDigits(0..<8)
        }
    }

    /// Withdrawn area codes live on in numbers, so only the province is judged (GB 11643).
    private static func hasRegion(_ digits: [UInt8], of kind: IdentityKind) -> Bool {
        func province(at index: Int) -> Bool {
            (11...65).contains(Int(digits[index] - 0x30) * 10 + Int(digits[index + 1] - 0x30))
        }
        switch kind {
        case .residencePermit: return ["810000", "820000", "830000"].contains { digits.starts(with: $0.utf8) }
        case .permanentResidence: return digits[0] == UInt8(ascii: "9") && province(at: 1)
        default: return province(at: 0)
        }
    }

    private static func birthDate(_ digits: [UInt8]) -> CivilDate? {
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + Int($1 - 0x30) } }
        return CivilDate(year: number(6..<10), month: number(10..<12), day: number(12..<14))
    }

    /// MOD 11-2 (ISO 7064).
    private static func checkCharacter(_ digits: [UInt8]) -> UInt8 {
        let sum = zip(digits, weights).reduce(0) { $0 + Int($1.0 - 0x30) * $1.1 }
        return checkCharacters[sum % 11]
    }
    private static let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    private static let checkCharacters = Array("10X98765432".utf8)
}

extension IdentityNumber.Fault {
    package var wording: Wording {
        switch self {
        case .form: Wording(zh: "证件号码格式不对", en: "does not have the form of this kind of number")
        case .region: Wording(zh: "证件号码的地区代码不对", en: "does not begin with a region of this kind of number")
        case .birthDate: Wording(zh: "证件号码中的出生日期不对", en: "holds a birth date that cannot be")
        case .checkDigit: Wording(zh: "证件号码校验位不对，请核对", en: "has a wrong check digit: look for a slip")
        }
    }
}
