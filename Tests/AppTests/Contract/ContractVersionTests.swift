import App
import SQLite
import Support
import Testing

/// Operations that answer with something that has a version say which one it is.
@Suite("Versions in the contract") struct ContractVersionTests {
    private let contract = OpenAPI.shared

    /// Schemas whose `version` counts the changes of what they show. A consent's is that of the policy agreed to.
    private static let versioned: Set<String> = {
        let schemas = OpenAPI.shared.root["components"]?["schemas"]?.members ?? [:]
        return Set(schemas.filter { $0.value["properties"]?["version"] != nil }.keys).subtracting(["Consent"])
    }()

    private func names(_ schema: YAMLNode?) -> Set<String> {
        if let name = schema?["$ref"]?.text?.split(separator: "/").last { return [String(name)] }
        return (schema?["anyOf"]?.items ?? []).reduce(into: []) { $0.formUnion(names($1)) }
    }

    /// The operations that answer so, each with its answer.
    private var answering: [(operation: OpenAPI.Operation, response: YAMLNode)] {
        contract.operations.flatMap { operation in
            operation.responses.compactMap { status, response in
                let schema = response["content"]?["application/json"]?["schema"]
                guard (200...299).contains(status), !names(schema).isDisjoint(with: Self.versioned) else { return nil }
                return (operation, response)
            }
        }
    }

    @Test func `every table that counts changes has a schema that shows the count`() throws {
        let client = try TestClient()
        let tables = try client.services.writer.writeAndWait { db in
            try db.values(
                """
                SELECT m.name FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c
                WHERE m.type = 'table' AND c.name = 'version' AND c.dflt_value = '1'
                """, as: String.self)
        }
        #expect(tables.count >= 14)
        let shown = tables.map { table in
            table == "volunteer_profile"
                ? "Profile" : table.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        }
        #expect(Set(shown).subtracting(Self.versioned).sorted() == [])
    }

    @Test func `an answer with a version carries it as an ETag`() {
        #expect(answering.count >= 60)
        let without = answering.filter { $0.response["headers"]?["ETag"] == nil }
        #expect(without.map(\.operation.id).sorted() == [])
    }

    @Test func `what has an ETag can be asked for anew, and changed only as it was seen`() {
        for (operation, _) in answering {
            let fields = operation.names(in: "header")
            switch operation.method {
            case "GET":
                #expect(fields.contains("If-None-Match") && operation.statuses.contains(304), "\(operation.id)")
            case "PUT": #expect(fields.contains("If-Match") && operation.statuses.contains(412), "\(operation.id)")
            default: continue
            }
        }
    }

    @Test func `what has an ETag where it stands is deleted only as it was seen, if that is said`() {
        let deleting = contract.operations.filter { operation in
            operation.method == "DELETE" && answering.contains { $0.operation.path == operation.path }
        }
        #expect(deleting.count >= 4)
        for operation in deleting {
            let field = operation.parameters.first { $0.name == "If-Match" }
            #expect(field?.isRequired == false && operation.statuses.contains(412), "\(operation.id)")
        }
    }

    @Test func `an edit must name its version, an action may`() {
        for (operation, _) in answering where operation.method == "PUT" {
            let edits =
                !operation.path.split(separator: "/").dropFirst(2).contains { $0 == "me" }
                && operation.path.hasSuffix("}") && operation.names(in: "path").count == 1
            let mustName = operation.parameters.contains { $0.name == "If-Match" && $0.isRequired }
            if edits { #expect(mustName, "\(operation.id)") }
            #expect(mustName == operation.statuses.contains(428), "\(operation.id)")
        }
    }
}
