import SQLite

/// A site of the civic practice network (文明实践阵地), from the city's centre down to a family's living room.
package struct Station: Encodable, Sendable, Equatable {
    package enum Kind: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        /// 市指导中心
        case city
        /// 新时代文明实践中心, of a district
        case center
        /// 新时代文明实践所, of a street or town
        case institute
        /// 新时代文明实践站, of a community or village
        case station
        /// 实践点: a compound, a hall, a courtyard
        case point
        /// 实践基地: a service counter, a business district, a tower
        case base
        /// 微家: given and kept by residents
        case home

        /// A site stands under one of a wider kind; bases stand anywhere, and points and homes may hold their like.
        package func mayStand(under parent: Kind) -> Bool {
            switch self {
            case .city: false
            case .center: parent == .city
            case .institute: parent == .center || parent == .city
            case .station: parent == .institute || parent == .center
            case .point, .home: parent != .city
            case .base: true
            }
        }
    }

    package var id: ID<Station>
    package var parentId: ID<Station>?
    package var kind: Kind
    /// The owner's own code, such as the division's 12 digits: imports recognise the site by it.
    package var code: String?
    package var name: String
    package var address: String?
    package var position: Position?
    /// Nobody has set the position yet: it is the parent's, and moves with it.
    package var isPositionApproximate: Bool
    package var openingHours: String?
    package var phone: String?
    package var managerName: String?
    /// The sites from the root of the tree down to this one.
    package var path: [ID<Station>]
    package var version: Int64
    package var updatedAt: Timestamp
    /// In answers to `near` only.
    package var distanceMetres: Int?

    /// The fields an editor may set.
    package struct Edit: RequestBody {
        package var name: String
        package var address: String?
        /// One that is taken away is the parent's again.
        package var position: FieldChange<Position>
        package var openingHours: String?
        package var phone: String?
        package var managerName: String?

        package func check(_ faults: inout Faults) {
            faults.text("/name", name, 2...60)
            faults.text("/address", address, 1...120)
            faults.text("/openingHours", openingHours, 1...120)
            faults.text("/managerName", managerName, 2...30)
            faults.text("/phone", phone, 5...20)
        }
    }

    /// A new site.
    package struct Draft: RequestBody {
        package var parentId: ID<Station>
        package var kind: Kind
        package var code: String?
        package var name: String
        package var address: String?
        package var position: Position?
        package var openingHours: String?
        package var phone: String?
        package var managerName: String?

        package var edit: Edit {
            Edit(
                name: name, address: address, position: FieldChange(position),
                openingHours: openingHours, phone: phone, managerName: managerName)
        }

        package func check(_ faults: inout Faults) {
            edit.check(&faults)
            faults.text("/code", code, 1...32)
        }
    }
}
