import HTTP

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

    var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    var text: String? { if case .string(let text) = self { text } else { nil } }

    var number: Double? {
        switch self {
        case .real(let number): number
        case .integer(let number): Double(number)
        default: nil
        }
    }

    /// nil for numbers written with a fraction or an exponent, even when they are whole, and outside the type's range.
    func integer<Number: FixedWidthInteger>() -> Number? {
        if case .integer(let number) = self { Number(exactly: number) } else { nil }
    }
}

/// Bounds of what the parser reads.
package struct JSONLimits: Sendable {
    /// Objects and arrays inside each other.
    package var depth = 32
    /// Values in one text, containers included.
    package var values = 20_000

    package init(depth: Int = 32, values: Int = 20_000) {
        self.depth = depth
        self.values = values
    }
}

/// Why a text is not JSON as we take it: RFC 8259, and strict where leniency hides mistakes.
package struct JSONSyntaxError: Error, Sendable, Equatable {
    package enum Reason: String, Sendable {
        case syntax, depth, size, duplicateName, loneSurrogate, nul, number, encoding
    }

    package var reason: Reason
    /// Bytes before the fault.
    package var offset: Int
    /// The value the parser was in (RFC 6901); of a duplicate name, its second value.
    package var pointer = ""

    /// The same fault seen from the container around it.
    func within(_ step: String) -> JSONSyntaxError {
        var error = self
        error.pointer = "/\(JSONPointer.escape(step))\(pointer)"
        return error
    }

    var wording: Wording {
        switch reason {
        case .syntax: Wording(zh: "第 \(offset) 字节处不是合法的 JSON", en: "is not JSON at byte \(offset)")
        case .depth: Wording(zh: "嵌套过深", en: "is nested too deeply")
        case .size: Wording(zh: "内容过多", en: "has too many values")
        case .duplicateName: Wording(zh: "字段名重复", en: "is given twice")
        case .loneSurrogate: Wording(zh: "含有不成对的代理字符", en: "has a lone surrogate")
        case .nul: Wording(zh: "不能包含 NUL 字符", en: "must not contain NUL")
        case .number: Wording(zh: "数字超出范围", en: "has a number out of range")
        case .encoding: Wording(zh: "不是合法的 UTF-8", en: "is not UTF-8")
        }
    }
}
