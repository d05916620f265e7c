import HTTP
import SQLite

/// Personal data that was given to another body (对外提供记录, 个人信息保护法 art. 23, 网络数据安全管理条例 art. 12): what kind, to whom
/// and on what ground, never the data itself. Rows are final and kept for three years.
package struct DataSharing: Encodable, Sendable {
    /// The grounds of 个人信息保护法 art. 13, in its order.
    package enum Basis: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case consent, contract, legalDuty, emergency, publicOversight, disclosed, otherLaw
    }

    package static let fieldsMax = 50

    package var id: ID<DataSharing>
    package var at: Timestamp
    /// Who shared; null for the program itself.
    package var accountId: ID<Account>?
    package var recipient: String
    package var purpose: String
    package var basis: Basis
    /// The document and version agreed to, or the article of the law.
    package var basisDetail: String
    package var fields: [String]
    /// How many people's.
    package var people: Int

    package struct Draft: RequestBody {
        package var recipient: String
        package var purpose: String
        package var basis: Basis
        package var basisDetail: String
        package var fields: [String]
        package var people: Int

        package init(
            recipient: String, purpose: String, basis: Basis, basisDetail: String, fields: [String], people: Int
        ) {
            self.recipient = recipient
            self.purpose = purpose
            self.basis = basis
            self.basisDetail = basisDetail
            self.fields = fields
            self.people = people
        }

        package func check(_ faults: inout Faults) {
            faults.text("/recipient", recipient, 2...100)
            faults.text("/purpose", purpose, 2...200)
            faults.text("/basisDetail", basisDetail, 2...200)
            if !(1...DataSharing.fieldsMax).contains(fields.count) {
                faults.add(
                    "/fields", "应有 1–\(DataSharing.fieldsMax) 项", "must have 1 to \(DataSharing.fieldsMax) items")
            }
            for (index, field) in fields.prefix(DataSharing.fieldsMax).enumerated() {
                faults.text("/fields/\(index)", field, 1...40)
            }
            faults.number("/people", people, 0...100_000_000)
        }
    }
}

extension DataSharing {
    package static let routes: [Route] = [
        .write(.post, "/api/v1/data-sharings", "logDataSharing", access: .staff(.logSharing), body: Draft.self) {
            request, draft, db in
            try request.require(.logSharing, at: .root)
            return .json(try log(draft, by: request.account(), in: db), status: .created)
        },
        .read(
            .get, "/api/v1/data-sharings", "listDataSharings", access: .staff(.logSharing), query: Page.parameters
        ) { request, db in
            try request.require(.logSharing, at: .root)
            let page = try Page(request)
            return page.response(try list(page, in: db), for: request) { Cursor($0.id.rawValue) }
        },
    ]
}
