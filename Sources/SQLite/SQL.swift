/// A statement and what it binds. An interpolated value is bound; only a `StaticString` can be pasted, by `\(raw:)`, so
/// no input ever becomes part of a statement's text.
package struct SQL: Sendable, ExpressibleByStringInterpolation {
    package struct StringInterpolation: StringInterpolationProtocol, Sendable {
        var text: String
        var bindings: [Value] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            text = ""
            text.reserveCapacity(literalCapacity + interpolationCount * 2)
            bindings.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) { text += literal }

        package mutating func appendInterpolation(_ bindable: some Bindable) {
            text += "?"
            bindings.append(bindable.value)
        }

        package mutating func appendInterpolation<Content: Bindable>(_ bindable: Content?) {
            text += "?"
            bindings.append(bindable?.value ?? .null)
        }

        package mutating func appendInterpolation(raw: StaticString) { text += "\(raw)" }

        package mutating func appendInterpolation(_ part: SQL) {
            text += part.text
            bindings += part.bindings
        }
    }

    package let text: String
    package let bindings: [Value]

    package init(stringLiteral text: String) { (self.text, bindings) = (text, []) }
    package init(stringInterpolation parts: StringInterpolation) { (text, bindings) = (parts.text, parts.bindings) }

    private init(text: String, bindings: [Value]) { (self.text, self.bindings) = (text, bindings) }

    /// The parts with `separator` between them; empty for no parts.
    package static func joined(_ parts: [SQL], separator: StaticString) -> SQL {
        SQL(text: parts.map(\.text).joined(separator: "\(separator)"), bindings: parts.flatMap(\.bindings))
    }

    /// `WHERE` and the conditions joined by AND; nothing for none.
    package static func filter(_ conditions: [SQL]) -> SQL {
        conditions.isEmpty ? "" : "WHERE \(joined(conditions, separator: " AND "))"
    }
}
