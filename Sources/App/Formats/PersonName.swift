/// A person's name (姓名): 2 to 30 characters, letters of any script, with `·` (minority and foreign names), hyphen,
/// apostrophe, full stop or a blank between them. No digits, controls or emoji.
package enum PersonName {
    package static let lengths = 2...30

    package static func isValid(_ name: String) -> Bool {
        guard Text.fits(name, lengths) else { return false }
        var wasLetter = false
        for scalar in name.unicodeScalars {
            if isLetter(scalar) {
                wasLetter = true
            } else {
                // A mark belongs to a letter, and a separator stands between two: never first, never two together.
                guard wasLetter else { return false }
                if isMark(scalar) { continue }
                guard separators.contains(scalar) else { return false }
                wasLetter = false
            }
        }
        return wasLetter
    }

    /// U+00B7 is what GB/T names; the others are what keyboards make of it.
    private static let separators: [Unicode.Scalar] = ["·", "•", "・", "‧", ".", "-", "'", "’", " "]

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        // Hangul fillers are letters to Unicode, though nobody sees them.
        guard !Text.isInvisible(scalar) else { return false }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        // 〇 is a letter in names, though Unicode calls it a number.
        default: scalar == "〇"
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark: !Text.isInvisible(scalar)
        default: false
        }
    }
}
