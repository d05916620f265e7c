import HTTP

/// The decoder handed to a model: one value and the way to it, spelled out only when a fault is found there. A class,
/// so that `any Decoder` holds it in one word and its containers can mark the names that were asked for.
final class JSONDecoding: Decoder {
    /// From the parent to this value.
    enum Step {
        case root
        case name(String)
        case index(Int)
    }

    let value: JSONValue
    let faults: JSONFaults
    let members: [JSONValue.Member]
    private let parent: JSONDecoding?
    private let step: Step
    private var asked: [Bool]
    /// Where the next name is looked for first: fields mostly come in the model's order.
    private var expected = 0
    private var keyType: (any CodingKey.Type)?

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    convenience init(_ value: JSONValue, faults: JSONFaults) {
        self.init(value, faults: faults, parent: nil, step: .root)
    }

    private init(_ value: JSONValue, faults: JSONFaults, parent: JSONDecoding?, step: Step) {
        self.value = value
        self.faults = faults
        self.parent = parent
        self.step = step
        if case .object(let members) = value { self.members = members } else { members = [] }
        asked = members.isEmpty ? [] : Array(repeating: false, count: members.count)
    }

    func child(_ step: Step, _ value: JSONValue) -> JSONDecoding {
        JSONDecoding(value, faults: faults, parent: self, step: step)
    }

    func pointer(_ step: Step) -> String {
        switch step {
        case .root: pointer
        case .name(let name): JSONPointer.child(pointer, name)
        case .index(let index): "\(pointer)/\(index)"
        }
    }

    var pointer: String { parent?.pointer(step) ?? "" }

    // MARK: - Containers

    func container<Key: CodingKey>(keyedBy: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object = value else { throw refused(.object) }
        keyType = Key.self
        return KeyedDecodingContainer(JSONObjectDecoding<Key>(decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let items) = value else { throw refused(.array) }
        return JSONArrayDecoding(items: items, decoder: self)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    private func refused(_ expectation: JSONExpectation) -> JSONNoted {
        faults.addStandIn(pointer, expectation.wording)
        return JSONNoted()
    }

    // MARK: - Members

    /// The member of that name, which is marked as asked for.
    func member(_ name: String) -> JSONValue? {
        var index = expected
        for _ in 0..<members.count {
            if index >= members.count { index = 0 }
            if members[index].name == name {
                expected = index + 1
                asked[index] = true
                return members[index].value
            }
            index += 1
        }
        return nil
    }

    /// A model that walks over all names, as a dictionary does, knows them all.
    func askForAll() { for index in asked.indices { asked[index] = true } }

    /// - Parameter isComplete: whether the model asked for all it wants. One that gave up did not: then its key type
    ///   says which names it would have known.
    private func refuseUnasked(isComplete: Bool) {
        for index in members.indices where !asked[index] {
            let name = members[index].name
            if !isComplete, let keyType, keyType.init(stringValue: name) != nil { continue }
            if !isComplete, keyType == nil { continue }
            faults.add(pointer(.name(name)), JSONPointer.unknown)
        }
    }

    // MARK: - Values

    /// Decodes a model, noting what it refuses.
    func model<Content: Decodable>(_: Content.Type) throws -> Content {
        let before = faults.standIns
        do {
            let content = try Content(from: self)
            refuseUnasked(isComplete: true)
            return content
        } catch {
            refuseUnasked(isComplete: false)
            if !(error is JSONNoted), faults.standIns == before {
                faults.add(pointer, error, refusing: Content.self)
            }
            if let type = Content.self as? any JSONStandIn.Type, let content = type.standIn as? Content {
                return content
            }
            if let type = Content.self as? any CaseIterable.Type, let content = Self.first(of: type) as? Content {
                return content
            }
            throw JSONNoted()
        }
    }

    private static func first<Choice: CaseIterable>(of: Choice.Type) -> Choice? { Choice.allCases.first }

    /// A scalar at `step`; one that is missing or of another type is noted and stood in for.
    func scalar<Content>(
        _ step: Step, _ value: JSONValue?, _ expectation: JSONExpectation, _ content: Content?, standIn: Content
    ) -> Content {
        if let content { return content }
        faults.addStandIn(pointer(step), value == nil ? JSONPointer.missing : expectation.wording)
        return standIn
    }
}

/// RFC 6901.
enum JSONPointer {
    static let missing = Wording(zh: "缺少该字段", en: "is missing")
    static let unknown = Wording(zh: "没有这个字段", en: "is not a field here")

    /// §3: `~` and `/` are escaped.
    static func child(_ pointer: String, _ name: String) -> String { "\(pointer)/\(escape(name))" }

    static func escape(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return name }
        return name.reduce(into: "") { $0 += $1 == "~" ? "~0" : $1 == "/" ? "~1" : String($1) }
    }
}

extension JSONDecoding: SingleValueDecodingContainer {
    func decodeNil() -> Bool { value == .null }
    func decode(_: Bool.Type) -> Bool { scalar(.root, value, .flag, value.flag, standIn: false) }
    func decode(_: String.Type) -> String { scalar(.root, value, .text, value.text, standIn: "") }
    func decode(_: Double.Type) -> Double { scalar(.root, value, .number, value.number, standIn: 0) }
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
        scalar(.root, value, .integer, value.integer(), standIn: 0)
    }
}
