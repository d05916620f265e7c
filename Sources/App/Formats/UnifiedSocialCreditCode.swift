package import SQLite

/// The number of an organisation (统一社会信用代码, GB 32100-2015): department, kind, six digits of area, nine characters
/// of organisation code (GB 11714) and a check character.
package struct UnifiedSocialCreditCode: Sendable, Hashable, Bindable, ColumnDecodable {
    package let text: String

    /// Takes capitals only, as the certificate has them; nil for a wrong character, area or check character.
    package init?(_ text: String) {
        let values = text.utf8.map(Self.value)
        guard values.count == 18, let check = values[17], Self.hasArea(text) else { return nil }
        var sum = 0
        for (value, weight) in zip(values, Self.weights) {
            guard let value else { return nil }
            sum += value * weight
        }
        guard (31 - sum % 31) % 31 == check else { return nil }
        self.text = text
    }

    package init(column: Column) throws { text = try String(column: column) }

    package var value: Value { .text(text) }

    /// Whether the organisation code inside has its own check character right (GB 11714-1997). Some early codes do not:
    /// a reason to ask, not to refuse.
    package var hasOrganisationCheck: Bool {
        let code = Array(text.utf8.dropFirst(8).prefix(9))
        guard code.count == 9 else { return false }
        var sum = 0
        for (character, weight) in zip(code, Self.organisationWeights) {
            // Letters count from 10 without a gap here.
            sum += Int(character < 0x41 ? character - 0x30 : character - 0x41 + 10) * weight
        }
        let rest = 11 - sum % 11
        return code[8] == (rest == 10 ? UInt8(ascii: "X") : rest == 11 ? UInt8(ascii: "0") : UInt8(0x30 + rest))
    }

    /// Powers of 3 modulo 31.
    private static let weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
    private static let organisationWeights = [3, 7, 9, 10, 5, 8, 4, 2]
    /// Without I, O, S, V and Z, which look like digits or each other.
    private static let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)

    private static func value(_ character: UInt8) -> Int? { alphabet.firstIndex(of: character) }

    /// Six digits that begin with a province, or 100000 for bodies of the state itself.
    private static func hasArea(_ text: String) -> Bool {
        let area = text.utf8.dropFirst(2).prefix(6).map { $0 &- 0x30 }
        return area.allSatisfy { $0 < 10 } && area[0] > 0
    }
}
