package import SQLite

/// The stations from the root of the tree down to one of them, stored as `/1/20/305/`: whether a station lies in a part
/// of the tree is a comparison of text, and the whole part is a range of an index.
package struct StationPath: Sendable, Equatable, Bindable, ColumnDecodable {
    package let text: String

    package init(_ text: String) { self.text = text }
    package init(column: Column) throws { text = try String(column: column) }

    package var value: Value { .text(text) }

    package func contains(_ station: ID<Station>) -> Bool {
        stations.contains(station)
    }

    /// From the root to the station itself.
    package var stations: [ID<Station>] {
        text.utf8.split(separator: UInt8(ascii: "/")).compactMap { Int64(String(Substring($0))).map { ID($0) } }
    }

    /// The first text behind every path below this one: `/1/20/` … `/1/200` in byte order, because `0` follows `/`.
    package var end: String { text.dropLast() + "0" }

    package func appending(_ station: ID<Station>) -> StationPath { StationPath("\(text)\(station.rawValue)/") }

    package static let root = StationPath("/")
}
