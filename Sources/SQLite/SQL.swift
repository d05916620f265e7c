/// A statement, or a piece of one, and the values bound to it.
///
/// Its text can only come from literals: `\(value)` writes a `?` and binds, `\(raw:)` takes a `StaticString`, and
/// `\(fragment)` takes another `SQL`. Text made at run time therefore cannot become SQL, and the text of an `SQL` can be
/// logged, for it holds no one's data.
///
///     let page: SQL = "SELECT \(raw: columns) FROM station WHERE parent = \(parent) AND id > \(after) LIMIT \(limit)"
@usableFromInline package struct SQL: ExpressibleByStringInterpolation, Sendable {
    /// UTF-8. Kept as bytes so that a literal's bytes are copied once and the statement cache compares memory.
    package private(set) var utf8: [UInt8]
    package private(set) var bindings: [Value]

    package var text: String { String(decoding: utf8, as: UTF8.self) }

    @usableFromInline package init(stringLiteral text: StaticString) {
        utf8 = []
        bindings = []
        utf8.append(text)
    }

    @usableFromInline package init(stringInterpolation: StringInterpolation) {
        utf8 = stringInterpolation.utf8
        bindings = stringInterpolation.bindings
    }

    @usableFromInline package struct StringInterpolation: StringInterpolationProtocol {
        /// Room for what `\(raw:)` usually pastes, a list of columns, so that it seldom costs a second allocation.
        private static var roomForPastedText: Int { 128 }

        fileprivate var utf8: [UInt8] = []
        fileprivate var bindings: [Value] = []

        @usableFromInline package init(literalCapacity: Int, interpolationCount: Int) {
            utf8.reserveCapacity(literalCapacity + Self.roomForPastedText)
            bindings.reserveCapacity(interpolationCount)
        }

        @usableFromInline package mutating func appendLiteral(_ literal: StaticString) { utf8.append(literal) }

        package mutating func appendInterpolation(raw: StaticString) { utf8.append(raw) }

        package mutating func appendInterpolation(_ fragment: SQL) {
            utf8.append(contentsOf: fragment.utf8)
            bindings.append(contentsOf: fragment.bindings)
        }

        @inlinable package mutating func appendInterpolation(_ value: some Bindable) { bind(value.value) }

        /// With only the method above the compiler takes an optional for an oversight and warns.
        @inlinable package mutating func appendInterpolation(_ value: (some Bindable)?) { bind(value.value) }

        @usableFromInline mutating func bind(_ value: Value) {
            utf8.append(UInt8(ascii: "?"))
            bindings.append(value)
        }
    }

    package static func + (left: SQL, right: SQL) -> SQL {
        var sum = left
        sum += right
        return sum
    }

    package static func += (left: inout SQL, right: SQL) {
        left.utf8.append(contentsOf: right.utf8)
        left.bindings.append(contentsOf: right.bindings)
    }

    /// The parts one after another, with `separator` between them: `SQL.joined(conditions, separator: " AND ")`.
    package static func joined(_ parts: some Sequence<SQL>, separator: StaticString) -> SQL {
        var joined: SQL = ""
        for (index, part) in parts.enumerated() {
            if index > 0 { joined.utf8.append(separator) }
            joined += part
        }
        return joined
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { append(contentsOf: $0) }
    }
}
