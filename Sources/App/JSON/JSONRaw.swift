/// Bytes that are JSON already, written as they stand: an answer kept from before, or a part made by SQLite.
package struct JSONRaw: Encodable, Sendable, Equatable {
    package var bytes: [UInt8]

    /// - Parameter bytes: one well-formed JSON value; nobody looks again.
    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// - Throws: `EncodingError.invalidValue` from any encoder but our own, which alone can splice.
    package func encode(to encoder: any Encoder) throws {
        guard let encoder = encoder as? JSONEncoding else {
            throw EncodingError.invalidValue(self, .init(codingPath: [], debugDescription: "needs JSON.encode"))
        }
        encoder.output.verbatim(bytes)
    }
}
