import SQLite

/// What a resident saw and photographed (文明随手拍), for the street office to answer.
package struct Feedback: Encodable, Sendable {
    package enum State: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case submitted, accepted, answered, refused, rated
    }

    package enum Category: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case hygiene, order, traffic, community, tourism, network, facility, street, green, hazard, praise, suggestion,
            other
    }

    package static let photosMax = 9
    /// A message from further away from all stations goes to the city's own site. Metres.
    static let reachMetres = 20_000.0

    package var id: ID<Feedback>
    package var category: Category
    package var title: String?
    package var text: String
    package var address: String?
    package var position: Position
    /// The nearest station, or the city's site where none is near.
    package var stationId: ID<Station>
    /// Whoever answers: the station's street or town.
    package var officeId: ID<Station>
    package var state: State
    package var reply: String?
    package var repliedAt: Timestamp?
    package var stars: Int?
    package var comment: String?
    package var isHidden: Bool
    package var photos: [String]
    package var version: Int64
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var moves: [Move]?
    var reporterId: ID<Account>

    private enum CodingKeys: String, CodingKey {
        case id, category, title, text, address, position, stationId, officeId, state, reply, repliedAt, stars, comment,
            isHidden, photos, version, createdAt, updatedAt, moves
    }

    package struct Move: Encodable, Sendable {
        package var fromState: State?
        package var toState: State
        package var at: Timestamp
        package var reason: String?
    }

    /// As anybody may see it: no reporter, no exact place, no numbers that could be somebody's.
    package struct Public: Encodable, Sendable {
        package var id: ID<Feedback>
        package var category: Category
        package var title: String?
        package var text: String
        package var position: Position?
        package var officeId: ID<Station>
        package var state: State
        package var reply: String?
        package var repliedAt: Timestamp?
        package var stars: Int?
        package var photos: [String]
        package var createdAt: Timestamp
    }

    package struct Draft: RequestBody {
        package var category: Category
        package var title: String?
        package var text: String
        package var address: String?
        package var position: Position
        package var uploadIds: [ID<Upload>]?

        package func check(_ faults: inout Faults) {
            faults.text("/title", title, 2...100)
            faults.text("/text", text, 1...5_000)
            faults.text("/address", address, 1...120)
            let photos = uploadIds ?? []
            if photos.count > Feedback.photosMax {
                faults.add(
                    "/uploadIds", "最多 \(Feedback.photosMax) 张照片", "must have at most \(Feedback.photosMax) photos")
            }
            if Set(photos).count != photos.count { faults.add("/uploadIds", "不能重复", "must not repeat") }
        }
    }

    package struct Answer: RequestBody {
        package var reply: String

        package func check(_ faults: inout Faults) { faults.text("/reply", reply, 1...10_000) }
    }

    package struct Transfer: RequestBody {
        package var stationId: ID<Station>
        package var reason: String

        package func check(_ faults: inout Faults) { faults.text("/reason", reason, 2...500) }
    }

    package struct Rating: RequestBody {
        package var stars: Int
        package var comment: String?

        package func check(_ faults: inout Faults) {
            faults.number("/stars", stars, 1...5)
            faults.text("/comment", comment, 1...500)
        }
    }

    package struct Visibility: RequestBody {
        package var isHidden: Bool
        package var reason: String

        package func check(_ faults: inout Faults) { faults.text("/reason", reason, 2...500) }
    }
}
