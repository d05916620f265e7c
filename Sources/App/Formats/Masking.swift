/// How personal data is shown to those who need not know it (practice after GB/T 35273, not law).
package enum Masking {
    package enum Audience: Sendable { case anyone, staff }

    /// In place of the name of somebody whose account is closed.
    package static let closedName = "已注销"
    /// In place of their phone: a number that nobody has or can have.
    package static let closedPhone = "+8610000000000"

    /// 138****0001, +852****0001: the last four digits and where the number belongs.
    package static func phone(_ phone: PhoneNumber) -> String {
        if phone.isMainland { return "\(phone.text.dropFirst(3).prefix(3))****\(phone.text.suffix(4))" }
        return "+\(phone.countryCode)****\(phone.text.suffix(4))"
    }

    /// The same of a number as the database keeps it; nothing of what is none.
    package static func storedPhone(_ text: String) -> String { PhoneNumber(text).map(phone) ?? "****" }

    /// 王*, 王*明, 欧阳**: the surname stays, of a Chinese name of three characters or more the last one too; of names in
    /// other scripts the first letter.
    package static func name(_ name: String) -> String {
        if name == closedName { return name }
        let isCompound = name.count > 2 && compoundSurnames.contains(String(name.prefix(2)))
        let kept = isCompound ? 2 : 1
        let hidden = name.count - kept
        guard hidden > 0 else { return "*" }
        if !isCompound, hidden > 1, name.unicodeScalars.allSatisfy({ $0.value > 0x2E7F }) {
            return name.prefix(1) + String(repeating: "*", count: hidden - 1) + name.suffix(1)
        }
        return name.prefix(kept) + String(repeating: "*", count: hidden)
    }

    /// For staff the first and last four characters, for anyone else the first and the last; nothing of a number so
    /// short that this would tell most of it.
    package static func identityNumber(_ number: String, for audience: Audience = .staff) -> String {
        let kept = audience == .staff ? 4 : 1
        guard number.count > 2 * kept + 2 else { return String(repeating: "*", count: number.count) }
        return number.prefix(kept) + String(repeating: "*", count: number.count - 2 * kept) + number.suffix(kept)
    }

    /// 复姓, the ones in use.
    private static let compoundSurnames: Set<String> = [
        "欧阳", "上官", "司马", "诸葛", "司徒", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙", "东方", "独孤", "南宫", "司空",
        "端木", "闻人", "澹台", "公冶", "赫连", "呼延", "轩辕", "钟离", "鲜于", "万俟", "西门", "申屠", "太史", "濮阳", "淳于", "单于", "百里", "东郭",
    ]
}
