/// What an edit says of a field that stays as it is when the edit leaves it out. For such a field null is not the same
/// as nothing: it takes the value away.
package enum FieldChange<Value: Decodable & Sendable>: Decodable, Sendable {
    case unchanged
    case removed
    case set(Value)

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self = container.decodeNil() ? .removed : .set(try container.decode(Value.self))
    }

    /// For where there is nothing to say that a value goes.
    package init(_ value: Value?) { self = value.map { .set($0) } ?? .unchanged }

    /// The new value, where there is one.
    package var value: Value? { if case .set(let value) = self { value } else { nil } }
}

extension KeyedDecodingContainer {
    /// What synthesized decoding calls for such a field.
    package func decode<Value>(_: FieldChange<Value>.Type, forKey key: Key) throws -> FieldChange<Value> {
        guard contains(key) else { return .unchanged }
        return try decodeNil(forKey: key) ? .removed : .set(decode(Value.self, forKey: key))
    }
}
