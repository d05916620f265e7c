import SQLite

/// A WeChat group of a community (微信群) as it stands in our register. We are not in it: what we know is what staff
/// enter, and what comes back to us under its source code.
package struct ChatGroup: Encodable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case residents, volunteers, owners, shops, partyMembers, grid, other
    }

    package enum State: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case active, dissolved
    }

    package var id: ID<ChatGroup>
    package var stationId: ID<Station>
    package var gridId: ID<Grid>?
    /// Ours (来源码), carried by the cards posted in the group and by what is sent through them.
    package var sourceCode: String
    package var name: String
    package var kind: Kind
    package var ownerName: String?
    /// Whether anybody may see that it exists.
    package var isPublic: Bool
    package var memberCount: Int?
    package var countedAt: Timestamp?
    package var state: State
    package var dissolveReason: String?
    /// What came from the group, whatever became of it; null in lists.
    package var signUpCount: Int?
    package var ticketCount: Int?
    package var version: Int64
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    /// As anybody may see it, where it is public at all.
    package struct PublicView: Encodable, Sendable {
        package var id: ID<ChatGroup>
        package var gridId: ID<Grid>?
        package var name: String
        package var kind: Kind
        /// Masked.
        package var ownerName: String?
    }

    package var publicView: PublicView {
        PublicView(id: id, gridId: gridId, name: name, kind: kind, ownerName: ownerName.map(Masking.name))
    }

    package struct Edit: RequestBody {
        package var gridId: ID<Grid>?
        package var name: String
        package var kind: Kind
        package var ownerName: String?
        package var isPublic: Bool?

        package func check(_ faults: inout Faults) {
            faults.text("/name", name, 1...60)
            if let ownerName, !PersonName.isValid(ownerName) {
                faults.add("/ownerName", "姓名无效", "is not a person's name")
            }
        }
    }

    package struct Draft: RequestBody {
        package var stationId: ID<Station>
        package var gridId: ID<Grid>?
        package var name: String
        package var kind: Kind
        package var ownerName: String?
        package var isPublic: Bool?
        package var memberCount: Int?

        package var edit: Edit {
            Edit(gridId: gridId, name: name, kind: kind, ownerName: ownerName, isPublic: isPublic)
        }

        package func check(_ faults: inout Faults) {
            edit.check(&faults)
            if let memberCount { faults.number("/memberCount", memberCount, ChatGroup.memberCounts) }
        }
    }

    package struct Dissolution: RequestBody {
        package var reason: String

        package func check(_ faults: inout Faults) { faults.text("/reason", reason, 2...500) }
    }

    /// Members of many groups, counted at one time.
    package struct MemberCounts: RequestBody {
        package struct Item: Decodable, Sendable {
            package var id: ID<ChatGroup>
            package var memberCount: Int
        }

        package var countedAt: Timestamp
        package var items: [Item]

        package func check(_ faults: inout Faults) {
            if !(1...ChatGroup.countsMax).contains(items.count) {
                faults.add("/items", "应为 1–\(ChatGroup.countsMax) 项", "must have 1 to \(ChatGroup.countsMax) items")
            }
            var seen: Set<ID<ChatGroup>> = []
            for (index, item) in items.prefix(ChatGroup.countsMax).enumerated() {
                faults.number("/items/\(index)/memberCount", item.memberCount, ChatGroup.memberCounts)
                if !seen.insert(item.id).inserted { faults.add("/items/\(index)/id", "重复", "is given twice") }
            }
        }
    }

    /// What became of them.
    package struct CountsTaken: Encodable, Sendable {
        package var updated: Int
        /// Left as they are, because they were counted later than this.
        package var older: Int
    }
}
