package import HTTP

/// Everything wrong with a body, by RFC 6901 pointers.
package struct JSONDecodingFailure: Error, Sendable {
    package var faults: [Problem.Fault]
}

extension JSON {
    /// Reads a model from a text. Names the model does not have are refused, so that a typo loses nothing silently; all
    /// faults are gathered before the failure is thrown.
    package static func decode<Content: Decodable>(
        _: Content.Type, from bytes: [UInt8], limits: JSONLimits = JSONLimits()
    ) throws(JSONDecodingFailure) -> Content {
        let value: JSONValue
        do { value = try JSONParser.parse(bytes, limits: limits) } catch {
            throw JSONDecodingFailure(faults: [.init("", error.wording)])
        }
        let faults = JSONFaults()
        let content: Content?
        do { content = try Content(from: JSONDecoding(value: value, pointer: "", faults: faults)) } catch {
            faults.note(error, at: "")
            content = nil
        }
        guard let content, faults.all.isEmpty else { throw JSONDecodingFailure(faults: faults.all) }
        return content
    }
}

extension JSONSyntaxError {
    var wording: Wording {
        switch reason {
        case .syntax: Wording(zh: "第 \(offset) 字节处不是合法的 JSON", en: "is not JSON at byte \(offset)")
        case .depth: Wording(zh: "嵌套过深", en: "is nested too deeply")
        case .size: Wording(zh: "内容过多", en: "has too many values")
        case .duplicateName: Wording(zh: "第 \(offset) 字节处字段名重复", en: "has a name twice at byte \(offset)")
        case .loneSurrogate: Wording(zh: "含有不成对的代理字符", en: "has a lone surrogate")
        case .nul: Wording(zh: "不能包含 NUL 字符", en: "must not contain NUL")
        case .number: Wording(zh: "数字超出范围", en: "has a number out of range")
        case .encoding: Wording(zh: "不是合法的 UTF-8", en: "is not UTF-8")
        }
    }
}

/// The faults met so far. A scalar of the wrong type is noted and stood in for, so that the rest is looked at too.
final class JSONFaults {
    /// Faults reported at the most.
    private static let countMax = 50
    private(set) var all: [Problem.Fault] = []

    func add(_ pointer: String, _ zh: String, _ en: String) {
        guard all.count < Self.countMax, !all.contains(where: { $0.pointer == pointer }) else { return }
        all.append(.init(pointer, Wording(zh: zh, en: en)))
    }

    /// A value that a model's own `init(from:)` refused.
    func note(_ error: any Error, at pointer: String) {
        if error is JSONNoted { return }
        add(pointer, "值无效", "is not a valid value")
    }
}

/// Thrown where decoding cannot go on; the fault is in the list already.
struct JSONNoted: Error {}

struct JSONDecoding: Decoder {
    let value: JSONValue
    let pointer: String
    let faults: JSONFaults
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = value else {
            faults.add(pointer, "应为对象", "must be an object")
            throw JSONNoted()
        }
        for member in members where Key(stringValue: member.name) == nil {
            faults.add(JSONDecoding.child(pointer, member.name), "没有这个字段", "is not a field here")
        }
        return KeyedDecodingContainer(JSONObjectDecoding(members: members, decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let items) = value else {
            faults.add(pointer, "应为数组", "must be an array")
            throw JSONNoted()
        }
        return JSONArrayDecoding(items: items, decoder: self)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    func at(_ name: String, _ value: JSONValue) -> JSONDecoding {
        JSONDecoding(value: value, pointer: Self.child(pointer, name), faults: faults)
    }

    /// RFC 6901 §3: `~` and `/` are escaped.
    static func child(_ pointer: String, _ name: String) -> String {
        let escaped = name.flatMap { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) }
        return "\(pointer)/\(String(escaped))"
    }

    /// Decodes a nested model, noting what it refuses.
    func model<Content: Decodable>(_: Content.Type) throws -> Content {
        do { return try Content(from: self) } catch {
            if !(error is JSONNoted), let allowed = Self.allowedValues(Content.self) {
                faults.add(pointer, "应为以下之一：\(allowed)", "must be one of \(allowed)")
            }
            faults.note(error, at: pointer)
            throw JSONNoted()
        }
    }

    private static func allowedValues<Content>(_: Content.Type) -> String? {
        guard let type = Content.self as? any CaseIterable.Type else { return nil }
        return names(of: type)
    }

    private static func names<Choice: CaseIterable>(of: Choice.Type) -> String {
        Choice.allCases.map { "\($0)" }.joined(separator: ", ")
    }
}

extension JSONDecoding: SingleValueDecodingContainer {
    func decodeNil() -> Bool { value == .null }

    private func mistyped<Content>(_ zh: String, _ en: String, _ standIn: Content) -> Content {
        faults.add(pointer, zh, en)
        return standIn
    }

    func decode(_: Bool.Type) -> Bool {
        if case .bool(let flag) = value { return flag }
        return mistyped("应为布尔值", "must be true or false", false)
    }
    func decode(_: String.Type) -> String {
        if case .string(let text) = value { return text }
        return mistyped("应为文本", "must be a text", "")
    }
    func decode(_: Double.Type) -> Double {
        switch value {
        case .real(let number): return number
        case .integer(let number): return Double(number)
        default: return mistyped("应为数字", "must be a number", 0)
        }
    }
    func decode(_: Float.Type) -> Float { Float(decode(Double.self)) }
    func decode(_: Int.Type) -> Int { integer() }
    func decode(_: Int8.Type) -> Int8 { integer() }
    func decode(_: Int16.Type) -> Int16 { integer() }
    func decode(_: Int32.Type) -> Int32 { integer() }
    func decode(_: Int64.Type) -> Int64 { integer() }
    func decode(_: UInt.Type) -> UInt { integer() }
    func decode(_: UInt8.Type) -> UInt8 { integer() }
    func decode(_: UInt16.Type) -> UInt16 { integer() }
    func decode(_: UInt32.Type) -> UInt32 { integer() }
    func decode(_: UInt64.Type) -> UInt64 { integer() }
    func decode<Content: Decodable>(_ type: Content.Type) throws -> Content { try model(type) }

    private func integer<Number: FixedWidthInteger>() -> Number {
        if case .integer(let number) = value, let exact = Number(exactly: number) { return exact }
        return mistyped("应为整数", "must be an integer", 0)
    }
}

struct JSONObjectDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let members: [JSONValue.Member]
    let decoder: JSONDecoding
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { members.compactMap { Key(stringValue: $0.name) } }

    private func find(_ key: Key) -> JSONValue? { members.first { $0.name == key.stringValue }?.value }

    func contains(_ key: Key) -> Bool { find(key) != nil }

    func decodeNil(forKey key: Key) -> Bool { find(key).map { $0 == .null } ?? true }

    /// A missing field of a scalar type is noted and stood in for, like a mistyped one.
    private func child(_ key: Key) -> JSONDecoding {
        if let value = find(key) { return decoder.at(key.stringValue, value) }
        decoder.faults.add(JSONDecoding.child(decoder.pointer, key.stringValue), "缺少该字段", "is missing")
        return decoder.at(key.stringValue, .null)
    }

    func decode(_: Bool.Type, forKey key: Key) -> Bool { child(key).decode(Bool.self) }
    func decode(_: String.Type, forKey key: Key) -> String { child(key).decode(String.self) }
    func decode(_: Double.Type, forKey key: Key) -> Double { child(key).decode(Double.self) }
    func decode(_: Float.Type, forKey key: Key) -> Float { child(key).decode(Float.self) }
    func decode(_: Int.Type, forKey key: Key) -> Int { child(key).decode(Int.self) }
    func decode(_: Int8.Type, forKey key: Key) -> Int8 { child(key).decode(Int8.self) }
    func decode(_: Int16.Type, forKey key: Key) -> Int16 { child(key).decode(Int16.self) }
    func decode(_: Int32.Type, forKey key: Key) -> Int32 { child(key).decode(Int32.self) }
    func decode(_: Int64.Type, forKey key: Key) -> Int64 { child(key).decode(Int64.self) }
    func decode(_: UInt.Type, forKey key: Key) -> UInt { child(key).decode(UInt.self) }
    func decode(_: UInt8.Type, forKey key: Key) -> UInt8 { child(key).decode(UInt8.self) }
    func decode(_: UInt16.Type, forKey key: Key) -> UInt16 { child(key).decode(UInt16.self) }
    func decode(_: UInt32.Type, forKey key: Key) -> UInt32 { child(key).decode(UInt32.self) }
    func decode(_: UInt64.Type, forKey key: Key) -> UInt64 { child(key).decode(UInt64.self) }
    func decode<Content: Decodable>(_ type: Content.Type, forKey key: Key) throws -> Content {
        try child(key).model(type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { try child(key).container(keyedBy: Nested.self) }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try child(key).unkeyedContainer()
    }
    func superDecoder() -> any Decoder { decoder }
    func superDecoder(forKey key: Key) -> any Decoder { child(key) }
}

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

    private mutating func next() -> JSONDecoding {
        let index = currentIndex
        currentIndex += 1
        return decoder.at(String(index), index < items.count ? items[index] : .null)
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
