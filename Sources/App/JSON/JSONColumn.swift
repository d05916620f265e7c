package import SQLite

/// A value kept as JSON in one column of text, for what is read and written whole and never searched.
package struct JSONColumn<Content: Codable & Sendable>: Bindable, ColumnDecodable, Sendable {
    package var content: Content

    package init(_ content: Content) { self.content = content }

    package init(column: Column) throws {
        do {
            content = try JSON.decode(Content.self, from: Array(column.text().utf8))
        } catch is JSONDecodingFailure {
            throw column.unexpected("JSON of \(Content.self)")
        }
    }

    package var value: Value { .text(String(decoding: JSON.encode(content), as: UTF8.self)) }
}
