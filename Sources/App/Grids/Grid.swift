import SQLite

/// A part of a community (网格) that somebody looks after: the smallest unit of the city's order.
package struct Grid: Encodable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        /// 一般网格: where people live.
        case general
        /// 专属网格: a market, a school, a business district, a works.
        case special
    }

    package var id: ID<Grid>
    /// The community the grid is a part of.
    package var stationId: ID<Station>
    /// The owner's own code, by which imports recognise it.
    package var code: String
    package var name: String
    package var kind: Kind
    package var placeCount: Int
    /// Who looks after it now, as anybody may see them; null in lists.
    package var workers: [GridWorker.PublicView]?
    package var version: Int64
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var retiredAt: Timestamp?

    package struct Draft: RequestBody {
        package var stationId: ID<Station>
        package var code: String
        package var name: String
        package var kind: Kind

        package init(stationId: ID<Station>, code: String, name: String, kind: Kind) {
            self.stationId = stationId
            self.code = code
            self.name = name
            self.kind = kind
        }

        package func check(_ faults: inout Faults) {
            faults.text("/code", code, 1...32)
            faults.text("/name", name, 2...60)
        }
    }

    package struct Edit: RequestBody {
        package var name: String
        package var kind: Kind

        package func check(_ faults: inout Faults) { faults.text("/name", name, 2...60) }
    }

    package struct Retirement: RequestBody {
        package var reason: String

        package func check(_ faults: inout Faults) { faults.text("/reason", reason, 2...500) }
    }
}

/// A thing in a grid (网格要素) that its worker knows: a compound 院落, a shop 商铺, a building 楼栋.
package struct GridPlace: Encodable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case compound, shop, building
    }

    package var id: ID<GridPlace>
    package var gridId: ID<Grid>
    package var kind: Kind
    package var name: String
    package var address: String
    package var position: Position?
    package var households: Int?
    package var version: Int64
    package var updatedAt: Timestamp

    /// A new place, or all of an edited one.
    package struct Draft: RequestBody {
        package var kind: Kind
        package var name: String
        package var address: String
        package var position: Position?
        package var households: Int?

        package func check(_ faults: inout Faults) {
            faults.text("/name", name, 1...60)
            faults.text("/address", address, 1...120)
            if let households { faults.number("/households", households, 0...100_000) }
        }
    }
}

/// Whoever looks after a grid (网格员), from one day to another. A row is never overwritten: the next worker is a new one.
package struct GridWorker: Encodable, Sendable {
    package enum Role: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        /// 网格长, one in each grid.
        case leader
        /// 专职网格员
        case fullTime
        /// 兼职网格员
        case partTime
    }

    package var id: ID<GridWorker>
    package var gridId: ID<Grid>
    package var accountId: ID<Account>?
    package var volunteerId: ID<Volunteer>?
    package var role: Role
    /// Masked, for staff too: who needs all of it opens the volunteer, which leaves an audit row.
    package var name: String
    /// The person's own, of the volunteer or the account: masked, and for staff only.
    package var phone: String?
    package var officePhone: String?
    package var since: Timestamp
    package var until: Timestamp?
    /// The one this one took over from.
    package var replacesId: ID<GridWorker>?
    package var endReason: String?

    package struct PublicView: Encodable, Sendable {
        package var role: Role
        package var name: String
        package var officePhone: String?
    }

    package var publicView: PublicView {
        PublicView(role: role, name: name, officePhone: officePhone)
    }

    package struct Draft: RequestBody {
        package var accountId: ID<Account>?
        package var volunteerId: ID<Volunteer>?
        package var role: Role
        package var officePhone: String?
        /// The worker whose place is taken: ended in the same transaction.
        package var replacesId: ID<GridWorker>?

        package func check(_ faults: inout Faults) {
            if (accountId == nil) == (volunteerId == nil) {
                faults.add("", "须指定账号或志愿者之一", "must name an account or a volunteer")
            }
            faults.text("/officePhone", officePhone, 5...20)
        }
    }

    package struct Ending: RequestBody {
        package var reason: String

        package func check(_ faults: inout Faults) { faults.text("/reason", reason, 2...500) }
    }
}
