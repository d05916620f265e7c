/// JSON for our own `Codable` models: one pass into bytes, and back through a strict parser. Foundation's encoder takes
/// four times as long (perf.md 4.1) and its decoder cannot refuse duplicate or unknown names.
package enum JSON {
    /// An optional that is nil is written as null, so that clients see the same names every time.
    package static func encode<Content: Encodable>(_ content: Content) -> [UInt8] {
        let output = JSONOutput()
        do {
            try JSONEncoding(output: output).write(content)
        } catch {
            // Only a model's own `encode` can throw, and none of ours does.
            return Array("null".utf8)
        }
        return output.bytes
    }
}

extension JSON {
    /// A text as a value, for those who have no model for it.
    package static func parse(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSONValue { try JSONParser.parse(bytes) }
}

/// The encoder handed to a model: a view of the output. One word, so that `any Encoder` holds it without allocating;
/// it keeps no coding path, for none of our models looks at one.
struct JSONEncoding: Encoder {
    let output: JSONOutput
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// Writes a value and closes what it opened.
    func write<Content: Encodable>(_ content: Content) throws {
        let depth = output.depth
        let before = output.count
        try content.encode(to: self)
        output.close(to: depth)
        if output.count == before { output.null() }
    }

    func container<Key: CodingKey>(keyedBy: Key.Type) -> KeyedEncodingContainer<Key> {
        output.openObject()
        return KeyedEncodingContainer(JSONObjectEncoding(encoder: self, depth: output.depth))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        output.openArray()
        return JSONArrayEncoding(encoder: self, depth: output.depth)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { JSONValueEncoding(encoder: self) }
}

struct JSONObjectEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: JSONEncoding
    let depth: Int
    var codingPath: [any CodingKey] { encoder.codingPath }
    private var output: JSONOutput { encoder.output }

    init(encoder: JSONEncoding, depth: Int) {
        self.encoder = encoder
        self.depth = depth
    }

    private func name(_ key: Key) {
        output.close(to: depth)
        output.key(key.stringValue)
    }

    func encodeNil(forKey key: Key) {
        name(key)
        output.null()
    }
    func encode(_ value: Bool, forKey key: Key) {
        name(key)
        output.bool(value)
    }
    func encode(_ value: String, forKey key: Key) {
        name(key)
        output.string(value)
    }
    func encode(_ value: Double, forKey key: Key) {
        name(key)
        output.real(value)
    }
    func encode(_ value: Int, forKey key: Key) {
        name(key)
        output.integer(Int64(value))
    }
    func encode(_ value: Int64, forKey key: Key) {
        name(key)
        output.integer(value)
    }
    func encode<Content: Encodable>(_ value: Content, forKey key: Key) throws {
        name(key)
        // The commonest of our own types, without a container and a string for each.
        if Content.self == Timestamp.self { return output.time(unsafeBitCast(value, to: Timestamp.self)) }
        try encoder.write(value)
    }

    func encodeIfPresent(_ value: Bool?, forKey key: Key) {
        if let value { encode(value, forKey: key) } else { encodeNil(forKey: key) }
    }
    func encodeIfPresent(_ value: String?, forKey key: Key) {
        if let value { encode(value, forKey: key) } else { encodeNil(forKey: key) }
    }
    func encodeIfPresent(_ value: Double?, forKey key: Key) {
        if let value { encode(value, forKey: key) } else { encodeNil(forKey: key) }
    }
    func encodeIfPresent(_ value: Int?, forKey key: Key) {
        if let value { encode(value, forKey: key) } else { encodeNil(forKey: key) }
    }
    func encodeIfPresent(_ value: Int64?, forKey key: Key) {
        if let value { encode(value, forKey: key) } else { encodeNil(forKey: key) }
    }
    func encodeIfPresent<Content: Encodable>(_ value: Content?, forKey key: Key) throws {
        if let value { try encode(value, forKey: key) } else { encodeNil(forKey: key) }
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        name(key)
        return encoder.container(keyedBy: Nested.self)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        name(key)
        return encoder.unkeyedContainer()
    }

    func superEncoder() -> any Encoder { encoder }
    func superEncoder(forKey key: Key) -> any Encoder {
        name(key)
        return encoder
    }
}

struct JSONArrayEncoding: UnkeyedEncodingContainer {
    let encoder: JSONEncoding
    let depth: Int
    private(set) var count = 0
    var codingPath: [any CodingKey] { encoder.codingPath }
    private var output: JSONOutput { encoder.output }

    init(encoder: JSONEncoding, depth: Int) {
        self.encoder = encoder
        self.depth = depth
    }

    private mutating func next() {
        output.close(to: depth)
        count += 1
    }

    mutating func encodeNil() {
        next()
        output.null()
    }
    mutating func encode(_ value: String) {
        next()
        output.string(value)
    }
    mutating func encode(_ value: Int64) {
        next()
        output.integer(value)
    }
    mutating func encode<Content: Encodable>(_ value: Content) throws {
        next()
        try encoder.write(value)
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy: Nested.Type) -> KeyedEncodingContainer<Nested> {
        next()
        return encoder.container(keyedBy: Nested.self)
    }
    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        next()
        return encoder.unkeyedContainer()
    }
    mutating func superEncoder() -> any Encoder {
        next()
        return encoder
    }
}

struct JSONValueEncoding: SingleValueEncodingContainer {
    let encoder: JSONEncoding
    var codingPath: [any CodingKey] { encoder.codingPath }
    private var output: JSONOutput { encoder.output }

    init(encoder: JSONEncoding) { self.encoder = encoder }

    func encodeNil() { output.null() }
    func encode(_ value: Bool) { output.bool(value) }
    func encode(_ value: String) { output.string(value) }
    func encode(_ value: Double) { output.real(value) }
    func encode(_ value: Float) { output.real(Double(value)) }
    func encode(_ value: Int) { output.integer(Int64(value)) }
    func encode(_ value: Int8) { output.integer(Int64(value)) }
    func encode(_ value: Int16) { output.integer(Int64(value)) }
    func encode(_ value: Int32) { output.integer(Int64(value)) }
    func encode(_ value: Int64) { output.integer(value) }
    func encode(_ value: UInt) { output.unsigned(UInt64(value)) }
    func encode(_ value: UInt8) { output.unsigned(UInt64(value)) }
    func encode(_ value: UInt16) { output.unsigned(UInt64(value)) }
    func encode(_ value: UInt32) { output.unsigned(UInt64(value)) }
    func encode(_ value: UInt64) { output.unsigned(value) }
    func encode<Content: Encodable>(_ value: Content) throws { try encoder.write(value) }
}
