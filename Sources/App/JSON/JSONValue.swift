/// A parsed JSON text.
package enum JSONValue: Sendable, Equatable {
    package struct Member: Sendable, Equatable {
        package var name: String
        package var value: JSONValue
    }

    case null
    case bool(Bool)
    case integer(Int64)
    case real(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])
}

/// Bounds of what the parser reads.
package struct JSONLimits: Sendable {
    package var depth = 32
    /// Values in one text, containers included.
    package var values = 20_000

    package init() {}
}

/// Why a text is not JSON as we take it: RFC 8259, and strict where leniency hides mistakes.
package struct JSONSyntaxError: Error, Sendable, Equatable {
    package enum Reason: String, Sendable {
        case syntax, depth, size, duplicateName, loneSurrogate, nul, number, encoding
    }

    package var reason: Reason
    /// Bytes before the fault.
    package var offset: Int
}
