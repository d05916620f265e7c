/// One of SQLite's storage classes.
package enum Value: Sendable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

/// What may stand in `\( )` of an `SQL` literal: it is bound, never pasted.
package protocol Bindable {
    var value: Value { get }
}

extension Int: Bindable { package var value: Value { .integer(Int64(self)) } }
extension Int64: Bindable { package var value: Value { .integer(self) } }
extension Double: Bindable { package var value: Value { .real(self) } }
extension Bool: Bindable { package var value: Value { .integer(self ? 1 : 0) } }
extension String: Bindable { package var value: Value { .text(self) } }
extension [UInt8]: Bindable { package var value: Value { .blob(self) } }
extension Optional: Bindable where Wrapped: Bindable {
    package var value: Value { self?.value ?? .null }
}
extension RawRepresentable where Self: Bindable, RawValue: Bindable {
    package var value: Value { rawValue.value }
}
