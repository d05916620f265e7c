/// A statement, or a piece of one, and the values bound to it.
///
/// Its text can only come from literals: `\(value)` writes a `?` and binds, `\(raw:)` takes a `StaticString`, and
/// `\(fragment)` takes another `SQL`. Text made at run time therefore cannot become SQL, and the text of an `SQL` can be
/// logged, for it holds no one's data.
///
///     let page: SQL = "SELECT \(raw: columns) FROM station WHERE parent = \(parent) AND id > \(after) LIMIT \(limit)"
@usableFromInline package struct SQL: ExpressibleByStringInterpolation, Sendable {
    /// What the text is made of. Kept apart so that a statement that is compiled already is found by where its literals
    /// lie, and its text is put together only for SQLite and for errors.
    private(set) var pieces: [StaticString]
    package private(set) var bindings: [Value]

    /// UTF-8.
    var utf8: [UInt8] { pieces.flatMap { UnsafeBufferPointer(start: $0.utf8Start, count: $0.utf8CodeUnitCount) } }

    package var text: String { String(decoding: utf8, as: UTF8.self) }

    @usableFromInline package init(stringLiteral text: StaticString) {
        pieces = [text]
        bindings = []
    }

    @usableFromInline package init(stringInterpolation: StringInterpolation) {
        pieces = stringInterpolation.pieces
        bindings = stringInterpolation.bindings
    }

    @usableFromInline package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var pieces: [StaticString] = []
        fileprivate var bindings: [Value] = []

        @usableFromInline package init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(2 * interpolationCount + 1)
            bindings.reserveCapacity(interpolationCount)
        }

        @usableFromInline package mutating func appendLiteral(_ literal: StaticString) { pieces.append(literal) }

        package mutating func appendInterpolation(raw: StaticString) { pieces.append(raw) }

        package mutating func appendInterpolation(_ fragment: SQL) {
            pieces.append(contentsOf: fragment.pieces)
            bindings.append(contentsOf: fragment.bindings)
        }

        @inlinable package mutating func appendInterpolation(_ value: some Bindable) { bind(value.value) }

        /// With only the method above the compiler takes an optional for an oversight and warns.
        @inlinable package mutating func appendInterpolation(_ value: (some Bindable)?) { bind(value.value) }

        @usableFromInline mutating func bind(_ value: Value) {
            pieces.append("?")
            bindings.append(value)
        }
    }

    package static func + (left: SQL, right: SQL) -> SQL {
        var sum = left
        sum += right
        return sum
    }

    package static func += (left: inout SQL, right: SQL) {
        left.pieces.append(contentsOf: right.pieces)
        left.bindings.append(contentsOf: right.bindings)
    }

    /// The parts one after another, with `separator` between them: `SQL.joined(conditions, separator: " AND ")`.
    package static func joined(_ parts: some Sequence<SQL>, separator: StaticString) -> SQL {
        var joined: SQL = ""
        for (index, part) in parts.enumerated() {
            if index > 0 { joined.pieces.append(separator) }
            joined += part
        }
        return joined
    }
}
