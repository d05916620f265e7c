import App
import HTTP
import Support
import Testing

@Suite("The contract against the route table") struct ContractTests {
    private let contract = OpenAPI.shared

    private func route(_ operation: OpenAPI.Operation) throws -> Route {
        try #require(Routes.all.first { $0.operation == operation.id })
    }

    @Test func `openapi.yaml can be read`() {
        #expect(contract.fault == nil)
        #expect(!contract.operations.isEmpty)
    }

    @Test func `the contract has exactly the operations of the route table`() {
        let written = contract.operations.map { "\($0.method) \($0.path) \($0.id) \($0.access)" }
        let served = Routes.all.map { "\($0.method.rawValue) \($0.path) \($0.operation) \($0.access)" }
        #expect(Set(served).subtracting(written).sorted() == [], "served, but not in the contract")
        #expect(Set(written).subtracting(served).sorted() == [], "in the contract, but not served")
        #expect(written.count == served.count)
    }

    @Test(arguments: OpenAPI.shared.operations.map(\.id)) func `parameters are those of the route`(id: String) throws {
        let operation = try #require(contract.operation(id))
        let route = try route(operation)
        #expect(Set(operation.names(in: "query")) == Set(route.query))
        #expect(operation.names(in: "path").sorted() == route.path.parameters.sorted())
        #expect(Set(operation.parameters.map { "\($0.place) \($0.name)" }).count == operation.parameters.count)
        #expect(operation.names(in: "header").contains("Idempotency-Key") == route.honoursKey)
    }

    @Test(arguments: OpenAPI.shared.operations.map(\.id)) func `a body is declared where the route takes one`(
        id: String
    ) throws {
        let operation = try #require(contract.operation(id))
        let expected: Set<String> =
            switch try route(operation).body {
            case .none: []
            case .json: ["application/json"]
            case .form: ["multipart/form-data"]
            }
        #expect(operation.bodyTypes == expected)
    }

    @Test(arguments: OpenAPI.shared.operations.map(\.id)) func `every status the gate implies is declared`(id: String)
        throws
    {
        let operation = try #require(contract.operation(id))
        let route = try route(operation)
        // Everywhere: an unknown query parameter, a dead token, a database that is away.
        var implied: Set<Int> = [400, 401, 503]
        if !route.servesFirstPassword { implied.insert(403) }
        if !route.path.parameters.isEmpty { implied.insert(404) }
        if route.rate != .unlimited { implied.insert(429) }
        if route.body != .none { implied.formUnion([413, 415]) }
        for parameter in operation.parameters where parameter.name == "If-Match" {
            implied.formUnion(parameter.isRequired ? [412, 428] : [412])
        }
        if operation.names(in: "header").contains("If-None-Match") { implied.insert(304) }
        if route.honoursKey { implied.insert(422) }
        if case .work = route.handler, route.honoursKey { implied.insert(409) }
        #expect(implied.subtracting(operation.statuses).sorted() == [])
        #expect(operation.statuses.contains { (200...299).contains($0) })
        #expect(operation.statuses.isDisjoint(with: contract.commonStatuses.subtracting([413])))
    }

    @Test func `every reference names something, and everything named is used`() {
        var references: Set<String> = []
        Self.walk(contract.root) { node in if let reference = node["$ref"]?.text { references.insert(reference) } }
        #expect(references.filter { contract.resolve($0) == nil }.sorted() == [])
        var components: Set<String> = []
        for (kind, members) in contract.root["components"]?.members ?? [:] where kind != "securitySchemes" {
            for name in members.members.keys { components.insert("#/components/\(kind)/\(name)") }
        }
        #expect(components.subtracting(references).sorted() == [])
    }

    @Test func `schemas use only keywords the checker knows`() {
        let known = OpenAPISchema.keywords.union(OpenAPISchema.annotations)
        var unknown: Set<String> = []
        func visit(_ schema: YAMLNode) {
            unknown.formUnion(Set(schema.members.keys).subtracting(known))
            for property in (schema["properties"]?.members ?? [:]).values { visit(property) }
            for choice in schema["anyOf"]?.items ?? [] { visit(choice) }
            if let items = schema["items"] { visit(items) }
            if let others = schema["additionalProperties"] { visit(others) }
        }
        Self.walk(contract.root) { node in if let schema = node["schema"] { visit(schema) } }
        for schema in (contract.root["components"]?["schemas"]?.members ?? [:]).values { visit(schema) }
        #expect(unknown.sorted() == [])
    }

    @Test func `every required name is a property`() {
        var lost: [String] = []
        Self.walk(contract.root) { node in
            guard let properties = node["properties"], let required = node["required"] else { return }
            lost += required.texts.filter { properties[$0] == nil }
        }
        #expect(lost == [])
    }

    private static func walk(_ node: YAMLNode, _ visit: (YAMLNode) -> Void) {
        visit(node)
        for child in node.items { walk(child, visit) }
        for child in node.members.values { walk(child, visit) }
    }
}
