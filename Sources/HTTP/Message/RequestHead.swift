/// The start line and header fields of one request: one buffer and ranges into it, so that reading a head allocates
/// twice and a look-up not at all until somebody wants a `String`.
package struct RequestHead: Sendable {
    package struct Field: Sendable {
        package var name: Range<Int>
        package var value: Range<Int>
    }

    package enum Version: Sendable { case http10, http11 }

    /// The head as received, from the method to the empty line.
    package let bytes: [UInt8]
    package let method: Method
    /// The path within `bytes`, still percent-encoded, beginning with `/`, or exactly `*` for `OPTIONS *`.
    package let path: Range<Int>
    /// The query within `bytes` without its `?`; nil when the target had none.
    package let query: Range<Int>?
    package let version: Version
    package let fields: [Field]

    package init(
        bytes: [UInt8], method: Method, path: Range<Int>, query: Range<Int>?, version: Version, fields: [Field]
    ) {
        self.bytes = bytes
        self.method = method
        self.path = path
        self.query = query
        self.version = version
        self.fields = fields
    }

    /// `OPTIONS *`: a question to the server as a whole.
    package var isAsterisk: Bool { path.count == 1 && bytes[path.lowerBound] == UInt8(ascii: "*") }

    /// The value of the first field of this name, as UTF-8 (ill-formed bytes are replaced); nil when there is none.
    package func value(of name: HeaderName) -> String? {
        range(of: name).map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    /// Where in `bytes` the first field of this name has its value.
    package func range(of name: HeaderName) -> Range<Int>? {
        for field in fields where matches(field, name) { return field.value }
        return nil
    }

    /// The values of all fields of this name in order of arrival.
    package func values(of name: HeaderName) -> [String] {
        fields.lazy.filter { matches($0, name) }.map { String(decoding: bytes[$0.value], as: UTF8.self) }
    }

    private func matches(_ field: Field, _ name: HeaderName) -> Bool {
        let count = name.text.utf8CodeUnitCount
        guard field.name.count == count else { return false }
        let start = name.text.utf8Start
        for offset in 0..<count {
            let byte = bytes[field.name.lowerBound + offset]
            let folded = byte &- 65 < 26 ? byte | 0x20 : byte
            if folded != start[offset] { return false }
        }
        return true
    }
}
