/// How personal data is shown to those who need not know it (practice after GB/T 35273, not law).
package enum Masking {
    /// 138****0001; of other countries' numbers the last four digits.
    package static func phone(_ phone: PhoneNumber) -> String {
        let text = phone.text
        if text.hasPrefix("+86") { return "\(text.dropFirst(3).prefix(3))****\(text.suffix(4))" }
        return "****\(text.suffix(4))"
    }

    /// 王*, 王*明, 欧阳**: the surname stays.
    package static func name(_ name: String) -> String {
        let surname = compoundSurnames.first { name.hasPrefix($0) && name.count > $0.count }?.count ?? 1
        let rest = name.count - surname
        guard rest > 0 else { return "*" }
        if surname == 1, rest >= 2, name.unicodeScalars.allSatisfy({ $0.value > 0x2E7F }) {
            return "\(name.prefix(1))\(String(repeating: "*", count: rest - 1))\(name.suffix(1))"
        }
        return name.prefix(surname) + String(repeating: "*", count: rest)
    }

    /// For staff: first and last four characters.
    package static func identityNumber(_ number: String) -> String {
        guard number.count > 8 else { return String(repeating: "*", count: number.count) }
        return "\(number.prefix(4))\(String(repeating: "*", count: number.count - 8))\(number.suffix(4))"
    }

    private static let compoundSurnames = [
        "欧阳", "上官", "司马", "诸葛", "司徒", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙", "东方", "独孤", "南宫",
    ]
}
