/// A field that may be null and may not be missing: the sender has to say which.
@propertyWrapper
package struct Stated<Value: Decodable & Sendable>: Decodable, Sendable {
    package var wrappedValue: Value?

    package init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        wrappedValue = container.decodeNil() ? nil : try container.decode(Value.self)
    }
}
