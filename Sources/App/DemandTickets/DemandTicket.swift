import SQLite

/// A resident's request for help (需求工单): 点单 ordered, 派单 dispatched, 接单 accepted, 评单 rated.
package struct DemandTicket: Encodable, Sendable {
    package enum State: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case ordered, dispatched, accepted, completed, rated, refused, cancelled
    }

    package var id: ID<DemandTicket>
    package var stationId: ID<Station>
    package var title: String
    package var detail: String
    package var category: String
    package var address: String?
    /// Whole or masked: `seen(by:)` decides.
    package var contactPhone: String?
    package var wishedAt: Timestamp?
    package var state: State
    package var teamId: ID<Team>?
    package var volunteerId: ID<Volunteer>?
    package var report: String?
    package var serviceMinutes: Int?
    package var stars: Int?
    package var comment: String?
    package var version: Int64
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var moves: [Move]?
    var requesterId: ID<Account>

    private enum CodingKeys: String, CodingKey {
        case id, stationId, title, detail, category, address, contactPhone, wishedAt, state, teamId, volunteerId,
            report,
            serviceMinutes, stars, comment, version, createdAt, updatedAt, moves
    }

    /// One step of the ticket's life.
    package struct Move: Encodable, Sendable {
        package var fromState: State?
        package var toState: State
        package var actorId: ID<Account>
        package var at: Timestamp
        package var reason: String?
    }

    package struct Draft: RequestBody {
        package var stationId: ID<Station>
        package var title: String
        package var detail: String
        package var category: String
        package var address: String
        package var contactPhone: String?
        package var wishedAt: Timestamp?
        /// Of the chat group the order comes from.
        package var sourceCode: String?

        package func check(_ faults: inout Faults) {
            faults.text("/title", title, 2...60)
            faults.text("/detail", detail, 1...2_000)
            if !VolunteerRules.categories.contains(category) {
                faults.add("/category", "应为 01–22 的服务类别代码", "must be a service category code, 01 to 22")
            }
            faults.text("/address", address, 1...120)
            if let contactPhone, PhoneNumber(contactPhone) == nil {
                faults.add("/contactPhone", "电话号码无效", "is not a phone number")
            }
            ChatGroup.checkSourceCode(sourceCode, &faults)
        }
    }

    /// To a team or a volunteer, not both.
    package struct Dispatch: RequestBody {
        package var teamId: ID<Team>?
        package var volunteerId: ID<Volunteer>?
        package var note: String?

        package func check(_ faults: inout Faults) {
            if (teamId == nil) == (volunteerId == nil) {
                faults.add("", "须指定队伍或志愿者之一", "must name a team or a volunteer")
            }
            faults.text("/note", note, 1...500)
        }
    }

    /// What staff are shown once they asked for it.
    package struct Contact: Encodable, Sendable {
        package var phone: String?
        package var address: String?
    }

    package struct Reason: RequestBody {
        package var reason: String

        package func check(_ faults: inout Faults) { faults.text("/reason", reason, 2...500) }
    }

    package struct Report: RequestBody {
        package var report: String
        package var serviceMinutes: Int

        package func check(_ faults: inout Faults) {
            faults.text("/report", report, 1...2_000)
            faults.number("/serviceMinutes", serviceMinutes, 1...14_400)
        }
    }

    package struct Rating: RequestBody {
        package var stars: Int
        package var comment: String?

        package func check(_ faults: inout Faults) {
            faults.number("/stars", stars, 1...5)
            faults.text("/comment", comment, 1...500)
        }
    }
}
