import HTTP
import SQLite

/// What somebody says is wrong in the data about them, and what was made of it (更正申请, 个人信息保护法 art. 46). One is open
/// for each field at a time.
package struct CorrectionRequest: Encodable, Sendable {
    package enum Field: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case name, sex, birthDate, identityNumber
        /// The contact, not the phone one signs in with: that one is changed by proving the new one.
        case phone
    }

    package enum State: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case open, accepted, refused, withdrawn
    }

    package var id: ID<CorrectionRequest>
    package var volunteerId: ID<Volunteer>
    /// The station that decides, named by the person.
    package var stationId: ID<Station>
    package var field: Field
    /// As the person wrote it; numbers of papers and phones masked.
    package var wished: String
    package var reason: String
    package var hasEvidence: Bool
    package var state: State
    package var dueAt: Timestamp
    /// What stood there before, masked; once accepted.
    package var oldMasked: String?
    package var decidedAt: Timestamp?
    package var decisionReason: String?
    package var createdAt: Timestamp
    var accountId: ID<Account>
    var uploadId: ID<Upload>?
    /// As it is to be entered; of an identity number only the mask.
    var value: String

    /// As lists show it.
    var masked: CorrectionRequest {
        var request = self
        if field == .name { request.wished = Masking.name(wished) }
        return request
    }

    private enum CodingKeys: String, CodingKey {
        case id, volunteerId, stationId, field, wished, reason, hasEvidence, state, dueAt, oldMasked, decidedAt,
            decisionReason, createdAt
    }

    package struct Draft: RequestBody {
        package var field: Field
        package var value: String
        /// With `identityNumber`.
        package var identityKind: IdentityKind?
        package var reason: String
        package var stationId: ID<Station>
        /// A picture of the paper; never shown to anybody but those who decide.
        package var uploadId: ID<Upload>?

        package func check(_ faults: inout Faults) {
            faults.text("/value", value, 1...60)
            faults.text("/reason", reason, 2...500)
            if (identityKind != nil) != (field == .identityNumber) {
                faults.add("/identityKind", "仅与证件号码一同填写", "goes with an identity number and only with one")
            }
        }
    }

    package struct Refusal: RequestBody {
        package var reason: String

        package func check(_ faults: inout Faults) { faults.text("/reason", reason, 2...500) }
    }
}
