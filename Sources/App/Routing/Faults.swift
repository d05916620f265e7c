package import HTTP

/// The faults found in one body or query, gathered so that the caller learns of all of them at once.
package struct Faults: Sendable {
    package private(set) var all: [Problem.Fault] = []

    package init() {}

    package mutating func add(_ pointer: String, _ zh: String, _ en: String) {
        all.append(Problem.Fault(pointer, Wording(zh: zh, en: en)))
    }

    /// A text of `range` characters without control characters other than line breaks and tabs, of which something is
    /// seen where there must be any.
    package mutating func text(_ pointer: String, _ text: String, _ range: ClosedRange<Int>) {
        guard Text.fits(text, range) else {
            return add(
                pointer, "长度应为 \(range.lowerBound)–\(range.upperBound) 个字符",
                "must have \(range.lowerBound) to \(range.upperBound) characters")
        }
        if Text.hasControl(text) {
            return add(pointer, "不能包含控制字符", "must not contain control characters")
        }
        if range.lowerBound > 0, Text.isBlank(text) {
            add(pointer, "不能为空白", "must not be blank")
        }
    }

    package mutating func text(_ pointer: String, _ text: String?, _ range: ClosedRange<Int>) {
        guard let text else { return }
        self.text(pointer, text, range)
    }

    package mutating func number<Number: BinaryInteger>(
        _ pointer: String, _ number: Number, _ range: ClosedRange<Number>
    ) {
        guard !range.contains(number) else { return }
        add(
            pointer, "应在 \(range.lowerBound) 到 \(range.upperBound) 之间",
            "must be between \(range.lowerBound) and \(range.upperBound)")
    }

    /// - Throws: `Problem.Kind.invalid` naming every fault.
    package func check() throws(Problem) {
        guard !all.isEmpty else { return }
        throw Problem(.invalid, faults: all)
    }
}
