/// One of SQLite's five storage classes with its content.
@usableFromInline package enum Value: Sendable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

/// What can stand in `\( )` inside an `SQL` literal. Enumerations and other types with a raw value need only name the
/// protocol.
@usableFromInline package protocol Bindable {
    var value: Value { get }
}

extension Value: Bindable {
    @inlinable package var value: Value { self }
}

extension Int: Bindable {
    @inlinable package var value: Value { .integer(Int64(self)) }
}

extension Int64: Bindable {
    @inlinable package var value: Value { .integer(self) }
}

/// NaN is stored as NULL, for SQLite has no other place for it.
extension Double: Bindable {
    @inlinable package var value: Value { .real(self) }
}

extension Bool: Bindable {
    @inlinable package var value: Value { .integer(self ? 1 : 0) }
}

extension String: Bindable {
    @inlinable package var value: Value { .text(self) }
}

extension [UInt8]: Bindable {
    @inlinable package var value: Value { .blob(self) }
}

extension Optional: Bindable where Wrapped: Bindable {
    @inlinable package var value: Value {
        switch self {
        case .some(let wrapped): wrapped.value
        case .none: .null
        }
    }
}

extension Bindable where Self: RawRepresentable, RawValue: Bindable {
    @inlinable package var value: Value { rawValue.value }
}
