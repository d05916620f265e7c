/// A path of the route table, such as `/api/v1/activities/{id}/sign-ups`.
package struct PathPattern: Sendable, Equatable, CustomStringConvertible {
    package enum Segment: Sendable, Equatable {
        case literal([UInt8])
        case parameter(String)
    }

    package let description: String
    package let segments: [Segment]
    /// The names of its parameters in their order.
    package let parameters: [String]

    package init(_ text: String) {
        description = text
        segments = text.split(separator: "/").map { part in
            guard part.hasPrefix("{"), part.hasSuffix("}") else { return .literal(Array(part.utf8)) }
            return .parameter(String(part.dropFirst().dropLast()))
        }
        parameters = segments.compactMap { if case .parameter(let name) = $0 { name } else { nil } }
    }
}

/// Where in a request's head the values of a pattern's parameters stand: at most three.
package struct PathValues: Sendable, Equatable {
    package static let capacity = 3

    private var first = 0..<0
    private var second = 0..<0
    private var third = 0..<0
    package private(set) var count = 0

    package init() {}

    package mutating func append(_ range: Range<Int>) {
        switch count {
        case 0: first = range
        case 1: second = range
        default: third = range
        }
        count += 1
    }

    package subscript(index: Int) -> Range<Int> {
        switch index {
        case 0: first
        case 1: second
        default: third
        }
    }
}
