package import SQLite

/// The things from the root of a tree down to one of them, stored as `/1/20/305/`: whether something lies in a part of
/// the tree is a comparison of text, and the whole part is a range of an index.
package struct TreePath<Entity>: Sendable, Equatable, Bindable, ColumnDecodable {
    package let text: String

    package init(_ text: String) { self.text = text }
    package init(_ ids: [ID<Entity>]) { text = "/" + ids.map { "\($0.rawValue)/" }.joined() }
    package init(column: Column) throws { text = try String(column: column) }

    package var value: Value { .text(text) }

    package func contains(_ id: ID<Entity>) -> Bool { ids.contains(id) }

    /// From the root to the thing itself.
    package var ids: [ID<Entity>] {
        text.utf8.split(separator: UInt8(ascii: "/")).compactMap { Int64(String(Substring($0))).map { ID($0) } }
    }

    /// The first text behind every path below this one: `/1/20/` … `/1/200` in byte order, because `0` follows `/`.
    package var end: String { text.dropLast() + "0" }

    package func appending(_ id: ID<Entity>) -> Self { Self("\(text)\(id.rawValue)/") }

    package static var root: Self { Self("/") }
}
