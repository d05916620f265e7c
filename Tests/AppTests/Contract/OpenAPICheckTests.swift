import Support
import Testing

@Suite("The checker of answers") struct OpenAPICheckTests {
    private static let contract = OpenAPI(
        text: """
            # A contract as small as can be.
            x-any-operation: [405, 500]
            paths:
              /things/{id}:
                get:
                  operationId: getThing
                  x-access: staff:manageStaff
                  parameters:
                    - $ref: "#/components/parameters/Id"
                    - name: q
                      in: query
                      description: "With a colon: and \\"marks\\"."
                  responses:
                    "200":
                      description: >-
                        Folded,
                        over lines.
                      content:
                        application/json:
                          schema:
                            $ref: "#/components/schemas/Thing"
                    "204":
                      description: Nothing.
            components:
              parameters:
                Id:
                  name: id
                  in: path
                  required: true
              responses:
                Problem:
                  content:
                    application/problem+json:
                      schema:
                        type: object
                        required: [status]
                        properties:
                          status:
                            type: integer
              schemas:
                Thing:
                  type: object
                  required: [id, name, kind, other, at, counts]
                  properties:
                    id:
                      type: integer
                      minimum: 1
                    name:
                      type: [string, "null"]
                      maxLength: 3
                    kind:
                      type: string
                      enum: [big, small]
                    other:
                      anyOf:
                        - $ref: "#/components/schemas/Thing"
                        - type: "null"
                    at:
                      type: string
                      format: date-time
                    counts:
                      type: object
                      additionalProperties:
                        type: integer
            """)

    private static let whole =
        #"{"id":1,"name":null,"kind":"big","other":null,"at":"2027-01-31T09:05:00+08:00","counts":{"a":1}}"#

    private func faults(
        _ body: String, status: Int = 200, type: String? = "application/json; charset=utf-8",
        of operation: String = "getThing"
    ) -> [String] {
        Self.contract.faults(operation: operation, status: status, contentType: type, body: Array(body.utf8))
    }

    @Test func `an operation is read with its parameters`() throws {
        #expect(Self.contract.fault == nil)
        let operation = try #require(Self.contract.operation("getThing"))
        #expect(
            operation.method == "GET" && operation.path == "/things/{id}" && operation.access == "staff:manageStaff")
        #expect(operation.parameters.map(\.name) == ["id", "q"])
        #expect(operation.parameters.map(\.place) == ["path", "query"])
        #expect(operation.parameters.map(\.isRequired) == [true, false])
        #expect(operation.responses[200]?["description"]?.text == "Folded, over lines.")
        let parameters = Self.contract.resolve("#/paths")?["/things/{id}"]?["get"]?["parameters"]?.items
        #expect(parameters?.last?["description"]?.text == "With a colon: and \"marks\".")
    }

    @Test func `an answer that keeps to the contract has no faults`() {
        #expect(faults(Self.whole) == [])
        #expect(faults(Self.whole.replacing("\"other\":null", with: "\"other\":\(Self.whole)")) == [])
        #expect(faults("", status: 204, type: nil) == [])
        #expect(faults(#"{"status":405}"#, status: 405, type: "application/problem+json") == [])
    }

    @Test(arguments: [
        ("\"id\":1", "\"id\":0"), ("\"id\":1", "\"id\":\"1\""), ("\"id\":1", "\"id\":null"), ("\"id\":1,", ""),
        ("\"name\":null", "\"name\":\"long\""), ("big", "huge"), ("\"other\":null", "\"other\":{}"),
        ("+08:00", "Z"), ("{\"a\":1}", "{\"a\":\"1\"}"), ("\"id\":1", "\"id\":1,\"more\":1"), ("}", ""),
    ]) func `an answer that differs in one thing is found out`(old: String, new: String) {
        #expect(!faults(Self.whole.replacing(old, with: new)).isEmpty)
    }

    @Test func `statuses, media types and bodies that nobody declared are found out`() {
        #expect(faults(Self.whole, status: 201) == ["getThing does not declare the status 201"])
        #expect(faults(Self.whole, of: "putThing") == ["putThing is not in the contract"])
        #expect(!faults(Self.whole, type: "text/plain").isEmpty)
        #expect(!faults(Self.whole, type: nil).isEmpty)
        #expect(!faults("{}", status: 204).isEmpty)
        #expect(!faults(#"{"status":500}"#, status: 405, type: "application/problem+json").isEmpty)
    }

    @Test(arguments: [
        "a: {b: 1}", "a: *b", "a: 'b'", "a: [b", "a:\n  b: 1\n c: 2", "a: 1\na: 2", "a: b: c", "a:", "- b\nc: 1",
        "a: \"b",
        "a: b # c", "-\n  a: 1",
    ]) func `YAML beyond the reader's part is refused`(text: String) {
        #expect(throws: YAMLError.self) { try YAMLReader.read(text) }
    }
}
