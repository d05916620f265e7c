import HTTP

struct JSONObjectDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: JSONDecoding
    var codingPath: [any CodingKey] { [] }

    var allKeys: [Key] {
        decoder.askForAll()
        return decoder.members.compactMap { Key(stringValue: $0.name) }
    }

    func contains(_ key: Key) -> Bool { decoder.member(key.stringValue) != nil }

    func decodeNil(forKey key: Key) -> Bool { decoder.member(key.stringValue).map { $0 == .null } ?? true }

    func decode(_: Bool.Type, forKey key: Key) -> Bool {
        let value = decoder.member(key.stringValue)
        return decoder.scalar(.name(key.stringValue), value, .flag, value?.flag, standIn: false)
    }
    func decode(_: String.Type, forKey key: Key) -> String {
        let value = decoder.member(key.stringValue)
        return decoder.scalar(.name(key.stringValue), value, .text, value?.text, standIn: "")
    }
    func decode(_: Double.Type, forKey key: Key) -> Double {
        let value = decoder.member(key.stringValue)
        return decoder.scalar(.name(key.stringValue), value, .number, value?.number, standIn: 0)
    }
    func decode(_: Float.Type, forKey key: Key) -> Float { Float(decode(Double.self, forKey: key)) }
    func decode(_: Int.Type, forKey key: Key) -> Int { integer(key) }
    func decode(_: Int8.Type, forKey key: Key) -> Int8 { integer(key) }
    func decode(_: Int16.Type, forKey key: Key) -> Int16 { integer(key) }
    func decode(_: Int32.Type, forKey key: Key) -> Int32 { integer(key) }
    func decode(_: Int64.Type, forKey key: Key) -> Int64 { integer(key) }
    func decode(_: UInt.Type, forKey key: Key) -> UInt { integer(key) }
    func decode(_: UInt8.Type, forKey key: Key) -> UInt8 { integer(key) }
    func decode(_: UInt16.Type, forKey key: Key) -> UInt16 { integer(key) }
    func decode(_: UInt32.Type, forKey key: Key) -> UInt32 { integer(key) }
    func decode(_: UInt64.Type, forKey key: Key) -> UInt64 { integer(key) }

    private func integer<Number: FixedWidthInteger>(_ key: Key) -> Number {
        let value = decoder.member(key.stringValue)
        return decoder.scalar(.name(key.stringValue), value, .integer, value?.integer(), standIn: 0)
    }

    func decode<Content: Decodable>(_ type: Content.Type, forKey key: Key) throws -> Content {
        try child(key).model(type)
    }

    // A missing optional, one that is null and one whose fault is noted are all nil: decoding goes on behind them.

    func decodeIfPresent(_: Bool.Type, forKey key: Key) -> Bool? {
        isPresent(key) ? decode(Bool.self, forKey: key) : nil
    }
    func decodeIfPresent(_: String.Type, forKey key: Key) -> String? {
        isPresent(key) ? decode(String.self, forKey: key) : nil
    }
    func decodeIfPresent(_: Double.Type, forKey key: Key) -> Double? {
        isPresent(key) ? decode(Double.self, forKey: key) : nil
    }
    func decodeIfPresent(_: Int.Type, forKey key: Key) -> Int? { isPresent(key) ? integer(key) : nil }
    func decodeIfPresent(_: Int64.Type, forKey key: Key) -> Int64? { isPresent(key) ? integer(key) : nil }
    func decodeIfPresent<Content: Decodable>(_ type: Content.Type, forKey key: Key) -> Content? {
        guard let value = decoder.member(key.stringValue), value != .null else { return nil }
        return try? decoder.child(.name(key.stringValue), value).model(type)
    }

    private func isPresent(_ key: Key) -> Bool { !decodeNil(forKey: key) }

    /// - Throws: for a missing member of a type that cannot be stood in for; the fault is noted.
    private func child(_ key: Key) throws -> JSONDecoding {
        let step = JSONDecoding.Step.name(key.stringValue)
        if let value = decoder.member(key.stringValue) { return decoder.child(step, value) }
        decoder.faults.addStandIn(decoder.pointer(step), JSONPointer.missing)
        return decoder.child(step, .null)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { try child(key).container(keyedBy: Nested.self) }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try child(key).unkeyedContainer()
    }
    func superDecoder() -> any Decoder { decoder }
    func superDecoder(forKey key: Key) throws -> any Decoder { try child(key) }
}
