import App

/// openapi.yaml as tests see it: its operations, and whether an answer keeps to it.
package struct OpenAPI: Sendable {
    package struct Parameter: Sendable, Equatable {
        package var name: String
        /// `path`, `query` or `header`.
        package var place: String
        package var isRequired: Bool
    }

    package struct Operation: Sendable {
        /// In capitals.
        package var method: String
        package var path: String
        package var id: String
        package var access: String
        package var parameters: [Parameter]
        /// The media types of its body; empty for an operation without one.
        package var bodyTypes: Set<String>
        package var responses: [Int: YAMLNode]

        package var statuses: Set<Int> { Set(responses.keys) }

        package func names(in place: String) -> [String] {
            parameters.filter { $0.place == place }.map(\.name)
        }
    }

    package static let shared = OpenAPI(path: sourcePath)

    /// The file of this repository, found from this source file's place in it.
    private static let sourcePath =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/openapi.yaml"

    /// Why the document could not be read; nil when it was.
    package let fault: String?
    package let root: YAMLNode
    package let operations: [Operation]
    /// Statuses of the wire, which any operation may give without saying so.
    package let commonStatuses: Set<Int>

    package init(path: String) {
        guard let bytes = FileSystem.read(path, limit: 4_194_304) else {
            self.init(fault: "\(path) cannot be read")
            return
        }
        self.init(text: String(decoding: bytes, as: UTF8.self))
    }

    package init(text: String) {
        do {
            let root = try YAMLReader.read(text)
            self.init(root: root, operations: try Self.operations(of: root))
        } catch {
            self.init(fault: "openapi.yaml: \(error)")
        }
    }

    private init(fault: String? = nil, root: YAMLNode = .mapping([:]), operations: [Operation] = []) {
        self.fault = fault
        self.root = root
        self.operations = operations
        commonStatuses = Set(root["x-any-operation"]?.items.compactMap(\.integer) ?? [])
    }

    package func operation(_ id: String) -> Operation? { operations.first { $0.id == id } }

    /// The node a reference such as `#/components/schemas/Id` names.
    package func resolve(_ reference: String) -> YAMLNode? { Self.resolve(reference, in: root) }

    /// What is wrong with an actual answer: empty when it keeps to the contract. Not for answers to HEAD, which have no
    /// body.
    /// - Parameter operation: the route's operation id, of which the contract must know.
    package func faults(operation id: String, status: Int, contentType: String?, body: [UInt8]) -> [String] {
        if let fault { return [fault] }
        guard let operation = operation(id) else { return ["\(id) is not in the contract"] }
        let common = commonStatuses.contains(status) ? resolve("#/components/responses/Problem") : nil
        guard let response = operation.responses[status] ?? common else {
            return ["\(id) does not declare the status \(status)"]
        }
        return answerFaults(response, status: status, contentType: contentType, body: body).map {
            "\(id) \(status): \($0)"
        }
    }

    /// What is wrong with the fields of a successful answer: those that must be there whenever they are declared are, and
    /// are nowhere else.
    package func faults(operation id: String, status: Int, named names: Set<String>) -> [String] {
        guard (200...299).contains(status), let response = operation(id)?.responses[status] else { return [] }
        let declared = Set((response["headers"]?.members ?? [:]).keys.map { $0.lowercased() })
        return ["etag", "location", "content-range"].compactMap { name in
            switch (declared.contains(name), names.contains(name)) {
            case (true, false): "\(id) \(status): \(name) is declared and missing"
            case (false, true): "\(id) \(status): \(name) is not declared"
            default: nil
            }
        }
    }

    private func answerFaults(_ response: YAMLNode, status: Int, contentType: String?, body: [UInt8]) -> [String] {
        guard let content = response["content"]?.members else {
            return body.isEmpty ? [] : ["has a body, but none is declared"]
        }
        guard let contentType else { return ["has no Content-Type"] }
        let type = contentType.prefix { $0 != ";" && $0 != " " }.lowercased()
        guard let schema = content[type]?["schema"] else { return ["is \(type), which is not declared"] }
        guard type == "application/json" || type.hasSuffix("+json") else { return [] }
        guard let value = try? JSONParser.parse(body) else { return ["is not JSON"] }
        var faults = OpenAPISchema(document: self).faults(of: value, against: schema)
        if type == "application/problem+json", case .object(let members) = value,
            !members.contains(where: { $0.name == "status" && $0.value == .integer(Int64(status)) })
        {
            faults.append("/status is not the status of the answer")
        }
        return faults
    }
}

extension OpenAPI {
    private struct Incomplete: Error, CustomStringConvertible {
        var description: String
    }

    private static let methods: Set<String> = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]

    private static func resolve(_ reference: String, in root: YAMLNode) -> YAMLNode? {
        guard reference.hasPrefix("#/") else { return nil }
        return reference.dropFirst(2).split(separator: "/").reduce(root as YAMLNode?) { node, name in
            node?[String(name)]
        }
    }

    /// The node itself, or the one its `$ref` names.
    private static func dereference(_ node: YAMLNode, in root: YAMLNode) throws(Incomplete) -> YAMLNode {
        guard let reference = node["$ref"]?.text else { return node }
        guard let target = resolve(reference, in: root) else {
            throw Incomplete(description: "\(reference) names nothing")
        }
        return target
    }

    private static func operations(of root: YAMLNode) throws -> [Operation] {
        try (root["paths"]?.members ?? [:]).sorted { $0.key < $1.key }.flatMap { path, methods in
            try methods.members.filter { Self.methods.contains($0.key) }.sorted { $0.key < $1.key }.map {
                method, node in
                try operation(method, path, node, in: root)
            }
        }
    }

    private static func operation(
        _ method: String, _ path: String, _ node: YAMLNode, in root: YAMLNode
    ) throws(Incomplete) -> Operation {
        guard let id = node["operationId"]?.text, let access = node["x-access"]?.text else {
            throw Incomplete(description: "\(method) \(path) lacks operationId or x-access")
        }
        var parameters: [Parameter] = []
        for item in node["parameters"]?.items ?? [] {
            let parameter = try dereference(item, in: root)
            guard let name = parameter["name"]?.text, let place = parameter["in"]?.text else {
                throw Incomplete(description: "\(id) has a parameter without name or place")
            }
            parameters.append(Parameter(name: name, place: place, isRequired: parameter["required"]?.text == "true"))
        }
        var responses: [Int: YAMLNode] = [:]
        for (status, response) in node["responses"]?.members ?? [:] {
            guard let code = Int(status) else { throw Incomplete(description: "\(id) declares the status \(status)") }
            responses[code] = try dereference(response, in: root)
        }
        let body = try node["requestBody"].map { node throws(Incomplete) in try dereference(node, in: root) }
        return Operation(
            method: method.uppercased(), path: path, id: id, access: access, parameters: parameters,
            bodyTypes: Set(body?["content"]?.members.keys.map { $0 } ?? []), responses: responses)
    }
}
