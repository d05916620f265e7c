/// One of SQLite's five storage classes with its content.
package enum Value: Sendable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

/// What can stand in `\( )` inside an `SQL` literal. Enumerations and other types with a raw value need only name the
/// protocol.
package protocol Bindable {
    var value: Value { get }
}

extension Value: Bindable {
    package var value: Value { self }
}

extension Int: Bindable {
    package var value: Value { .integer(Int64(self)) }
}

extension Int64: Bindable {
    package var value: Value { .integer(self) }
}

/// NaN is stored as NULL, for SQLite has no other place for it.
extension Double: Bindable {
    package var value: Value { .real(self) }
}

extension Bool: Bindable {
    package var value: Value { .integer(self ? 1 : 0) }
}

extension String: Bindable {
    package var value: Value { .text(self) }
}

extension [UInt8]: Bindable {
    package var value: Value { .blob(self) }
}

extension Optional: Bindable where Wrapped: Bindable {
    package var value: Value {
        switch self {
        case .some(let wrapped): wrapped.value
        case .none: .null
        }
    }
}

extension Bindable where Self: RawRepresentable, RawValue: Bindable {
    package var value: Value { rawValue.value }
}
