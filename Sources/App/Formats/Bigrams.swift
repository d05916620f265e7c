/// Words for a full-text index over Chinese. FTS5's own trigrams find nothing for two characters and say nothing of it
/// (SQLite 3.40, perf.md 4.4), so the words are made here: overlapping pairs for scripts without blanks, whole words for
/// the others. A run's last character is a word of its own, so that one character finds by prefix. Traditional
/// characters stay what they are.
package enum Bigrams {
    /// Words of one query, at the most.
    package static let queryWordsMax = 16
    /// Characters of one word of a query, at the most; the rest is not looked for.
    package static let queryWordLengthMax = 64

    /// The text to index, words with blanks between.
    package static func index(_ text: String) -> String {
        var words = String.UnicodeScalarView()
        for run in runs(text) {
            if !words.isEmpty { words.append(" ") }
            append(run, to: &words)
        }
        return String(words)
    }

    /// A safe FTS5 expression that finds what holds every word of the query; nil when the query has no word. Only letters
    /// and digits get in, inside quotes: nothing of FTS5's own syntax can.
    package static func query(_ text: String) -> String? {
        let terms = runs(text).prefix(queryWordsMax).map { run in
            var run = run
            run.scalars = Array(run.scalars.prefix(queryWordLengthMax))
            // Whole words of other scripts and single characters find by their beginning.
            guard run.isWide, run.scalars.count > 1 else { return "\"\(phrase(run))\"*" }
            return "\"\(phrase(run))\""
        }
        return terms.isEmpty ? nil : terms.joined(separator: " AND ")
    }

    private struct Run {
        var isWide: Bool
        var scalars: [Unicode.Scalar]
    }

    /// The pairs without the single character at the end, so that the text may go on behind the phrase.
    private static func phrase(_ run: Run) -> String {
        var words = String.UnicodeScalarView()
        append(run, to: &words, withEnd: false)
        return String(words)
    }

    private static func append(_ run: Run, to words: inout String.UnicodeScalarView, withEnd: Bool = true) {
        guard run.isWide, let last = run.scalars.last else { return words.append(contentsOf: run.scalars) }
        for index in run.scalars.indices.dropLast() {
            if index > 0 { words.append(" ") }
            words.append(run.scalars[index])
            words.append(run.scalars[index + 1])
        }
        guard run.scalars.count > 1 else { return words.append(last) }
        guard withEnd else { return }
        words.append(" ")
        words.append(last)
    }

    /// Runs of letters and digits, wide ones apart from the others, folded to one case and width.
    private static func runs(_ text: String) -> [Run] {
        var runs: [Run] = []
        var isOpen = false
        for scalar in text.unicodeScalars {
            // Marks fall away, as they do from composed letters in FTS5's unicode61.
            if (0x0300...0x036F).contains(scalar.value) { continue }
            let folded = fold(scalar)
            let isWide = isWide(folded)
            guard isWide || isWord(folded) else {
                isOpen = false
                continue
            }
            if isOpen, let last = runs.indices.last, runs[last].isWide == isWide {
                runs[last].scalars.append(folded)
            } else {
                runs.append(Run(isWide: isWide, scalars: [folded]))
            }
            isOpen = true
        }
        return runs
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) }
        return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    /// Full-width ASCII becomes half-width, capitals become small.
    private static func fold(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if isWide(scalar) { return scalar }
        let narrow = Text.narrowed(scalar)
        if narrow.isASCII {
            return ("A"..."Z").contains(narrow) ? Unicode.Scalar(narrow.value | 0x20) ?? narrow : narrow
        }
        let lower = narrow.properties.lowercaseMapping.unicodeScalars
        return lower.count == 1 ? lower.first ?? narrow : narrow
    }

    /// Han, kana and hangul: written without blanks between words.
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3005...0x3007, 0x3041...0x3096, 0x3099...0x309F, 0x30A1...0x30FA, 0x30FC...0x30FF, 0x3400...0x4DBF,
            0x4E00...0x9FFF, 0xAC00...0xD7AF, 0xF900...0xFAFF, 0x20000...0x323AF:
            true
        default: false
        }
    }
}
