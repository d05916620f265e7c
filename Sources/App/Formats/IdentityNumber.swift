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
    package let kind: IdentityKind
    /// Upper case, without blanks.
    package let number: String
    /// From the number, where it holds one.
    package let birthDate: CivilDate?
    package let sex: Sex?

    /// - Parameter today: a birth date after it, or more than 130 years before it, is refused.
    /// - Throws: nothing; nil for a number that cannot be right.
    package init?(kind: IdentityKind, number input: String, today: CivilDate) {
        let number = input.filter { $0 != " " }.uppercased()
        self.kind = kind
        self.number = number
        switch kind {
        case .residentIdentityCard:
            // Withdrawn area codes live on in numbers, so only the province is judged (GB 11643).
            guard Self.hasCheckDigit(number), let province = Int(number.prefix(2)), (11...65).contains(province) else {
                return nil
            }
        case .residencePermit:
            guard Self.hasCheckDigit(number), ["810000", "820000", "830000"].contains(number.prefix(6)) else {
                return nil
            }
        case .permanentResidence:
            if number.count == 15 {
                guard number.prefix(3).utf8.allSatisfy({ (0x41...0x5A).contains($0) }),
                    Self.isDigits(number.dropFirst(3))
                else { return nil }
                (birthDate, sex) = (nil, nil)
                return
            }
            guard Self.hasCheckDigit(number), number.first == "9", let province = Int(number.dropFirst().prefix(2)),
                (11...65).contains(province)
            else { return nil }
        case .passport, .hongKongMacauTravelPermit, .taiwanTravelPermit:
            guard Self.hasForm(kind, number) else { return nil }
            (birthDate, sex) = (nil, nil)
            return
        }
        guard let born = Self.birthDate(number), born <= today, born.age(on: today) <= 130 else { return nil }
        birthDate = born
        sex = (number.dropFirst(16).first?.wholeNumberValue ?? 0) % 2 == 1 ? .male : .female
    }

    private static func isDigits(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 &- 0x30 < 10 }
    }

    /// MOD 11-2 over 17 digits (GB 11643, ISO 7064).
    private static func hasCheckDigit(_ number: String) -> Bool {
        guard number.utf8.count == 18, isDigits(number.prefix(17)) else { return false }
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(number.utf8, weights).reduce(0) { $0 + Int($1.0 - 0x30) * $1.1 }
        return Array("10X98765432".utf8)[sum % 11] == Array(number.utf8)[17]
    }

    private static func birthDate(_ number: String) -> CivilDate? {
        let digits = number.dropFirst(6).prefix(8)
        return CivilDate("\(digits.prefix(4))-\(digits.dropFirst(4).prefix(2))-\(digits.suffix(2))")
    }

    private static func hasForm(_ kind: IdentityKind, _ number: String) -> Bool {
        switch kind {
        case .hongKongMacauTravelPermit:
            return (number.count == 9 || number.count == 11) && (number.first == "H" || number.first == "M")
                && isDigits(number.dropFirst())
        case .taiwanTravelPermit: return number.count == 8 && isDigits(number[...])
        default:
            return (5...17).contains(number.utf8.count)
                && number.utf8.allSatisfy { $0 &- 0x30 < 10 || (0x41...0x5A).contains($0) }
        }
    }
}

/// A person's name: 2 to 30 characters, letters of any script, `·` and inner blanks.
package enum PersonName {
    package static let lengths = 2...30

    package static func isValid(_ name: String) -> Bool {
        guard lengths.contains(name.count), name.first?.isLetter == true, name.last?.isLetter == true else {
            return false
        }
        return name.allSatisfy { $0.isLetter || "·•.-' ".contains($0) }
    }
}
