/// What every text a person typed is held to.
package enum Text {
    /// The most is counted in Unicode scalars, as `maxLength` of the contract and `length` of the schema's checks count;
    /// the least in characters as people see them, so that marks piled upon one letter do not make a name of it.
    package static func fits(_ text: String, _ lengths: ClosedRange<Int>) -> Bool {
        text.unicodeScalars.count <= lengths.upperBound && text.count >= lengths.lowerBound
    }

    /// Control characters have no place in a text but for the line break and the tab.
    package static func hasControl(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t" && scalar != "\r"
        }
    }

    /// Whether nobody would see anything: blanks, and what is made to be ignored (zero-width characters, soft hyphens,
    /// Hangul fillers, variation selectors).
    package static func isBlank(_ text: String) -> Bool {
        text.allSatisfy { character in character.isWhitespace || character.unicodeScalars.allSatisfy(isInvisible) }
    }

    /// Besides what Unicode says so of (`Default_Ignorable_Code_Point`) an empty braille cell, which it calls a symbol.
    package static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isDefaultIgnorableCodePoint || scalar.properties.isWhitespace || scalar == "\u{2800}"
    }

    /// Without blanks and tabs at both ends; those inside stay, since a reader in front of us may mind them.
    package static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }

    /// Full-width ASCII (U+FF01–FF5E, U+3000), as Chinese keyboards make it, becomes ordinary ASCII: the part of NFKC
    /// that matters in forms.
    package static func narrowed(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
        case 0x3000: " "
        default: scalar
        }
    }
}
