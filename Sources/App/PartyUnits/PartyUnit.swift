import SQLite

/// An organisation of the Party at a workplace (党组织), or the unit it belongs to (单位), with its seat in a community.
///
/// The services built on it are 双报到: the unit checks in to the community of its seat, its members to the community of
/// their residence; communities offer posts, units bond with communities. Nobody but those concerned reads any of it.
/// Nothing in them sorts, scores or compares persons, nobody is asked to check in every day, and what the unit is told of
/// its members' service is a count: the work is for residents, not for the record.
package struct PartyUnit: Encodable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        /// 机关
        case agency
        /// 事业单位
        case publicInstitution
        /// 国有企业
        case stateEnterprise
        /// 非公有制经济组织, one of the 两新
        case privateEnterprise
        /// 社会组织, the other of the 两新
        case socialOrganisation
        /// 社区 or 村
        case community
        case other
    }

    package var id: ID<PartyUnit>
    package var name: String
    /// 统一社会信用代码; a branch within an organisation has none of its own.
    package var creditCode: String?
    package var kind: Kind
    /// The organisation above it; null at the top.
    package var parentId: ID<PartyUnit>?
    /// The community it has its seat in.
    package var seatId: ID<Station>
    package var contactName: String
    /// For staff who look after the seat; null for everybody else.
    package var contactPhone: String?
    package var version: Int64
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    /// As its representatives see it.
    package var withoutPhone: PartyUnit {
        var unit = self
        unit.contactPhone = nil
        return unit
    }

    /// What staff write, of a new unit and of one that is edited.
    package struct Draft: RequestBody {
        package var name: String
        package var creditCode: String?
        package var kind: Kind
        package var parentId: ID<PartyUnit>?
        package var seatId: ID<Station>
        package var contactName: String
        package var contactPhone: String

        package func check(_ faults: inout Faults) {
            faults.text("/name", name, 2...80)
            if let creditCode, UnifiedSocialCreditCode(creditCode) == nil {
                faults.add("/creditCode", "统一社会信用代码无效", "is not a unified social credit code")
            }
            if !PersonName.isValid(contactName) {
                faults.add("/contactName", "姓名无效", "is not a person's name")
            }
            if PhoneNumber(contactPhone) == nil {
                faults.add("/contactPhone", "电话号码无效", "is not a phone number")
            }
        }
    }

    /// What a volunteer is shown who looks for their unit.
    package struct Choice: Encodable, Sendable {
        package var id: ID<PartyUnit>
        package var name: String
    }
}

/// Somebody who acts for a unit (单位联络员): an account that staff linked to it.
package struct UnitRepresentative: Encodable, Sendable {
    package var accountId: ID<Account>
    /// Masked.
    package var phone: String?
    package var linkedAt: Timestamp

    package struct Draft: RequestBody {
        /// Of an account that has signed in with it.
        package var phone: String

        package func check(_ faults: inout Faults) {
            if PhoneNumber(phone) == nil { faults.add("/phone", "手机号无效", "is not a phone number") }
        }
    }
}
