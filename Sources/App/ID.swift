package import SQLite

/// The key of one kind of thing, so that a volunteer's id cannot stand where a ticket's is due. 1 … 2^53 − 1, which
/// JavaScript's numbers hold exactly.
package struct ID<Entity>: Sendable, Hashable, Codable, Bindable, ColumnDecodable {
    package static var range: ClosedRange<Int64> { 1...((1 << 53) - 1) }

    package let rawValue: Int64

    package init(_ rawValue: Int64) { self.rawValue = rawValue }
    package init(column: Column) throws { rawValue = try Int64(column: column) }
    package init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    package var value: Value { .integer(rawValue) }
}
