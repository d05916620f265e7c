package import HTTP

/// Everything wrong with a body, by RFC 6901 pointers.
package struct JSONDecodingFailure: Error, Sendable, Equatable {
    package var faults: [Problem.Fault]
}

/// Thrown by a type's own `init(from:)` for a value that is well-formed but means nothing, with what a caller is told.
package struct JSONRefusal: Error, Sendable {
    package var wording: Wording

    package init(_ wording: Wording) { self.wording = wording }
}

/// A value that takes the place of one that could not be read, so that the fields behind it are looked at too. Nobody
/// ever sees it: the decoding fails in the end.
package protocol JSONStandIn {
    static var standIn: Self { get }
}

extension Array: JSONStandIn {
    package static var standIn: [Element] { [] }
}

extension JSON {
    /// Reads a model from a text. Names the model does not have are refused, so that a typo loses nothing silently.
    /// - Throws: every fault that could be found at once: all unknown, missing and mistyped fields of an object, as far
    ///   as no required object before them is broken itself.
    package static func decode<Content: Decodable>(
        _: Content.Type, from bytes: [UInt8], limits: JSONLimits = JSONLimits()
    ) throws(JSONDecodingFailure) -> Content {
        let value: JSONValue
        do { value = try JSONParser.parse(bytes, limits: limits) } catch {
            throw JSONDecodingFailure(faults: [.init(error.pointer, error.wording)])
        }
        let faults = JSONFaults()
        let content = try? JSONDecoding(value, faults: faults).model(Content.self)
        guard let content, faults.all.isEmpty else { throw JSONDecodingFailure(faults: faults.all) }
        return content
    }
}

/// Thrown where decoding cannot go on; the fault is in the list already.
struct JSONNoted: Error {}

/// What a field was expected to hold.
enum JSONExpectation {
    case object, array, text, number, integer, flag

    var wording: Wording {
        switch self {
        case .object: Wording(zh: "应为对象", en: "must be an object")
        case .array: Wording(zh: "应为数组", en: "must be an array")
        case .text: Wording(zh: "应为文本", en: "must be a text")
        case .number: Wording(zh: "应为数字", en: "must be a number")
        case .integer: Wording(zh: "应为整数", en: "must be an integer")
        case .flag: Wording(zh: "应为布尔值", en: "must be true or false")
        }
    }
}

/// The faults met so far.
final class JSONFaults {
    /// Faults reported at the most.
    static let countMax = 50

    private(set) var all: [Problem.Fault] = []
    /// Values replaced by a stand-in. A model that refuses one of those has no fault of its own.
    private(set) var standIns = 0

    /// The first fault at a place says most.
    func add(_ pointer: String, _ wording: Wording) {
        guard all.count < Self.countMax, !all.contains(where: { $0.pointer == pointer }) else { return }
        all.append(.init(pointer, wording))
    }

    func addStandIn(_ pointer: String, _ wording: Wording) {
        standIns += 1
        add(pointer, wording)
    }

    /// A value that a model's own `init(from:)` refused.
    func add<Content>(_ pointer: String, _ error: any Error, refusing: Content.Type) {
        standIns += 1
        if let refusal = error as? JSONRefusal { return add(pointer, refusal.wording) }
        if let choice = Content.self as? any CaseIterable.Type {
            let names = Self.names(of: choice)
            return add(pointer, Wording(zh: "应为以下之一：\(names)", en: "must be one of \(names)"))
        }
        add(pointer, Wording(zh: "值无效", en: "is not a valid value"))
    }

    private static func names<Choice: CaseIterable>(of: Choice.Type) -> String {
        Choice.allCases.map { choice in
            guard let choice = choice as? any RawRepresentable else { return "\(choice)" }
            return name(of: choice)
        }.joined(separator: ", ")
    }

    private static func name<Choice: RawRepresentable>(of choice: Choice) -> String { "\(choice.rawValue)" }
}
