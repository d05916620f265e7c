package import App

/// Checks JSON against the part of JSON Schema 2020-12 that openapi.yaml uses. Stricter than the standard in one thing: a
/// name the schema does not list is a fault, because what is served must be written down.
package struct OpenAPISchema: Sendable {
    /// What this understands; a schema with any other keyword would promise what nobody checks.
    package static let keywords: Set<String> = [
        "$ref", "type", "enum", "anyOf", "required", "properties", "additionalProperties", "items", "minItems",
        "maxItems",
        "minLength", "maxLength", "pattern", "format", "minimum", "maximum",
    ]
    /// What says nothing about an answer: words for people, and rules for request bodies.
    package static let annotations: Set<String> = [
        "description", "examples", "default", "uniqueItems", "minProperties", "maxProperties",
    ]

    private let document: OpenAPI

    package init(document: OpenAPI) { self.document = document }

    /// Faults as `pointer what`; empty for a value that fits.
    package func faults(of value: JSONValue, against schema: YAMLNode, at pointer: String = "") -> [String] {
        if let reference = schema["$ref"]?.text {
            guard let target = document.resolve(reference) else {
                return ["\(pointer) has a schema that is nowhere: \(reference)"]
            }
            return faults(of: value, against: target, at: pointer)
        }
        if let choices = schema["anyOf"]?.items {
            let attempts = choices.map { faults(of: value, against: $0, at: pointer) }
            return attempts.min { $0.count < $1.count } ?? []
        }
        let types = schema["type"].map { node in node.text.map { [$0] } ?? node.texts } ?? []
        guard types.isEmpty || types.contains(where: { Self.isOf($0, value) }) else {
            return ["\(pointer) is \(Self.name(of: value)), not \(types.joined(separator: " or "))"]
        }
        if let choices = schema["enum"]?.items, !choices.contains(where: { Self.equal($0, value) }) {
            return ["\(pointer) is not among the values of its enum"]
        }
        switch value {
        case .null, .bool: return []
        case .integer(let number): return Self.bounds(Double(number), schema, pointer)
        case .real(let number): return Self.bounds(number, schema, pointer)
        case .string(let text): return Self.textFaults(text, schema, pointer)
        case .array(let items): return arrayFaults(items, schema, pointer)
        case .object(let members): return objectFaults(members, schema, pointer)
        }
    }

    private func arrayFaults(_ values: [JSONValue], _ schema: YAMLNode, _ pointer: String) -> [String] {
        var faults = Self.count(values.count, schema["minItems"], schema["maxItems"], "items", pointer)
        guard let items = schema["items"] else { return faults }
        for (index, value) in values.enumerated() {
            faults += self.faults(of: value, against: items, at: "\(pointer)/\(index)")
        }
        return faults
    }

    private func objectFaults(_ members: [JSONValue.Member], _ schema: YAMLNode, _ pointer: String) -> [String] {
        let properties = schema["properties"]?.members ?? [:]
        var faults = (schema["required"]?.texts ?? [])
            .filter { name in !members.contains { $0.name == name } }
            .map { "\(pointer)/\($0) is missing" }
        for member in members {
            let place = "\(pointer)/\(member.name)"
            if let property = properties[member.name] {
                faults += self.faults(of: member.value, against: property, at: place)
            } else if case .mapping? = schema["additionalProperties"], let others = schema["additionalProperties"] {
                faults += self.faults(of: member.value, against: others, at: place)
            } else {
                faults.append("\(place) is not in the schema")
            }
        }
        return faults
    }

    private static func textFaults(_ text: String, _ schema: YAMLNode, _ pointer: String) -> [String] {
        var faults = count(text.count, schema["minLength"], schema["maxLength"], "characters", pointer)
        if let pattern = schema["pattern"]?.text {
            let isMatched = (try? Regex(pattern)).map { text.contains($0) } ?? false
            if !isMatched { faults.append("\(pointer) does not match \(pattern)") }
        }
        switch schema["format"]?.text {
        case "date-time" where Timestamp(text).map(\.description) != text:
            faults.append("\(pointer) is not a time with +08:00")
        case "date" where CivilDate(text) == nil: faults.append("\(pointer) is not a date")
        default: break
        }
        return faults
    }

    private static func bounds(_ number: Double, _ schema: YAMLNode, _ pointer: String) -> [String] {
        var faults: [String] = []
        if let least = schema["minimum"]?.text.flatMap(Double.init), number < least {
            faults.append("\(pointer) is below \(least)")
        }
        if let most = schema["maximum"]?.text.flatMap(Double.init), number > most {
            faults.append("\(pointer) is above \(most)")
        }
        return faults
    }

    private static func count(
        _ count: Int, _ least: YAMLNode?, _ most: YAMLNode?, _ what: String, _ pointer: String
    ) -> [String] {
        let isFew = least?.integer.map { count < $0 } ?? false
        let isMany = most?.integer.map { count > $0 } ?? false
        return isFew || isMany ? ["\(pointer) has \(count) \(what)"] : []
    }

    private static func isOf(_ type: String, _ value: JSONValue) -> Bool {
        switch value {
        case .integer: type == "integer" || type == "number"
        default: type == name(of: value)
        }
    }

    private static func name(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .integer: "integer"
        case .real: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    private static func equal(_ node: YAMLNode, _ value: JSONValue) -> Bool {
        switch (node, value) {
        case (.scalar(let text, _), .string(let string)): text == string
        case (.scalar("null", isQuoted: false), .null): true
        case (.scalar(let text, isQuoted: false), .integer(let number)): text == String(number)
        default: false
        }
    }
}
