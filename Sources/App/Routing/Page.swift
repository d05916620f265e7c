package import HTTP
import SQLite

/// One page of a list: what was asked for, and the answer's shape. Paging is by key, never by offset, so that a row
/// added meanwhile neither repeats nor hides another.
package struct Page: Sendable {
    package static let parameters = ["limit", "cursor"]
    package static let limits = 1...100
    package static let defaultLimit = 20

    package var limit: Int
    /// The sort key of the last item the caller has, as the list wrote it.
    package var after: Cursor?
    /// That of the list.
    private let mark: String

    /// - Throws: 400 for a limit outside 1…100 or a cursor that this list did not make.
    package init(_ request: APIRequest) throws(Problem) {
        var limit = Self.defaultLimit
        if let text = request.parameter("limit") {
            guard let number = Int(text), Self.limits.contains(number) else {
                throw Problem(
                    .malformed,
                    faults: [.init("?limit", Wording(zh: "应为 1 到 100 的整数", en: "must be an integer from 1 to 100"))])
            }
            limit = number
        }
        self.limit = limit
        mark = request.route.cursorMark
        guard let text = request.parameter("cursor") else { return }
        guard let cursor = Cursor(text, mark: mark) else {
            throw Problem(
                .malformed, faults: [.init("?cursor", Wording(zh: "游标无效", en: "is not a cursor of this list"))])
        }
        after = cursor
    }

    /// The answer for rows fetched with `LIMIT limit + 1`: the extra row only says that there is more.
    /// - Parameter resume: where to go on although the page is not full, for a search that looks at so many rows at a time.
    package func response<Item: Encodable & Sendable>(
        _ rows: [Item], for request: APIRequest, resume: Cursor? = nil, key: (Item) -> Cursor
    ) -> Response {
        let items = rows.count > limit ? Array(rows.prefix(limit)) : rows
        let next = rows.count > limit ? items.last.map { text(of: key($0)) } : resume.map(text)
        var response = Response.json(ItemList(items: items, next: next))
        if let next { response.set(.link, link(request, next)) }
        return response
    }

    /// A sort key as this list's callers are given it.
    func text(of cursor: Cursor) -> String { cursor.text(mark: mark) }

    /// The `Link` field that leads to the next page (RFC 8288).
    func link(_ request: APIRequest, _ cursor: String) -> String {
        let path = String(decoding: request.head.bytes[request.head.path], as: UTF8.self)
        let rest = request.head.query.map { String(decoding: request.head.bytes[$0], as: UTF8.self) } ?? ""
        let kept = rest.split(separator: "&").filter { !$0.hasPrefix("cursor=") }
        return "<\(path)?\((kept + ["cursor=\(cursor)"]).joined(separator: "&"))>; rel=\"next\""
    }
}

/// `{"items": […], "next": "…" or null}`.
package struct ItemList<Item: Encodable & Sendable>: Encodable, Sendable {
    package var items: [Item]
    package var next: String?
}

/// The sort key of one row: up to two integers. Opaque to the caller, and of no use to another list, where the same
/// numbers would be another place.
package struct Cursor: Sendable, Equatable {
    package var first: Int64
    package var second: Int64

    package init(_ first: Int64, _ second: Int64 = 0) {
        self.first = first
        self.second = second
    }

    /// nil when the text is not a cursor of the list with this mark.
    package init?(_ text: String, mark: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2] == mark, let first = Int64(parts[0], radix: 36),
            let second = Int64(parts[1], radix: 36)
        else { return nil }
        self.init(first, second)
    }

    package func text(mark: String) -> String { "\(String(first, radix: 36)).\(String(second, radix: 36)).\(mark)" }

    /// FNV-1a: it keeps mistakes out, nobody who means it.
    package static func mark(of operation: String) -> String {
        String(operation.utf8.reduce(0x811C_9DC5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 }, radix: 36)
    }
}
