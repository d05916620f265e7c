import HTTP
import SQLite

/// One person's agreement to one purpose of one version of a policy (同意记录). A withdrawal marks the row and changes
/// nothing else, so that what was agreed to and when stays provable; agreeing again is a new row.
package struct ConsentRecord: Encodable, Sendable {
    package enum Channel: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case miniProgram, website, app
        /// Signed at a station and entered by the person's own session.
        case paper
    }

    package var id: ID<ConsentRecord>
    package var kind: Policy.Kind
    package var version: Int
    package var purpose: String
    package var channel: Channel
    package var givenAt: Timestamp
    package var withdrawnAt: Timestamp?

    /// What the person has not agreed to in the version now in force.
    package struct Pending: Encodable, Sendable {
        package var kind: Policy.Kind
        package var version: Int
        package var title: String
        /// The purposes not agreed to; those that are not required may stay so for ever.
        package var purposes: [Policy.View.Purpose]
    }

    package struct Overview: Encodable, Sendable {
        package var items: [ConsentRecord]
        package var pending: [Pending]
        /// With services, each of which keeps its own.
        package var services: [ServiceConsent]
        package var next: String?
    }

    package struct Draft: RequestBody {
        package var kind: Policy.Kind
        package var version: Int
        package var purposes: [String]
        package var channel: Channel

        package func check(_ faults: inout Faults) {
            faults.number("/version", version, 1...1_000_000)
            if !(1...Policy.purposesMax).contains(purposes.count) || Set(purposes).count != purposes.count {
                faults.add("/purposes", "至少一项，且不能重复", "must have at least one item and no item twice")
            }
        }
    }
}

extension ConsentRecord {
    package static let routes: [Route] = [
        .read(.get, "/api/v1/me/consents", "listMyConsents", access: .account, query: Page.parameters) { request, db in
            let page = try Page(request)
            let account = try request.account()
            let rows = try list(of: account, page, in: db)
            let items = Array(rows.prefix(page.limit))
            let next = rows.count > page.limit ? items.last.map { page.text(of: Cursor($0.id.rawValue)) } : nil
            let pending = try pending(of: account, request.language, now: request.now, in: db)
            let services = try ServiceConsent.all(of: request.signedIn(), in: db)
            var response = Response.json(Overview(items: items, pending: pending, services: services, next: next))
            if let next { response.set(.link, page.link(request, next)) }
            return response
        },
        .write(.post, "/api/v1/me/consents", "giveConsent", access: .account, body: Draft.self) { request, draft, db in
            let given = try give(draft, by: request.account(), from: request.address.description, in: db)
            return .json(ItemList(items: given, next: nil), status: .created)
        },
        .write(.put, "/api/v1/me/consents/{id}/withdrawal", "withdrawConsent", access: .account) { request, db in
            let consent = try find(request.id(), of: request.account(), in: db)
            return .json(consent.withdrawnAt == nil ? try consent.withdraw(in: db) : consent)
        },
    ]
}
