/// Words for a full-text index over Chinese. FTS5's own trigrams find nothing for two characters and say nothing of it
/// (SQLite 3.40, perf.md 4.4), so the words are made here: overlapping pairs for scripts without blanks, whole words for
/// the others. A run's last character is a word of its own, so that one character finds by prefix.
package enum Bigrams {
    /// Words of one query, at the most.
    package static let queryWordsMax = 16

    /// The text to index, words with blanks between.
    package static func index(_ text: String) -> String {
        runs(text).map { run in run.isWide ? pairs(run.scalars).joined(separator: " ") : String(run.scalars) }
            .joined(separator: " ")
    }

    /// A safe FTS5 expression that finds what holds every word of the query; nil when the query has no word.
    package static func query(_ text: String) -> String? {
        let terms = runs(text).prefix(queryWordsMax).map { run -> String in
            guard run.isWide else { return "\"\(String(run.scalars))\"*" }
            if run.scalars.count == 1 { return "\"\(String(run.scalars))\"*" }
            // Without the last single character, so that the text may go on behind the phrase.
            return "\"\(pairs(run.scalars).dropLast().joined(separator: " "))\""
        }
        return terms.isEmpty ? nil : terms.joined(separator: " AND ")
    }

    private struct Run {
        var isWide: Bool
        var scalars: String.UnicodeScalarView
    }

    private static func pairs(_ scalars: String.UnicodeScalarView) -> [String] {
        let list = Array(scalars)
        return list.indices.map { index in
            var pair = String.UnicodeScalarView()
            pair.append(list[index])
            if index + 1 < list.count { pair.append(list[index + 1]) }
            return String(pair)
        }
    }

    /// Runs of letters and digits, wide ones apart from the others, folded to one case and width.
    private static func runs(_ text: String) -> [Run] {
        var runs: [Run] = []
        var isOpen = false
        for scalar in text.unicodeScalars {
            let folded = fold(scalar)
            let isWide = isWide(folded)
            guard isWide || folded.properties.isAlphabetic || folded.properties.numericType != nil else {
                isOpen = false
                continue
            }
            if isOpen, let last = runs.indices.last, runs[last].isWide == isWide {
                runs[last].scalars.append(folded)
            } else {
                var scalars = String.UnicodeScalarView()
                scalars.append(folded)
                runs.append(Run(isWide: isWide, scalars: scalars))
            }
            isOpen = true
        }
        return runs
    }

    /// Full-width Latin becomes half-width (U+FF01–FF5E), capitals become small.
    private static func fold(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        var value = scalar.value
        if (0xFF01...0xFF5E).contains(value) { value -= 0xFEE0 }
        let narrow = Unicode.Scalar(value) ?? scalar
        let lower = narrow.properties.lowercaseMapping.unicodeScalars
        return lower.count == 1 ? lower.first ?? narrow : narrow
    }

    /// Han, kana and hangul: written without blanks between words.
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3005...0x3007, 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7AF, 0xF900...0xFAFF,
            0x20000...0x323AF:
            true
        default: false
        }
    }
}
