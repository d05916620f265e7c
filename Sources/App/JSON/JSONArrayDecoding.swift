struct JSONArrayDecoding: UnkeyedDecodingContainer {
    let items: [JSONValue]
    let decoder: JSONDecoding
    private(set) var currentIndex = 0
    var codingPath: [any CodingKey] { [] }
    var count: Int? { items.count }
    var isAtEnd: Bool { currentIndex >= items.count }

    init(items: [JSONValue], decoder: JSONDecoding) {
        self.items = items
        self.decoder = decoder
    }

    /// Behind the end stands null.
    private mutating func next() -> JSONDecoding {
        let index = currentIndex
        currentIndex += 1
        return decoder.child(.index(index), index < items.count ? items[index] : .null)
    }

    mutating func decodeNil() -> Bool {
        guard !isAtEnd, items[currentIndex] == .null else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Content: Decodable>(_ type: Content.Type) throws -> Content { try next().model(type) }
    mutating func nestedContainer<Nested: CodingKey>(keyedBy: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
        try next().container(keyedBy: Nested.self)
    }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }
    mutating func superDecoder() -> any Decoder { next() }
}
