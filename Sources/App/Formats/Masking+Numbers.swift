extension Masking {
    /// Digits in a row from which a telephone, an identity card or a bank account begins.
    private static let runLength = 7
    /// Digits of groups as numbers are read out: 138-0013-8000, 510107 19900101 1234.
    private static let spacedLength = 11
    /// Of each such group at the least. The parts of a date are shorter.
    private static let groupLength = 3
    /// Digits before an X that closes an identity number.
    private static let digitsBeforeX = 17
    private static let separators: Set<Character> = [
        " ", "\u{A0}", "\u{3000}", "-", "–", "—", "－", "_", ".", "·", ")", "）",
    ]
    /// In a row: (028) 8512-3456.
    private static let separatorsMax = 2

    /// Hides every long run of digits, with a closing X, in a text anybody may read: what stands there may be somebody's
    /// telephone or identity number.
    package static func numbers(_ text: String) -> String {
        var result = ""
        var run: [Character] = []
        var digits = 0
        func flush() {
            result += hidden(run)
            (run, digits) = ([], 0)
        }
        for character in text {
            if isDigit(character) {
                run.append(character)
                digits += 1
            } else if digits >= digitsBeforeX, character == "X" || character == "x" {
                run.append(character)
                flush()
            } else if !run.isEmpty, separators.contains(character),
                !run.suffix(separatorsMax).allSatisfy(separators.contains)
            {
                run.append(character)
            } else {
                flush()
                result.append(character)
            }
        }
        flush()
        return result
    }

    /// In any script's figures, and as they are spelled one by one. 十百千万 make words of them: amounts stay.
    private static func isDigit(_ character: Character) -> Bool {
        character.unicodeScalars.first?.properties.numericType == .decimal || spelled.contains(character)
    }

    private static let spelled: Set<Character> = ["〇", "零", "一", "二", "三", "四", "五", "六", "七", "八", "九"]

    /// - Parameter run: groups of digits, with a separator or two after each but the last, or after that one too.
    private static func hidden(_ run: [Character]) -> String {
        var result = ""
        var number: [Character] = []
        func finish() {
            if number.count(where: { !separators.contains($0) }) >= spacedLength {
                result += masked(number)
            } else {
                for piece in pieces(of: number) { result += piece.count >= runLength ? masked(piece) : String(piece) }
            }
            number = []
        }
        for piece in pieces(of: run) {
            let isPart = separators.contains(piece[0]) ? !number.isEmpty : piece.count >= groupLength
            if !isPart { finish() }
            if isPart { number += piece } else { result += String(piece) }
        }
        finish()
        return result
    }

    /// Groups of digits and the separators between them, in order.
    private static func pieces(of run: [Character]) -> [[Character]] {
        var pieces: [[Character]] = []
        for character in run {
            if let last = pieces.last?.last, separators.contains(last) == separators.contains(character) {
                pieces[pieces.count - 1].append(character)
            } else {
                pieces.append([character])
            }
        }
        return pieces
    }

    /// All but the first two digits; separators stay.
    private static func masked(_ number: [Character]) -> String {
        String(number.prefix(2)) + String(number.dropFirst(2).map { separators.contains($0) ? $0 : "*" })
    }
}
